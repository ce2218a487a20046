"""The staff is told once what needs a human, in time, on both networks; and sees there how it ended."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import GATHERING, KEPT, MOST_AN_HOUR, MOST_CASES_AN_HOUR, AlertKind, Matter
from core.audience import Recipient, RecipientKind
from core.delivery import LEASE, MOST_ATTEMPTS, DeliveryState, Urgency, claimed
from core.errors import Unavailable, Uncertain
from core.identifiers import AlertId, LaneName
from core.ports.engine import Halt, set_halt
from core.settling import again, out
from core.staff_messages import StaffAlert
from delivery.sobriety import freeze
from tests.delivery.post_office import HOUR, MARIE, text, to
from tests.delivery.town_hall import NOON, OTHER, SECOND, TICK, TownHall
from tests.fakes import ACCOUNT

TWO_MINUTES = timedelta(minutes=2)
BOTH = ["-100900", "900"]


# ── in time ──


async def test_a_lost_answer_reaches_the_staff_on_both_networks_within_two_minutes() -> None:
    """The call was made now; its answer is lost, and the network knows no repeated call."""
    hall = TownHall()
    await hall.plan(text())
    hall.platform.fails("send", Uncertain("time-out"))

    await hall.tick()
    await hall.until(NOON + TICK)

    assert hall.arrived() == BOTH


async def test_a_dead_sender_is_told_of_within_two_minutes_of_its_last_call() -> None:
    """The machine died in the call: the lease of 90 s ends, the next tick finds it. Counted from the claim."""
    hall = TownHall()
    (number,) = await hall.plan(text())
    await hall.change(claimed(await hall.get(number), NOON), expected=DeliveryState.PLANNED)

    await hall.until(NOON + LEASE)
    before = hall.arrived()
    await hall.until(NOON + LEASE + 2 * TICK)

    assert (before, hall.arrived()) == ([], BOTH)
    assert NOON + TWO_MINUTES - hall.clock.now() >= 20 * SECOND


async def test_a_network_that_is_looked_at_first_leaves_time_to_tell() -> None:
    """It found nothing that can be told apart, and a human is asked: still within two minutes of the call."""
    hall = TownHall(looks_back=True)
    (number,) = await hall.doubtful()
    await hall.change(
        replace(await hall.get(number), expires_at=NOON + SECOND), expected=DeliveryState.UNCERTAIN
    )  # too late to be sent again: nothing but a human can settle it

    await hall.until(NOON + LEASE + TICK)
    before = hall.arrived()
    await hall.until(NOON + TWO_MINUTES - TICK)

    assert (before, hall.arrived()) == ([], BOTH)


async def test_what_is_found_by_looking_troubles_nobody() -> None:
    """It was not there, and is sent again before anybody was told."""
    hall = TownHall(looks_back=True)
    await hall.doubtful()

    await hall.until(NOON + TWO_MINUTES)

    assert (hall.arrived(), hall.texts("@square")) == ([], ["@square text"])


@pytest.mark.parametrize("down", ["platform", "other"])
async def test_when_one_network_is_down_the_other_tells_in_time(down: str) -> None:
    """Whichever: also the one that lost the answer."""
    hall = TownHall()
    await hall.doubtful()
    lost = hall.platform if down == "platform" else hall.other
    lost.fails("send", Unavailable("no route"), times=99)

    await hall.until(NOON + TWO_MINUTES)

    assert hall.arrived() == [BOTH[1] if down == "platform" else BOTH[0]]


async def test_an_alert_overtakes_what_waits_and_no_sobriety_stops_it() -> None:
    """A broadcast waits for its turn, and a frozen town must learn all the more."""
    hall = TownHall(at_once=1)
    await hall.plan(text(), to("hamlet"), urgency=Urgency.MODERATION)
    await hall.doubtful()
    await hall.memory.write(lambda books: freeze(books, "flood", at=NOON))

    await hall.tick()

    assert [each.receipt.address for each in hall.platform.sent] == ["-100900", "@hamlet"]


# ── once ──


async def test_one_matter_is_told_once() -> None:
    """However often it is looked at, and to whomever it went."""
    hall = TownHall()
    citizens = [await hall.citizen("1"), await hall.citizen("2")]
    await hall.doubtful(to("square"), to("hamlet"), *citizens, occurrence=None)

    await hall.until(NOON + 10 * TICK)

    assert len(hall.arrived()) == 2 * len(await hall.standing()) == 8  # no occurrence: each is a matter of its own


async def test_all_of_one_occurrence_is_one_alert() -> None:
    """Two places are named, two private copies are counted."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    citizens = [await hall.citizen("1"), await hall.citizen("2")]
    numbers = await hall.doubtful(to("square"), to("hamlet"), *citizens, occurrence=occurrence)

    await hall.tick()

    (alert,) = await hall.standing()
    assert alert.matter == Matter(
        kind=AlertKind.DOUBT, about=f"occurrence:{occurrence}", deliveries=tuple(numbers[:2]), private=2
    )
    assert hall.arrived() == BOTH


async def test_what_joins_soon_is_shown_and_what_joins_late_is_told_again() -> None:
    """An edit rings no phone."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    await hall.doubtful(to("square"), occurrence=occurrence)
    await hall.tick()
    await hall.doubtful(to("hamlet"), occurrence=occurrence)
    await hall.tick()
    soon = (hall.arrived(), len(hall.platform.edited))

    hall.clock.advance(GATHERING)
    await hall.doubtful(to("harbour"), occurrence=occurrence)
    await hall.tick()

    assert soon == (BOTH, 1)
    assert sorted(hall.arrived()) == sorted(BOTH * 2)


async def test_an_alert_of_unknown_fate_is_repeated_and_not_alerted_about() -> None:
    """Twice in the staff's channel hurts nobody; a loop would."""
    hall = TownHall()
    await hall.doubtful()
    hall.platform.fails("send", Uncertain("time-out"))

    await hall.until(NOON + 4 * TICK)

    assert [each.state for each in await hall.told()] == [DeliveryState.SENT]
    assert (hall.arrived(), len(await hall.standing())) == (BOTH, 1)


async def test_nobody_asks_for_ever_whether_an_alert_is_out() -> None:
    """After as many tries as anything else it is taken for out."""
    hall = TownHall()
    await hall.doubtful()
    hall.platform.fails("send", Uncertain("time-out"), times=99)

    await hall.until(NOON + (MOST_ATTEMPTS + 2) * TICK)

    assert [each.state for each in await hall.told()] == [DeliveryState.SENT]


async def test_a_flood_of_troubles_is_no_flood_of_alerts() -> None:
    """So many an hour, then one that says where the rest is listed; the next hour goes on."""
    hall = TownHall()
    for _ in range(MOST_AN_HOUR + 3):
        await hall.doubtful()

    await hall.tick()
    first = len(await hall.told())
    flooded = [alert.matter.kind for alert in await hall.standing()].count(AlertKind.FLOOD)
    await hall.tick()
    second = len(await hall.told())
    hall.clock.advance(HOUR + SECOND)
    await hall.tick()

    assert (first, second, flooded) == (MOST_AN_HOUR + 1, MOST_AN_HOUR + 1, 1)
    assert len(await hall.told()) == MOST_AN_HOUR + 4


async def test_many_reported_messages_drown_nothing_else() -> None:
    """Anybody can report: what is published or not must be told all the same. The rest comes within the hour after."""
    hall = TownHall()
    for number in range(MOST_AN_HOUR):
        case = Matter(kind=AlertKind.CASE, about=f"case:{number}", until=NOON + 9 * HOUR)
        await hall.memory.write(lambda books, case=case: books.alerts.open(case, at=NOON))  # type: ignore[misc]  # mypy wants a name
    await hall.doubtful()

    await hall.tick()
    first = [each.matter.kind for each in await hall.standing() if each.told_at]
    hall.clock.advance(HOUR + SECOND)
    await hall.tick()

    assert Counter(first) == {AlertKind.CASE: MOST_CASES_AN_HOUR, AlertKind.DOUBT: 1, AlertKind.FLOOD: 1}
    assert all(each.told_at for each in await hall.standing())


async def test_a_town_that_is_held_tells_nothing() -> None:
    """What was restored may not know what people have read."""
    hall = TownHall()
    await hall.doubtful()
    await hall.hold()

    await hall.tick()

    assert (await hall.standing(), hall.arrived()) == ((), [])


# ── what ──


async def test_what_failed_in_public_is_told_for_a_day() -> None:
    """Also what came too late; a citizen who left is no trouble."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    refused, gone = await hall.plan(text(), to("square"), await hall.citizen("1"), occurrence=occurrence)
    for number in (refused, gone):
        await hall.become(number, DeliveryState.FAILED)
    (late,) = await hall.plan(text(), to("hamlet"), occurrence=occurrence, expires_at=NOON)

    await hall.tick()
    (alert,) = await hall.standing()
    hall.clock.move_to(NOON + 12 * HOUR + KEPT)
    await hall.tick()
    await hall.tick()

    assert alert.matter.kind is AlertKind.FAILURE
    assert alert.matter.deliveries == (refused, late)
    assert await hall.standing() == ()


async def test_an_account_that_stands_still_is_told_by_the_others_until_it_works_again() -> None:
    """It is tried again and again, which looks like working: it is over when it was not refused for a while."""
    hall = TownHall()
    lane = LaneName(f"listen:{OTHER}")

    async def halted(stands: Halt | None) -> None:
        await hall.memory.write(lambda books: set_halt(books, lane, stands))
        await hall.tick()

    await halted(Halt(NOON, "401: the token"))
    hall.clock.advance(60 * SECOND)
    await halted(None)
    hall.clock.advance(60 * SECOND)
    await halted(Halt(NOON, "401: the token"))
    (alert,) = await hall.standing()
    await halted(None)
    hall.clock.advance(timedelta(minutes=5))
    await hall.tick()
    await hall.tick()

    assert (alert.matter.kind, alert.matter.about) == (AlertKind.HALT, "account:discord")
    assert len(await hall.told()) == 1
    assert await hall.standing() == ()


# ── how it ends ──


async def test_a_settled_alert_says_so_on_every_channel() -> None:
    """Who settled it, and when; then nothing more is looked for."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    await hall.tick()
    await hall.memory.write(lambda books: out(books, number, at=NOON + SECOND, by=MARIE.key))

    await hall.tick()
    edits = [len(platform.edited) for platform in hall.platforms.values()]
    await hall.tick()

    assert edits == [len(platform.edited) for platform in hall.platforms.values()] == [1, 1]
    (item,) = hall.said()[-1].items
    assert (hall.said()[-1].over, item.fate, item.by, item.settled_at) == (True, "out", "Marie", NOON + SECOND)
    assert await hall.standing() == ()


async def test_what_settled_itself_names_nobody() -> None:
    """A late answer."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    await hall.tick()
    await hall.change(
        replace(await hall.get(number), state=DeliveryState.SENT, done=1), expected=DeliveryState.UNCERTAIN
    )

    await hall.tick()

    (item,) = hall.said()[-1].items
    assert (item.fate, item.by) == ("out", "")


async def test_a_doubt_that_comes_again_is_a_new_alert() -> None:
    """Sent again, and lost again."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    await hall.tick()
    await hall.memory.write(lambda books: again(books, number, at=NOON, by=MARIE.key))
    hall.platform.fails("send", Uncertain("time-out"))
    await hall.tick()
    await hall.tick()

    assert [each.matter.deliveries for each in await hall.standing()] == [(number,)]
    assert len(await hall.told()) == 2


async def test_what_was_not_said_before_the_end_is_not_said_any_more() -> None:
    """The network was down all the time; what it said in doubt is not asked about either."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    hall.platform.fails("send", Unavailable("no route"))
    hall.other.fails("send", Uncertain("time-out"))
    await hall.tick()
    await hall.memory.write(lambda books: out(books, number, at=NOON, by=MARIE.key))

    await hall.tick()
    await hall.tick()

    assert [each.state for each in await hall.told()] == [DeliveryState.CANCELLED]
    assert [each.state for each in await hall.told(OTHER)] == [DeliveryState.SENT]
    assert (hall.arrived(), await hall.standing()) == ([], ())


async def test_a_copy_that_arrives_late_says_how_things_stand_then() -> None:
    """What goes out is read at the moment of sending."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    first, _ = await hall.doubtful(to("square"), to("hamlet"), occurrence=occurrence)
    hall.other.fails("send", Unavailable("no route"))
    await hall.tick()
    await hall.memory.write(lambda books: out(books, first, at=NOON, by=MARIE.key))

    await hall.until(NOON + 3 * TICK)

    assert hall.arrived() == BOTH
    assert [item.fate for item in hall.said()[-1].items] == ["out", "uncertain"]


async def test_a_matter_raised_with_an_end_ends_then() -> None:
    """A step that was missed: nobody can change it."""
    hall = TownHall()
    missed = Matter(kind=AlertKind.MISSED, about="occurrence:9", until=NOON + HOUR)
    await hall.memory.write(lambda books: books.alerts.open(missed, at=NOON))

    await hall.tick()
    told = hall.arrived()
    hall.clock.advance(HOUR)
    await hall.tick()

    assert told == BOTH
    assert all(alert.over_at for alert in await hall.standing())


async def test_a_town_without_channels_for_its_staff_has_its_alerts_all_the_same() -> None:
    """They are listed by a command."""
    hall = TownHall(rooms=())
    (number,) = await hall.doubtful()
    await hall.tick()
    standing = await hall.standing()
    await hall.memory.write(lambda books: out(books, number, at=NOON, by=MARIE.key))
    await hall.tick()

    assert (len(standing), await hall.standing(), hall.arrived()) == (1, (), [])


async def test_an_alert_that_is_forgotten_is_not_sent() -> None:
    """Its number alone says nothing."""
    hall = TownHall()
    (number,) = await hall.plan(StaffAlert(alert=AlertId(99)), Recipient(RecipientKind.STAFF, "telegram:99"))
    await hall.work()

    assert (await hall.get(number)).state is DeliveryState.FAILED


async def test_a_network_that_is_away_is_told_once() -> None:
    """After a few tries, while it is waited for: somebody may know another way to the citizens."""
    hall = TownHall()
    await hall.plan(text())
    hall.platform.fails("send", Unavailable("no route"), times=99)

    await hall.until(NOON + 10 * TWO_MINUTES)

    (alert,) = await hall.standing()
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.HALT, f"account:{ACCOUNT}")
    assert hall.arrived() == [BOTH[1]]
