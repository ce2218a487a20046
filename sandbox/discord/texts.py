"""What people read of a message, and whom its words ping."""

import re
from collections.abc import Iterable, Iterator

from sandbox.discord.values import Json, Message

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


def readable(message: Message) -> str:
    """The words of a message, wherever they stand in it, one part a line."""
    parts = [message.content, *(words for embed in message.embeds for words in _embedded(embed))]
    parts += [str(part["content"]) for part in walk(message.components) if part.get("type") == 10]
    if message.poll is not None:
        parts += [message.poll.question, *(answer.text for answer in message.poll.answers)]
    return "\n".join(part for part in parts if part)


def size(embeds: Iterable[Json]) -> int:
    """How many characters embeds hold together, trimmed."""
    return sum(len(words.strip()) for embed in embeds for words in _embedded(embed))


def walk(components: Iterable[object]) -> Iterator[Json]:
    """All components, those inside others included."""
    for component in components:
        if isinstance(component, dict):
            yield component
            below = component.get("components")
            yield from walk(below if isinstance(below, list) else [])
            yield from walk([component.get("accessory"), component.get("component")])


def _embedded(embed: Json) -> Iterator[str]:
    for name in ("title", "description"):
        yield str(embed.get(name) or "")
    fields = embed.get("fields")
    for field in fields if isinstance(fields, list) else []:
        yield str(field.get("name") or "")
        yield str(field.get("value") or "")
    for name, words in (("author", "name"), ("footer", "text")):
        below = embed.get(name)
        yield str(below.get(words) or "") if isinstance(below, dict) else ""


def pinged(content: str, allowed: Json | None, kind: str) -> list[int]:
    """The users or roles (``kind``) that words ping, in their order, as far as ``allowed_mentions`` lets them."""
    pattern = USER_MENTION if kind == "users" else ROLE_MENTION
    named = list(dict.fromkeys(int(number) for number in pattern.findall(content)))
    if allowed is None or kind in _list(allowed, "parse"):
        return named
    listed = _list(allowed, kind)
    return [number for number in named if number in listed]


def pings_everyone(content: str, allowed: Json | None) -> bool:
    """Whether words ask to ping everybody, and may."""
    return bool(EVERYONE.search(content)) and (allowed is None or "everyone" in _list(allowed, "parse"))


def _list(allowed: Json, name: str) -> list[object]:
    value = allowed.get(name)
    return value if isinstance(value, list) else []
