"""cablenorm: names in badly scanned Cold War documents, resolved to a gazetteer."""

__version__ = "0.1.0"
