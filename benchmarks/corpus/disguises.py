"""The ways in which people hide a word from a machine and still show it to a reader."""

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

Disguise = Callable[[str, Random], str]

_CYRILLIC = str.maketrans("aceikmnoprstuxyhbdgl", "асеікмпоргѕтцхуһьԁԍӏ")
_GREEK = str.maketrans("abeiknoprtuvxywz", "αβεικηορгτυνχγωζ")
_ARMENIAN = str.maketrans("cghnosuw", "сցհոօѕսա")
_LOOKALIKE = str.maketrans("aceijopsxyhdlqw", "асеіјорѕхуһԁӏԛԝ")  # nobody sees the difference
_FIGURES = str.maketrans("aeiostbl", "43105781")
_SYMBOLS = str.maketrans("aeisl", "@€!$|")
_SMALL = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")
_RAISED = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_TURNED = str.maketrans("abcdefghijkmnpqrtuvwy", "ɐqɔpǝɟƃɥᴉɾʞɯudbɹʇnʌʍʎ")
_MATHEMATICAL = (0x1D41A, 0x1D482, 0x1D4EA, 0x1D51E, 0x1D552, 0x1D5BA, 0x1D68A)
_HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u180e\u034f"
_MARKS = "\u0300\u0301\u0308\u0316\u0323\u0336\u0338\u0346\u035c\u0489"
_SEPARATORS = ".-_*/~,"
_OTHER_SEPARATORS = "·•・‧∙⋅°|'’"
_HOLES = "*#%·_.-"


def _bare(text: str) -> str:
    """Without accents: look-alikes are made of plain letters."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)).lower()


def _mapped(table: Mapping[int, int]) -> Disguise:
    return lambda text, _: _bare(text).translate(table)


def _shifted(first: int, *, of: str = "a") -> Callable[[str], str]:
    return lambda text: "".join(chr(first + ord(char) - ord(of)) if "a" <= char <= "z" else char for char in text)


def _between(signs: str, *, all_the_same: bool = True) -> Disguise:
    def disguised(text: str, chance: Random) -> str:
        chosen = chance.choice(signs) if all_the_same else signs
        return " ".join("".join(char + chance.choice(chosen) for char in word[:-1]) + word[-1] for word in text.split())

    return disguised


def _mixed(text: str, chance: Random) -> str:
    """One or two letters of another alphabet, in each word."""
    return " ".join(_few(word, _LOOKALIKE, chance, 2) for word in _bare(text).split())


def _few(word: str, table: Mapping[int, int], chance: Random, most: int) -> str:
    able = [rank for rank, char in enumerate(word) if ord(char) in table]
    chosen = set(chance.sample(able, min(len(able), most)))
    return "".join(char.translate(table) if rank in chosen else char for rank, char in enumerate(word))


def _cased(text: str, chance: Random) -> str:
    return "".join(chance.choice((char.upper(), char)) for char in text)


def _accented(text: str, chance: Random) -> str:
    return "".join(char + chance.choice(_MARKS[:5]) if char in "aeiouy" else char for char in text)


def _stacked(text: str, chance: Random) -> str:
    return "".join(char + "".join(chance.choices(_MARKS, k=4)) for char in text)


def _stretched(text: str, chance: Random) -> str:
    rank = chance.randrange(1, len(text))
    return text[:rank] + text[rank - 1] * chance.randint(2, 6) + text[rank:]


def _split(text: str, chance: Random) -> str:
    rank = chance.randrange(2, len(text) - 1)
    return text[:rank] + chance.choice(_SEPARATORS) + text[rank:]


def _holed(text: str, chance: Random) -> str:
    """A sign in place of a letter, as newspapers do."""
    rank = chance.randrange(1, len(text) - 1)
    return text[:rank] + chance.choice(_HOLES) + text[rank + 1 :]


def _reversed(text: str, _: Random) -> str:
    """Written backwards, and turned around again by a mark of direction."""
    return f"\u202e{text[::-1]}\u202c"


def _several(text: str, chance: Random) -> str:
    for name in chance.sample(("capitals", "hidden signs", "accents", "one letter of another alphabet"), 3):
        text = WORDS[name](text, chance)
    return text


WORDS: Mapping[str, Disguise] = {
    "none": lambda text, _: text,
    "capitals": _cased,
    "accents": _accented,
    "full-width letters": lambda text, _: _shifted(0xFF41)(_bare(text)),
    "mathematical letters": lambda text, chance: _shifted(chance.choice(_MATHEMATICAL))(_bare(text)),
    "circled letters": lambda text, chance: _shifted(chance.choice((0x24D0, 0x249C)))(_bare(text)),
    "squared letters": lambda text, chance: _shifted(chance.choice((0x1F130, 0x1F150, 0x1F170)))(_bare(text)),
    "letters of flags": lambda text, _: _shifted(0x1F1E6)(_bare(text)),
    "small capitals": _mapped(_SMALL),
    "raised letters": _mapped(_RAISED),
    "turned letters": lambda text, _: _bare(text).translate(_TURNED)[::-1],
    "Cyrillic": _mapped(_CYRILLIC),
    "Greek": _mapped(_GREEK),
    "Armenian": _mapped(_ARMENIAN),
    "one letter of another alphabet": _mixed,
    "hidden signs": _between(_HIDDEN, all_the_same=False),
    "stacked marks": _stacked,
    "figures": lambda text, chance: " ".join(_few(word, _FIGURES, chance, 3) for word in _bare(text).split()),
    "symbols": lambda text, chance: " ".join(_few(word, _SYMBOLS, chance, 2) for word in _bare(text).split()),
    "stretched": _stretched,
    "a sign after each letter": _between(_SEPARATORS),
    "another sign after each letter": _between(_OTHER_SEPARATORS),
    "a space after each letter": _between(" "),
    "a line for each letter": _between("\n"),
    "cut in two": _split,
    "a hole": _holed,
    "backwards": _reversed,
    "several": _several,
}
"""Of words."""


def _ending(domain: str, chance: Random) -> str:
    return f"{domain.partition('.')[0]}.{chance.choice(('com', 'info', 'top', 'site', 'shop'))}"


def _one_wrong(domain: str, chance: Random) -> str:
    own, _, rest = domain.partition(".")
    rank = chance.randrange(1, len(own))
    return f"{own[:rank]}{chance.choice(('', own[rank] * 2, 'z'))}{own[rank + 1 :]}.{rest}"


def _own(change: Disguise) -> Disguise:
    """Of the label that somebody registered alone."""

    def disguised(domain: str, chance: Random) -> str:
        own, _, rest = domain.partition(".")
        return f"{change(own, chance)}.{rest}"

    return disguised


def _punycode(domain: str, chance: Random) -> str:
    return ".".join(
        f"xn--{label.encode('punycode').decode()}" if not label.isascii() else label
        for label in _own(_mixed)(domain, chance).split(".")
    )


LETTERS: Mapping[str, Disguise] = {
    "one letter of another alphabet": _own(_mixed),
    "punycode": _punycode,
    "figures": _own(lambda text, chance: _few(text, str.maketrans("oeils", "03115"), chance, 2)),
    "stretched accents": _own(_accented),
}
"""Of a name in a domain."""

DOMAINS: Mapping[str, Disguise] = {
    **LETTERS,
    "another ending": _ending,
    "one letter wrong": _one_wrong,
    "joined by hyphens": lambda domain, chance: f"{domain.replace('.', '-')}.{chance.choice(('com', 'top', 'info'))}",
    "in front of another domain": lambda domain, _: f"https://{domain}.suivi-dossier.top/compte",
    "before an @": lambda domain, _: f"https://{domain}@suivi-dossier.top/compte",
}
"""Of domains that people trust."""

ADDRESSES: Mapping[str, Disguise] = {
    "none": lambda address, _: address,
    "https": lambda address, _: f"https://{address}",
    "capitals": lambda address, _: address.partition("/")[0].upper() + "/" + address.partition("/")[2],
    "full-width letters": lambda address, _: _shifted(0xFF41)(address.partition("/")[0]) + "/abcd",
    "a written point": lambda address, chance: address.replace(".", chance.choice(("[.]", "(.)", "[dot]", "(point)"))),
    "another point": lambda address, chance: address.replace(".", chance.choice("。．｡")),
    "hidden signs": lambda address, chance: _between(_HIDDEN[:5])(address.partition("/")[0], chance) + "/abcd",
}
"""Of links that lead elsewhere."""
