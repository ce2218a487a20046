"""Telegram's own polls: acceptance cases 10 to 17, against the imitation, by the real python-telegram-bot.

Only totals are read; cases 16 and 17 show by them that a voter is counted once, may change, and may withdraw. Case 13
(a quiz) has no place in the product: a town's poll has no right answer, and is always sent as a regular one.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.inbound import understand
from adapters.telegram.limits import CAPABILITIES, LONGEST_DESCRIPTION
from core.errors import Rejected, Unavailable, Unreadable
from core.events import NativeTallied
from core.identifiers import Address, Locale
from core.messages import PollOpened
from core.native import NativeBallot, NativeTally, Reason
from core.ports.platform import Cursor
from core.post import Post, Receipt
from core.richtext import RichText
from core.wording import Wording
from sandbox.faults import Harm
from templates.render import JinjaWords
from tests.adapters.telegram.conftest import (
    ANNE,
    BILAL,
    CHANNEL,
    CHLOE,
    GROUP,
    NOON,
    Town,
    publish,
    received,
    text,
)
from tests.adapters.telegram.test_inbound import ME
from tests.core.examples import poll

FORTNIGHT = timedelta(days=14)
ASKED = NativeBallot(
    question="Garder <la halle> ?",
    options=("Oui & vite", "Non"),
    several=False,
    closes_at=NOON + FORTNIGHT,
    hides=False,
)
POST = replace(text("Les autres ne voient pas votre choix."), poll=ASKED)
WORDS = JinjaWords(town=Wording(fr="Valmont", en="Valmont"))


async def asked(adapter: TelegramAdapter, chat: int = GROUP, **changes: object) -> Receipt:
    """Ask; where the poll stands."""
    post = replace(POST, poll=replace(ASKED, **changes))  # type: ignore[arg-type]  # a test names what it changes
    return (await publish(adapter, post, chat))[-1]


async def told(adapter: TelegramAdapter) -> list[NativeTally | None]:
    """The totals told since the last time."""
    updates = await adapter.fetch(None)
    heard = [event for update in updates for event in adapter.understand(update.body, received(update.number))]
    if updates:
        await adapter.fetch(Cursor(updates[-1].number + 1))
    return [event.tally for event in heard if isinstance(event, NativeTallied)]


def tally(*counts: int, voters: int | None = None, final: bool = False) -> NativeTally:
    """Totals."""
    return NativeTally(counts=counts, voters=sum(counts) if voters is None else voters, final=final)


async def test_case_10_a_poll_in_a_channel_shows_nobody_and_ends_by_itself(
    adapter: TelegramAdapter, town: Town
) -> None:
    """One message: the poll, with the town's words as its description."""
    receipt = await asked(adapter, CHANNEL)

    (sent,) = town.parameters("sendPoll")
    assert (str(sent["is_anonymous"]).lower(), str(sent["open_period"])) == ("true", "1209600")
    assert json.loads(str(sent["options"])) == [{"text": "Oui & vite"}, {"text": "Non"}]
    (shown,) = town.world.polls.values()
    assert (shown.question, shown.description) == ("Garder <la halle> ?", "Les autres ne voient pas votre choix.")
    assert (receipt.poll, town.calls("sendMessage")) == (shown.id, [])


async def test_case_11_a_poll_that_shows_who_chose_what_is_never_sent(adapter: TelegramAdapter, town: Town) -> None:
    """To no chat at all, whatever the post: it would be refused in channels, and in groups it would name people."""
    for chat in (CHANNEL, GROUP):
        for several in (True, False):
            await asked(adapter, chat, several=several, hides=several)

    assert {poll.anonymous for poll in town.world.polls.values()} == {True}
    assert CAPABILITIES.native_poll is not None
    assert CAPABILITIES.native_poll.secret


def _public(*options: str) -> Post:
    """A public poll with these options, as the town's words make it for Telegram."""
    question = replace(poll(), public=True, options=tuple(Wording(fr=words, en=words) for words in options))
    return WORDS.post(PollOpened(poll=question, zone="Europe/Paris"), Locale.FR, CAPABILITIES)


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        pytest.param(_public(*(f"Réponse {rank}" for rank in range(13))), Reason.MANY_OPTIONS, id="13 options"),
        pytest.param(_public("Oui", "n" * 101), Reason.LONG_OPTION, id="a long option"),
    ],
)
async def test_case_12_what_does_not_fit_is_asked_by_buttons(
    adapter: TelegramAdapter, town: Town, post: Post, reason: Reason
) -> None:
    """Nobody is left without a way to vote."""
    await publish(adapter, post)

    (message,) = town.messages(CHANNEL)
    assert ([misfit.reason for misfit in post.misfits], town.calls("sendPoll")) == ([reason], [])
    assert len(list(town.world.buttons(town.world.chat(CHANNEL), message.id))) == len(post.buttons) >= 2


async def test_case_13_a_town_asks_no_quiz(adapter: TelegramAdapter, town: Town) -> None:
    """There is no right answer to a consultation."""
    await asked(adapter)

    (sent,) = town.parameters("sendPoll")
    assert (sent["type"], "correct_option_ids" in sent, "explanation" in sent) == ("regular", False, False)


async def test_case_14_a_poll_is_stopped_with_its_final_counts(adapter: TelegramAdapter, town: Town) -> None:
    """By one call; stopping again changes nothing, and is no error."""
    receipt = await asked(adapter)
    town.world.vote(ANNE, GROUP, int(receipt.message), (1,))

    first = await adapter.end(receipt)
    again = await adapter.end(receipt)

    assert (first, again) == (tally(0, 1, final=True), NativeTally(counts=None))
    assert len(town.calls("stopPoll", "done")) == 1


async def test_case_14_a_poll_that_ended_by_itself_tells_its_final_counts(adapter: TelegramAdapter, town: Town) -> None:
    """In an update: then it is no error that it cannot be stopped any more."""
    receipt = await asked(adapter)
    town.world.vote(ANNE, GROUP, int(receipt.message), (0,))
    await told(adapter)
    town.clock.at = NOON + FORTNIGHT

    ended = await adapter.end(receipt)

    assert (ended, await told(adapter)) == (NativeTally(counts=None), [tally(1, 0, final=True)])


async def test_case_15_totals_replace_one_another(adapter: TelegramAdapter, town: Town) -> None:
    """Each update says them whole; ``core.native.newest`` keeps an older one from lowering them."""
    receipt = await asked(adapter)
    for voter in (ANNE, BILAL, CHLOE):
        town.world.vote(voter, GROUP, int(receipt.message), (0,))

    assert await told(adapter) == [tally(1, 0), tally(2, 0), tally(3, 0)]


async def test_case_16_a_voter_is_counted_once_changes_and_withdraws(adapter: TelegramAdapter, town: Town) -> None:
    """And reading the same update again says the same."""
    receipt = await asked(adapter)
    for chosen in ((0,), (1,), ()):
        town.world.vote(ANNE, GROUP, int(receipt.message), chosen)

    updates = await adapter.fetch(None)
    once, again = (
        [event for update in updates for event in adapter.understand(update.body, received(update.number))]
        for _ in range(2)
    )

    assert [event.tally for event in once if isinstance(event, NativeTallied)] == [
        tally(1, 0),
        tally(0, 1),
        tally(0, 0),
    ]
    assert once == again


async def test_case_17_somebody_who_votes_as_a_channel_counts_once(adapter: TelegramAdapter, town: Town) -> None:
    """Totals name nobody, neither the channel nor the account that stands for all of them."""
    receipt = await asked(adapter)
    for chosen in ((0,), (1,)):
        town.world.vote(ANNE, GROUP, int(receipt.message), chosen, as_chat=CHANNEL)

    assert (await told(adapter))[-1] == tally(0, 1)


async def test_who_chose_what_is_not_even_read() -> None:
    """An answer that names somebody says nothing to us, also of a poll that somebody else made with our account."""
    answer = {"poll_id": "5", "user": {"id": ANNE, "first_name": "Anne"}, "option_ids": [0]}
    body = json.dumps({"update_id": 1, "poll_answer": answer | {"option_persistent_ids": ["o0"]}}).encode()

    assert understand(body, received(), me=ME, officials={}) == ()


async def test_counts_that_the_poll_hides_are_unknown_until_it_ends(adapter: TelegramAdapter, town: Town) -> None:
    """Never zero."""
    receipt = await asked(adapter, hides=True)
    town.world.vote(ANNE, GROUP, int(receipt.message), (0,))

    before = await told(adapter)
    ended = await adapter.end(receipt)

    assert (before, ended) == ([NativeTally(counts=None, voters=1)], tally(1, 0, final=True))


async def test_a_long_text_stands_before_the_poll(adapter: TelegramAdapter, town: Town) -> None:
    """No word is lost, and the receipt of the poll is the last."""
    words = "mot " * (LONGEST_DESCRIPTION // 4 + 1)

    post = Post(text=RichText.of(words), poll=ASKED)
    receipts = await publish(adapter, post, GROUP)

    assert [part.asks for part in adapter.plan(post, Address(str(GROUP)))] == [False, True]
    assert [receipt.call for receipt in receipts] == ["sendMessage", "sendPoll"]
    assert (receipts[0].poll, receipts[1].poll is None) == (None, False)
    assert len(town.messages(GROUP)) == 2


async def test_a_description_that_telegram_cannot_read_costs_the_look_and_not_the_words(
    adapter: TelegramAdapter, town: Town
) -> None:
    """It may say who sees one's choice."""
    (part,) = adapter.plan(POST, Address(str(GROUP)))
    torn = replace(part, parameters={**part.parameters, "description": "<b>Privé &amp; gardé</b><i>"})

    await adapter.send(torn, key="1", before=())

    assert [shown.description for shown in town.world.polls.values()] == ["Privé & gardé"]
    town.world.violations.clear()  # on purpose


async def test_a_poll_without_other_words_is_sent_all_the_same(adapter: TelegramAdapter, town: Town) -> None:
    """Its question says enough."""
    await publish(adapter, Post(text=RichText(), poll=ASKED), GROUP)

    assert "description" not in town.parameters("sendPoll")[0]


async def test_a_poll_that_is_over_is_not_sent(adapter: TelegramAdapter, town: Town) -> None:
    """Telegram would take it for one without an end."""
    with pytest.raises(Rejected, match="over"):
        await asked(adapter, closes_at=NOON)

    assert town.calls("sendPoll") == []


async def test_a_poll_whose_message_is_gone_is_refused(adapter: TelegramAdapter, town: Town) -> None:
    """Somebody deleted it: nothing more is to be learnt."""
    receipt = await asked(adapter)
    town.world.remove(town.world.chat(GROUP), int(receipt.message))

    with pytest.raises(Rejected):
        await adapter.end(receipt)


async def test_an_end_whose_answer_is_lost_is_asked_again(adapter: TelegramAdapter, town: Town) -> None:
    """Stopping may be repeated freely."""
    receipt = await asked(adapter)
    town.misbehave(Harm.CUT_AFTER, "stopPoll")

    with pytest.raises(Unavailable):
        await adapter.end(receipt)

    assert await adapter.end(receipt) == NativeTally(counts=None)
    assert await told(adapter) == [tally(0, 0, final=True)]


async def test_totals_cannot_be_asked_for(adapter: TelegramAdapter) -> None:
    """There is no such call."""
    assert await adapter.tally(await asked(adapter)) is None


POLL = {"id": "5", "total_voter_count": 1, "is_closed": False, "options": [{"voter_count": 1}]}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"id": 5},
        {"total_voter_count": "1"},
        {"total_voter_count": -1},
        {"options": None},
        {"options": [1]},
        {"options": [{"voter_count": None}]},
        {"options": [{"voter_count": -1}]},
    ],
    ids=str,
)
def test_totals_of_another_shape_are_set_aside(spoilt: dict[str, object]) -> None:
    """A newer interface, or a hostile server."""
    with pytest.raises(Unreadable):
        understand(json.dumps({"poll": POLL | spoilt}).encode(), received(), me=ME, officials={})
