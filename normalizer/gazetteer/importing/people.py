"""One entry from all the forms in which lists print a person's name; and who a tenure belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from normalizer.folding import fold_name, key
from normalizer.gazetteer.entities import derive_person
from normalizer.gazetteer.importing.names import COMMON_FIRST, VIETNAMESE, Parsed, parse, strip_titles
from normalizer.words import nicknames, word_list

_SAME_NAME = 62.0
"""RapidFuzz ratio of letters from which two family names of one person are spellings of one name (read on a sample)."""
_SAME_GIVEN = 60.0
_SAME_WHOLE = 50.0

_FRONT_IN = re.compile(r"\b(?:de|d'|von|van)\s*\S", re.IGNORECASE)
"""Given names with a part of the family name among them."""

_PINYIN = {
    "chou en lai": "Zhou Enlai", "mao tse tung": "Mao Zedong", "liu shao chi": "Liu Shaoqi", "lin piao": "Lin Biao",
    "teng hsiao ping": "Deng Xiaoping", "chu teh": "Zhu De", "peng teh huai": "Peng Dehuai", "ch en yi": "Chen Yi",
    "chiang ching": "Jiang Qing", "hua kuo feng": "Hua Guofeng", "chiao kuan hua": "Qiao Guanhua",
    "chi peng fei": "Ji Pengfei", "huang chen": "Huang Zhen", "li hsien nien": "Li Xiannian",
    "chiang ching kuo": "Jiang Jingguo", "wang ping nan": "Wang Bingnan", "yeh chien ying": "Ye Jianying",
}  # fmt: skip
"""Wade-Giles and pinyin of people of whom both are in use; general knowledge."""


@dataclass(slots=True)
class _Form:
    parsed: Parsed
    count: int
    given: str


def agree(seen: Sequence[str], given: Sequence[str]) -> bool:
    """Whether folded given names fit others: each in order, in full, as an initial or as a familiar form."""
    at = 0
    for word in seen:
        while at < len(given):
            name = given[at]
            at += 1
            if word == name or (1 in (len(word), len(name)) and word[0] == name[0]) or _familiar(word, name):
                break
        else:
            return False
    return True


def _familiar(word: str, name: str) -> bool:
    return name in nicknames().get(word, ()) or word in nicknames().get(name, ())


def person(forms: Iterable[tuple[str, int]], countries: frozenset[str] = frozenset()) -> dict[str, Any] | None:
    """`name`, `family`, `given`, `aliases` and `common` of an entry, or None where no form names a person.

    Args:
        forms: Each form of the name with how often it stands in the lists.
        countries: Hints at the language of the name.
    """
    read = [(p, n) for form, n in forms if (p := parse(form, countries)) is not None]
    read = _without_slips(read)
    if not read:
        return None
    madame = sum(n for p, n in read if p.noble == "Madame")
    if 2 * madame >= sum(n for _, n in read):
        return _madame(read)
    family = _family(read, countries)
    told = [_Form(p, n, given) for p, n in read if (given := _given_of(p, family)) is not None]
    named = [f for f in told if f.given]
    if not named:
        return _bare(read, told, family)
    best = _best(named, family)
    if fold_name(best.parsed.family) == fold_name(family):
        family = best.parsed.family
    full = best.given
    for f in sorted(named, key=lambda f: (-len(key(f.given)), -f.count)):
        if len(key(f.given)) > len(key(full)) and agree(_split(full), _split(f.given)):
            full = f.given
            break
    suffixes: Counter[str] = Counter()
    for f in named:
        suffixes[f.parsed.suffix] += f.count * (2 if f.parsed.suffix else 1)
    suffix = max(suffixes.items(), key=lambda i: (i[1], i[0]))[0]
    name = best.parsed.natural
    small = family[:1].lower() + family[1:]
    if re.match(r"(?:De|Du|Van|Von|Di|Da) ", family) and any(p.family == small for p, _ in read):
        name, family = name.replace(family, small), small
    if suffix:
        name += f", {suffix}" if suffix[0] in "JS" else f" {suffix}"
    made: dict[str, Any] = {"name": name, "family": family, "given": full}
    found = _aliases(read, told, best, family, full)
    made["aliases"] = list(_useful(found, name, family, full))
    if fold_name(family) in word_list("english") | word_list("also_words"):
        made["common"] = True
    _drop_derived(made)
    return made


def _madame(read: list[tuple[Parsed, int]]) -> dict[str, Any]:
    """The entry of a wife who is listed under her husband's name: never that name alone."""
    names = [p.natural.removeprefix("Madame ") for p, _ in read if p.noble == "Madame"]
    longest = max(names, key=len)
    families = [p.family.removeprefix("Madame ") for p, _ in read if p.noble == "Madame"]
    made: dict[str, Any] = {"name": f"Madame {longest}", "family": f"Madame {longest}"}
    made["aliases"] = list(
        _useful(
            [*(f"Madame {f}" for f in families), *(o for p, _ in read for o in p.others if "Madame" not in o)],
            made["name"], made["family"], "",
        )
    )  # fmt: skip
    return made


def _drop_derived(made: dict[str, Any]) -> None:
    """Take out the family and given names that the loader derives by itself."""
    derived: dict[str, Any] = {"name": made["name"]}
    derive_person(derived)
    if made["family"] == derived["family"]:
        del made["family"]
    derived = {k: made[k] for k in ("name", "family") if k in made}
    derive_person(derived)
    if made.get("given") == derived["given"]:
        made.pop("given", None)


def _split(given: str) -> list[str]:
    return fold_name(given).split()


def _without_slips(read: list[tuple[Parsed, int]]) -> list[tuple[Parsed, int]]:
    """Forms less those with a space that strayed into the family name (`Gray don`)."""
    whole = {key(p.family) for p, _ in read if p.comma and " " not in p.family}
    return [(p, n) for p, n in read if not (p.comma and re.search(r" [a-z]+$", p.family) and key(p.family) in whole)]


def _family(read: list[tuple[Parsed, int]], countries: frozenset[str]) -> str:
    votes: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for p, n in read:
        if p.family:
            # What stands before a comma outweighs what is guessed of a form without.
            weight = n * (6 if p.comma and p.given else 3 if p.given else 1)
            if p.given and not p.comma and countries & {"Thailand", "Laos"}:
                weight = n * 40
            votes[fold_name(p.family)] += weight
            spelt.setdefault(fold_name(p.family), Counter())[p.family] += n
    if not votes:
        words = max(read, key=lambda r: r[1])[0].natural.split()
        return words[-1]
    top = max(votes.items(), key=lambda v: (v[1], -len(v[0]), v[0]))[0]
    bare = {fold_name(p.natural) for p, _ in read if " " not in p.natural}
    if len(top.split()) == 2 and top.split()[0] in bare and top.split()[0] not in ("al", "el", "de", "van", "von"):
        # `President Medina` shows how Medina Angarita was called.
        for p, _ in read:
            if fold_name(p.family) == top and p.comma:
                p.families.append(p.family)
                p.family = p.family.split()[0]
                spelt.setdefault(fold_name(p.family), Counter())[p.family] += 1
        top = top.split()[0]
    elif len(top.split()) == 2 and top.split()[0] in VIETNAMESE and top.split()[1] in bare:
        top = top.split()[1]
    return max(spelt[top].items(), key=lambda s: (s[1], s[0]))[0]


def _given_of(p: Parsed, family: str) -> str | None:
    """The given names of a form under the family name found for the person, or None where it has another."""
    if fold_name(p.family) == fold_name(family):
        return p.given
    if p.comma or p.noble:
        return None
    natural, folded = fold_name(p.natural), fold_name(family)
    count = len(folded.split())
    words = p.natural.split()
    if natural.endswith(f" {folded}") and len(words) > 1:
        return " ".join(words[: -len(family.split())])
    if natural.startswith(f"{folded} ") and len(words) > count:
        return strip_titles(" ".join(words[len(family.split()) :]))[0]
    return None


def _best(named: list[_Form], family: str) -> _Form:
    def tokens(f: _Form) -> list[str]:
        return [w for w in f.given.split() if len(key(w)) > 1]

    best = max(named, key=lambda f: (f.count, f.parsed.comma, len(tokens(f)) == 1, -len(f.given)))
    if len(tokens(best)) > 1 and best.parsed.comma:
        shorter = [f for f in named if len(tokens(f)) == 1 and f.count * 4 >= best.count]
        shorter = [f for f in shorter if agree(_split(f.given), _split(best.given)) and "." not in f.given.split()[0]]
        if shorter:
            best = max(shorter, key=lambda f: (f.count, len(f.given)))
    if not tokens(best):
        longer = [f for f in named if tokens(f) and f.count * 2 >= best.count]
        best = max(longer, key=lambda f: f.count, default=best)
    if not fold_name(best.parsed.natural).endswith(fold_name(family)):
        plain = [
            f for f in named if fold_name(f.parsed.natural).endswith(fold_name(family)) and f.count * 3 >= best.count
        ]
        best = max(plain, key=lambda f: f.count, default=best)
    return best


def _bare(read: list[tuple[Parsed, int]], told: list[_Form], family: str) -> dict[str, Any]:
    """An entry for a name without given names: a king, a lord, a single name."""
    noble = Counter({p.noble: n for p, n in read if p.noble}).most_common(1)
    natural = max(read, key=lambda r: (r[1], len(r[0].natural)))[0].natural
    if noble and noble[0][0] and not natural.startswith(noble[0][0]):
        natural = f"{noble[0][0]} {natural}"
    if natural.startswith("Madame "):
        family = natural
    made: dict[str, Any] = {"name": natural, "family": family}
    others = [o for p, _ in read for o in p.others]
    others += [p.natural for p, _ in read if len(p.natural.split()) > 1 and not natural.startswith("Madame")]
    spellings = [v for p, _ in read for v in (*p.families, p.family) if v]
    spellings = [v for v in spellings if not natural.startswith("Madame") and _variant(v, family)]
    made["aliases"] = list(_useful([*others, *spellings], natural, family, ""))
    _drop_derived(made)
    if " " not in natural and fold_name(natural) in word_list("given_names") | COMMON_FIRST:
        made["common"] = True
    return made


def _variant(spelling: str, family: str) -> bool:
    """Whether a family name is another spelling of the same."""
    a, b = key(spelling), key(family)
    return a != b and (a[:1] == b[:1] or {a[0], b[0]} <= set("ckqgjyi")) and fuzz.ratio(a, b) >= _SAME_NAME


def _aliases(read: list[tuple[Parsed, int]], told: list[_Form], best: _Form, family: str, full: str) -> Iterator[str]:
    most = best.count
    first = full.split()[0] if full else ""
    western = fold_name(first) in word_list("given_names")
    for p, n in read:
        for spelling in (*p.families, p.family):
            if not spelling or fold_name(spelling) == fold_name(family):
                continue
            words = fold_name(spelling).split()
            if _contains(words, fold_name(family).split()):
                # `Castro Ruz`, `al-Asad`; a family name with a given name before it is no such thing.
                if not any(w in _split(full) for w in words):
                    yield spelling
            elif not p.comma and p.given and p.natural.startswith(p.family):
                yield p.natural  # `Jiang` alone is another's as often as Chiang's
            elif _variant(spelling, family):
                # A spelling that stands once among many is a slip, unless another hand spelt the given name too.
                slip = n * (4 if western else 6) <= most and spelling == p.family
                slip = slip and (western or (n == 1 and p.given in {f.given for f in told}))
                if (
                    not slip
                    and not re.search(r"[a-z][A-Z]$", spelling)
                    and len(key(spelling)) > (5 if n == 1 and most > 5 else 3)
                ):
                    yield spelling
            elif p.given and p.comma and (n > 1 or most < 5) and not _FRONT_IN.search(p.given):
                yield p.natural
        if p.noble and p.noble != "Madame" and fold_name(p.family) != fold_name(family):
            yield f"{p.noble} {p.family}"
        for nick in p.givens:
            if fold_name(family) in fold_name(nick):
                yield nick
            else:
                yield f"{nick} {family}"
        yield from p.others
    for f in told:
        if not f.given or agree(_split(f.given), _split(full)):
            continue
        theirs, ours = _split(f.given), _split(full)
        if len(theirs[0]) > 1 and len(ours[0]) > 1 and theirs[0] != ours[0]:
            alike = fuzz.ratio(theirs[0], ours[0]) >= _SAME_GIVEN and theirs[0][0] == ours[0][0]
            both = theirs[0] in word_list("given_names") and ours[0] in word_list("given_names")
            slip = f.count * (5 if both else 12) < most or (both and f.count == 1 and most > 2)
            if (alike or f.count > 1) and not slip and not _FRONT_IN.search(f.given):
                yield f.parsed.natural if not f.parsed.noble else f"{f.given} {family}"
    for p, n in read:
        if p.comma or p.noble or n == 1 or " " not in p.natural or _given_of(p, family) is not None:
            continue
        if fuzz.token_sort_ratio(fold_name(p.natural), fold_name(best.parsed.natural)) > _SAME_WHOLE:
            yield p.natural


def _contains(words: list[str], part: list[str]) -> bool:
    return len(words) > len(part) and any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _useful(found: Iterable[str], name: str, family: str, full: str) -> Iterator[str]:
    """Aliases that the matcher would not reach by itself, each once, and none that is a mere word."""
    found = list(found)
    extra = [_PINYIN[f] for f in map(fold_name, (name, *found)) if f in _PINYIN]
    bare = re.sub(r",? (?:Jr\.|Sr\.|II|III|IV)$", "", name)
    # `Alexander Frederick Douglas` beside `Alexander Frederick Douglas-Home` is half a name.
    whole = [fold_name(t) for t in (name, *found)]
    found = [a for a in found if not (" " in a and any(w.startswith(f"{fold_name(a)} ") for w in whole))]
    seen = {fold_name(name), fold_name(bare), fold_name(family), fold_name(name).replace(" ", "")}
    for alias in (*found, *extra):
        alias = alias.strip(" ,-")
        folded = fold_name(alias)
        if not folded or folded in seen or folded.replace(" ", "") in {s.replace(" ", "") for s in seen}:
            continue
        seen.add(folded)
        words = folded.split()
        if len(words) == 1:
            if len(folded) < 4 or folded in word_list("given_names") or folded in word_list("english"):
                continue
            if folded in word_list("titles"):
                continue
        elif folded.endswith(f" {fold_name(family)}") and agree(words[: -len(fold_name(family).split())], _split(full)):
            continue
        if re.search(r"[()\[\]\"]|\d|\bI{1,3}$|^(?:of|alias|ibn|bin|and)\b", alias):
            continue
        yield alias


def family_keys(entry: dict[str, Any]) -> set[str]:
    """Folded letters of the family name of a person's entry and of its bare other spellings."""
    data = dict(entry)
    derive_person(data)
    texts = [data["family"], *(a if isinstance(a, str) else a["text"] for a in entry.get("aliases", ()))]
    return {key(t) for t in texts if len(t.split()) == 1} | {key(data["family"])}


def same_person(entry: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two entries may be one person: given names agree without conflict, birth and death years too."""
    one, two = dict(entry), dict(other)
    derive_person(one)
    derive_person(two)
    for date, slack in (("born", 0), ("died", 0)):
        if one.get(date) and two.get(date) and abs(int(str(one[date])[:4]) - int(str(two[date])[:4])) > slack:
            return False
    ours, theirs = _split(one.get("given") or ""), _split(two.get("given") or "")
    if not ours or not theirs:
        return bool(one.get("born") and two.get("born") and one["name"] == two["name"])
    suffixes = [set(re.findall(r"\b(?:Jr|Sr|II|III|IV)\b", n["name"])) for n in (one, two)]
    if suffixes[0] and suffixes[1] and suffixes[0] != suffixes[1]:
        return False
    if len(ours[0]) > 1 and len(theirs[0]) > 1 and ours[0] != theirs[0] and not _familiar(ours[0], theirs[0]):
        # `William Averell` and `Averell`: a full first name of one must then stand among the other's.
        return bool(one.get("born") and two.get("born")) and (agree(ours, theirs) or agree(theirs, ours))
    return agree(ours, theirs) or agree(theirs, ours)


def likeness(entry: dict[str, Any], other: dict[str, Any]) -> tuple[int, int, int]:
    """How near two agreeing names are: suffix, full given names in common, given names in all that agree."""
    one, two = dict(entry), dict(other)
    derive_person(one)
    derive_person(two)
    suffixes = [re.findall(r"\b(?:Jr|Sr|II|III|IV)\b", n["name"]) for n in (one, two)]
    ours, theirs = _split(one.get("given") or ""), _split(two.get("given") or "")
    full = len({w for w in ours if len(w) > 1} & set(theirs))
    initials = sum(any(w[0] == v[0] for v in theirs) for w in ours)
    # Fewer parts to compare make a name no nearer: Robert agrees with Robert F. less than Robert Francis does.
    return int(suffixes[0] == suffixes[1]), full, initials - abs(len(ours) - len(theirs))
