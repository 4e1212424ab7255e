"""Signatures at the end of a document."""

from __future__ import annotations

import re

from normalizer.headers.fields import Form, Part
from normalizer.headers.labels import slot_of
from normalizer.headers.lines import Line, cut_lines, part
from normalizer.headers.tables import compact, is_like_stamp, nearest, words
from normalizer.model import Span
from normalizer.words import word_list

_MOST_WORDS, _LONGEST = 4, 34
_POINTS = ".,:;'’‘`\"“”!?-()[]"
_MOST_SIGNERS, _MOST_STAMPED = 4, 12
_CORRECTION = re.compile(r"\W{0,3}(?:PARA|PARAGRAPH|CORRECTION|NOTE|LINE|WORD)\b.{0,3}\d?", re.IGNORECASE)
_NUMBERED = re.compile(r"\W{0,3}[\dlIiSs]{1,2}[.,:\-]\W")
_RANK = re.compile(
    r"\W*(?:lt|lieut|col|maj|gen|capt|cmdr|adm|brig|sgt|ambassador|minister|consul|charg|counsel|secretary|director|"
    r"chief|deputy|assistant|special|acting|president|u\.?s\.?[anmf]|agc|first|second|third|under|attach|officer|"
    r"military|commander|chairman|senior|executive)\b",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"\b(?:Mr|Mrs|Dr|Gen|Col|Maj|Capt|Lt|Amb|Sen|Adm|St|MR|MRS|DR|GEN|COL|MAJ|CAPT|LT|ADM)\.?\W*$")
_PARTICLES = frozenset(["DE", "VON", "VAN", "DER", "DEN", "LA", "LE", "DU", "DI", "DA", "JR", "SR", "II", "III", "BIN"])
_AFTER = frozenset({"copies", "form"})
"""Slots that follow a signature: lists of copies, distribution, enclosures."""
_DISPATCHED = re.compile(
    r"\n[ \t]{0,20}(?:Distribution|DISTRIBUTION|Attachments?|ATTACHMENTS?|Enclosures?|ENCLOSURES?)\b"
)
_BEFORE_CHARS, _BEFORE_LINES = 700, 8
_PROPER = re.compile(r"(?:0\.|[A-Z][\w.'’-]*|d[eiu]|von|van|der|la)")
_SINGLE = frozenset({Form.TELEGRAM, Form.MESSAGE, Form.LETTER})
"""Forms that are signed with one name alone; elsewhere a signature has an initial or a given name."""


def signers(text: str, lines: list[Line], form: Form) -> tuple[Part, ...]:
    """The names in the place of the signature.

    A signature stands on a line of its own after the last of the running text or after a complimentary close; stamps,
    titles, corrections and lists of copies may follow it. A CIA cable has names of officers behind its end instead.

    Args:
        text: The page.
        lines: Of its tail.
        form: Of the document.
    """
    if form is Form.CIA_CABLE:
        return _officers(text, lines)
    if form is Form.DISPATCH and (m := _DISPATCHED.search(text)):
        above = cut_lines(text, max(0, m.start() - _BEFORE_CHARS), m.start())[-_BEFORE_LINES:]
        found = _signed_below(text, above, form)
        if found:
            return found
    for number, line in enumerate(lines):
        slot = slot_of(text, line, head=False)
        if slot and slot.kind in _AFTER:
            found = _signed_below(text, lines[:number], form)
            if found:
                return found
    return _signed_below(text, lines, form)


def _signed_below(text: str, lines: list[Line], form: Form) -> tuple[Part, ...]:
    last = _last_of_body(text, lines)
    capitals: bool | None = None
    found: list[Part] = []
    for line in lines[last + 1 :]:
        surface = text[line.start : line.end]
        name = None if _is_form(text, line) or _CORRECTION.match(surface) or _RANK.match(surface) else _name(text, line)
        if name is not None and capitals is None:
            above = "".join(text[line.start : line.end] for line in lines[: last + 1])
            capitals = sum(map(str.isupper, above)) > 0.7 * sum(map(str.isalpha, above))
        if name is not None and _sounds(name.text, bool(capitals), form):
            found.append(name)
        elif found:
            break
    # Two names are two signers when both have a given name; what else follows a name is dirt.
    several = [name for name in found if len(name.text.split()) > 1]
    return tuple(several[:_MOST_SIGNERS]) if found and found[0] in several and last >= 0 else tuple(found[:1])


def _officers(text: str, lines: list[Line]) -> tuple[Part, ...]:
    """The releasing and coordinating officers, named behind the end of a CIA cable."""
    ends = [n for n, line in enumerate(lines) if nearest(line.key, _ENDS)]
    found: list[Part] = []
    for line in lines[ends[0] + 1 :] if ends else []:
        name = _name(text, line)
        if name and not _is_form(text, line) and _full(name.text) and not _RANK.match(name.text):
            found.append(name)
    return tuple(found[:_MOST_SIGNERS])


_ENDS = frozenset(compact(words) for words in ("END OF MESSAGE", "RELEASING OFFICER", "COORDINATING OFFICERS"))


def _last_of_body(text: str, lines: list[Line]) -> int:
    """Number in the list of the last line of running text; corrections that follow the signature are none."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        surface = text[line.start : line.end]
        if _is_form(text, line) or _CORRECTION.match(surface):
            continue
        if nearest(line.key, words("close")):
            return number
        above = lines[number - 1] if number else None
        if _is_body(text, line, above):
            return number
    return -1


def _is_form(text: str, line: Line) -> bool:
    if line.form is None:
        line.form = _looks_like_form(text, line)
    return line.form


def _looks_like_form(text: str, line: Line) -> bool:
    if slot_of(text, line, head=False):
        return True
    if len(line.words) > _MOST_STAMPED:
        return False
    kept = [word for word in line.words if len(compact(word)) > 2]
    if not any(word[0].isalpha() or compact(word)[:1].isalpha() for word in kept):
        return True
    return is_like_stamp(line.key) or is_like_stamp(compact("".join(kept)))


def _is_body(text: str, line: Line, above: Line | None) -> bool:
    surface = text[line.start : line.end]
    if _NUMBERED.match(surface) and len(line.words) > 1:
        return True
    wordy = [word for word in line.words if sum(map(str.isalpha, word)) > 2]
    if len(wordy) > _MOST_WORDS:
        return True
    small = [word for word in wordy if word[:1].islower()]
    lower = len(small)
    # Scraps below the text are no words.
    if lower > 1 and not any(word.strip(_POINTS).lower() in word_list("english") for word in small):
        return False
    ended = surface.rstrip(" '\"“”|_:;`‘’*~-").endswith((".", "?", "!"))
    if ended and above is not None and not line.gap:
        before = text[above.start : above.end]
        # The last word of a sentence that began on the line above.
        if _TITLE_END.search(before) or (before.rstrip(" '\"”’")[-1:].isalnum() and len(above.words) > _MOST_WORDS):
            return True
    if above is not None and not line.gap and len(wordy) > 1 and not ended:
        before = text[above.start : above.end]
        if len(above.words) > _MOST_WORDS and before.rstrip(" '\"”’|_")[-1:].isalpha():
            return True
    return (ended and len(wordy) > 1 and not _RANK.match(surface)) or (ended and lower > 0) or lower > 1


def _name(text: str, line: Line) -> Part | None:
    """What of a line may be a name, dirt at its ends left out; None where it cannot be one."""
    tokens = list(line.tokens)
    while tokens and _dirt(text, tokens[0]):
        tokens.pop(0)
    cut = next((n for n, (a, b) in enumerate(tokens) if text[a:b] in ("\\", "|", "/")), len(tokens))
    tokens = tokens[:cut]
    while tokens and _dirt(text, tokens[-1]):
        tokens.pop()
    if not tokens or len(tokens) > _MOST_WORDS or tokens[-1].end - tokens[0].start > _LONGEST:
        return None
    for a, b in tokens:
        surface = text[a:b]
        if surface != "0." and any(map(str.isdigit, surface)) and sum(map(str.isalpha, surface)) < 3:
            return None
        if surface[0].islower() and compact(surface) not in _PARTICLES and len(tokens) > 1:
            return None
    if not any(sum(map(str.isalpha, text[a:b])) > 2 for a, b in tokens):
        return None
    return part(text, tokens[0].start, tokens[-1].end)


def _sounds(name: str, capitals: bool, form: Form) -> bool:
    """Whether a name is written as the text above it has its names: in capitals below a text in capitals."""
    letters = [c for c in name if c.isalpha()]
    if len(letters) < 3 or len(letters) < 0.75 * len(name.replace(" ", "").replace(".", "")):
        return False
    upper = sum(map(str.isupper, letters)) / len(letters)
    if capitals and upper < 0.6:
        return False
    if name[0].islower() or (form not in _SINGLE and not _full(name)):
        return False
    # Capitals in the midst of a word in small letters: dirt, but for MacArthur.
    return capitals or upper > 0.9 or upper <= 0.5


def _full(name: str) -> bool:
    """Whether a name has an initial or a given name, and a family name."""
    tokens = name.replace(",", " ").split()
    if len(tokens) < 2 or not all(_PROPER.fullmatch(token) for token in tokens):
        return False
    given = [token.rstrip(".") for token in tokens[:-1]]
    if not any(len(name) == 1 or name.lower() in word_list("given_names") for name in given):
        return False
    return len(tokens[-1].strip(".")) > 2


def _dirt(text: str, token: Span) -> bool:
    """Whether a token at a line's edge is dirt: no letters, or a scrap in small letters."""
    surface = text[token.start : token.end]
    letters = [c for c in surface if c.isalpha()]
    if not letters:
        return True
    return len(letters) < 3 and (surface[0].islower() or (len(letters) == 1 and not surface.endswith((".", ","))))
