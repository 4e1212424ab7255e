"""Names of people as lists print them: `Sikorski, General of the Armies Wladyslaw` in parts.

A form is read by itself here; `people` weighs all the forms of a person against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from normalizer.folding import fold_name
from normalizer.words import nicknames, word_list


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("""
    royal private grand very reich emperor ayatollah regent alhaji lieutanant señor lcdr heir
    acting admiral adm adviser advisor agent agha air ambassador army armies artillery archbishop assistant
    associate attorney aviation baron bart bey bishop brig brigade brigadier cadet capt captain cardinal cdr
    chairman chancellor chief class cmdr col colonel commander commanding commissioner commodore comdr comrade
    congressman corporal corps counselor counsellor crown d'armée dame dato dean delegate deputy director doctor dr
    duke ensign excellency father field first fleet force foreign former fourth führer gen general generalissimo
    général gov governor grade graf freiherr guard highness holiness his hon honorable imam jonkheer jonkeer judge
    junior justice king lieut lieutenant lt madam madame maharaja maj major marshal marshall master mate mayor
    medical member petty seaman pharmacist's electrician's machinist's group technical spokesman minister miss mme
    monsignor mr mrs ms mullah officer pasha premier president prime prince princess prof professor queen rabbi rank
    rear rep representative rev rt interim reverend right samdech sardar sayyid second sec secretary section sen
    senator sergeant shah shaikh shaykh sheik sheikh sidi sir special staff state steward sultan surgeon technician
    third tsaryevich under ussr vice-president vice warrant wing yeoman usa usaf usmc usn ret jg bonze
    president-elect photographer's électe elect lord lady viscount vicount count countess marquis marquess marqués
    earl baroness comte tunku vietnamese yemeni uruguayan then designate kings
""")
_LINKS = _words("of the de and for in until to later")
_AMBIGUOUS = _words(
    "dean duke king prince judge marshall earl baron bishop shah sultan agha bey guard class sidi marshall royal"
)
"""Titles that are given names too: they count as titles only before further words."""
_ALONE = _words("dean marshall earl")
"""Of these the ones that stand alone as somebody's only given name."""
_FORCES = re.compile(r"\bof the (?:Soviet Union|Royal Air Force|Army|Armies|Fleet|Air Force)\b", re.IGNORECASE)
_NOBLE = re.compile(
    r"^(?:(?:the|\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|right honorable)\s+)*"
    r"(lord|lady|earl|viscount|baron|baroness|marqués|marquess|marquis)\b(?:\s+(?:of|de|van))?$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|2n?d|3r?d|ill)\.?", re.IGNORECASE)
_SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV", "ill": "III"} | {
    "2d": "II", "2nd": "II", "3d": "III", "3rd": "III"
}  # fmt: skip
_NUMERAL = re.compile(r"(?:I{1,3}|IV|V|VI{1,3}|IX|XI{0,3}|XIV|XVI?)")
_SERVICE = re.compile(r"(?:U\.? ?S\.?(?: ?N\.?)?|USAF|USMC|R\. ?N\.|Bart\.?|M\.?P\.?)")
_CAREER = re.compile(
    r"\d|\b(?:later|then|from|after|subsequently|until|code named|now|formerly)\b|"
    r"^(?:C[DS]U|SPD|FDP|SED|USAF?|USN|USMC|[RD]-.*|jg|junior grade|(?:usa )?ret\.?|général.*|mrs\. .*)$",
    re.IGNORECASE,
)
_BIRTH_NAMES = _words("moore boothe soong elkus turner barchard churchill grinevich skirvin")
"""Maiden names in brackets after given names, which nobody used as a first name."""
_PARTICLE = r"(?:von|vom|van|der|den|de|du|des|di|da|do|dos|das|del|della|la|le|ter|ten|zu|zur|und)"
_FRONT = re.compile(rf"(?:{_PARTICLE}\s+|(?:d|s)'\s*)+(?=\S)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:al|el|an|ar|as|ad|at|ul)[\s-]+(?=\S)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?:^|\s)((?:{_PARTICLE}|arap|bin|ibn|baron|freiherr|graf|y|d')(?:\s+(?:{_PARTICLE}|d'|la))*|"
    r"(?:abu\s+|abd\s+)?(?:al|el|an|as|ar|ad|at)-?)$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?)+")

VIETNAMESE = _words("""
    nguyen tran le ngo pham phan vu vo bui duong do dang hoang huynh ho ton truong trinh ha cao lam mai ly dinh buu
    au ta thich vuong linh tam dao luong quach chung dueng pam tram ong luu doan nghiem tan
""")
CHINESE_KOREAN = _words("""
    an bo cai cao chai chang chao chen cheng chi chiang chiao chien chin chou chow chu deng feng foo geng gu han hao
    hsia hsiang hsiao hsiung hsieh hsu hu hua huan huang ji jia jiang kang kao keng kiang koo ku kung kuo lai lei li
    liang lin ling liu lo lu mao nieh pai pan peng qian qiao qi quo shen shi song soong sun sung tang tao teng tien
    ting tong tsai tsao tsiang tsien tsui tu tung wang wei wen wu xu xue yan yang yao ye yeh yen yin yu yuan yui
    zhang zhao zhou zhu kim park pak paik yi rhee choi choe cho chong chung chun kwak hahm ham huh hong hyun kwon
    min nam oh pyun paek roh shin sin suh yoon you yun ki lee ho che son won in ch'ai ch'en ch'iao ch'oe tai tan
""")
SPANISH = _words(
    "Argentina Bolivia Chile Colombia Cuba Dominican_Republic Ecuador Guatemala Honduras Mexico Nicaragua "
    "Panama Paraguay Peru Spain Uruguay Venezuela Costa_Rica El_Salvador Philippines"
)
_SPANISH_GIVEN = _words("""
    alberto alejandro alfonso alfredo alvaro americo andres antonio arturo augusto carlos cesar clodomiro diego
    domingo eduardo emilio enrique ernesto esteban eugenio felipe felix fernando francisco gabriel galo gonzalo
    guillermo gustavo hector hernan horacio hugo ignacio isaias jaime javier joaquin jorge jose juan julio leonardo
    luis manuel marcos mario maximiliano miguel nicolas octavio oscar osvaldo pablo pedro rafael ramon raul reynaldo
    ricardo rigoberto roberto rodolfo rodrigo romulo salvador santiago sergio tomas vicente victor virgilio walter
""")
_BY_FIRST = _words("Thailand Laos")
_BY_WHOLE = _words("Burma Cambodia Indonesia Vietnam")
COMMON_FIRST = _words("mohammed muhammad mohammad mohamed ahmad ahmed ali abdullah hassan hasan hussein abdul mahmud")


@dataclass(slots=True)
class Parsed:
    """A form of a name in parts.

    Attributes:
        natural: As it stands in running text, without titles and suffix.
        family: The part by which the bearer is called alone; "" where the form does not tell.
        given: The rest; "" where there is none.
        suffix: Jr., II, ...
        comma: The source parts family and given names itself.
        noble: `Lord`, ... where the form has it in place of given names.
        families: Other spellings of the family name, and its fuller forms.
        givens: Nicknames and other spellings of the given names.
        others: Wholly different names, in natural order.
    """

    natural: str = ""
    family: str = ""
    given: str = ""
    suffix: str = ""
    comma: bool = False
    noble: str = ""
    families: list[str] = field(default_factory=list)
    givens: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def clean(form: str) -> str:
    """The form with one kind of space, quote, apostrophe and hyphen, and without control characters."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b\u00ad]", "", form).replace("\xa0", " ")
    text = re.sub(r"\s*[–—‐]\s*", "-", text)
    text = re.sub(r"[’‘ʼ′`´]", "'", text)
    text = re.sub(r"[“”„]|''", '"', text)
    text = re.sub(r"\bO\"(?=[A-Z])", "O'", text)
    text = re.sub(r"(?<=[a-z]{3})\.(?=\s+[A-Z][a-z]+$)", ",", text) if "," not in text else text  # `Salis. Jean`
    text = re.sub(r"^([A-Z][a-z]{3,})\. (?=[A-Z])", r"\1, ", text).replace(" .", ".").replace("&", "and")
    text = re.sub(r"(^|[\s,(-])'(?=\w)", r"\1", text)
    text = re.sub(r"(?<=[a-z]{3})\.$", "", text.strip()) if not re.search(r"\b(?:Jr|Sr|ret)\.$", text) else text
    text = re.sub(r"\bMcl(?=[a-z])", "McI", text)
    return " ".join(text.split())


def is_title(word: str) -> bool:
    """Whether a word of a name is a rank, office or honorific."""
    bare = word.strip(".,").lower()
    if "-" in bare and all(part in _TITLES for part in bare.split("-")):  # `Lieutenant-Colonel`
        return True
    return bare in _TITLES or (bare.endswith(".") and bare[:-1] in _TITLES)


def strip_titles(text: str) -> tuple[str, str]:
    """(names, titles): a text of titles and given names parted, titles at the start or the end."""
    words = _FORCES.sub("", text).split()
    at = 0
    while at < len(words):
        bare, rest = words[at].strip(".,").lower(), words[at + 1 :]
        if is_title(words[at]):
            titled = any(is_title(w) for w in rest)
            if (
                bare in _AMBIGUOUS
                and not titled
                and all(_INITIALS.fullmatch(w) for w in rest)
                and (rest or bare in _ALONE)
            ):
                break
        elif not (bare in _LINKS and (at or bare in ("and", "later")) and any(is_title(w) for w in rest[:3])):
            break
        at += 1
    while len(words) - at > 1 and is_title(words[-1]) and words[-1].strip(".").lower() not in ("king", "dean", "shah"):
        words.pop()
    return " ".join(words[at:]), " ".join(words[:at])


def parse(form: str, countries: frozenset[str] = frozenset()) -> Parsed | None:
    """The parts of a form, or None where it names no person.

    Args:
        form: `Family, Given`, `Given Family`, `Chou En-lai`, with whatever titles and brackets.
        countries: Hints at the language; they settle only what the form leaves open.
    """
    made = Parsed()
    text = clean(form)
    if re.search(r"\betc\b|,\s+and\s|\bThe King of\b|^Identity\b", text):
        return None
    text = re.sub(r",?\s+I\b,?\s+(?=[ib]\w*n [A-Z])", " ", text)  # `Hussein I, ibn Talal`
    text = _quotes(text, made)
    text, brackets = _brackets(text)
    parts = [p.strip() for p in text.split(",")]
    parts = [p for p in parts if p]
    parts = _suffix(parts, made)
    while len(parts) > 1 and (
        _SERVICE.fullmatch(parts[-1]) or _only_titles(parts[-1]) or (parts[-1] == "Marshall" and " " in parts[0])
    ):
        tail = parts.pop()
        noble = _NOBLE.match(tail)
        if len(parts) == 1 and (noble or tail.lower() in ("madame", "mrs.", "mrs")):
            made.noble = "Madame" if noble is None else _noble_title(noble[1])
        elif len(parts) == 1:
            made.noble = "-"
    if not parts:
        return None
    if len(parts) == 2 and re.match(r"(?:[Ii]bn|[Bb]in|ben) ", parts[1]):  # `Hussein I, ibn Talal`
        parts = [f"{parts[0].removesuffix(' I')} {parts[1][0].lower()}{parts[1][1:]}"]
    if len(parts) == 1:
        _without_comma(parts[0], made, countries)
    else:
        _with_comma(parts, made, countries)
    if not re.search(r"[^\W\d_]{2}", made.natural) or (re.search(r" and (?!Dudley)|^The ", made.natural)):
        return None
    for where, inside in brackets:
        _bracket(where, inside, made, countries)
    if made.noble == "-":
        made.noble = ""
    return made


def _noble_title(word: str) -> str:
    return "Lady" if word.lower() in ("lady", "baroness") else "Lord"


def _quotes(text: str, made: Parsed) -> str:
    text = re.sub(r'\("([A-Z]\w+)" [A-Z]\w+\)', r'("\1")', text)  # ("Tiger" Wang)
    for found in re.finditer(r"\(?\s*[\"']([^\"'()]{2,20}?),?[\"'],?\s*\)?(?=\s|,|\)|$)", text):
        if '"' in found[0]:
            made.givens.append(found[1].strip())
            text = text.replace(found[0], " ")
    return " ".join(text.replace('"', "").replace("(  )", "").replace("()", "").split())


def _brackets(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text without brackets, and each with the word before it or `,` where it stands behind a comma."""
    found: list[tuple[str, str]] = []
    text = re.sub(r"\b([A-Z])\(([a-z]+)\)", r"\1\2", text)  # C(harles)
    for match in re.finditer(r"\b(\w+)[(\[](\w{1,2})[)\]](\w*)", text):  # Abras(s)imov
        found.append(("family", match[1] + match[2] + match[3]))
    text = re.sub(r"(?<=\w)[(\[]\w{1,2}[)\]]", "", text)
    comma = text.find(",", 0)
    for match in re.finditer(r"[(\[]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]?", text):
        before = text[: match.start()].strip()
        after = text[match.end() :].strip(" ,")
        head = not before or before.endswith(",") or (before.split() and is_title(before.split()[-1]))
        if head and after and re.fullmatch(r"[A-Z][a-z]+", match[1]) and "," in text:
            found.append(("lead", match[1]))
        elif comma == -1:
            found.append(("whole", match[1]))
        else:
            found.append(("family" if match.start() < comma else "given", match[1]))
    return " ".join(re.sub(r"[(\[][^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]]?", " ", text).split()).replace(
        " ,", ","
    ), found


def _suffix(parts: list[str], made: Parsed) -> list[str]:
    kept = []
    for i, part in enumerate(parts):
        if i and _SUFFIX.fullmatch(part):
            made.suffix = _SUFFIXES[part.rstrip(".").lower()]
            continue
        tail = re.search(r"\s+(Jr|Sr|III|IV|2n?d|3r?d)\.?$", part)
        if tail is None and i:
            tail = re.search(r"\s+(II)\.?$", part)
        if tail:
            made.suffix = _SUFFIXES[tail[1].lower()]
            part = part[: tail.start()]
        kept.append(part)
    return kept


def _only_titles(part: str) -> bool:
    words = [w for w in re.split(r"[\s-]+", part) if w.lower() not in _LINKS]
    if re.match(r"(?:Count|Marqu\w+|Comte|Duke|Earl|Baron) (?:of|de) ", part) or re.match(r"Vietnamese ", part):
        return True
    return all(is_title(w) for w in words) and not (
        len(words) == 1 and words[0] in ("Dean", "King", "Earl", "Duke", "Judge", "Marshall")
    )


def _with_comma(parts: list[str], made: Parsed, countries: frozenset[str]) -> None:
    family, given = parts[0], " ".join(parts[1:])
    if len(parts) > 2 and len(parts[1].split()) == 1 and parts[0] in ("Miro", "Miró"):
        family, given = f"{parts[0]} {parts[1]}", " ".join(parts[2:])
    family = re.sub(r"(?<=[a-z]{3})\.$", "", family)
    family, _ = strip_titles(family) if len(family.split()) > 1 else (family, "")
    noble = _NOBLE.match(given)
    if noble:
        made.noble, made.family, made.comma = _noble_title(noble[1]), family, True
        made.natural = f"{made.noble} {family}"
        return
    given, titles = strip_titles(re.sub(r"^(?:and|later|then)\s+(?:later\s+)?", "", given))
    if re.match(r"(?:of|the)\s", given, re.IGNORECASE):  # `Baudouin, King of Belgium`
        given = ""
    if given == "Al":
        made.family, made.given, made.natural, made.comma = family, given, f"Al {family}", True
        return
    vietnamese = given.split() and fold_name(given.split()[0]) in VIETNAMESE
    behind = None if vietnamese and not given.endswith("-") else _BEHIND.search(given)
    link = ""
    if behind:
        link, given = " ".join(behind[1].split()), given[: behind.start()].strip()
        link = " ".join(w for w in link.split() if w.lower() not in ("baron", "freiherr", "graf", "y"))
    made.comma = True
    made.family, made.given = family, _spaced(given)
    if given == "U":  # the Burmese honorific
        made.natural, made.given = f"U {family}", ""
        return
    if not given and not link:
        made.natural, made.comma = (f"Madame {family}" if "adam" in titles or "Mrs" in titles else family), False
        made.noble = made.noble or ("Madame" if "adam" in titles or "Mrs" in titles else "-")
        return
    if _family_first(family, given):
        made.natural = f"{family} {given}"
        return
    if link:
        low = link.lower().rstrip("-")
        joined = f"{low}-{family}" if re.fullmatch(r"(?:al|el|an|as|ar|ad|at)", low) else f"{link.rstrip('-')} {family}"
        joined = joined.replace("' ", "'")
        made.natural = f"{made.given} {joined}".strip()
        made.families.append(joined)
        if low.startswith(("abu", "abd")):
            made.family = joined
    else:
        made.natural = f"{made.given} {family}"
        _double(made, countries)
    article = _ARTICLE.match(made.family)
    if article and made.family[article.end() :].lower() != "din" and len(made.family) > article.end() + 2:
        made.families.append(made.family.replace(" ", "-", 1) if made.family[article.end() - 1] == " " else made.family)
        made.family = made.family[article.end() :]
    german = re.match(r"(?:von|vom|zu|von der|von dem|von und zu)\s+(?=\S)", made.family)
    if german:
        made.families.append(made.family)
        made.family = re.sub(r"^(?:(?:von|vom|zu|der|dem|und)\s+)+", "", made.family)


def _double(made: Parsed, countries: frozenset[str]) -> None:
    """Of two Spanish surnames the first is the one used alone, of two Portuguese the last."""
    words = made.family.split()
    if (
        len(words) < 2
        or made.family[0].islower()
        or _FRONT.match(made.family)
        or words[0] in ("St.", "San", "Abu", "Ben")
    ):
        return
    first = fold_name(made.given).split()[:1]
    spanish, portuguese = bool(countries & SPANISH), bool(countries & {"Brazil", "Portugal"})
    spanish = spanish or (not portuguese and bool(first) and first[0] in _SPANISH_GIVEN)
    joined = " y " in made.family
    if joined or (spanish and not portuguese and (len(words) == 2 or words[1].lower() in ("de", "del"))):
        made.families.append(made.family)
        made.family = words[0]
    elif portuguese and len(words) == 2:
        made.families.append(made.family)
        made.family = words[-1]


def _family_first(family: str, given: str) -> bool:
    """Whether `Chou, En-lai` and its like were written `Chou En-lai`."""
    head = fold_name(family).split()
    if len(head) != 1 or (
        fold_name(family).replace(" ", "") not in CHINESE_KOREAN and family.lower() not in CHINESE_KOREAN
    ):
        return False
    words = given.split()
    if re.fullmatch(r"[A-Z][\w'ŏūō]*-[\w'ŏūō]+", given):
        return fold_name(given).split()[0] not in word_list("given_names")
    return len(words) == 2 and all(
        w.isalpha() and 1 < len(w) < 6 and w.lower() not in word_list("given_names") for w in words
    )


def _spaced(given: str) -> str:
    """`H.R.` as `H. R.`, a single letter as an initial with its stop."""
    given = re.sub(r"(?<=[A-Z]\.)(?=[A-Z])", " ", given)
    return " ".join(f"{w}." if re.fullmatch(r"[A-Z]", w) else w for w in given.replace(",", " ").split())


def _without_comma(text: str, made: Parsed, countries: frozenset[str]) -> None:
    stripped, titles = strip_titles(text)
    if not stripped:
        stripped = text
    if not re.fullmatch(r"U [A-Z][a-z]+|.* [IVX]", stripped):
        stripped = _spaced(stripped)
    made.natural = stripped
    words = stripped.split()
    folded = [fold_name(w) for w in words]
    if "Madame" in titles or "Mrs" in titles:
        made.noble = "Madame"
        made.natural = made.family = f"Madame {stripped}"
        return
    if len(words) == 1:
        made.family = stripped
        return
    if re.fullmatch(r"[A-Z]\.", words[-1]) and not re.fullmatch(r"[A-Z]\.", words[0]):  # the comma is lost
        made.family, made.given, made.comma = words[0], " ".join(words[1:]), True
        made.natural = f"{made.given} {made.family}"
        return
    if _NUMERAL.fullmatch(words[-1]) and not re.fullmatch(r"Il|II", words[-1] if len(words) == 3 else ""):
        made.suffix = ""
        made.family = stripped
        return
    if re.fullmatch(r"U [A-Z][a-z]+", stripped):
        made.family, made.natural = words[1], stripped
        return
    if re.search(r"\s(?:ibn|bin|ben|ibni|al|al-\w+)\b", stripped) and not _ARTICLE.match(stripped):
        first = words[0]
        made.family = first if first.lower() not in COMMON_FIRST else stripped
        made.given = stripped[len(first) :].strip() if made.family == first else ""
        return
    western = any(re.fullmatch(r"[A-Z]\.", w) for w in words) or (
        folded[0] in word_list("given_names") and "-" not in words[-1]
    )
    if western and folded[0] not in VIETNAMESE:
        return
    if (countries & {"Cambodia"} and len(words) == 2) or (countries & {"Laos"} and all(len(w) <= 4 for w in words)):
        made.family = stripped
        return
    if _eastern(words, folded, made, countries):
        return
    if countries & _BY_FIRST and "na" not in folded:
        made.family, made.given = words[0], " ".join(words[1:])
    elif countries & _BY_WHOLE or (
        len(words) == 2 and all(len(w) <= 6 for w in words) and folded[0] in ("ba", "bao", "pol")
    ):
        made.family = stripped


def _eastern(words: list[str], folded: list[str], made: Parsed, countries: frozenset[str]) -> bool:
    """Chinese, Korean and Vietnamese order; False where the name shows neither."""
    first = words[0].lower() if words[0].lower() in CHINESE_KOREAN else folded[0]
    hyphen = any("-" in w for w in words[1:])
    vietnamese = folded[0] in VIETNAMESE and not hyphen and len(words) <= 5
    if vietnamese and (len(words) >= 3 or "Vietnam" in countries) and not countries & {"Korea", "China"}:
        if len(words) == 2 or folded[:2] == ["ho", "chi"]:
            made.family = words[0] if folded[0] == "ho" and len(words) == 3 else made.natural
            made.given = " ".join(words[1:]) if made.family == words[0] else ""
            return True
        if first in CHINESE_KOREAN and folded[0] in ("ho", "chung", "cao", "tan", "ha") and "Vietnam" not in countries:
            pass
        else:
            made.family, made.given = words[-1], " ".join(words[:-1])
            return True
    if first in CHINESE_KOREAN and len(words) in (2, 3) and not any(w in word_list("given_names") for w in folded[1:]):
        made.family, made.given = words[0], " ".join(words[1:])
        return True
    return False


def _bracket(where: str, inside: str, made: Parsed, countries: frozenset[str]) -> None:
    inside = re.sub(r"^(?:also spelled|also|born|or)\s+", "", inside.strip(' ,"'))
    inside = re.sub(r",?\s*sometimes(?: spelled)?\s.*$", "", inside)
    if _CAREER.search(inside) or not re.search(r"\w{2}", inside):
        return
    if where == "lead":
        made.given = f"{inside} {made.given}"
        return
    pieces = [re.sub(r"^(?:and|or|also)\s+", "", p.strip()) for p in re.split(r",|\band\b|\bor\b", inside) if p.strip()]
    if where == "family" and all(len(p.split()) <= 2 for p in pieces):
        for piece in pieces:
            made.families.append(_ARTICLE.sub("", piece))
        return
    if (
        where != "family" and re.fullmatch(r"[A-Z][\w'-]+, [\w. '-]+", inside) and inside[:2] != made.family[:2]
    ):  # (Meir, Golda)
        whole = parse(inside, countries)
        made.others += [whole.natural] if whole else []
        return
    for piece in pieces:
        bare, titles = strip_titles(piece)
        words = bare.split()
        if not words or (titles and len(words) == 1 and not _NOBLE.match(titles)):
            continue
        if titles and _NOBLE.match(titles.split()[-1]) and len(words) == 1:
            made.others.append(f"{_noble_title(titles.split()[-1])} {bare}")
        elif made.noble and len(words) > 1 and where != "family":
            whole = parse(piece, countries)
            if whole and whole.natural:
                same = fold_name(whole.natural).endswith(fold_name(made.family))
                if same and not made.given and made.noble != "Madame":
                    made.given = whole.natural[: -len(made.family)].strip(" -")
                made.others.append(whole.natural)
        elif len(words) == 1 or (where == "given" and _INITIALS.fullmatch(bare)):
            folded = fold_name(bare)
            if where == "given" and folded not in _BIRTH_NAMES and _likely_given(bare, made.given):
                made.givens.append(bare)
            elif where == "whole" and len(made.natural.split()) == 1:
                made.families.append(bare)
        elif (
            where == "given"
            and made.given
            and all(w.rstrip(".") in made.given for w in made.given.split())
            and len(words) <= 3
            and any(w[0] == made.given[0] for w in words)
        ):
            made.givens.append(bare)
        else:
            whole = parse(piece, countries)
            if whole:
                made.others.append(whole.natural)


def _likely_given(name: str, given: str) -> bool:
    from rapidfuzz import fuzz

    folded = fold_name(name)
    if len(name) <= 6 or folded in word_list("given_names") or folded in nicknames():
        return True
    return any(fuzz.ratio(folded, fold_name(g)) > 60 for g in given.split())
