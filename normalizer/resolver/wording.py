"""Evidence in words that a historian understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from normalizer.gazetteer import Entity, Form, Gazetteer
from normalizer.model import Evidence
from normalizer.resolver.bearers import Bearer, Tenure
from normalizer.resolver.joint import SURE
from normalizer.resolver.options import FAMILY, Option, Place
from normalizer.resolver.roles import agreeing_roles
from normalizer.resolver.setting import BESIDE, NEAR, Setting


def because(option: Option, ent: Entity, surface: str, name: str, gazetteer: Gazetteer) -> Evidence:
    """The name itself as evidence."""
    if option.marks & Form.MISREADING:
        told = ent.misreadings[gazetteer.form_detail[option.form]].evidence
        how = f": {told}" if told else ", without a source"
        return Evidence("misreading", f"{name!r} is an attested misreading of {ent.name}{how}")
    kind = "family name" if option.marks & Form.FAMILY else "alias" if option.marks & Form.ALIAS else "name"
    return Evidence("name", f"{surface!r} is the {kind} {name}")


class Wording:
    """Says what the rows of a document's options hold."""

    def __init__(
        self,
        setting: Setting,
        bearer: Callable[[int], Bearer],
        gazetteer: Gazetteer,
        elsewhere: Callable[[int, Place], float],
    ) -> None:
        """`elsewhere`: how likely a person is meant at any place but one."""
        self.setting, self.bearer, self.gazetteer, self.elsewhere = setting, bearer, gazetteer, elsewhere

    def of(self, option: Option, place: Place) -> tuple[Evidence, ...]:
        """What speaks for an option, besides its name."""
        if not option.row and option.known is None:
            return ()  # nobody asked the model
        person = option.marks & Form.PERSON
        return tuple(self._of_person(option, place) if person else self._of_thing(option, place))

    def deciding(self, options: Iterable[Option]) -> Evidence:
        """What would tell the first bearers of a name apart, where nothing here does."""
        options = list(options)
        rows = [f"{self.gazetteer.entity(o.number).name} ({self._known_for(o.number)})" for o in options]
        return Evidence("deciding", f"a given name, a title or a country would decide between {'; '.join(rows)}")

    def _known_for(self, number: int) -> str:
        ent = self.gazetteer.entity(number)
        if ent.type != "person":
            return ", ".join(filter(None, (ent.kind, ent.country)))
        facts = ent.facts or {}
        who = self.bearer(number)
        held = who.held(self.setting.when) or who.tenures[:1]
        words = (
            [str(held[0])] if held else [str(facts[k]).split(";")[0] for k in ("offices", "countries") if k in facts]
        )
        if not words and ent.active:
            words.append(f"in the volumes of {ent.active.replace('..', '-')}")
        return ", ".join(words) or "no more is known"

    def _of_person(self, option: Option, place: Place) -> Iterable[Evidence]:
        sign, setting = option.sign, self.setting
        who = self.bearer(option.number)
        held = who.held(setting.when)
        if sign("own_name") and option.level == FAMILY:
            yield Evidence("document", "a name of his own stands elsewhere in the document")
        elif option.level == FAMILY and place.repair is None and self.elsewhere(option.number, place) >= SURE:
            yield Evidence("document", "other mentions of the document mean him")
        if sign("signs_at_post"):
            post = next(t for t in held if t.is_mission and t.country in setting.origin)
            yield Evidence("origin", f"signed at the post whose chief he was then: {post}")
        elif sign("post_at_origin"):
            post = next(t for t in held if t.is_mission and t.country in setting.origin)
            yield Evidence("origin", f"the document comes from his post: {post}")
        yield from self._of_title(sign, place, held)
        near = setting.countries_within(place.start, place.end, NEAR)
        beside = setting.countries_within(place.start, place.end, BESIDE)
        for country in sorted(who.home & near)[:1]:
            where = "beside the name" if country in beside else "near the name"
            yield Evidence("country", f"his country stands {where}: {_written(country)}")
        if not who.home & near and sign("country_share"):
            yield Evidence("country", "the document speaks of his country")
        posts = sorted({str(t) for t in held if t.is_mission and t.country in near})
        if posts and not sign("post_at_origin") and not sign("signs_at_post"):
            yield Evidence("post", f"his post then stands near: {posts[0]}")
        if sign("in_years"):
            yield Evidence("date", f"active at the date: {_years(self.gazetteer.entity(option.number))}")
        elif sign("years_late"):
            yield Evidence(
                "date", f"the volumes list him for earlier years: {_years(self.gazetteer.entity(option.number))}"
            )
        if len({o.number for o in place.people}) > 1 and who.prominence:
            yield Evidence("prominence", f"listed in {who.prominence} volumes")

    def _of_title(self, sign: Callable[[str], float], place: Place, held: Sequence[Tenure]) -> Iterable[Evidence]:
        title = place.calling.text
        if sign("title_post"):
            fitting = agreeing_roles(place.calling.role)
            post = next(t for t in held if t.roles & fitting)
            yield Evidence("title", f"{title!r} fits the post that he held then: {post}")
        elif place.repair is not None:
            return  # the repair tells of the title itself
        elif sign("title_office"):
            yield Evidence("title", f"{title!r} fits an office that he held")
        elif title and not sign("title_against"):
            stands = place.before is not None and title.endswith(place.before.text)
            yield Evidence("title", f"the title {title!r} stands before" if stands else f"called {title!r}")

    def _of_thing(self, option: Option, place: Place) -> Iterable[Evidence]:
        sign, ent = option.sign, self.gazetteer.entity(option.number)
        if sign("own_name_thing") and place.people:
            yield Evidence("document", "it is named elsewhere in the document")
        if sign("beside_thing"):
            yield Evidence("country", f"its country stands beside it: {ent.country}")
        elif sign("near_thing") or sign("share_thing"):
            yield Evidence("country", f"the document speaks of its country: {ent.country}")
        elif sign("country") or sign("capital"):
            yield Evidence("prominence", "a country or capital is meant where nothing speaks for its namesakes")


def _written(country: str) -> str:
    return country.upper() if len(country) < 5 and country == "ussr" else country.title()


def _years(ent: Entity) -> str:
    days = ent.active or ""
    if not days and ent.posts:
        days = ent.posts[0].dates or ""
    return days.replace("..", "-") or "his life"
