"""`python -m normalizer`."""

from normalizer.cli import main

main()
