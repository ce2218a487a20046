"""Which fields Telegram's objects have when a bot sends them, as data.

Read 2026-11 in python-telegram-bot 22.8 (Bot API 10.0) and ``Client.cpp`` (named at each); a test compares them with
aiogram's types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip
Kind: TypeAlias = Literal["integer", "boolean", "string", "chat", "file", "object", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter or field.

    ``shapes`` are the objects it may be (for a list: its items may be; none means plain strings or integers by
    ``items``). ``lowest`` and ``highest`` bound integers, ``longest`` counts code points of strings, ``most`` items.
    """

    kind: Kind
    required: bool = False
    shapes: tuple[str, ...] = ()
    items: Kind = "string"
    lowest: int | None = None
    highest: int | None = None
    longest: int | None = None
    most: int | None = None
    missing: str | None = None


Table: TypeAlias = Mapping[str, Parameter]

TEXT = Parameter(kind="string")
FLAG = Parameter(kind="boolean")
NUMBER = Parameter(kind="integer")
ENTITIES = Parameter(kind="list", shapes=("MessageEntity",))


def needed(parameter: Parameter) -> Parameter:
    """The same, but the server refuses to do without it."""
    return Parameter(
        kind=parameter.kind,
        required=True,
        shapes=parameter.shapes,
        items=parameter.items,
        longest=parameter.longest,
        lowest=parameter.lowest,
        highest=parameter.highest,
        most=parameter.most,
        missing=parameter.missing,
    )


def an(*shapes: str) -> Parameter:
    """One of these objects."""
    return Parameter(kind="object", shapes=shapes)


def many(*shapes: str, most: int | None = None) -> Parameter:
    """A list of these objects."""
    return Parameter(kind="list", shapes=shapes, most=most)


MARKUPS = ("InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply")
SCOPES = ("BotCommandScopePlain", "BotCommandScopeChat", "BotCommandScopeChatMember")
# Client.cpp get_bot_command_scope
SCOPE_TYPES = frozenset({
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
})  # fmt: skip
SCOPES_OF_A_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})
LARGEST_ID = 2**52

OBJECTS: Mapping[str, Table] = {
    # Client.cpp get_reply_markup; rows are lists of buttons and are checked apart
    "InlineKeyboardMarkup": {"inline_keyboard": needed(many("InlineKeyboardButton"))},
    # Client.cpp get_inline_keyboard_button_type
    "InlineKeyboardButton": {
        "text": needed(TEXT),
        "icon_custom_emoji_id": TEXT,
        "style": TEXT,
        "url": TEXT,
        "callback_data": TEXT,
        "web_app": an("WebAppInfo"),
        "login_url": an("LoginUrl"),
        "switch_inline_query": TEXT,
        "switch_inline_query_current_chat": TEXT,
        "switch_inline_query_chosen_chat": an("SwitchInlineQueryChosenChat"),
        "copy_text": an("CopyTextButton"),
        "callback_game": an("CallbackGame"),
        "pay": FLAG,
    },
    # Client.cpp get_chat_permissions
    "ChatPermissions": dict.fromkeys(PERMISSIONS, FLAG),
    "WebAppInfo": {"url": needed(TEXT)},
    "LoginUrl": {"url": needed(TEXT), "forward_text": TEXT, "bot_username": TEXT, "request_write_access": FLAG},
    "SwitchInlineQueryChosenChat": {
        "query": TEXT,
        "allow_user_chats": FLAG,
        "allow_bot_chats": FLAG,
        "allow_group_chats": FLAG,
        "allow_channel_chats": FLAG,
    },
    "CopyTextButton": {"text": needed(Parameter(kind="string", longest=256))},
    "CallbackGame": {},
    "ReplyKeyboardMarkup": {
        "keyboard": needed(many("KeyboardButton")),
        "is_persistent": FLAG,
        "resize_keyboard": FLAG,
        "one_time_keyboard": FLAG,
        "input_field_placeholder": Parameter(kind="string", longest=64),
        "selective": FLAG,
    },
    "KeyboardButton": {
        "text": needed(TEXT),
        "icon_custom_emoji_id": TEXT,
        "style": TEXT,
        "request_contact": FLAG,
        "request_location": FLAG,
        "web_app": an("WebAppInfo"),
    },
    "ReplyKeyboardRemove": {"remove_keyboard": needed(FLAG), "selective": FLAG},
    "ForceReply": {
        "force_reply": needed(FLAG),
        "input_field_placeholder": Parameter(kind="string", longest=64),
        "selective": FLAG,
    },
    # Client.cpp get_reply_parameters
    "ReplyParameters": {
        "message_id": needed(NUMBER),
        "chat_id": Parameter(kind="chat"),
        "allow_sending_without_reply": FLAG,
        "quote": TEXT,
        "quote_parse_mode": TEXT,
        "quote_entities": ENTITIES,
        "quote_position": NUMBER,
        "checklist_task_id": NUMBER,
        "poll_option_id": TEXT,
    },
    # Client.cpp get_link_preview_options
    "LinkPreviewOptions": {
        "is_disabled": FLAG,
        "url": TEXT,
        "prefer_small_media": FLAG,
        "prefer_large_media": FLAG,
        "show_above_text": FLAG,
    },
    # Client.cpp get_text_entity
    "MessageEntity": {
        "type": needed(TEXT),
        "offset": needed(NUMBER),
        "length": needed(NUMBER),
        "url": TEXT,
        "user": an("User"),
        "language": TEXT,
        "custom_emoji_id": TEXT,
        "unix_time": NUMBER,
        "date_time_format": TEXT,
    },
    "User": {
        "id": needed(NUMBER),
        "is_bot": FLAG,
        "first_name": TEXT,
        "last_name": TEXT,
        "username": TEXT,
        "language_code": TEXT,
    },
    # Client.cpp get_input_media
    "InputMediaPhoto": {
        "type": needed(TEXT),
        "media": needed(TEXT),
        "caption": TEXT,
        "parse_mode": TEXT,
        "caption_entities": ENTITIES,
        "show_caption_above_media": FLAG,
        "has_spoiler": FLAG,
    },
    # Client.cpp get_input_poll_options
    "InputPollOption": {
        "text": needed(TEXT),
        "text_parse_mode": TEXT,
        "text_entities": ENTITIES,
        "media": an("InputMediaPhoto"),
    },
    # Client.cpp get_bot_command
    "BotCommand": {"command": needed(TEXT), "description": needed(TEXT)},
    # Client.cpp get_bot_command_scope
    "BotCommandScopePlain": {"type": needed(TEXT)},
    "BotCommandScopeChat": {"type": needed(TEXT), "chat_id": needed(Parameter(kind="chat"))},
    "BotCommandScopeChatMember": {
        "type": needed(TEXT),
        "chat_id": needed(Parameter(kind="chat")),
        "user_id": needed(NUMBER),
    },
}
