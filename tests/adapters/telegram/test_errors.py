"""Telegram's refusals in our terms."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.errors import AnswerLost, NothingDone, as_ours, is_done_already, redacted, refusal
from core.errors import Moved, PlatformError, Rejected, Rival, Unauthorised, Unavailable, Uncertain, Unreachable

TOKEN = "123456:AAH-a_token_of_the_usual_length"


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (NothingDone("cannot connect"), Unavailable),
        (AnswerLost("no answer"), Uncertain),
        (TimedOut(), Uncertain),
        (NetworkError("what?"), Uncertain),
        (TelegramError("Invalid server response"), Uncertain),
        (TypeError("missing argument"), Uncertain),
        (BadRequest("Bad Request: message text is empty"), Rejected),
        (BadRequest("Message thread not found"), Rejected),
        (BadRequest("Bad Request: chat not found"), Unreachable),
        (BadRequest("PEER_ID_INVALID"), Unreachable),
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Unreachable),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Unreachable),
        (ChatMigrated(-1001), Moved),
        (InvalidToken(), Unauthorised),
        (Conflict("Conflict: terminated by other getUpdates request"), Rival),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{type(value).__name__}({value})",
)
def test_an_error_becomes(error: Exception, ours: type[PlatformError]) -> None:
    """By what can be done about it; a refusal is a NetworkError to the library and must not be tried again."""
    assert type(as_ours(error)) is ours


def test_the_delay_that_telegram_asks_for_is_kept() -> None:
    """Coming back sooner makes it longer."""
    error = as_ours(NothingDone("too many requests", retry_after=timedelta(seconds=7)))

    assert isinstance(error, Unavailable)
    assert error.retry_after == timedelta(seconds=7)


@pytest.mark.filterwarnings("ignore:.*retry_after.*")
def test_the_delay_is_kept_from_the_library_too() -> None:
    """Should another transport be used."""
    error = as_ours(RetryAfter(7))

    assert isinstance(error, Unavailable)
    assert error.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("editMessageText", "Message is not modified: specified new message content…"),
        ("deleteMessage", "Message to delete not found"),
        ("answerCallbackQuery", "Query is too old and response timeout expired or query id is invalid"),
    ],
)
def test_what_is_so_already_is_done(call: str, said: str) -> None:
    """The library re-capitalises sentences: the case of letters means nothing."""
    assert is_done_already(call, BadRequest(f"Bad Request: {said}"))
    assert not is_done_already("sendMessage", BadRequest(f"Bad Request: {said}"))


@pytest.mark.parametrize(
    ("status", "payload", "kind"),
    [
        (400, b'{"ok":false,"description":"Bad Request: x"}', BadRequest),
        (401, b'{"ok":false,"description":"Unauthorized"}', InvalidToken),
        (403, b'{"ok":false,"description":"Forbidden: x"}', Forbidden),
        (404, b"<html>", InvalidToken),
        (409, b'{"ok":false,"description":"Conflict: x"}', Conflict),
        (418, b"[]", NetworkError),
        (400, b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1001}}', ChatMigrated),
        (400, b'{"ok":false,"description":"x","parameters":7}', BadRequest),
        (400, b'{"a":' * 5000, BadRequest),
    ],
)
def test_an_answer_is_refused_as_the_library_would(status: int, payload: bytes, kind: type[TelegramError]) -> None:
    """The hot path goes past it and must end in the same errors."""
    assert type(refusal(status, payload)) is kind


def test_no_token_stays_in_a_sentence() -> None:
    """The library writes it into some of its own."""
    assert TOKEN not in as_ours(InvalidToken(f"The token `{TOKEN}` was rejected")).detail
    assert redacted(f"https://x/bot{TOKEN}/getMe") == "https://x/bot[token]/getMe"
