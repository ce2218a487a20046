"""Telegram's numbers, each with its source and the date it was read.

[api] core.telegram.org/bots/api, as quoted in the docstrings of python-telegram-bot 22.8 (Bot API 10.0), 2026-06-12.
[faq] core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, as quoted there, 2026-06-12.
[td]  source of tdlib/td, 2026-07-17, and of tdlib/telegram-bot-api 10.0, 2026-05-07.
"""

import json
from datetime import timedelta

from adapters.pacing import Pace, Window
from core.capabilities import Capabilities
from core.native import NativePoll

LONGEST_TEXT = 4096  # [api] sendMessage.text; [td] counts code points, we count UTF-16 units, which is never less
LONGEST_CAPTION = 1024  # [api] sendPhoto.caption, same remark
REMOVABLE_FOR = timedelta(hours=48)  # [api] deleteMessage; [td] can_revoke_message
MOST_DELETED = 100  # [api] deleteMessages.message_ids
SHORTEST_HOLD = timedelta(seconds=35)  # [api] restrictChatMember.until_date: below 30 s it is for ever; 5 of margin
LONGEST_HOLD = timedelta(days=365)  # same place: beyond 366 days it is for ever; a day of margin
LONGEST_TOAST = 200  # [api] answerCallbackQuery.text
LONGEST_DATA = 64  # [api] InlineKeyboardButton.callback_data, in bytes of UTF-8
LONGEST_PAYLOAD = 64  # [api] core.telegram.org/bots/features#deep-linking: A-Z a-z 0-9 _ -
LONGEST_LABEL = 64  # no documented limit; applications show about this much of a button
LONGEST_COMMAND_DESCRIPTION = 256  # [api] BotCommand.description
MOST_BUTTONS = 100  # constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER of python-telegram-bot 22.8
MOST_BUTTONS_IN_A_ROW = 8  # constants.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW, same place
MOST_PICTURES_TOGETHER = 10  # [api] sendMediaGroup.media: 2 to 10
CROWDS = ("-", "@")  # how groups and channels begin: a negative number or a name; people have positive numbers
LATEST_DATE = 2**32  # seconds: what is sent later is hostile
LARGEST_ID = 2**63 - 1  # [api] identifiers fit a signed 64-bit integer (they have at most 52 significant bits)

LONG_POLL = timedelta(seconds=50)  # [td] Client.cpp LONG_POLL_MAX_TIMEOUT
MOST_UPDATES = 100  # [api] getUpdates.limit
CONNECT = timedelta(seconds=10)  # ours: a server that does not greet in this time is not there
ANSWER = timedelta(seconds=30)  # ours: shorter than a delivery's lease, longer than Telegram's slow moments
UPLOAD = timedelta(seconds=45)  # ours: a 5 MB picture at 1 Mbit/s, well within a delivery's lease

# [faq]: about 30 messages a second overall, 1 a second in one chat, 20 a minute in one group. Edits count [td: not
# seen there; observed by others], removals do not. 5 each fifth of a second is 25 a second, with room for the delays
# of a network: real limits are not published and move, a 429 says the truth.
PACE = Pace(
    overall=Window(calls=5, period=timedelta(milliseconds=200)),
    gap=timedelta(seconds=1),
    crowd=Window(calls=20, period=timedelta(minutes=1)),
)

# [api] sendPoll as in python-telegram-bot 22.8 (Bot API 10.0); [td] MessageContent.cpp: none that shows who chose what
# goes to a channel, so ours never does
NATIVE_POLL = NativePoll(
    most_options=12,
    longest_question=300,
    longest_option=100,
    shortest=timedelta(seconds=5),
    longest=timedelta(seconds=2_628_000),
    secret=True,
    several=True,
    ends_early=True,
    hides=True,
)
LONGEST_DESCRIPTION = 1024  # [api] sendPoll.description, after its entities are parsed

CAPABILITIES = Capabilities(
    title="Telegram",
    presses=True,
    longest_text=LONGEST_TEXT,
    longest_caption=LONGEST_CAPTION,
    longest_button=LONGEST_LABEL,
    most_buttons=MOST_BUTTONS,
    most_pictures_together=MOST_PICTURES_TOGETHER,
    longest_toast=LONGEST_TOAST,
    dedupes_for=timedelta(0),  # [api] no call takes an idempotency key
    private_answers=True,
    edits=True,
    numbers_last=timedelta(days=6),  # [api] Update: afresh after a week without any; a day of margin
    native_poll=NATIVE_POLL,
    removable_for=REMOVABLE_FOR,
)

ALLOWED_UPDATES = (  # [api] Update; the server remembers the last list, so it is always sent whole
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "chat_join_request",
)

ALLOWED_UPDATES_JSON = json.dumps(ALLOWED_UPDATES)

# [td] Client.h: group_anonymous_bot_user_id_, service_notifications_user_id_
ANONYMOUS_ADMINISTRATOR = 1087968824
AUTOMATIC_FORWARDER = 777000
