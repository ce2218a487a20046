"""The networks' own polls are followed while they are open, ended in time, and asked until their totals are final."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.delivery import DeliveryState, claimed, completed, progressed
from core.errors import Moved, Rejected, StorageError, Unauthorised, Unavailable, Uncertain, Unreachable
from core.identifiers import AccountName, Address, Locale, NativePollId, PollId
from core.messages import PollOpened, PollReminder
from core.native import NativeTally
from core.poll import PollState
from core.ports.books.natives import Hosted
from delivery.natives import GIVEN_UP_AFTER, NativePolls
from tests.core.examples import BRIDGE, poll, receipt
from tests.delivery.notice_boards import boards_of, close, shown, town, votes
from tests.delivery.post_office import FailingStore, PostOffice, to
from tests.fakes import ACCOUNT, CAPABILITIES, NOON, WITH_POLLS, ScriptedPlatform

PUBLIC = replace(poll(), public=True)
OPENED = PollOpened(poll=PUBLIC, zone="Europe/Paris")
NAME = NativePollId("p1001")
CLOSING = poll().closes_at
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def tally(*counts: int, final: bool = False) -> NativeTally:
    """What the network says."""
    return NativeTally(counts=counts, voters=sum(counts), final=final)


class Followed:
    """A town whose question was asked by the network's own poll, and the follower of such polls."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office
        self.network = office.platform
        self.woken = 0
        self.follower = NativePolls(
            store=office.store, clock=office.clock, platforms={ACCOUNT: office.platform}, wake=self._wake
        )

    async def after(self, length: timedelta) -> None:
        """Look, so long after noon."""
        self.office.clock.move_to(NOON + length)
        await self.follower.look()

    async def hosted(self) -> Hosted:
        """What is known of the poll."""
        (known,) = await self.office.memory.read(lambda books: books.natives.of(BRIDGE))
        return known

    async def counts(self) -> tuple[int, ...] | None:
        """The counts last seen."""
        seen = (await self.hosted()).seen
        return None if seen is None else seen.tally.counts

    def says(self, *counts: int, final: bool = False) -> None:
        """What the network says from now on."""
        self.network.tallies[NAME] = tally(*counts, final=final)

    def calls(self, name: str) -> int:
        """How often it was called."""
        return self.network.calls.count(name)

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
async def followed() -> Followed:
    """An open poll that the network asks itself, in the square."""
    office = await town(office=PostOffice(ScriptedPlatform(capabilities=WITH_POLLS)), message=None)
    for number in await office.plan(OPENED, to("hamlet")):
        mine = claimed(await office.get(number), NOON)
        where = replace(receipt(1001), call="poll", poll=NAME)
        await office.change(completed(progressed(mine, where)), expected=DeliveryState.PLANNED)
    return Followed(office)


async def test_a_poll_whose_call_is_lost_is_remembered_without_a_name() -> None:
    """Nobody can look at it, and it may be out."""
    office = await town(office=PostOffice(ScriptedPlatform(capabilities=WITH_POLLS)), message=None)
    office.platform.fails("send", Uncertain("cut"))
    (number,) = await office.plan(OPENED, to("square"))

    await office.work()

    nameless = await office.memory.read(lambda books: books.natives.nameless(BRIDGE))
    assert [each.delivery for each in nameless] == [number]


async def test_totals_are_read_while_the_poll_is_open(followed: Followed) -> None:
    """Every five minutes, in the last ten minutes every thirty seconds."""
    followed.says(3, 1, 0)

    for length in (0 * MINUTE, 4 * MINUTE, 5 * MINUTE, 51 * MINUTE, 51 * MINUTE + 29 * SECOND, 52 * MINUTE):
        await followed.after(length)

    assert (followed.calls("tally"), await followed.counts()) == (4, (3, 1, 0))


async def test_a_network_that_only_says_that_something_changed_is_asked_soon(followed: Followed) -> None:
    """Not at every vote: ten seconds after the last look."""
    await followed.after(0 * MINUTE)
    followed.says(1, 0, 0)
    await followed.office.memory.write(lambda books: books.natives.ask(ACCOUNT, NAME))

    for length in (9 * SECOND, 10 * SECOND, 20 * SECOND):
        await followed.after(length)

    assert (followed.calls("tally"), await followed.counts(), (await followed.hosted()).asked) == (2, (1, 0, 0), False)


async def test_a_network_that_tells_totals_by_itself_needs_no_answer(followed: Followed) -> None:
    """Nothing was said, so nothing is stored."""
    await followed.after(0 * MINUTE)

    assert await followed.counts() is None


async def test_it_is_ended_once_at_the_closing_time(followed: Followed) -> None:
    """Its final total is stored, and whoever waits for it is told."""
    await followed.after(59 * MINUTE)
    followed.says(5, 2, 0, final=True)

    for length in (60 * MINUTE, 61 * MINUTE):
        await followed.after(length)

    assert (len(followed.network.ended), await followed.counts(), followed.woken) == (1, (5, 2, 0), 1)


async def test_a_poll_stopped_with_its_campaign_is_ended_at_once(followed: Followed) -> None:
    """Nobody should vote in what will never be published."""
    await followed.office.memory.write(lambda books: books.polls.stop(BRIDGE, at=NOON))

    await followed.after(MINUTE)

    assert len(followed.network.ended) == 1


@pytest.mark.parametrize(("ends_early", "gone"), [(False, True), (True, False)])
async def test_a_poll_stopped_long_before_its_hour(followed: Followed, *, ends_early: bool, gone: bool) -> None:
    """Nothing of it will be published: only a poll that can be ended is worth following for longer than a day."""
    assert WITH_POLLS.native_poll is not None
    native = replace(WITH_POLLS.native_poll, ends_early=ends_early)
    followed.network.capabilities = replace(WITH_POLLS, native_poll=native)
    asked = replace(PUBLIC, id=PollId("later"), closes_at=CLOSING + timedelta(days=20))
    await followed.office.memory.write(lambda books: books.polls.add(asked))
    await followed.office.memory.write(lambda books: books.polls.open(asked.id))
    (number,) = await followed.office.plan(PollOpened(poll=asked, zone="Europe/Paris"), to("village"))
    mine = claimed(await followed.office.get(number), NOON)
    where = replace(receipt(1002), call="poll", poll=NativePollId("p1002"))
    await followed.office.change(completed(progressed(mine, where)), expected=DeliveryState.PLANNED)
    await followed.office.memory.write(lambda books: books.polls.stop(asked.id, at=NOON))

    await followed.after(GIVEN_UP_AFTER)

    (known,) = await followed.office.memory.read(lambda books: books.natives.of(asked.id))
    assert known.gone is gone


async def test_a_total_that_is_not_final_is_asked_for_again(followed: Followed) -> None:
    """Networks count on for a while after the end: after 5, 10, 20, 40 seconds, then every minute."""
    followed.says(4, 2, 0)
    for length in (0, 4, 5, 14, 15, 34, 35, 74, 75, 134, 135):
        await followed.after(60 * MINUTE + length * SECOND)
    followed.says(5, 2, 0, final=True)

    await followed.after(70 * MINUTE)

    assert (len(followed.network.ended), await followed.counts(), followed.woken) == (7, (5, 2, 0), 1)


async def test_a_total_that_never_becomes_final_is_given_up_after_a_day(followed: Followed) -> None:
    """What was last seen is all there is, and nobody asks for ever."""
    followed.says(4, 2, 0)

    await followed.after(CLOSING - NOON + GIVEN_UP_AFTER)
    await followed.after(CLOSING - NOON + GIVEN_UP_AFTER + 5 * MINUTE)

    assert (len(followed.network.ended), (await followed.hosted()).gone, followed.woken) == (1, True, 1)


async def test_a_poll_that_is_no_longer_there_is_given_up(followed: Followed, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody deleted the message: one line says so."""
    followed.network.fails("tally", Rejected("message not found"))

    await followed.after(0 * MINUTE)
    await followed.after(10 * MINUTE)

    assert ((await followed.hosted()).gone, followed.calls("tally")) == (True, 1)
    assert [record.message for record in caplog.records] == ["native_poll_lost"]


@pytest.mark.parametrize(
    "error",
    [Unavailable("down"), Unauthorised("no"), Unreachable("no access")],
    ids=["away", "refused", "shut out for a while"],
)
async def test_a_network_that_is_away_is_asked_again(followed: Followed, error: Exception) -> None:
    """A refused account is said by its lanes."""
    followed.says(1, 1, 1, final=True)
    followed.network.fails("end", error)

    await followed.after(60 * MINUTE)
    before = await followed.counts()
    await followed.after(60 * MINUTE + 5 * SECOND)

    assert (before, await followed.counts()) == (None, (1, 1, 1))


async def test_an_answer_that_nobody_foresaw_disturbs_no_other_network(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    """It is traced, and asked again like one of a network that is away."""
    followed.says(1, 1, 1, final=True)
    followed.network.fails("end", KeyError("answers"))

    await followed.after(60 * MINUTE)
    before = await followed.counts()
    await followed.after(60 * MINUTE + 5 * SECOND)

    assert (before, await followed.counts()) == (None, (1, 1, 1))
    assert [record.message for record in caplog.records] == ["native_poll_fault"]


async def test_a_chat_that_moved_is_found_again(followed: Followed) -> None:
    """A group that became a supergroup."""
    followed.network.fails("end", Moved("upgraded", to=Address("-1007")))
    followed.says(1, 0, 0, final=True)

    await followed.after(60 * MINUTE)
    await followed.after(61 * MINUTE)

    assert [where.address for where in followed.network.ended] == ["-1007"]


async def test_nothing_is_ended_while_the_town_is_held(followed: Followed) -> None:
    """What was restored may know less than what people see."""
    await followed.office.hold()

    await followed.after(60 * MINUTE)

    assert followed.network.ended == []


@pytest.mark.parametrize(
    "network",
    [
        pytest.param({AccountName("other"): ScriptedPlatform(capabilities=WITH_POLLS)}, id="account taken out"),
        pytest.param({ACCOUNT: ScriptedPlatform(capabilities=CAPABILITIES)}, id="network without polls"),
    ],
)
async def test_what_no_network_of_ours_holds_is_let_be(
    followed: Followed, network: dict[AccountName, ScriptedPlatform]
) -> None:
    """The configuration changed since."""
    follower = NativePolls(
        store=followed.office.store, clock=followed.office.clock, platforms=network, wake=lambda: None
    )

    await follower.look()

    assert [call for platform in network.values() for call in platform.calls] == []


async def test_a_slow_network_is_not_asked_twice_at_the_same_time(followed: Followed) -> None:
    """Looks overlap; a call that waits for its turn is rest."""
    followed.office.clock.move_to(CLOSING)
    with followed.network.slow("end"):
        async with asyncio.TaskGroup() as group:
            first = group.create_task(followed.follower.look())
            for _ in range(20):
                await asyncio.sleep(0)
            followed.office.clock.advance(10 * MINUTE)
            await followed.follower.look()
            busy = followed.follower.busy
            first.cancel()

    assert (followed.calls("end"), busy) == (1, False)


async def test_a_store_that_is_away_is_waited_for(followed: Followed, caplog: pytest.LogCaptureFixture) -> None:
    """Reading or writing: said once, and asked again."""
    store = FailingStore(followed.office.memory)
    store.reads.append(StorageError("gone"))
    store.writes.append(StorageError("gone"))
    follower = NativePolls(
        store=store, clock=followed.office.clock, platforms={ACCOUNT: followed.network}, wake=lambda: None
    )
    followed.says(2, 0, 0, final=True)
    followed.office.clock.move_to(CLOSING)

    for _ in range(3):
        await follower.look()
        followed.office.clock.advance(MINUTE)

    assert await followed.counts() == (2, 0, 0)
    assert [r.message for r in caplog.records] == ["native_polls_lost", "native_polls_back"] * 2


# ── what goes out, and what follows it ──


async def test_a_public_poll_goes_out_as_the_networks_own() -> None:
    """Its receipt says which it is."""
    office = PostOffice(ScriptedPlatform(capabilities=WITH_POLLS))
    await office.memory.write(lambda books: books.polls.add(PUBLIC))
    await office.plan(OPENED)

    await office.work()

    (known,) = await office.memory.read(lambda books: books.natives.of(BRIDGE))
    assert (office.texts(), known.receipt.poll) == (["@square poll"], NAME)


async def test_in_private_it_is_asked_by_our_own_ballot() -> None:
    """A poll that one person alone can answer would show who chose what."""
    office = PostOffice(ScriptedPlatform(capabilities=WITH_POLLS))
    await office.plan(OPENED, await office.citizen("711"))

    await office.work()

    assert office.texts() == ["711 text"]


async def test_the_message_that_carries_it_is_never_edited(followed: Followed) -> None:
    """No network lets a poll be edited, and it follows its own count."""
    await votes(followed.office)
    boards = boards_of(followed.office)

    await boards.look()
    left = await _left(followed.office)
    await close(followed.office)
    await boards.look()

    assert [edit for edit in shown(followed.office) if edit.startswith("1001")] == []
    assert (left, await _left(followed.office)) == (1, 0)


async def test_where_it_cannot_be_ended_early_its_words_say_that_it_was_stopped(followed: Followed) -> None:
    """People could go on voting in what will never be published."""
    assert WITH_POLLS.native_poll is not None
    followed.network.capabilities = replace(WITH_POLLS, native_poll=replace(WITH_POLLS.native_poll, ends_early=False))
    await followed.office.memory.write(lambda books: books.polls.stop(BRIDGE, at=NOON))

    await boards_of(followed.office).look()

    asked = [
        (message.poll.state, on) for message, _, on in followed.office.words.asked if isinstance(message, PollOpened)
    ]
    assert (PollState.STOPPED, followed.network.capabilities) in asked
    assert await _left(followed.office) == 0


async def test_what_went_out_with_our_own_ballot_keeps_it() -> None:
    """Also when the network could hold the question by now."""
    office = await town(office=PostOffice(ScriptedPlatform(capabilities=WITH_POLLS)), message=OPENED)
    await votes(office)

    await boards_of(office).look()

    asked = [(on.native_poll, locale) for _, locale, on in office.words.asked]
    assert set(asked) == {(None, Locale.FR)}


async def test_a_reminder_is_reworded_for_the_network_as_it_is() -> None:
    """It carries no poll that could be lost."""
    reminder = PollReminder(poll=PUBLIC, zone="Europe/Paris", voters=0)
    office = await town(office=PostOffice(ScriptedPlatform(capabilities=WITH_POLLS)), message=reminder)

    await boards_of(office).look()

    assert {on.native_poll for _, _, on in office.words.asked} == {WITH_POLLS.native_poll}


async def _left(office: PostOffice) -> int:
    boards = await office.memory.read(lambda books: books.deliveries.boards(limit=9))
    return len([board for board in boards if board.native])
