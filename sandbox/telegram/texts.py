"""The text of a call, as it will be read: parsed, cleaned, trimmed, measured."""

from sandbox.telegram import html
from sandbox.telegram.arguments import Arguments
from sandbox.telegram.entities import clean, found, units
from sandbox.telegram.errors import violated
from sandbox.telegram.values import Json

LONGEST_TEXT = 4096  # td MessageContent.cpp get_input_message_content: utf8_length against message_text_length_max
LONGEST_CAPTION = 1024  # td ConfigManager.cpp: message_caption_length_max is at least 1024
LARGEST_SOURCE = 1 << 15  # Client.cpp get_formatted_text: bytes before parsing
# Client.cpp get_text_entity_type
ENTITY_TYPES = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre",
    "text_link", "text_mention", "custom_emoji", "mention", "hashtag", "cashtag", "bot_command", "url", "email",
    "phone_number", "bank_card_number",
})  # fmt: skip
# inside these the server looks for nothing (td MessageEntity.cpp merge_new_entities)
LEFT_ALONE = frozenset({"code", "pre", "text_link", "text_mention", "url", "mention", "hashtag", "bot_command"})
Formatted = tuple[str, tuple[Json, ...]]


def message_text(arguments: Arguments) -> Formatted:
    """The text of a message: 1 to 4096 code points after parsing. Raises ``Refused``."""
    text, entities = formatted(arguments.text("text"), arguments.text("parse_mode"), arguments.items("entities"))
    if not text:
        raise violated("text must be non-empty")
    if len(text) > LONGEST_TEXT:
        raise violated("message is too long")
    return text, entities


def caption(source: str, parse_mode: str, entities: list[object]) -> Formatted:
    """A caption: at most 1024 code points after parsing. Raises ``Refused``."""
    text, kept = formatted(source, parse_mode, entities)
    if len(text) > LONGEST_CAPTION:
        raise violated("message caption is too long")
    return text, kept


def formatted(source: str, parse_mode: str, entities: list[object]) -> Formatted:
    """What people will read, and its entities (``Client.cpp get_formatted_text``). Raises ``Refused``."""
    if len(source.encode()) > LARGEST_SOURCE:
        raise violated("text is too long")
    mode = parse_mode.lower()
    given = [dict(entity) for entity in entities if isinstance(entity, dict)]
    if mode not in {"", "none"}:
        if mode != "html":  # the server knows two Markdowns; nothing of ours may use them
            raise violated("unsupported parse_mode")
        source, given = html.parse(source) if source else ("", [])
    for entity in given:
        _check(entity)
    return _trimmed(clean(source), given)


def _check(entity: Json) -> None:
    if entity["type"] not in ENTITY_TYPES:
        raise violated("can't parse MessageEntity: unsupported type specified")
    for name in ("offset", "length"):
        value = entity[name]
        if not isinstance(value, int) or not 0 <= value <= 1_000_000:
            raise violated(f"receive an entity with incorrect {name} {value}")


def _trimmed(text: str, entities: list[Json]) -> Formatted:
    """Without white space at its ends (``td MessageEntity.cpp fix_formatted_text``); entities follow."""
    text = text.rstrip(" \n")
    total = units(text)
    first = min((_span(entity)[0] for entity in entities), default=len(text))
    cut = 0
    while cut < min(first, len(text)) and text[cut] in " \n":
        cut += 1
    kept: list[Json] = []
    for entity in entities:
        start, end = _span(entity)
        end = min(end, total)
        if end > start:
            kept.append({**entity, "offset": start - cut, "length": end - start})
    text = text[cut:]
    taken = [_span(entity) for entity in kept if entity["type"] in LEFT_ALONE]
    for entity in found(text):
        start, end = _span(entity)
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            kept.append(entity)
    return text, tuple(sorted(kept, key=lambda entity: _span(entity)[0]))


def _span(entity: Json) -> tuple[int, int]:
    offset, length = entity["offset"], entity["length"]
    start = offset if isinstance(offset, int) else 0
    return start, start + (length if isinstance(length, int) else 0)
