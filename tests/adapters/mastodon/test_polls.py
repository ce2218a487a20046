"""The server's own polls: acceptance cases 11 to 18 and 20."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.mastodon.limits import Limits
from adapters.mastodon.polls import counted
from core.errors import Rejected, Unavailable
from core.events import NativeTallied
from core.native import Misfit, NativeBallot, NativeTally, Reason, misfits
from core.post import Picture, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Harm
from sandbox.mastodon.values import Poll
from tests.adapters.mastodon.conftest import NOON, POST, PUBLIC, Town, hear, picture, publish

POLL = "GET /api/v1/polls/:id"
SEVERAL = "GET /api/v1/statuses"
DAYS = timedelta(days=2)
OPTIONS = ("Un marché", "Des salles", "Un café")
ANSWERS = ("a", "b", "c", "d", "e", "f", "g")


def ballot(*options: str, lasts: timedelta = DAYS, **details: bool) -> NativeBallot:
    """A question."""
    known = {"several": False, "hides": False} | details
    return NativeBallot(question="Que faire de la halle ?", options=options or OPTIONS, closes_at=NOON + lasts, **known)


def asking(asked: NativeBallot, words: str = "La ville demande.") -> Post:
    """A post that asks it."""
    return Post(text=RichText.of(words), poll=asked)


async def out(town: Town, asked: NativeBallot | None = None, *, key: str = "1") -> Receipt:
    """A poll that is open."""
    (receipt,) = await publish(town, asking(asked or ballot()), key=key)
    return receipt


def poll_of(town: Town, receipt: Receipt) -> Poll:
    """As the server has it."""
    return town.world.polls[str(receipt.poll)]


def fits(limits: Limits, asked: NativeBallot, lasts: timedelta) -> tuple[Misfit, ...]:
    """Why a server with these limits cannot hold it."""
    return misfits(asked, lasts, limits.capabilities.native_poll)


async def test_a_poll_goes_out_with_its_post(either: Town) -> None:
    """Case 11: with the types in JSON that GoToSocial insists on."""
    receipt = await out(either, ballot(hides=True))

    assert [part.asks for part in either.adapter.plan(asking(ballot()), PUBLIC)] == [True]
    (given,) = either.given()
    wanted = {"options": list(OPTIONS), "expires_in": 172800, "multiple": False, "hide_totals": True}
    assert given["poll"] == wanted
    assert either.texts == ["Que faire de la halle ?\n\nLa ville demande."]
    assert poll_of(either, receipt).status == receipt.message


async def test_the_plan_shows_the_choices(town: Town) -> None:
    """An officer reads what people will see."""
    (part,) = town.adapter.plan(asking(ballot()), PUBLIC)

    assert part.text.endswith("La ville demande.\n( ) Un marché\n( ) Des salles\n( ) Un café")


async def test_the_first_post_of_a_thread_asks(town: Town) -> None:
    """Only that one is public; question and choices stay together."""
    first, *words = await publish(town, asking(ballot(), "mot " * 200))

    assert first.poll is not None
    assert [each.poll for each in words] == [None, None]
    assert town.texts[0] == "Que faire de la halle ?"


async def test_a_poll_beside_pictures_is_refused(town: Town, tmp_path: Path) -> None:
    """Servers before 4.6 take one or the other."""
    image = Picture(picture(tmp_path), "Le pont")

    with pytest.raises(Rejected, match="not both"):
        town.adapter.plan(replace(asking(ballot()), pictures=(image,)), PUBLIC)


async def test_a_poll_that_is_late_is_not_sent(town: Town) -> None:
    """The server takes none shorter than five minutes, and people were told when it closes."""
    town.clock.forward(DAYS - timedelta(minutes=4))

    with pytest.raises(Rejected, match="240 s are left"):
        await out(town)

    assert town.calls(POST) == []


CASES = {
    "fits": (ballot(), DAYS, ()),
    "seven choices of six": (ballot(*ANSWERS), DAYS, (Misfit(Reason.MANY_OPTIONS, 7, 6),)),
    "45 days": (ballot(), timedelta(days=45), (Misfit(Reason.LONG, 3_888_000, 2_629_746),)),
    "a long choice": (ballot("é" * 51, "b"), DAYS, (Misfit(Reason.LONG_OPTION, 51, 50),)),
}


@pytest.mark.parametrize("case", CASES)
async def test_what_does_not_fit_is_known_from_what_the_server_said(social: Town, case: str) -> None:
    """Cases 12, 13 and 14: the numbers are GoToSocial's; Parvis's own ballot then stands in."""
    asked, lasts, wanted = CASES[case]

    assert misfits(asked, lasts, social.adapter.capabilities.native_poll) == wanted


def test_a_server_without_polls_holds_none() -> None:
    """Case 12: it says nothing of them, and would publish the question alone."""
    limits = Limits.of({"configuration": {"statuses": {"max_characters": 500}}})

    assert fits(limits, ballot(), DAYS) == (Misfit(Reason.NONE),)
    assert limits.said.endswith("no polls")


async def test_votes_are_read_from_the_server(either: Town) -> None:
    """Case 15: GoToSocial does not count voters where one choice is allowed, so votes are voters there."""
    receipt = await out(either)
    either.world.vote(either.anne, receipt.message, [1])
    either.world.vote(either.bilal, receipt.message, [1])

    assert await either.adapter.tally(receipt) == NativeTally(counts=(0, 2, 0), voters=2)


async def test_several_polls_are_read_in_one_request(town: Town) -> None:
    """Case 15: those that were asked for before come along."""
    receipts = [await out(town, key=str(n)) for n in range(3)]
    for _ in range(2):
        for receipt in receipts:
            await town.adapter.tally(receipt)
        town.clock.forward(timedelta(seconds=30))

    assert len(town.calls(POLL)) == 1
    assert len(town.calls(SEVERAL)) == 3


async def test_a_poll_with_other_options_is_not_taken_for_one_whose_answer_was_lost(either: Town) -> None:
    """The words may be the same."""
    await out(either, ballot("Oui", "Non"))
    wanted, other = (either.adapter.plan(asking(ballot("Oui", end)), PUBLIC)[0] for end in ("Non", "Peut-être"))

    found = [await either.adapter.find(part, before=(), since=NOON) for part in (wanted, other)]

    assert [len(each) for each in found] == [1, 0]


async def test_a_poll_that_is_over_comes_along_no_more(town: Town) -> None:
    """Its end is told by the server, and nobody asks for it again: it would be read for ever."""
    short, long = await out(town, ballot(lasts=timedelta(hours=1))), await out(town, key="2")
    for receipt in (short, long):
        await town.adapter.tally(receipt)
    for _ in range(3):
        town.clock.forward(timedelta(hours=1, minutes=1))
        await town.adapter.tally(long)

    assert (len(town.calls(SEVERAL)), len(town.calls(POLL))) == (2, 3)


async def test_where_posts_cannot_be_asked_for_together_polls_are_read_one_by_one(town: Town) -> None:
    """Case 15: a server from before 4.3 does not know the question, and is asked once."""
    receipts = [await out(town, key=str(n)) for n in range(2)]
    town.misbehave(Harm.STATUS, SEVERAL, status=404)

    told = [await town.adapter.tally(receipt) for receipt in receipts * 2]

    assert {tally.counts for tally in told} == {(0, 0, 0)}
    assert len(town.calls(SEVERAL)) == 1
    assert len(town.calls(POLL)) == 4


async def test_hidden_totals_are_unknown_and_not_zero(town: Town) -> None:
    """Case 16: also to the author, until the end."""
    receipt = await out(town, ballot(hides=True))
    town.world.vote(town.anne, receipt.message, [1])

    assert (await town.adapter.tally(receipt)).counts is None
    town.clock.forward(DAYS + timedelta(seconds=6))
    assert await town.adapter.end(receipt) == NativeTally(counts=(0, 1, 0), voters=1, final=True)


async def test_a_poll_is_final_a_moment_after_its_hour(either: Town) -> None:
    """Case 17: the news of its end need not come; nobody can end it before."""
    receipt = await out(either)
    before = await either.adapter.end(receipt)
    either.clock.forward(DAYS + timedelta(seconds=1))
    at_the_hour = await either.adapter.end(receipt)
    either.clock.forward(timedelta(seconds=11))
    after = await either.adapter.end(receipt)
    again = await either.adapter.end(receipt)

    assert [tally.final for tally in (before, at_the_hour, after, again)] == [False, False, True, True]


async def test_the_news_of_the_end_brings_the_totals(either: Town) -> None:
    """Case 17."""
    receipt = await out(either)
    either.world.vote(either.anne, receipt.message, [2])
    either.clock.forward(DAYS)
    either.world.end_poll(str(receipt.poll))

    (event,) = await hear(either)

    assert isinstance(event, NativeTallied)
    assert event.poll == receipt.poll
    assert event.tally == NativeTally(counts=(0, 0, 1), voters=1, final=True)


async def test_an_edit_keeps_the_votes_and_the_hour(either: Town) -> None:
    """Case 18: what an edit leaves out is erased, and other options would empty the poll."""
    receipt = await out(either, ballot(hides=True))
    either.world.vote(either.anne, receipt.message, [1])
    either.clock.forward(timedelta(days=1))
    poll = poll_of(either, receipt)

    await either.adapter.edit(receipt, asking(ballot(hides=True), "La ville demande encore."))

    assert either.texts == ["Que faire de la halle ?\n\nLa ville demande encore."]
    assert poll_of(either, receipt) is poll
    assert (poll.votes, poll.hide_totals, poll.expires_at) == ({either.anne: (1,)}, True, NOON + DAYS)


async def test_an_edit_that_knows_no_poll_keeps_it(town: Town) -> None:
    """What the server tells is enough."""
    receipt = await out(town, ballot(hides=True))
    town.world.vote(town.anne, receipt.message, [1])

    await town.adapter.edit(receipt, Post(text=RichText.of("Autrement dit")))

    assert (poll_of(town, receipt).votes, poll_of(town, receipt).hide_totals) == ({town.anne: (1,)}, True)


async def test_options_are_never_changed(town: Town) -> None:
    """Case 20: all votes would be lost."""
    receipt = await out(town)
    town.world.vote(town.anne, receipt.message, [1])

    with pytest.raises(Rejected, match="votes would be lost"):
        await town.adapter.edit(receipt, asking(ballot("Oui", "Non")))

    assert poll_of(town, receipt).votes == {town.anne: (1,)}


@pytest.mark.parametrize(("left", "why"), [(timedelta(minutes=2), "left"), (-timedelta(minutes=2), "over")])
async def test_an_edit_never_gives_a_poll_another_end(town: Town, left: timedelta, why: str) -> None:
    """Case 18: a server would let people vote for five more minutes."""
    receipt = await out(town)
    town.clock.forward(DAYS - left)

    with pytest.raises(Rejected, match=why):
        await town.adapter.edit(receipt, asking(ballot(), "Trop tard"))


async def test_a_poll_that_is_gone_is_said(town: Town) -> None:
    """Somebody deleted the post; and there may never have been a poll."""
    receipt = await out(town)
    other = await out(town, key="2")
    await town.adapter.tally(other)
    await town.adapter.remove(PUBLIC, receipt.message)

    for lost in (receipt, replace(other, poll=None)):
        with pytest.raises(Rejected):
            await town.adapter.tally(lost)
    assert (await town.adapter.tally(other)).counts == (0, 0, 0)


async def test_a_poll_of_no_known_shape_is_asked_for_again(town: Town) -> None:
    """A page of somebody who stands between."""
    receipt = await out(town)
    town.misbehave(Harm.HALF, POLL)

    with pytest.raises(Unavailable):
        await town.adapter.tally(receipt)


TOLD = {
    "id": "1", "expires_at": None, "expired": True, "multiple": True, "votes_count": 5, "voters_count": None,
    "options": [{"title": "a", "votes_count": 2}, {"title": "b", "votes_count": 3}],
}  # fmt: skip


def test_votes_are_no_voters_where_several_may_be_chosen() -> None:
    """Five votes may be three people's."""
    assert counted(TOLD, NOON) == NativeTally(counts=(2, 3), voters=None, final=True)
    assert counted({**TOLD, "voters_count": 3}, NOON).voters == 3
