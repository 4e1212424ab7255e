"""Names of people as lists print them: `Sikorski, General of the Armies Wladyslaw` in parts.

A form is read by itself here; `people` weighs all the forms of a person against each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from normalizer.folding import fold_name, key
from normalizer.words import nicknames, word_list

_TITLES = frozenset(
    """
    acting admiral adm adviser agent agha air ambassador and archbishop army armies artillery assistant associate attorney
    aviation baronet bart bey bishop brig brigade brigadier cadet capt captain cardinal chairman chancellor chief
    class col colonel commander commanding commissioner commodore comdr comrade congressman congresswoman consul corporal
    corps counselor counsellor crown cdr d'armée dame dato de dean delegate delegation deputy director doctor dr duke
    elect emir ensign excellency father field first fleet force foreign former fourth führer gen general generalissimo
    général gov governor grade grand guard highness his hon honorable imam interim jonkheer jonkeer judge junior justice
    king lieut lieutenant lt madam madame maharaja maj major marshal marshall master mate mayor medical member minister miss
    mme monsignor mr mrs ms mufti mullah officer pasha president premier prime prince princess private prof professor queen
    rabbi rank rear reich rep representative reverend rev right royal saint samdech sardar sayyid second
    sec secretary section sen senator sergeant shah shaikh shaykh sheik sheikh sir soviet special staff state steward
    sultan surgeon technician the third tsaryevich tunku under union ussr vice warrant wing yeoman
    usa usaf usmc usn uss ret jg bonze acting-president
    """.split()  # noqa: SIM905
)
"""What stands before or after given names and is none; some only as parts of longer titles."""
_INSIDE = frozenset("of the de d' d'armée and in for to a photographer's".split())  # noqa: SIM905
_AMBIGUOUS = frozenset("dean de duke king prince judge major marshall marshal earl baron bishop shah sultan agha bey chief "
                       "guard master mate miss air royal grand general union state justice father the and".split())  # noqa: SIM905
"""Titles that are also given or family names; they count as titles only beside other words."""
_NOBLE = re.compile(
    r"(?:(?:the|\d*(?:st|nd|rd|th)|first|second|third|fourth|fifth|right honorable|sir)\s+)*"
    r"(lord|lady|earl|viscount|viscountess|baron|baroness|freiherr|graf|count|marqu[eiéè]s[se]?s?|marquess|duke|comte|conde)\b"
    r"(?:\s+(?:of|de|van|von)\b)?",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|2n?d|3r?d|ill)\.?", re.IGNORECASE)
_SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV", "2d": "II", "2nd": "II", "ill": "III"}
_SUFFIXES |= {"3d": "III", "3rd": "III"}
_NUMERAL = re.compile(r"(?:I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI?)\.?")
_SERVICE = re.compile(r"(?:U\.? ?S\.?(?: ?N\.?)?|USA|USN|USAF|USMC|R\. ?N\.|RN|Bart\.?|M\.?P\.?)", re.IGNORECASE)
_CAREER = re.compile(
    r"\d|\b(?:later|then|from|after|subsequently|until|code named|now|formerly|called)\b|^(?:CDU|CSU|SPD|FDP|SED|USAF?|USN|USMC|"
    r"[RD]-.*|jg|junior grade|USA ret\.?|ret\.?|senior|junior|prince|lord|sir|mrs\..*|général .*|mr\..*)$",
    re.IGNORECASE,
)
_PARTICLE_START = re.compile(
    r"(?:(?:von|vom|van|der|den|de|du|des|di|da|do|dos|das|del|della|la|le|ter|ten|zu|zur|und|of|y|e)\b[\s-]*|d[’'’]\s*|s[’'’])+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:al|el|an|ar|as|ad|at|ul)[\s-]+(?=\S)", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:^|\s)((?:(?:von|vom|van|der|den|de|du|di|da|do|dos|das|del|la|le|ter|ten|zu|zur|und|arap|bin|ibn|baron|freiherr|graf"
    r"|d['’]|y)\s*)+|(?:abu\s+)?(?:al|el|an|as|ar|ad|at|ul|abd al)-?)$",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"\b(?:von|vom|zu|zur|und)\b", re.IGNORECASE)
_PORTUGUESE = re.compile(r"(?:da|do|dos|das|de|e)\b", re.IGNORECASE)
_ARABIC_LINK = re.compile(r"\s(?:ibn|bin|ben|ibni)\s", re.IGNORECASE)

VIETNAMESE = frozenset(
    "nguyen tran le ngo pham phan vu vo bui duong do dang hoang huynh ho ton truong trinh ha cao lam mai ly dinh buu au ta "
    "thich vuong linh tam dao luong quach chung dueng pam tram ong luu doan nghiem thai tan".split()  # noqa: SIM905
)
CHINESE_KOREAN = frozenset(
    """
    an bo cai cao chai chang chao chen cheng chi chiang chiao chien chin chou chow chu deng feng foo fu geng gu han hao ho
    hsia hsiang hsiao hsiung hsieh hsu hu hua huan huang ji jia jian jiang kang kao keng kiang ko koo ku kung kuo lai lei li
    liang lin ling liu lo lu ma mao nieh pai pan peng qian qiao qi quo shen shi shih song soong sun sung tai tan tang tao teng
    tien ting tong tsai tsao tsiang tsien tsui tu tung wang wei wen wu xu xue yan yang yao ye yeh yen yin yu yuan yui zhang
    zhao zhou zhu zhang ch'ai ch'en ch'ien ch'iao ch'oe
    kim park pak paik lee yi rhee choi choe cho chong chung chang chun kang kwak hahm ham huh ho han hong hyun kwon min nam
    no oh pyun paek roh shin sin so son song suh won yun yoon you yu ki che
    """.split()  # noqa: SIM905
)
SPANISH = frozenset(
    """
    Argentina Bolivia Chile Colombia Cuba Dominican_Republic Ecuador Guatemala Honduras Mexico Nicaragua Panama Paraguay
    Peru Spain Uruguay Venezuela Costa_Rica El_Salvador
    """.replace("_", " ").split("\n")  # split below, by word pairs
)
SPANISH = frozenset(
    ["Argentina", "Bolivia", "Chile", "Colombia", "Cuba", "Dominican Republic", "Ecuador", "Guatemala", "Honduras", "Mexico"]
    + ["Nicaragua", "Panama", "Paraguay", "Peru", "Spain", "Uruguay", "Venezuela", "Costa Rica", "El Salvador"]
)
