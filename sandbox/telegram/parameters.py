"""Which parameters each method takes, as data. A method that is not here does not exist in the sandbox.

Read 2026-11 in python-telegram-bot 22.8 (Bot API 10.0), its limits in ``Client.cpp`` (functions named at the tables).
Names that the server still takes from older bots (``reply_to_message_id``, ``disable_web_page_preview``) are left out
on purpose: a new program has no business sending them. A test compares all this with aiogram's method classes.
"""

from collections.abc import Mapping

from sandbox.telegram.objects import (
    ENTITIES,
    FLAG,
    LARGEST_ID,
    MARKUPS,
    NUMBER,
    SCOPES,
    TEXT,
    Parameter,
    Table,
    an,
    many,
    needed,
)

CHAT = Parameter(kind="chat", required=True, missing="chat_id is empty")
MESSAGE_ID = Parameter(kind="integer", highest=2**31 - 1, missing="message identifier is not specified")
MARKUP = an(*MARKUPS)
INLINE = an("InlineKeyboardMarkup")
USER = Parameter(kind="integer", required=True, lowest=1, highest=LARGEST_ID, missing="invalid user_id specified")

# Client.cpp do_send_message
SENDING: Table = {
    "business_connection_id": TEXT,
    "message_thread_id": NUMBER,
    "direct_messages_topic_id": NUMBER,
    "disable_notification": FLAG,
    "protect_content": FLAG,
    "allow_paid_broadcast": FLAG,
    "message_effect_id": TEXT,
    "reply_parameters": an("ReplyParameters"),
}
# Client.cpp get_caption
CAPTION: Table = {
    "caption": TEXT,
    "parse_mode": TEXT,
    "caption_entities": ENTITIES,
    "show_caption_above_media": FLAG,
}
# Client.cpp process_edit_message_text_query: inline messages are named by inline_message_id instead of the chat
EDITED: Table = {
    "business_connection_id": TEXT,
    "chat_id": Parameter(kind="chat"),
    "message_id": MESSAGE_ID,
    "inline_message_id": TEXT,
    "reply_markup": INLINE,
}
COMMANDS: Table = {"scope": an(*SCOPES), "language_code": TEXT}

METHODS: Mapping[str, Table] = {
    "getMe": {},
    # process_get_updates_query: clamped there, refused here outside its range
    "getUpdates": {
        "offset": NUMBER,
        "limit": Parameter(kind="integer", lowest=1, highest=100),
        "timeout": Parameter(kind="integer", lowest=0, highest=50),
        "allowed_updates": Parameter(kind="list", items="string"),
    },
    # process_send_message_query
    "sendMessage": {
        "chat_id": CHAT,
        "text": Parameter(kind="string", required=True, missing="message text is empty"),
        "parse_mode": TEXT,
        "entities": ENTITIES,
        "link_preview_options": an("LinkPreviewOptions"),
        "reply_markup": MARKUP,
        **SENDING,
    },
    # process_send_photo_query
    "sendPhoto": {
        "chat_id": CHAT,
        "photo": Parameter(kind="file", required=True, missing="there is no photo in the request"),
        "has_spoiler": FLAG,
        "reply_markup": MARKUP,
        **CAPTION,
        **SENDING,
    },
    # process_send_media_group_query; 2 to 10 items: td MessageSender.cpp send_message_group
    "sendMediaGroup": {"chat_id": CHAT, "media": needed(many("InputMediaPhoto")), **SENDING},
    # process_send_poll_query; lengths and times: methods/polls.py
    "sendPoll": {
        "chat_id": CHAT,
        "question": Parameter(kind="string", required=True, missing="poll question must be non-empty"),
        "question_parse_mode": TEXT,
        "question_entities": ENTITIES,
        "options": needed(many("InputPollOption")),
        "is_anonymous": FLAG,
        "type": TEXT,
        "allows_multiple_answers": FLAG,
        "allows_revoting": FLAG,
        "shuffle_options": FLAG,
        "allow_adding_options": FLAG,
        "hide_results_until_closes": FLAG,
        "members_only": FLAG,
        "country_codes": Parameter(kind="list", items="string", most=12),
        "correct_option_id": NUMBER,
        "correct_option_ids": Parameter(kind="list", items="integer"),
        "explanation": TEXT,
        "explanation_parse_mode": TEXT,
        "explanation_entities": ENTITIES,
        "explanation_media": an("InputMediaPhoto"),
        "open_period": NUMBER,
        "close_date": NUMBER,
        "is_closed": FLAG,
        "description": TEXT,
        "description_parse_mode": TEXT,
        "description_entities": ENTITIES,
        "media": an("InputMediaPhoto"),
        "reply_markup": MARKUP,
        **{name: given for name, given in SENDING.items() if name != "direct_messages_topic_id"},
    },
    # process_stop_poll_query
    "stopPoll": {
        "chat_id": CHAT,
        "message_id": needed(MESSAGE_ID),
        "reply_markup": INLINE,
        "business_connection_id": TEXT,
    },
    # process_edit_message_text_query
    "editMessageText": {
        "text": Parameter(kind="string", required=True, missing="message text is empty"),
        "parse_mode": TEXT,
        "entities": ENTITIES,
        "link_preview_options": an("LinkPreviewOptions"),
        **EDITED,
    },
    # process_edit_message_caption_query
    "editMessageCaption": {**CAPTION, **EDITED},
    # process_edit_message_media_query
    "editMessageMedia": {"media": needed(an("InputMediaPhoto")), **EDITED},
    # process_edit_message_reply_markup_query
    "editMessageReplyMarkup": EDITED,
    # process_delete_message_query
    "deleteMessage": {"chat_id": CHAT, "message_id": needed(MESSAGE_ID)},
    # process_delete_messages_query, get_message_ids
    "deleteMessages": {
        "chat_id": CHAT,
        "message_ids": Parameter(
            kind="list", items="integer", required=True, most=100, missing="message identifiers are not specified"
        ),
    },
    # process_pin_chat_message_query
    "pinChatMessage": {
        "chat_id": CHAT,
        "message_id": needed(MESSAGE_ID),
        "disable_notification": FLAG,
        "business_connection_id": TEXT,
    },
    # process_unpin_chat_message_query
    "unpinChatMessage": {"chat_id": CHAT, "message_id": MESSAGE_ID, "business_connection_id": TEXT},
    # process_answer_callback_query_query; the text's limit is the documented one
    "answerCallbackQuery": {
        "callback_query_id": needed(TEXT),
        "text": Parameter(kind="string", longest=200),
        "show_alert": FLAG,
        "url": TEXT,
        "cache_time": Parameter(kind="integer", lowest=0, highest=24 * 30 * 60 * 60),
    },
    # process_set_my_commands_query; td BotCommand.cpp set_commands
    "setMyCommands": {"commands": needed(many("BotCommand", most=100)), **COMMANDS},
    "getMyCommands": COMMANDS,
    "deleteMyCommands": COMMANDS,
    # process_get_chat_query and its neighbours
    "getChat": {"chat_id": CHAT},
    # process_restrict_chat_member_query, process_ban_chat_member_query and its neighbours
    "restrictChatMember": {
        "chat_id": CHAT,
        "user_id": USER,
        "permissions": needed(an("ChatPermissions")),
        "use_independent_chat_permissions": FLAG,
        "until_date": NUMBER,
    },
    "banChatMember": {"chat_id": CHAT, "user_id": USER, "until_date": NUMBER, "revoke_messages": FLAG},
    "unbanChatMember": {"chat_id": CHAT, "user_id": USER, "only_if_banned": FLAG},
    "approveChatJoinRequest": {"chat_id": CHAT, "user_id": USER},
    "declineChatJoinRequest": {"chat_id": CHAT, "user_id": USER},
    "banChatSenderChat": {"chat_id": CHAT, "sender_chat_id": needed(NUMBER)},
    "unbanChatSenderChat": {"chat_id": CHAT, "sender_chat_id": needed(NUMBER)},
    "setChatPermissions": {
        "chat_id": CHAT,
        "permissions": needed(an("ChatPermissions")),
        "use_independent_chat_permissions": FLAG,
    },
    "getChatMember": {"chat_id": CHAT, "user_id": USER},
    "getChatAdministrators": {"chat_id": CHAT, "return_bots": FLAG},
    "getChatMemberCount": {"chat_id": CHAT},
    # process_send_chat_action_query
    "sendChatAction": {
        "chat_id": CHAT,
        "action": needed(TEXT),
        "message_thread_id": NUMBER,
        "business_connection_id": TEXT,
    },
    "getFile": {"file_id": needed(TEXT)},
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": FLAG},
    "logOut": {},
    "close": {},
}
