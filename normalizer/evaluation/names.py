"""The names of entities, as measures compare them."""

from __future__ import annotations

from collections.abc import Iterable

from normalizer.evaluation.aligned import key
from normalizer.gazetteer import Entity, Gazetteer


def keys_of(ent: Entity) -> frozenset[str]:
    """`key` of every name of an entity: its name, aliases and family name, also as they stand before a comma."""
    forms = [ent.name, *(a.text for a in ent.aliases)]
    if ent.family:
        forms.append(ent.family)
    keys = {key(part) for form in forms for part in (form, form.split(",")[0])}
    return frozenset(keys - {""})


class Names:
    """What a gazetteer calls its entities, looked up by id; each is worked out once.

    Where types share an id, it means the last of them in the gazetteer's order, as in any table keyed by id.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.version = gazetteer.version
        self._gazetteer = gazetteer
        self._keys: dict[str, frozenset[str]] = {}
        self._by_link: dict[str, list[Entity]] | None = None

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of an id, or None."""
        numbers = self._gazetteer.numbers(entity_id)
        return self._gazetteer.entity(numbers[-1]) if numbers else None

    def keys(self, entity_id: str) -> frozenset[str]:
        """`key` of every name of an entity; empty where the gazetteer does not have it."""
        if entity_id not in self._keys:
            ent = self.entity(entity_id)
            self._keys[entity_id] = keys_of(ent) if ent else frozenset()
        return self._keys[entity_id]

    def numbers(self, entity_id: str) -> set[str]:
        """What authorities call an entity: the values of its links."""
        ent = self.entity(entity_id)
        return {str(v) for v in (ent.links or {}).values()} if ent else set()

    def bearer(self, entity: str, label: str) -> Entity | None:
        """The entity that gold means by an id of the gazetteer or, where none has it, by an authority's number."""
        found = [self._gazetteer.entity(n) for n in self._gazetteer.numbers(entity)]
        if not found:
            if self._by_link is None:
                self._by_link = _by_link(self._gazetteer.entities())
            found = self._by_link.get(entity, [])
        return next((ent for ent in found if ent.label == label), found[0] if found else None)


def _by_link(entities: Iterable[Entity]) -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = {}
    for ent in entities:
        for number in (ent.links or {}).values():
            found.setdefault(str(number), []).append(ent)
    return found
