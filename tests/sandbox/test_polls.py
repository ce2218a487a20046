"""Polls in the imitation: what may be sent, who may vote, and what bots hear."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.pages.phone import Hand
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.values import POSTING_AS_CHANNEL
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BILAL, CHANNEL, CHLOE, GROUP, Caller, HandClock

OPTIONS = [{"text": "Oui"}, {"text": "Non"}]


async def asked(caller: Caller, chat: int = GROUP, **more: object) -> dict[str, object]:
    """Send a poll; its message."""
    answer = await caller.call("sendPoll", **{"chat_id": chat, "question": "Garder ?", "options": OPTIONS, **more})
    assert isinstance(answer.result, dict), answer.reason
    return answer.result


async def number(caller: Caller, **more: object) -> int:
    """Send a poll to the group; the number of its message."""
    message = (await asked(caller, GROUP, **more))["message_id"]
    assert isinstance(message, int)
    return message


async def heard(caller: Caller, kind: str = "poll") -> list[dict[str, Any]]:
    """What bots were told."""
    told: list[Any] = [update[kind] for update in await caller.updates() if kind in update]
    return told


async def test_a_poll_is_a_message(caller: Caller) -> None:
    """With its options, nobody having voted."""
    sent = (await asked(caller, open_period=60))["poll"]

    assert isinstance(sent, dict)
    assert sent["options"] == [
        {"persistent_id": "o0", "text": "Oui", "voter_count": 0},
        {"persistent_id": "o1", "text": "Non", "voter_count": 0},
    ]
    assert [sent[key] for key in ("is_anonymous", "is_closed", "type", "open_period")] == [True, False, "regular", 60]


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "},
        {"question": "q" * 301},
        {"options": []},
        {"options": [{"text": str(rank)} for rank in range(13)]},
        {"options": [{"text": "o" * 101}]},
        {"options": ["Oui"]},
        {"options": [{"text": "Oui", "media": {"type": "photo", "media": "x"}}]},
        {"open_period": 4},
        {"open_period": 2_628_001},
        {"open_period": 60, "close_date": 1_900_000_000},
        {"close_date": 1},
        {"type": "vote"},
        {"type": "quiz"},
        {"type": "quiz", "correct_option_ids": [1, 0]},
        {"type": "quiz", "correct_option_ids": [2]},
        {"type": "quiz", "correct_option_ids": [0], "explanation": "e" * 201},
        {"type": "quiz", "correct_option_ids": [0], "explanation": "e\n" * 3 + "e"},
        {"description": "d" * 1025},
        {"allow_adding_options": True},
        {"members_only": True},
        {"correct_option_id": 1},
        {"chat_id": CHANNEL, "is_anonymous": False},
    ],
    ids=str,
)
async def test_what_telegram_would_not_send_is_refused(caller: Caller, world: World, wrong: dict[str, object]) -> None:
    """And remembered: an adapter has to know the limits beforehand."""
    given = {"chat_id": GROUP, "question": "Garder ?", "options": OPTIONS, **wrong}

    answer = await caller.call("sendPoll", **given)

    assert (answer.status, len(world.violations), world.polls) == (400, 1, {})


async def test_a_quiz_has_its_answer_and_explanation(caller: Caller) -> None:
    """At most 200 characters and two line feeds."""
    sent = (await asked(caller, type="quiz", correct_option_ids=[1], explanation="Parce\nque\noui"))["poll"]

    assert isinstance(sent, dict)
    assert [sent[key] for key in ("type", "correct_option_ids", "explanation", "allows_revoting")] == [
        "quiz",
        [1],
        "Parce\nque\noui",
        False,
    ]


async def test_a_bot_hears_totals_of_an_anonymous_poll_and_nobody(world: World, caller: Caller) -> None:
    """One vote each, changed and taken back."""
    message = await number(caller)
    for chosen in ((0,), (1,), ()):
        world.vote(ANNE, GROUP, message, chosen)

    polls = await heard(caller)

    counts = [[option["voter_count"] for option in poll["options"]] for poll in polls]
    assert (counts, str(ANNE) in json.dumps(polls)) == ([[1, 0], [0, 1], [0, 0]], False)


async def test_a_bot_hears_who_answered_a_poll_that_is_not_anonymous(world: World, caller: Caller) -> None:
    """A channel's vote names the channel, and the account that stands for all channels."""
    message = await number(caller, is_anonymous=False)
    world.vote(ANNE, GROUP, message, (1,))
    world.vote(ANNE, GROUP, message, (0,), as_chat=CHANNEL)

    answers = await heard(caller, "poll_answer")

    users = [answer["user"]["id"] for answer in answers]
    assert users == [ANNE, POSTING_AS_CHANNEL]
    assert [answer.get("voter_chat") is not None for answer in answers] == [False, True]
    assert answers[0]["option_persistent_ids"] == ["o1"]


async def test_hidden_counts_are_told_as_none_until_the_end(world: World, caller: Caller) -> None:
    """The number of voters is told all along."""
    message = await number(caller, hide_results_until_closes=True)
    world.vote(ANNE, GROUP, message, (1,))

    (during,) = await heard(caller)
    stopped = await caller.call("stopPoll", chat_id=GROUP, message_id=message)

    assert isinstance(stopped.result, dict)
    seen = [[option["voter_count"] for option in poll["options"]] for poll in (during, stopped.result)]
    assert (seen, during["total_voter_count"]) == ([[0, 0], [0, 1]], 1)


async def test_a_poll_closes_by_itself_and_says_so(world: World, caller: Caller, clock: HandClock) -> None:
    """After its time nobody votes, and it cannot be stopped again."""
    message = await number(caller, open_period=60)
    clock.at += timedelta(seconds=60)

    stopped = await caller.call("stopPoll", chat_id=GROUP, message_id=message)

    assert str(stopped.reason) == "Bad Request: poll has already been closed"
    assert [poll["is_closed"] for poll in await heard(caller)] == [True]
    with pytest.raises(NobodyThere):
        world.vote(ANNE, GROUP, message, (0,))


@pytest.mark.parametrize(("options", "message"), [((0, 1), 0), ((2,), 0), ((0,), 9)], ids=str)
async def test_nobody_votes_as_no_application_would_let_them(
    world: World, caller: Caller, options: tuple[int, ...], message: int
) -> None:
    """Two answers to a question for one, an answer that is not offered, a message without a poll."""
    asked_in = await number(caller)

    with pytest.raises(NobodyThere):
        world.vote(ANNE, GROUP, asked_in + message, options)


async def test_a_vote_that_may_not_be_changed_stands(world: World, caller: Caller) -> None:
    """As its sender wished; and strangers to the group do not vote at all."""
    message = await number(caller, allows_revoting=False)
    world.vote(ANNE, GROUP, message, (0,))

    for voter in (ANNE, CHLOE):
        with pytest.raises(NobodyThere):
            world.vote(voter, GROUP, message, (1,))


async def test_only_ones_own_poll_is_stopped(world: World, caller: Caller) -> None:
    """And only a poll."""
    words = world.write(BILAL, GROUP, "Bonjour")
    sent = await caller.call("sendMessage", chat_id=GROUP, text="Bonjour")
    assert isinstance(sent.result, dict)

    answers = [
        await caller.call("stopPoll", chat_id=GROUP, message_id=number)
        for number in (words, sent.result["message_id"], 99)
    ]

    assert [str(answer.reason).removeprefix("Bad Request: ") for answer in answers] == [
        "message is not a poll",
        "message is not a poll",
        "message to stop not found",
    ]


async def test_a_copy_in_the_discussion_group_is_the_same_poll(world: World, caller: Caller) -> None:
    """Votes there are votes in the channel."""
    world.link(CHANNEL, GROUP)
    sent = (await asked(caller, CHANNEL))["poll"]
    (copy,) = (message for message in world.chat(GROUP).messages.values() if message.poll)

    world.vote(ANNE, GROUP, copy.id, (0,))

    assert isinstance(sent, dict)
    assert (copy.poll, world.polls[str(sent["id"])].count(0)) == (sent["id"], 1)


async def test_people_vote_through_the_sandboxs_own_address(world: World, caller: Caller) -> None:
    """Pages and other processes play them so."""
    message = await number(caller)
    vote = {"user": ANNE, "chat": GROUP, "message": message, "options": [0]}

    async with caller.session.post(f"{caller.server.url}/sandbox/people/vote", json=vote) as answer:
        done = answer.status
    async with caller.session.post(f"{caller.server.url}/sandbox/people/vote", json=vote | {"options": 0}) as answer:
        wrong = answer.status

    (poll,) = world.polls.values()
    assert (done, wrong, poll.votes) == (200, 400, {ANNE: (0,)})


@pytest.mark.parametrize(("hides", "line"), [(False, "○ Oui · 1"), (True, "○ Oui")])
async def test_a_phone_shows_the_question_and_its_options(
    world: World, caller: Caller, *, hides: bool, line: str
) -> None:
    """With the votes, unless the poll hides them."""
    message = await number(caller, hide_results_until_closes=hides, description="Indicatif.")
    world.vote(ANNE, GROUP, message, (0,))

    screen = TelegramPhone(world).screen(Hand(account=str(ANNE), place=str(GROUP)))

    (bubble,) = (bubble for bubble in screen.bubbles if bubble.id == message)
    lines = bubble.plain.splitlines()
    assert ([lines[0], lines[1], lines[-1]], "Garder" in str(bubble.html)) == (["Garder ?", line, "Indicatif."], True)
