"""Text as the server keeps it: cleaned, trimmed, with the entities it finds itself."""

import re

from sandbox.telegram.values import Json

# td misc.cpp clean_input_string: control characters become spaces, \r and some marks vanish
_CONTROL = {code: " " for code in range(32) if code not in {10, 13}}
_VANISHING = dict.fromkeys([13, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A])
_CLEANED = str.maketrans({**{chr(code): text for code, text in _CONTROL.items()}, **{chr(c): "" for c in _VANISHING}})

_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<url>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])"
    r"|(?P<mention>(?<!\w)@[a-zA-Z][a-zA-Z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)


def units(text: str) -> int:
    """Length in UTF-16 code units, in which entities are counted."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def clean(text: str) -> str:
    """Without the characters the server does not keep."""
    return text.translate(_CLEANED)


def found(text: str) -> list[Json]:
    """Commands, links, mentions and hashtags (``td MessageEntity.cpp find_entities``, the common cases)."""
    entities: list[Json] = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup or ""
        entities.append({"offset": units(text[: match.start()]), "length": units(match.group()), "type": kind})
    return entities
