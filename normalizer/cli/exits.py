"""Exit codes of every command."""

FAULTS, WRONG_USE, SOME_FAILED, INTERRUPTED = 1, 2, 3, 130
