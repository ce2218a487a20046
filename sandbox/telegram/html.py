"""Telegram's HTML (``td MessageEntity.cpp parse_html``): a handful of tags, and an error for anything else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.telegram.entities import units
from sandbox.telegram.errors import Refused, violated
from sandbox.telegram.values import Json

TYPES: Mapping[str, str] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
SPACE = " \t\r\n\0\x0b"
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{0,10})|#([0-9]{0,10})|([a-zA-Z]+))(;?)")
_NAME_END = re.compile(r"[ \t\r\n\0\x0b=>/\"']|$")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
LONGEST_REFERENCE = 10


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    name: str
    argument: str
    offset: int
    start: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    result: list[str] = field(default_factory=list)
    offset: int = 0
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def error(self, reason: str, at: int | None = None) -> Refused:
        where = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return violated(f"can't parse entities: {reason}{where}")

    def keep(self, text: str) -> None:
        self.result.append(text)
        self.offset += units(text)
        self.length += len(text)

    def parse(self) -> tuple[str, list[Json]]:
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "&":
                self.keep(self.reference())
            elif character == "<" and self.source[self.position + 1 : self.position + 2] == "/":
                self.end_tag()
            elif character == "<":
                self.start_tag()
            else:
                end = min(
                    (
                        at
                        for at in (self.source.find("<", self.position), self.source.find("&", self.position))
                        if at >= 0
                    ),
                    default=len(self.source),
                )
                self.keep(self.source[self.position : end])
                self.position = end
        if self.stack:
            raise self.error(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"')
        text = "".join(self.result)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.error("Text contains invalid Unicode characters after decoding HTML entities")
        return text, sorted(self.entities, key=_order)

    def reference(self) -> str:
        """The character of ``&lt;`` and its like; an unknown one stays as it is written."""
        match = _REFERENCE.match(self.source, self.position)
        decoded = None if match is None else _decoded(match)
        if match is None or decoded is None:
            self.position += 1
            return "&"
        self.position = match.end()
        return decoded

    def space(self) -> None:
        while self.position < len(self.source) and self.source[self.position] in SPACE:
            self.position += 1

    def at(self) -> str:
        return self.source[self.position : self.position + 1]

    def start_tag(self) -> None:
        begin = self.position
        while self.at() and self.at() not in SPACE and self.at() != ">":
            self.position += 1
        if not self.at():
            raise self.error("Unclosed start tag", begin)
        name = self.source[begin + 1 : self.position].lower()
        if name not in TYPES:
            raise self.error(f'Unsupported start tag "{name}"', begin)
        argument = ""
        while self.at() != ">":
            self.space()
            if self.at() == ">":
                break
            argument = self.attribute(name, begin) or argument
        self.position += 1
        if name == "span" and argument != "spoiler":
            raise self.error('Tag "span" must have class "tg-spoiler"', begin)
        self.stack.append(_Open(name, argument, self.offset, self.length))

    def attribute(self, tag: str, begin: int) -> str | None:
        """What an attribute tells about the entity, if anything."""
        match = _NAME_END.search(self.source, self.position)
        end = len(self.source) if match is None else match.start()
        attribute = self.source[self.position : end]
        self.position = end
        if not attribute:
            raise self.error(f'Empty attribute name in the tag "{tag}"', begin)
        self.space()
        if self.at() != "=":
            if not self.at():
                raise self.error(f'Unclosed start tag "{tag}"', begin)
            return "1" if (tag, attribute) == ("blockquote", "expandable") else None
        self.position += 1
        self.space()
        value = self.attribute_value()
        if not self.at():
            raise self.error("Unclosed start tag", begin)
        return _argument(tag, attribute, value)

    def attribute_value(self) -> str:
        quote = self.at()
        if quote not in {"'", '"'}:
            begin = self.position
            match = _TOKEN.match(self.source, begin)
            self.position = begin if match is None else match.end()
            if self.at() not in SPACE and self.at() != ">":
                raise self.error("Unexpected end of name token", begin)
            return self.source[begin : self.position].lower()
        self.position += 1
        value: list[str] = []
        while self.at() and self.at() != quote:
            if self.at() == "&":
                value.append(self.reference())
            else:
                value.append(self.at())
                self.position += 1
        self.position += 1
        return "".join(value)

    def end_tag(self) -> None:
        begin = self.position
        if not self.stack:
            raise self.error("Unexpected end tag", begin)
        while self.at() and self.at() not in SPACE and self.at() != ">":
            self.position += 1
        name = self.source[begin + 2 : self.position].lower()
        self.space()
        if self.at() != ">":
            raise self.error("Unclosed end tag", begin)
        self.position += 1
        opened = self.stack.pop()
        if name and name != opened.name:
            raise self.error(
                f"Unmatched end tag at byte offset {len(self.source[:begin].encode())}, "
                f'expected "</{opened.name}>", found "</{name}>"'
            )
        if self.offset > opened.offset:
            self.add(opened)

    def add(self, opened: _Open) -> None:
        entity: Json = {"offset": opened.offset, "length": self.offset - opened.offset, "type": TYPES[opened.name]}
        match opened.name:
            case "a":
                url = opened.argument or "".join(self.result)[opened.start :]
                if not _is_link(url):
                    return
                entity["url"] = url
            case "blockquote" if opened.argument:
                entity["type"] = "expandable_blockquote"
            case "tg-emoji":
                if not opened.argument.isdigit():
                    raise self.error("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = opened.argument
            case _:
                pass
        self.entities.append(entity)


def parse(source: str) -> tuple[str, list[Json]]:
    """The visible text and its entities. Raises ``Refused`` with "can't parse entities: …"."""
    return _Parser(source).parse()


def _decoded(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name, end = match.groups()
    if name is not None:
        return NAMED.get(name)
    code = int(hexadecimal or "0", 16) if decimal is None else int(decimal or "0")
    if code == 0 or code >= 0x10FFFF or len(match.group()) - len(end) >= LONGEST_REFERENCE:
        return None
    return chr(code)


def _argument(tag: str, attribute: str, value: str) -> str | None:
    match (tag, attribute):
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
        case _:
            return None


def _is_link(url: str) -> bool:
    """Whether the server makes a link of it; otherwise the text stays without (``LinkManager get_checked_link``)."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "." in url.strip(".") and " " not in url
    return scheme.lower() in {"http", "https", "tg", "ton"} and bool(rest) and " " not in rest


def _order(entity: Json) -> tuple[int, int]:
    offset, length = entity["offset"], entity["length"]
    return (offset if isinstance(offset, int) else 0, -length if isinstance(length, int) else 0)
