"""Public polls: what the plan says of them, and results that wait for the networks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.preview import plan
from campaigns.results import natives
from core.campaign import OccurrenceState, StepKind, named
from core.capabilities import Capabilities
from core.delivery import DeliveryState, claimed, completed, progressed
from core.identifiers import Locale, NativePollId, PlatformName
from core.messages import Message, PollOpened, ResultsPublished, Thanks
from core.native import Misfit, NativeCount, NativeTally, Reason, Sighting
from core.ports.store import Books
from core.post import Post
from core.timetable import Timetable
from tests.campaigns.stage import HOUR, SQUARE, Stage, running, then
from tests.core.examples import receipt
from tests.fakes import ACCOUNT, NOON, TELEGRAM, WITH_POLLS, FakeWords, ScriptedPlatform

NAME = NativePollId("p7")
MINUTE = 1 / 60  # of an hour
DONE, PLANNED = OccurrenceState.DONE, OccurrenceState.PLANNED
AT_CLOSING, RESULTS = 4, 4  # hours after noon; rank of the step


async def _closing(
    *, published_after: timedelta = timedelta(), grace: timedelta = HOUR, carry: Callable[[Books], None] | None = None
) -> Stage:
    """The poll, asked by the network's own, closes; results are due so long after it."""
    stage = Stage()
    *before, results, thanks = stage.campaign.steps
    late = replace(then(StepKind.PUBLISH_RESULTS, published_after), grace=grace)
    stage.campaign = replace(stage.campaign, steps=named((*before, late, thanks)))
    await stage.started()
    assert results.kind is StepKind.PUBLISH_RESULTS
    for hour in (1, 2):
        await stage.at(hour)
    await stage.store.write(carry or _carried)
    for hour in (3, AT_CLOSING):
        await stage.at(hour)
    return stage


def _carried(books: Books) -> None:
    (opened,) = (each for each in books.deliveries.all() if isinstance(each.message, PollOpened))
    mine = claimed(opened, NOON)
    books.deliveries.save(mine, expected=DeliveryState.PLANNED)
    sent = completed(progressed(mine, replace(receipt(7), poll=NAME)))
    books.deliveries.save(sent, expected=DeliveryState.SENDING, claimed_at=NOON)


def _doubted(books: Books) -> None:
    (opened,) = (each for each in books.deliveries.all() if isinstance(each.message, PollOpened))
    doubted = replace(claimed(opened, NOON), state=DeliveryState.UNCERTAIN, asks=True)
    books.deliveries.save(doubted, expected=DeliveryState.PLANNED)


async def _told(stage: Stage, *counts: int, final: bool = True) -> None:
    seen = Sighting(tally=NativeTally(counts=counts, voters=sum(counts), final=final), at=stage.clock.now())
    await stage.store.write(lambda books: books.natives.see(ACCOUNT, NAME, seen))


async def _said(stage: Stage, kind: type) -> object:
    found = [each.message for each in await stage.planned() if isinstance(each.message, kind)]
    return found[0] if found else None


def _count(*counts: int, final: bool = True, network: PlatformName = TELEGRAM) -> NativeCount:
    return NativeCount(network=network, counts=counts, voters=sum(counts), final=final)


async def test_results_wait_for_the_final_total_of_the_network() -> None:
    """And go out with it, apart, as soon as it is known."""
    stage = await _closing()
    waiting = (await stage.states())[RESULTS]
    await _told(stage, 7, 2)

    await stage.at(AT_CLOSING + 2 * MINUTE)

    results = await _said(stage, ResultsPublished)
    assert (waiting, isinstance(results, ResultsPublished)) == (PLANNED, True)
    assert isinstance(results, ResultsPublished)
    assert (results.natives, results.tally.voters) == ((_count(7, 2),), 0)


async def test_results_say_that_a_poll_in_doubt_cannot_be_counted() -> None:
    """It may be out, and people may vote in it; results that leave it out would be false."""
    stage = await _closing(carry=_doubted)

    await stage.at(AT_CLOSING + 10 * MINUTE)
    await stage.at(AT_CLOSING + 1)

    results, thanks = await _said(stage, ResultsPublished), await _said(stage, Thanks)
    assert isinstance(results, ResultsPublished)
    assert results.natives == (NativeCount(network=TELEGRAM, counts=None, voters=None, final=False),)
    assert isinstance(thanks, Thanks)
    assert thanks.elsewhere


async def test_a_network_that_is_no_longer_configured_has_no_name() -> None:
    """That of its account is for operators: what people are told instead is for the words to say."""
    stage = await _closing()
    await _told(stage, 7, 2)

    (count,) = await stage.store.read(lambda books: natives(books, books.polls.all()[0], {}))

    assert (count.network, count.counts) == (None, (7, 2))


async def test_results_wait_ten_minutes_and_then_say_that_they_are_provisional() -> None:
    """A network that is away must not keep the town from its own count."""
    stage = await _closing()
    await _told(stage, 6, 2, final=False)
    await stage.at(AT_CLOSING + 9 * MINUTE)
    waiting = (await stage.states())[RESULTS]

    await stage.at(AT_CLOSING + 10 * MINUTE)

    results = await _said(stage, ResultsPublished)
    assert isinstance(results, ResultsPublished)
    assert (waiting, results.natives) == (PLANNED, (_count(6, 2, final=False),))


async def test_results_never_miss_their_own_time_by_waiting() -> None:
    """Half of the grace is the most."""
    stage = await _closing(grace=timedelta(minutes=4))

    await stage.at(AT_CLOSING + 2 * MINUTE)

    results = await _said(stage, ResultsPublished)
    assert isinstance(results, ResultsPublished)
    assert results.natives == (NativeCount(network=TELEGRAM, counts=None, voters=None, final=False),)


async def test_results_do_not_wait_for_a_poll_that_is_gone() -> None:
    """Nothing more is to be learnt of it."""
    stage = await _closing()
    await stage.store.write(lambda books: books.natives.give_up(ACCOUNT, NAME))

    await stage.at(AT_CLOSING + 1 * MINUTE)

    assert (await stage.states())[RESULTS] is DONE


@pytest.mark.parametrize(
    ("counts", "final", "elsewhere"),
    [((1, 0), True, True), ((0, 0), False, True), (None, False, True), ((0, 0), True, False)],
    ids=["somebody", "nobody yet", "unknown", "nobody"],
)
async def test_thanks_say_that_nobody_answered_only_when_it_is_known(
    counts: tuple[int, ...] | None, *, final: bool, elsewhere: bool
) -> None:
    """A total that nobody knows is unknown, not zero."""
    stage = await _closing()
    if counts is not None:
        await _told(stage, *counts, final=final)
    await stage.at(AT_CLOSING + 10 * MINUTE)

    await stage.at(AT_CLOSING + 1)

    thanks = await _said(stage, Thanks)
    assert isinstance(thanks, Thanks)
    assert (thanks.voters, thanks.elsewhere) == (0, elsewhere)


async def test_a_poll_that_no_network_asks_has_nobody_elsewhere() -> None:
    """As before."""
    stage = await running(until=6)

    thanks = await _said(stage, Thanks)

    assert isinstance(thanks, Thanks)
    assert thanks.elsewhere is False


class _Unfitting(FakeWords):
    """Words for a question that no network can hold."""

    def post(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        """The post, with why."""
        misfits = (Misfit(Reason.MANY_OPTIONS, 6, 4),) if on.native_poll else (Misfit(Reason.NONE),)
        return replace(super().post(message, locale, on), misfits=misfits)


def test_the_plan_says_where_our_own_ballot_stands_in_and_why() -> None:
    """For a channel the network's limit; in private there is never a poll of the network."""
    campaign = replace(Stage().campaign, audience=replace(Stage().campaign.audience, subscribers=True))
    network = ScriptedPlatform(capabilities=WITH_POLLS)

    shown = plan(campaign, start=NOON, channels=(SQUARE,), platforms={ACCOUNT: network}, words=_Unfitting())

    opened = [each for each in shown if each.step.kind is StepKind.OPEN_POLL]
    assert [each.misfits[0].reason for each in opened] == [Reason.MANY_OPTIONS, Reason.NONE, Reason.NONE]


@pytest.mark.parametrize("public", [True, False])
def test_an_officer_asks_for_a_public_vote_by_one_key(public: bool) -> None:  # noqa: FBT001  the case
    """It goes from the question to the poll."""
    campaign = Stage().campaign
    asked = tuple(replace(question, public=public) for question in campaign.questions)

    (poll,) = Timetable(replace(campaign, questions=asked), NOON).polls()

    assert poll.public is public
