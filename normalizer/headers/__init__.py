"""The header of a document: date, origin, addressees, signers, and the labels of its form."""

from normalizer.headers.fields import Form, Header, HeaderDate, Origin, Part
from normalizer.headers.parsing import parse_header

__all__ = ["Form", "Header", "HeaderDate", "Origin", "Part", "parse_header"]
