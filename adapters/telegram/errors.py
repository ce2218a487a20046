"""Telegram's refusals in Parvis's own terms: what can be done about them decides, never the class hierarchy alone.

``BadRequest`` is a ``NetworkError`` in python-telegram-bot, and it re-capitalises the server's sentences: classes are
matched from the most to the least specific, sentences without regard to case. The sentences are those of
tdlib/telegram-bot-api 10.0 (2026-05-07) and tdlib/td (2026-07-17).
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from core.errors import (
    Gone,
    Moved,
    PlatformError,
    Rejected,
    Rival,
    Unauthorised,
    Unavailable,
    Uncertain,
    Unreachable,
)
from core.identifiers import Address

_NOBODY_THERE = ("chat not found", "peer_id_invalid", "user_deactivated", "user is deactivated", "bot was kicked")
_NO_LONGER_THERE = ("message to edit not found", "message_id_invalid")
_DONE_ALREADY = {
    "editMessageText": ("message is not modified",),
    "editMessageCaption": ("message is not modified",),
    "editMessageMedia": ("message is not modified",),
    "editMessageReplyMarkup": ("message is not modified",),
    "deleteMessage": ("message to delete not found", "message_id_invalid"),
    "stopPoll": ("poll has already been closed",),
    "pinChatMessage": ("chat_not_modified", "message is already pinned"),
    "unpinChatMessage": ("message to unpin not found", "chat_not_modified"),
    "setChatPermissions": ("chat_not_modified",),
    "getChatMember": ("member not found", "user not found", "participant_id_invalid", "user_not_participant"),
    "approveChatJoinRequest": ("hide_requester_missing", "user_already_participant"),
    "declineChatJoinRequest": ("hide_requester_missing", "user_already_participant"),
    "answerCallbackQuery": ("query is too old", "query id is invalid", "query_id_invalid"),
}
_OURS: Mapping[type[Exception], type[PlatformError]] = MappingProxyType(
    {InvalidToken: Unauthorised, Conflict: Rival, Forbidden: Unreachable, BadRequest: Unreachable}
)
_REFUSALS: Mapping[int, type[TelegramError]] = MappingProxyType(
    {400: BadRequest, 401: InvalidToken, 403: Forbidden, 404: InvalidToken, 409: Conflict}
)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{8,}")


class NothingDone(NetworkError):
    """The request never reached Telegram, or came back before it was acted on: it may be made again."""

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        """``retry_after`` when the server says when to come back."""
        super().__init__(detail)
        self.retry_after = retry_after


class AnswerLost(NetworkError):
    """The request was sent, its answer did not come: nobody knows whether it was acted on."""


def refusal(status: int, payload: bytes) -> TelegramError:
    """What python-telegram-bot would raise for this answer of the Bot API."""
    try:
        answer = json.loads(payload)
        said = str(answer["description"])
        moved_to = answer.get("parameters", {}).get("migrate_to_chat_id")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        said, moved_to = f"the server answered {status}", None
    if isinstance(moved_to, int):
        return ChatMigrated(moved_to)
    return _REFUSALS.get(status, NetworkError)(said)


def as_ours(error: Exception) -> PlatformError:
    """The error by what can be done about it. Any exception of another kind leaves the outcome unknown.

    An exception that is none of Telegram's comes from reading an answer: the call may well have succeeded.
    """
    detail = redacted(str(error) or type(error).__name__)
    match error:
        case NothingDone():
            return Unavailable(detail, retry_after=error.retry_after)
        case RetryAfter():
            pause = error.retry_after
            return Unavailable(detail, retry_after=pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
        case ChatMigrated():
            return Moved(detail, to=Address(str(error.new_chat_id)))
        case BadRequest() if not _says(detail, _NOBODY_THERE):
            return Gone(detail) if _says(detail, _NO_LONGER_THERE) else Rejected(detail)
        case _:
            return _OURS.get(type(error), Uncertain)(detail)


def is_done_already(call: str, error: Exception) -> bool:
    """Whether the refusal of this call means that what it asked for is so already, or can no longer matter."""
    return isinstance(error, BadRequest) and _says(str(error), _DONE_ALREADY.get(call, ()))


def is_markup_fault(error: Exception) -> bool:
    """Whether Telegram could not read the markup of a text: the same words without markup will pass."""
    return isinstance(error, BadRequest) and _says(str(error), ("can't parse entities", "can't find end of"))


def is_stale_file(error: Exception) -> bool:
    """Whether Telegram no longer knows a picture by the name it once gave it."""
    return isinstance(error, BadRequest) and _says(str(error), ("wrong file identifier", "file_reference", "file_id"))


def redacted(text: str) -> str:
    """The text without anything that looks like a bot's token."""
    return _TOKEN.sub("[token]", text)


def _says(text: str, sentences: tuple[str, ...]) -> bool:
    lowered = text.lower()
    return any(sentence in lowered for sentence in sentences)
