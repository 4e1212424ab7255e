"""A table of names and facts becomes a layer of YAML with stable ids.

    report = import_table(Path("people.csv"), "person", source="my authority list", out=Path("people.yaml"))

`tables` reads, `columns` maps, `names` and `people` understand names of people, `things` the names of all
else, `identity` finds the entry that a row belongs to, `writing` writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from normalizer.dates import Interval, parse_date, parse_range
from normalizer.errors import ConfigError
from normalizer.folding import fold_name
from normalizer.gazetteer.importing.columns import mapping, values
from normalizer.gazetteer.importing.identity import Known
from normalizer.gazetteer.importing.people import person
from normalizer.gazetteer.importing.posts import place_of, title_of
from normalizer.gazetteer.importing.tables import Row, read_table
from normalizer.gazetteer.importing.things import Doubts, thing
from normalizer.gazetteer.importing.writing import document
from normalizer.gazetteer.layers import layer_files, read_layers
from normalizer.gazetteer.loader import load_layers

__all__ = ["Report", "import_table"]

_GROWN = 25
"""Years of age below which nobody holds an office."""
SPLITS = ("none", "initial", "country", "kind")


@dataclass(slots=True)
class Report:
    """What an import made of a table.

    Attributes:
        rows: Read from the table, broken ones included.
        added: Ids of new entries.
        kept: Entries that were there and got what the table says now.
        merged: (line, id, why) of rows that joined an entry of another row or layer.
        skipped: (line, name, why) of rows that gave nothing.
        doubts: (line, name, what) of cells left out and of tenures that more than one person may have held.
        keys: Column to key, as used.
        unused: Columns that were not used.
        gone: Ids in the output that no row of this table speaks of; they stay.
        files: Written.
    """

    rows: int = 0
    added: list[str] = field(default_factory=list)
    kept: int = 0
    merged: list[tuple[int, str, str]] = field(default_factory=list)
    skipped: list[tuple[int, str, str]] = field(default_factory=list)
    doubts: list[tuple[int, str, str]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def import_table(
    table: Path,
    entity_type: str,
    *,
    source: str,
    out: Path,
    keys: Mapping[str, str] | None = None,
    split: str = "none",
    id_link: str | None = None,
    layers: Sequence[Path] = (),
    near: Sequence[str] = (),
    without: Sequence[str] = (),
    years: str | None = None,
) -> Report:
    """Turn a table into a layer, or bring the layer that stands there up to date.

    Args:
        table: `.csv`, `.tsv` or `.jsonl`.
        entity_type: person, aircraft, missile, place, organization or a type of one's own.
        source: Where the table comes from; every entry names it.
        out: A YAML file, or with `split` a folder of them. Entries there keep their ids; what the table says of
            them replaces what stood there, posts are added.
        keys: Column (or template such as `{role} {year}`) to key; other columns go by their names.
        split: One of `SPLITS`: a file for each initial of the id, country or kind.
        id_link: The key whose value is the same for the same entity in every version of the table (`links.frus`).
        layers: Gazetteers whose ids win where they have the same entity.
        near: Words, one of which must stand near a name that also means something else: a first name, a place, a
            code of one letter.
        without: Names of the table that are wrong, or say too little to be found by.
        years: Range outside of which no row makes a new entry: of people who died before or took office after.

    Raises:
        ConfigError: The table, the mapping or a path cannot be used.
        GazetteerError: An existing layer has faults.
    """
    if split not in SPLITS:
        raise ConfigError("--split", f"only {', '.join(SPLITS)} are possible, not {split!r}")
    span = _years(years)
    rows = read_table(table)
    columns = list(dict.fromkeys(c for row in rows for c in row.cells))
    report = Report(rows=len(rows), keys=mapping(columns, entity_type, keys or {}))
    used = {part for c in report.keys for part in (re.findall(r"\{([^{}]+)\}", c) or [c])}
    report.unused = [c for c in columns if c not in used]
    if id_link and id_link != "id" and id_link not in report.keys.values():
        raise ConfigError(f"--id-link {id_link}", "no column is mapped to this key; add --map COLUMN=KEY")

    entries = _existing(out, entity_type)
    before = set(entries)
    known = Known(entity_type, entries, _other_layers(out, layers), id_link, _own_ids(rows, report.keys))
    doubts = Doubts(entity_type, near, known.elsewhere, without)
    touched: Counter[str] = Counter()
    # A row that may be any of several people waits: the rows after it may say who they are. So a first import and
    # a second, which finds them said, come to the same.
    waiting: list[Row] = []
    for waited, row in chain(((False, row) for row in rows), ((True, row) for row in waiting)):
        if row.fault:
            report.skipped.append((row.line, "", row.fault))
            continue
        told, complaints = values(row.cells, report.keys)
        complaints = [] if waited else complaints
        label = str(told.get("name") or told.get("family") or told.get("id") or "")
        report.doubts += [(row.line, label, complaint) for complaint in complaints]
        if label and fold_name(label) in doubts.without:
            report.skipped.append((row.line, label, "left out as asked"))
            continue
        entry = _entry(told, entity_type, doubts)
        entry_id, why = known.find(told, entry)
        if entry_id is None and why and not waited:
            waiting.append(row)
            continue
        if entry_id is None and why:
            report.skipped.append((row.line, label, why))
            continue
        if entry_id is None and entry is None:
            if told.get("id") and not told.get("name"):
                report.skipped.append((row.line, label, "no entry has this id, and the row has no name for a new one"))
            else:
                report.skipped.append((row.line, label, "no name" if not label else "not the name of one entity"))
            continue
        if entry_id is None and span and (why := _outside(told, span)):
            report.skipped.append((row.line, label, why))
            continue
        if entry_id is None and entry is not None:
            entry_id = known.new_id(told, entry)
            report.added.append(entry_id)
        elif why:
            report.merged.append((row.line, str(entry_id), why))
        elif touched[str(entry_id)]:
            report.merged.append((row.line, str(entry_id), "a row above is the same"))
        assert entry_id is not None
        _update(entries, entry_id, entry or {}, told, source, again=bool(touched[entry_id]))
        touched[entry_id] += 1
        known.claim(entry_id)
    report.kept = len(before & set(touched))
    report.gone = sorted(before - set(touched))
    report.files = _write(out, entity_type, source, entries, split)
    return report


def _years(text: str | None) -> Interval | None:
    try:
        return parse_range(text) if text else None
    except ValueError as error:
        raise ConfigError(f"--years {text}", str(error)) from error


def _outside(told: Mapping[str, Any], span: Interval) -> str:
    """Why a row speaks of nobody and nothing of these years, or nothing."""
    dates = {
        k: parse_date(str(told[k]))
        for k in ("died", "active.start", "active.end", "post.start", "post.end")
        if k in told
    }
    last, first = dates.get("died") or dates.get("post.end") or dates.get("active.end"), dates.get("post.start")
    first = first or dates.get("active.start")
    if last and last.before(span):
        return "gone before these years"
    if first and span.before(first):
        return "came after these years"
    if "born" in told and not first and span.last and parse_date(str(told["born"])).last > span.last - _GROWN * 365:  # type: ignore[operator]
        return "too young in these years"
    return "" if dates or "born" in told else "has no date"


def _own_ids(rows: Sequence[Row], keys: Mapping[str, str]) -> frozenset[str]:
    column = next((c for c, target in keys.items() if target == "id"), None)
    return frozenset(str(row.cells.get(column)) for row in rows) if column else frozenset()


def _existing(out: Path, entity_type: str) -> dict[str, dict[str, Any]]:
    if not out.exists() or (out.is_dir() and not any(out.rglob("*.yaml"))):
        return {}
    merged = load_layers(read_layers([out], default=False))
    found = {i: raw.data for (kind, i), raw in merged.items() if kind == entity_type}
    for data in found.values():
        data.pop("type", None)
        data["aliases"] = [a["text"] if set(a) == {"text"} else a for a in data.get("aliases", [])]
    return found


def _other_layers(out: Path, layers: Sequence[Path]) -> dict[tuple[str, str], dict[str, Any]]:
    if not layers:
        return {}
    files = [f for f in layer_files(layers) if not f.resolve().is_relative_to(out.resolve())]
    # Layers may add to entries of the output; they are read upon it.
    over = [out] if out.exists() and (out.is_file() or any(out.rglob("*.yaml"))) else []
    merged = load_layers(read_layers([*over, *files], default=False)) if files else {}
    own = {str(f.resolve()) for f in (layer_files(over) if over else [])}
    return {k: raw.data for k, raw in merged.items() if any(str(Path(p).resolve()) not in own for p, _ in raw.places)}


def _entry(told: Mapping[str, Any], entity_type: str, doubts: Doubts) -> dict[str, Any] | None:
    """The parts of an entry that make its name, or None where the row names nothing."""
    if entity_type != "person":
        return thing(told, doubts)
    forms = [(str(f[0]), int(f[1])) if isinstance(f, list) else (str(f), 1) for f in told.get("forms", [])]
    weight = 1 + sum(n for _, n in forms)
    if not forms:
        if "family" in told:
            forms.append((", ".join(p for p in (told["family"], told.get("given")) if p), weight))
        elif "name" in told:
            forms.append((told["name"], weight))
        forms += [(str(a), 1) for a in told.get("aliases", [])]
    if forms and "name" in told and told["name"] not in [f for f, _ in forms]:
        forms.append((told["name"], 1))
    countries = frozenset(
        c.strip() for c in re.split(r"[;|]", str(told.get("facts.countries") or told.get("facts.country") or ""))
    )
    made = person(forms, countries)
    if made:
        made["aliases"] = [a for a in made["aliases"] if fold_name(a) not in doubts.without]
    return made


def _update(
    entries: dict[str, dict[str, Any]],
    entry_id: str,
    entry: dict[str, Any],
    told: Mapping[str, Any],
    source: str,
    *,
    again: bool,
) -> None:
    old = entries.get(entry_id)
    post = {k.removeprefix("post."): v for k, v in told.items() if k.startswith("post.")}
    now = entries.setdefault(entry_id, {"id": entry_id})
    if old is None or not (post or again):
        if entry:
            for part in ("family", "given", "common"):
                now.pop(part, None)
        now.update(entry)
    for name in ("born", "died", "active", "prominence", "kind", "country"):
        if name in told and not (post and name in now):
            now[name] = told[name]
    if "active.start" in told or "active.end" in told:
        now["active"] = f"{told.get('active.start', '')}..{told.get('active.end', '')}"
    if "lat" in told and "lon" in told:
        now["location"] = [told["lat"], told["lon"]]
    for group in ("links", "facts"):
        for name, value in told.items():
            if not name.startswith(f"{group}."):
                continue
            part = name.removeprefix(f"{group}.")
            box = now.setdefault(group, {})
            # `frus:100001` in a column of links.frus is 100001.
            value = value.removeprefix(f"{part}:") if group == "links" and isinstance(value, str) else value
            if again and group == "facts" and part in box and value not in str(box[part]).split("; "):
                value = f"{box[part]}; {value}"
            elif again and part in box:
                continue
            box[part] = value
    if post.get("title"):
        _add_post(now, post)
    known = str(now.get("source") or "")
    if source not in known:
        now["source"] = f"{known}; {source}" if known else source


def _add_post(entry: dict[str, Any], post: Mapping[str, str]) -> None:
    made = {"title": title_of(post["title"])}
    if post.get("at") and fold_name(post["at"]) not in fold_name(post["title"]):
        made["at"] = place_of(post["at"], post.get("start") or post.get("end") or "")
    dates = f"{post.get('start', '')}..{post.get('end', '')}"
    if (
        dates != ".."
        and dates.strip(".")
        and not (post.get("start") and post.get("end") and post["end"] < post["start"])
    ):
        made["dates"] = dates
    posts = [p for p in entry.get("posts", []) if not (_same(p, made) and "dates" not in p)]
    if made not in posts and not ("dates" not in made and any(_same(p, made) for p in posts)):
        posts.append(made)
    entry["posts"] = sorted(posts, key=lambda p: (p.get("dates", "9999"), p["title"]))


def _widen(entry: dict[str, Any]) -> None:
    """Stretch `active` over all posts: years in which somebody held one are years in which documents speak of them."""
    years = [y for p in entry.get("posts", []) for y in re.findall(r"\d{4}", re.sub(r"-\d\d", "", p.get("dates", "")))]
    first, dots, last = str(entry.get("active") or "").partition("..")
    if not years or not (dots or first):
        return
    last = last if dots else first
    first, last = min([first, *years]) if first else "", max([last, *years]) if last else ""
    entry["active"] = first if first == last else f"{first}..{last}"


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return one["title"] == other["title"] and one.get("at") == other.get("at")


def _write(out: Path, entity_type: str, source: str, entries: dict[str, dict[str, Any]], split: str) -> list[Path]:
    parts: dict[Path, list[dict[str, Any]]] = {}
    for entry in entries.values():
        _widen(entry)
        parts.setdefault(out if split == "none" else out / f"{_part(entry, split)}.yaml", []).append(entry)
    if split == "none" and out.is_dir():
        raise ConfigError(f"--out {out}", "a folder; give a .yaml file, or --split for a folder of files")
    if split != "none" and out.is_dir():
        for file in out.glob("*.yaml"):
            if file not in parts:
                file.unlink()
    for file, inside in parts.items():
        head = Counter(str(e.get("source")) for e in inside).most_common(1)[0][0]
        file.parent.mkdir(parents=True, exist_ok=True)
        shown = [{k: v for k, v in e.items() if k != "source" or v != head} for e in inside]
        file.write_text(document(entity_type, head, shown), "utf-8", newline="\n")
    return sorted(parts)


def _part(entry: Mapping[str, Any], split: str) -> str:
    if split == "initial":
        return str(entry["id"])[0]
    value = entry.get(split) or (entry.get("facts") or {}).get(split) or "other"
    return re.sub(r"[^a-z0-9]+", "-", fold_name(str(value))).strip("-") or "other"
