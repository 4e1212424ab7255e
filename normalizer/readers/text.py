"""Plain text and Markdown: a file a document."""

from __future__ import annotations

from collections.abc import Iterator

from normalizer.errors import ReadError
from normalizer.model import Document
from normalizer.readers import Advance, File, Item, Notice, Options, register
from normalizer.readers.decoding import decode


@register(".txt", ".md")
def read_text(file: File, options: Options, advance: Advance) -> Iterator[Item]:
    """The document of a text file; its id is the path without the suffix."""
    try:
        data = file.path.read_bytes()
    except OSError as error:
        yield ReadError(file.name, f"cannot be read: {error.strerror or error}")
        return
    advance(len(data))
    try:
        text = decode(data, options.encoding)
    except ValueError as error:
        yield ReadError(file.name, str(error))
        return
    if not text.strip():
        yield Notice(file.name, "empty: no text in this file")
    yield Document(id=file.stem, text=text)
