"""Polls a bot sends and stops (``Client.cpp process_send_poll_query``, ``process_stop_poll_query``)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sandbox.telegram.arguments import Arguments
from sandbox.telegram.errors import refused, violated
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.sending import draft
from sandbox.telegram.poll import Poll
from sandbox.telegram.texts import formatted
from sandbox.telegram.values import Chat, Json

# td PollManager.cpp, MessageContent.cpp; core.telegram.org/bots/api#sendpoll as in python-telegram-bot 22.8
LONGEST_QUESTION, LONGEST_OPTION, LONGEST_EXPLANATION, LONGEST_DESCRIPTION = 300, 100, 200, 1024
MOST_OPTIONS: Final = 12
MOST_LINES: Final = 2  # line feeds of an explanation
SHORTEST, LONGEST = 5, 2_628_000  # seconds that a poll may be open
ONLY_IN_CHANNELS = ("members_only", "country_codes")


def send_poll(call: Call) -> Json:
    """Ask a question."""
    call.world.close_what_is_due()
    poll = _poll(call)
    chat = call.writable()
    _check_place(call, chat, poll)
    call.world.polls[poll.id] = poll
    placed = call.world.place(chat, replace(draft(call, chat, ("", ())), poll=poll.id))
    return call.world.shape.message(chat, placed)


def stop_poll(call: Call) -> Json:
    """Close a poll of one's own; what it then says."""
    call.world.close_what_is_due()
    chat = call.inside()
    message = call.message(chat, "stop")
    poll = call.world.polls.get(message.poll or "")
    if poll is None:
        raise refused("message is not a poll")
    if message.author != call.bot.id:
        raise refused("poll can't be stopped")
    if poll.closed:
        raise refused("poll has already been closed")
    call.world.close(poll)
    return poll.json()


def _poll(call: Call) -> Poll:
    given, now = call.arguments, call.world.clock.now()
    question = _words("poll question", given.text("question"), LONGEST_QUESTION)
    options = tuple(_option(item) for item in given.items("options"))
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise violated(f"poll can't have more than {MOST_OPTIONS} options")
    kind = given.text("type") or "regular"
    if kind not in {"regular", "quiz"}:
        raise violated("unsupported poll type specified")
    anonymous = given.flag("is_anonymous") if "is_anonymous" in given.values else True
    period = _period(given, now)
    return Poll(
        id=str(5_000_000_000_000_000_001 + len(call.world.polls)),
        bot=call.bot.id,
        question=question,
        options=options,
        anonymous=anonymous,
        several=given.flag("allows_multiple_answers"),
        revoting=given.flag("allows_revoting") if "allows_revoting" in given.values else kind == "regular",
        hides=given.flag("hide_results_until_closes"),
        open_period=period,
        closes_at=None if period is None else now + period,
        correct=_correct(given, len(options)) if kind == "quiz" else None,
        explanation=_explanation(given),
        description=_described(given),
        closed=given.flag("is_closed"),
    )


def _words(name: str, text: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise violated(f"{name} must be non-empty")
    if len(text) > longest:
        raise violated(f"{name} length must not exceed {longest}")
    return text


def _option(item: object) -> str:
    if not isinstance(item, dict) or "media" in item:
        raise violated("the sandbox's options are of words")
    return _words("poll options", str(item["text"]), LONGEST_OPTION)


def _period(given: Arguments, now: datetime) -> timedelta | None:
    """How long it is open. The server clamps; here what it would clamp is refused."""
    if "open_period" in given.values and "close_date" in given.values:
        raise violated("open_period and close_date are mutually exclusive")
    lasting = timedelta(seconds=given.integer("open_period"))
    if "close_date" in given.values:
        lasting = datetime.fromtimestamp(given.integer("close_date"), UTC) - now
    elif "open_period" not in given.values:
        return None
    if not timedelta(seconds=SHORTEST) <= lasting <= timedelta(seconds=LONGEST):
        raise violated(f"a poll is open for {SHORTEST} to {LONGEST} seconds")
    return lasting


def _correct(given: Arguments, options: int) -> tuple[int, ...]:
    chosen = given.items("correct_option_ids")
    ranks = tuple(rank for rank in chosen if isinstance(rank, int))
    if not ranks or len(ranks) != len(chosen) or list(ranks) != sorted(set(ranks)) or not ranks[0] >= 0:
        raise violated("a quiz has correct_option_ids, strictly increasing")
    if ranks[-1] >= options:
        raise violated("wrong correct option ID specified")
    return ranks


def _explanation(given: Arguments) -> str:
    text, _ = formatted(
        given.text("explanation"), given.text("explanation_parse_mode"), given.items("explanation_entities")
    )
    if len(text) > LONGEST_EXPLANATION or text.count("\n") > MOST_LINES:
        raise violated(f"an explanation has at most {LONGEST_EXPLANATION} characters and {MOST_LINES} line feeds")
    return text


def _described(given: Arguments) -> str:
    text, _ = formatted(
        given.text("description"), given.text("description_parse_mode"), given.items("description_entities")
    )
    if len(text) > LONGEST_DESCRIPTION:
        raise violated("poll description is too long")
    return text


def _check_place(call: Call, chat: Chat, poll: Poll) -> None:
    given = call.arguments
    if chat.kind == "channel" and not poll.anonymous:
        raise violated("non-anonymous polls can't be sent to channel chats")
    if chat.kind != "channel" and any(name in given.values for name in ONLY_IN_CHANNELS):
        raise violated("members_only and country_codes are for channels")
    if given.flag("allow_adding_options") and (poll.anonymous or poll.correct is not None):
        raise violated("options can be added to polls that are neither anonymous nor a quiz")
    if {"media", "explanation_media", "correct_option_id"} & set(given.values):
        raise violated("the sandbox's polls are of words; correct_option_id is of the past")
