"""Which fields the bodies of calls have, as data; named as in Discord's OpenAPI document (version of 2026-07-18).

A test compares them with the document where it is at hand. Content is narrower than there: 4000 is what paying people
may write, programs may write 2000.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Form: TypeAlias = Literal[
    "integer", "number", "boolean", "string", "snowflake", "object", "list", "words", "instant", "typed", "anything"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body.

    ``table`` names what an object holds, ``typed`` maps the number in an object's ``type`` to what it holds, ``items``
    is what a list holds; ``words`` is an object of strings. ``shortest`` and ``longest`` count characters of strings,
    ``fewest`` and ``most`` items.
    """

    form: Form
    required: bool = False
    nullable: bool = True
    shortest: int = 0
    longest: int | None = None
    lowest: int | None = None
    highest: int | None = None
    fewest: int = 0
    most: int | None = None
    choices: frozenset[int | str] = frozenset()
    table: str | None = None
    typed: Mapping[int, str] | None = None
    items: "Field | None" = None


Table: TypeAlias = Mapping[str, Field]

FLAG = Field(form="boolean")
NUMBER = Field(form="integer")
SNOWFLAKE = Field(form="snowflake")
ID = Field(form="integer", lowest=0)


def needed(field: Field) -> Field:
    """The same, but it must be there and be something."""
    return replace(field, required=True, nullable=False)


def text(longest: int | None = None, shortest: int = 0) -> Field:
    """A string of so many characters."""
    return Field(form="string", longest=longest, shortest=shortest)


def whole(lowest: int, highest: int | None) -> Field:
    """A whole number between these."""
    return Field(form="integer", lowest=lowest, highest=highest)


def an(table: str) -> Field:
    """An object."""
    return Field(form="object", table=table)


def many(items: Field, most: int | None = None, fewest: int = 0) -> Field:
    """A list."""
    return Field(form="list", items=items, most=most, fewest=fewest)


def one_of(tables: Mapping[int, str]) -> Field:
    """An object whose ``type`` says what it holds."""
    return Field(form="typed", typed=tables)


def chosen(*choices: int | str) -> Field:
    """One of these."""
    return Field(form="integer" if isinstance(choices[0], int) else "string", choices=frozenset(choices))


CUSTOM_ID = needed(text(100, 1))
LOCALIZED = Field(form="words", longest=100, shortest=1, most=34)
LOCALIZED_NAME = replace(LOCALIZED, longest=32)
URL = text(2048)
KIND = needed(NUMBER)
SLOW_MODE = whole(0, 21_600)
ARCHIVING = chosen(60, 1440, 4320, 10080)
SELECTS = {5: "select", 6: "select", 7: "select", 8: "channel_select"}
IN_ROWS = {2: "button", 3: "string_select", **SELECTS}
IN_CONTAINERS = {1: "row", 9: "section", 10: "text", 12: "gallery", 13: "file", 14: "separator"}
IN_MESSAGES = {**IN_CONTAINERS, 17: "container"}
IN_LABELS = {
    3: "string_select", 4: "text_input", **SELECTS, 19: "upload", 21: "radio_group", 22: "checkbox_group",
    23: "checkbox",
}  # fmt: skip
IN_MODALS = {1: "modal_row", 10: "text", 18: "label"}
PARTS = {"type": KIND, "id": ID}
PICKED = {
    "custom_id": CUSTOM_ID, "placeholder": text(150), "min_values": whole(0, 25), "max_values": whole(1, 25),
    "disabled": FLAG, "required": FLAG,
}  # fmt: skip
OPTION = {"label": needed(text(100, 1)), "value": needed(text(100, 1)), "description": text(100), "default": FLAG}
MESSAGE = {
    "content": text(2000),
    "embeds": many(an("embed"), 10),
    "allowed_mentions": an("allowed_mentions"),
    "components": many(one_of(IN_MESSAGES), 40),
    "flags": NUMBER,
    "attachments": many(an("attachment"), 10),
}
# discord.py sends it with every message, also where the document has no such field
SPOKEN = {"tts": FLAG}
POSTED = MESSAGE | SPOKEN | {"poll": an("poll"), "sticker_ids": many(SNOWFLAKE, 3)}
NAMED = {
    "name": needed(text(32, 1)), "name_localizations": LOCALIZED_NAME, "description": needed(text(100, 1)),
    "description_localizations": LOCALIZED, "type": KIND, "required": FLAG,
}  # fmt: skip
VALUED = {
    "autocomplete": FLAG, "choices": many(an("choice"), 25), "min_value": Field(form="number"),
    "max_value": Field(form="number"), "min_length": whole(0, 6000), "max_length": whole(1, 6000),
    "channel_types": many(NUMBER), "options": many(one_of(dict.fromkeys(range(1, 12), "option")), 25),
}  # fmt: skip

OBJECTS: Mapping[str, Table] = {
    "embed": {
        "type": text(), "url": URL, "title": text(256), "color": whole(0, 0xFFFFFF), "description": text(4096),
        "timestamp": Field(form="instant"), "author": an("embed_author"), "image": an("embed_image"),
        "thumbnail": an("embed_image"), "footer": an("embed_footer"), "fields": many(an("embed_field"), 25),
        "provider": Field(form="anything"), "video": Field(form="anything"), "flags": NUMBER,
    },
    "embed_author": {"name": text(256), "url": URL, "icon_url": URL},
    "embed_footer": {"text": text(2048), "icon_url": URL},
    "embed_image": {"url": URL, "width": NUMBER, "height": NUMBER, "description": text(4096)},
    "embed_field": {"name": needed(text(256, 1)), "value": needed(text(1024, 1)), "inline": FLAG},
    "allowed_mentions": {
        "parse": many(chosen("users", "roles", "everyone")), "users": many(SNOWFLAKE, 100),
        "roles": many(SNOWFLAKE, 100), "replied_user": FLAG,
    },
    "attachment": {
        "id": needed(SNOWFLAKE), "filename": text(1024, 1), "description": text(1024), "title": text(1024),
        "duration_secs": Field(form="number"), "waveform": text(400), "is_spoiler": FLAG, "is_remix": FLAG,
    },
    "reference": {
        "type": chosen(0, 1), "message_id": needed(SNOWFLAKE), "channel_id": SNOWFLAKE, "guild_id": SNOWFLAKE,
        "fail_if_not_exists": FLAG,
    },
    "poll": {
        "question": needed(an("poll_question")), "answers": needed(many(an("poll_answer"), 10, 1)),
        "allow_multiselect": FLAG, "layout_type": chosen(1), "duration": whole(1, 768),
    },
    "poll_question": {"text": needed(text(300, 1)), "emoji": an("emoji")},
    "poll_answer": {"poll_media": needed(an("poll_answer_media"))},
    "poll_answer_media": {"text": needed(text(55, 1)), "emoji": an("emoji")},
    "emoji": {"id": SNOWFLAKE, "name": text(32), "animated": FLAG},
    "row": PARTS | {"components": needed(many(one_of(IN_ROWS), 5, 1))},
    "button": PARTS | {
        "style": needed(whole(1, 6)), "custom_id": text(100, 1), "label": text(80), "disabled": FLAG,
        "url": text(512), "sku_id": SNOWFLAKE, "emoji": an("emoji"),
    },
    "string_select": PARTS | PICKED | {"options": needed(many(an("select_option"), 25, 1))},
    "select_option": OPTION | {"emoji": an("emoji")},
    "select": PARTS | PICKED | {"default_values": many(Field(form="anything"), 25)},
    "channel_select": PARTS | PICKED | {"default_values": many(Field(form="anything"), 25),
                                        "channel_types": many(NUMBER)},
    "text": PARTS | {"content": needed(text(4000, 1))},
    "section": PARTS | {"components": needed(many(one_of({10: "text"}), 3, 1)),
                        "accessory": needed(one_of({2: "button", 11: "thumbnail"}))},
    "thumbnail": PARTS | {"media": needed(an("media")), "description": text(1024), "spoiler": FLAG},
    "media": {"url": needed(text(2048))},
    "gallery": PARTS | {"items": needed(many(an("gallery_item"), 10, 1))},
    "gallery_item": {"media": needed(an("media")), "description": text(1024), "spoiler": FLAG},
    "file": PARTS | {"file": needed(an("media")), "spoiler": FLAG},
    "separator": PARTS | {"divider": FLAG, "spacing": chosen(1, 2)},
    "container": PARTS | {"components": needed(many(one_of(IN_CONTAINERS), 40, 1)),
                          "accent_color": whole(0, 0xFFFFFF), "spoiler": FLAG},
    "modal": {
        "custom_id": CUSTOM_ID, "title": needed(text(45, 1)), "components": needed(many(one_of(IN_MODALS), 40, 1)),
    },
    "modal_row": PARTS | {"components": needed(many(one_of({4: "text_input"}), 5, 1))},
    "text_input": PARTS | {
        "custom_id": CUSTOM_ID, "style": needed(chosen(1, 2)), "label": text(45, 1), "value": text(4000),
        "placeholder": text(100), "required": FLAG, "min_length": whole(0, 4000), "max_length": whole(1, 4000),
    },
    "label": PARTS | {"label": needed(text(45, 1)), "description": text(100, 1),
                      "component": needed(one_of(IN_LABELS))},
    "upload": PARTS | {"custom_id": CUSTOM_ID, "min_values": whole(0, 10), "max_values": whole(1, 10),
                       "required": FLAG},
    "radio_group": PARTS | {"custom_id": CUSTOM_ID, "required": FLAG,
                            "options": needed(many(an("group_option"), 10, 2))},
    "checkbox_group": PARTS | {"custom_id": CUSTOM_ID, "required": FLAG, "min_values": whole(0, 10),
                               "max_values": whole(1, 10), "options": needed(many(an("group_option"), 10, 1))},
    "group_option": OPTION,
    "checkbox": PARTS | {"custom_id": CUSTOM_ID, "default": FLAG},
    "message": POSTED,
    "words_of_rule": {
        "keyword_filter": many(text(60, 1), 1000), "regex_patterns": many(text(260, 1), 10),
        "allow_list": many(text(60, 1), 100),
    },
    "block": {"type": KIND, "metadata": an("blocked")},
    "blocked": {"custom_message": text(150)},
    "choice": {"name": needed(text(100, 1)), "name_localizations": LOCALIZED, "value": needed(Field(form="anything"))},
    "option": NAMED | VALUED,
    "command": {
        "id": SNOWFLAKE, "name": needed(text(32, 1)), "name_localizations": LOCALIZED_NAME, "description": text(100),
        "description_localizations": LOCALIZED, "type": chosen(1, 2, 3), "nsfw": FLAG, "dm_permission": FLAG,
        "options": VALUED["options"], "default_member_permissions": whole(0, (1 << 54) - 1),
        "contexts": many(chosen(0, 1, 2), None, 1), "integration_types": many(chosen(0, 1), None, 1),
        "handler": NUMBER,
    },
}  # fmt: skip
RULE = {
    "name": text(100, 1),
    "event_type": chosen(1, 2),
    "trigger_metadata": an("words_of_rule"),
    "actions": many(one_of({1: "block"}), 5, 1),
    "enabled": FLAG,
    "exempt_roles": many(SNOWFLAKE, 20),
    "exempt_channels": many(SNOWFLAKE, 50),
}
WEBHOOK = MESSAGE | SPOKEN | {
    "poll": an("poll"), "username": text(80, 1), "avatar_url": URL, "thread_name": text(100),
    "applied_tags": many(SNOWFLAKE, 5),
}  # fmt: skip

BODIES: Mapping[str, Table] = {
    "create_message": POSTED | {
        "message_reference": an("reference"), "nonce": Field(form="anything"), "enforce_nonce": FLAG,
    },
    "update_message": MESSAGE | SPOKEN | {"sticker_ids": many(SNOWFLAKE)},
    "bulk_delete_messages": {"messages": needed(many(SNOWFLAKE, 100, 2))},
    "create_thread_from_message": {
        "name": needed(text(100, 1)), "auto_archive_duration": ARCHIVING, "rate_limit_per_user": SLOW_MODE,
    },
    "create_thread": {
        "name": needed(text(100, 1)), "auto_archive_duration": ARCHIVING, "rate_limit_per_user": SLOW_MODE,
        "type": chosen(10, 11, 12), "invitable": FLAG, "applied_tags": many(SNOWFLAKE, 5), "message": an("message"),
    },
    "update_channel": {
        "name": text(100), "archived": FLAG, "locked": FLAG, "invitable": FLAG, "auto_archive_duration": ARCHIVING,
        "rate_limit_per_user": SLOW_MODE, "applied_tags": many(SNOWFLAKE, 5), "flags": NUMBER, "topic": text(4096),
    },
    "set_channel_permission_overwrite": {
        "type": chosen(0, 1), "allow": SNOWFLAKE, "deny": SNOWFLAKE,
    },
    "create_dm": {"recipient_id": needed(SNOWFLAKE)},
    "update_guild_member": {
        "nick": text(32), "roles": many(SNOWFLAKE, 350), "mute": FLAG, "deaf": FLAG, "channel_id": SNOWFLAKE,
        "communication_disabled_until": Field(form="instant"), "flags": NUMBER,
    },
    "ban_user_from_guild": {"delete_message_seconds": whole(0, 604_800), "delete_message_days": whole(0, 7)},
    "create_auto_moderation_rule": RULE | {
        "name": needed(text(100, 1)), "event_type": needed(chosen(1, 2)), "trigger_type": needed(chosen(1)),
        "actions": needed(many(one_of({1: "block"}), 5, 1)),
    },
    "update_auto_moderation_rule": RULE,
    "create_interaction_response": {"type": needed(chosen(1, 4, 5, 6, 7, 8, 9)), "data": Field(form="anything")},
    "execute_webhook": WEBHOOK,
    "update_webhook_message": MESSAGE | SPOKEN | {"poll": an("poll")},
}  # fmt: skip
CALLBACKS: Mapping[int, str] = {4: "answer", 5: "answer", 7: "change", 9: "modal"}
CALLBACK_BODIES: Mapping[str, Table] = {
    "answer": {**MESSAGE, **SPOKEN, "poll": an("poll")},
    "change": {**MESSAGE, **SPOKEN},
    "modal": OBJECTS["modal"],
}
