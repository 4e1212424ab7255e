"""Bytes to text: UTF-8, UTF-16 with its mark, Windows-1252 and Latin-1; and what is no text at all."""

from __future__ import annotations

import codecs
import re

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02
"""Share of control characters above which bytes are no text: none of the scans read so far has 0.001."""
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of bytes; nothing is replaced or dropped.

    Args:
        data: The whole of a file or record.
        encoding: What it is said to be; None to find out.

    Raises:
        ValueError: Binary data, a damaged encoding, or none of those that are known; says which.
    """
    if encoding is not None:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise ValueError(f"not {encoding}: {error}") from error
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise ValueError(f"begins like {name} and is damaged at byte {error.start}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _single_byte(data, error.start)
    if data and len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data):
        raise ValueError("binary data, not text")
    return text


def _single_byte(data: bytes, bad: int) -> str:
    if len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data) or b"\x00" in data:
        raise ValueError("binary data, not text")
    in_sequences = sum(len(m) for m in _MULTIBYTE.findall(data))
    if in_sequences * 2 > len(_HIGH.findall(data)):
        raise ValueError(f"UTF-8 that is damaged at byte {bad}; mend it, or name its encoding with --encoding")
    try:
        # Latin-1 in so far as it is text: it differs in control characters alone.
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        reason = f"no UTF-8 (byte {bad}), Windows-1252 or Latin-1; name its encoding with --encoding"
        raise ValueError(reason) from error
