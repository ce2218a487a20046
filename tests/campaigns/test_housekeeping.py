"""What must be forgotten is forgotten, in time and not before."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.housekeeping import Housekeeping, pictures_needed
from core.announcement import Image
from core.audience import Recipient, RecipientKind
from core.audit import Deed, of_case
from core.case_messages import RemovalNotice
from core.delivery import DeliveryState, Urgency, completed
from core.errors import StorageError
from core.identifiers import AccountName, Address, CaseNumber, IntakeId, Locale, MessageId, PollId
from core.moderation import CaseState, Joined
from core.poll import PollState
from core.ports.books.bonds import Offer
from core.ports.books.inbox import Intake
from core.ports.platform import Cursor, Update
from core.ports.store import Books
from core.ports.vault import Vault
from core.privacy import CASES_KEPT, HOLDINGS, KEY_KEPT_AFTER_CLOSE, Holding
from core.sanction import SanctionKind, SanctionState
from core.staff import CITIZEN, Act
from storage.vault import MemoryVault
from tests.campaigns.stage import HOUR, Stage
from tests.contracts.test_store_requests import ALIX as ASKED
from tests.core.examples import BRIDGE, poll, words
from tests.core.test_sanction import sanction
from tests.fakes import ACCOUNT, NOON

LATER = PollId("bridge_colour")
NOTICE = RemovalNotice(
    case=CaseNumber(1), article="2", charter="1", rule=words("Respect"), account=ACCOUNT, chat=Address("@square")
)
REPLIES_KEPT = next(holding.kept for holding in HOLDINGS if holding.table == "replies") or timedelta()


def _housekeeping(stage: Stage) -> Housekeeping:
    return Housekeeping(store=stage.store, vault=stage.vault, clock=stage.clock, accounts=[ACCOUNT])


async def _closed() -> Stage:
    """A town whose poll closed at four in the afternoon."""
    stage = await Stage().started()
    for hour in range(1, 5):
        await stage.at(hour)
    return stage


@pytest.mark.parametrize(("after", "kept"), [(timedelta(), True), (timedelta(seconds=1), False)])
async def test_the_key_of_a_poll_is_destroyed_when_the_contest_delay_is_over(after: timedelta, *, kept: bool) -> None:
    """From then on nothing links a ballot to an account."""
    stage = await _closed()
    stage.clock.move_to(NOON + 4 * HOUR + KEY_KEPT_AFTER_CLOSE + after)

    await _housekeeping(stage).look()

    assert stage.vault.has_poll_key(BRIDGE) is kept


async def _add_reply(stage: Stage) -> None:
    chat, message = Address("@square"), MessageId("5")
    await stage.store.write(
        lambda books: books.replies.add(
            about=None, account=ACCOUNT, chat=chat, message=message, author=b"a", text="Merci", at=NOON
        )
    )


@pytest.mark.parametrize(("after", "kept"), [(timedelta(), 1), (timedelta(seconds=1), 0)])
async def test_replies_are_forgotten_when_their_time_is_up(after: timedelta, kept: int) -> None:
    """As the privacy notice says, to the day."""
    stage = Stage()
    await _add_reply(stage)
    stage.clock.move_to(NOON + REPLIES_KEPT + after)

    await _housekeeping(stage).look()

    assert len(await stage.read(lambda books: books.replies.all())) == kept


async def test_private_deliveries_are_forgotten_and_public_ones_kept() -> None:
    """What stands in a channel is no secret; who was written to is."""
    stage = await Stage(subscribers=True).started()
    await stage.citizen("asked", subscribed=True)
    await stage.at(1)
    await stage.store.write(_send_all)
    stage.clock.advance(timedelta(days=60))

    await _housekeeping(stage).look()

    assert [delivery.recipient.name for delivery in await stage.planned()] == ["square"]


class _Stuck(MemoryVault):
    """A vault with one key that the disk does not let go."""

    def destroy_poll_key(self, poll: PollId) -> None:
        """Fail for this one."""
        if poll == BRIDGE:
            raise StorageError("read-only file system")
        super().destroy_poll_key(poll)


async def test_a_key_that_cannot_be_destroyed_stops_no_other_forgetting() -> None:
    """It is told, and tried again; everything else has its time all the same."""
    stage = await _closed()
    stage.vault = _Stuck(polls={BRIDGE: b"k" * 32, LATER: b"l" * 32})
    await stage.store.write(_close_another)
    await _add_reply(stage)
    stage.clock.move_to(NOON + REPLIES_KEPT + HOUR)

    with pytest.raises(StorageError, match="read-only"):
        await _housekeeping(stage).look()

    assert not stage.vault.has_poll_key(LATER)
    assert await stage.read(lambda books: books.replies.all()) == ()


async def test_what_an_account_left_behind_is_sealed_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """It holds names in clear, and nobody will ever deal with it."""
    stage = Stage()
    await _leave_behind(stage)
    await stage.receives()

    await _housekeeping(stage).look()

    (aside,) = await stage.read(lambda books: books.inbox.aside(limit=9))
    (told,) = [record.__dict__ for record in caplog.records if record.message == "updates_left_behind"]
    assert (stage.vault.unseal(aside.sealed), aside.account) == ("caf\\xe9", "old")
    assert (told["accounts"], told["updates"]) == (["old"], 1)
    assert len(await stage.read(lambda books: books.inbox.pending(ACCOUNT, limit=9))) == 1


async def _leave_behind(stage: Stage) -> None:
    update, old = Update(1, b"caf\xe9"), AccountName("old")
    await stage.store.write(lambda books: books.inbox.take_in(old, [update], cursor=Cursor(2), at=NOON))


async def _quarantine(stage: Stage) -> None:
    intake = Intake(id=IntakeId(1), account=ACCOUNT, number=1, body=b"{}", at=NOON)
    await stage.store.write(lambda books: books.inbox.quarantine(intake, sealed=b"sealed", reason="unreadable"))


async def _open_case(stage: Stage) -> None:
    await stage.store.write(
        lambda books: books.cases.open(
            article="2",
            charter="1",
            account=ACCOUNT,
            chat=Address("@square"),
            message=MessageId("5"),
            author=b"a",
            sealed=b"sealed",
            state=CaseState.REMOVED,
            at=NOON,
        )
    )


async def _keep_words(stage: Stage) -> None:
    await _open_case(stage)
    await stage.store.write(lambda books: books.cases.keep(books.cases.all()[0].number, 1, b"sealed"))


async def _warn(stage: Stage) -> None:
    warning = replace(sanction(SanctionKind.WARNING, state=SanctionState.ENDED), ended_at=NOON)
    await stage.store.write(lambda books: books.sanctions.add(warning))


async def _write_to_somebody(stage: Stage) -> None:
    person = Recipient(RecipientKind.PERSON, "fr:1")
    await stage.store.write(
        lambda books: books.deliveries.plan(
            occurrence=None,
            message=NOTICE,
            recipients=[(ACCOUNT, person)],
            urgency=Urgency.NOTICE,
            due_at=NOON,
            expires_at=NOON,
        )
    )
    await stage.store.write(_send_all)


async def _close_a_poll(stage: Stage) -> None:
    stage.vault.create_poll_key(LATER)
    await stage.store.write(_close_another)


def _close_another(books: Books) -> None:
    books.polls.add(replace(poll(), id=LATER, state=PollState.PLANNED))
    books.polls.open(LATER)
    books.polls.close(LATER, at=NOON)


async def _offer_a_code(stage: Stage) -> None:
    offer = Offer(owner=b"a", sealed=b"sealed", until=NOON + timedelta(minutes=10))
    await stage.store.write(lambda books: books.bonds.offer(b"code", offer))


async def _try_a_code(stage: Stage) -> None:
    until = NOON + timedelta(minutes=10)
    await stage.store.write(lambda books: books.bonds.tried(b"a", at=NOON, until=until))


def _codes(books: Books) -> int:
    """Whether a code waits; it still does afterwards."""
    offer = books.bonds.take(b"code")
    if offer is not None:
        books.bonds.offer(b"code", offer)
    return int(offer is not None)


async def _say(stage: Stage) -> None:
    chat, message = Address("@square"), MessageId("5")
    await stage.store.write(
        lambda books: books.journal.add(
            account=ACCOUNT, chat=chat, message=message, author=b"a", sealed=b"sealed", at=NOON
        )
    )


async def _join(stage: Stage) -> None:
    await _open_case(stage)
    more = Joined(
        case=CaseNumber(1),
        account=ACCOUNT,
        chat=Address("@square"),
        message=MessageId("6"),
        entry=1,
        state=CaseState.REMOVED,
    )
    await stage.store.write(lambda books: books.cases.join(more))


async def _report(stage: Stage) -> None:
    await _open_case(stage)
    await stage.store.write(
        lambda books: books.reports.add(
            case=CaseNumber(1), account=ACCOUNT, reporter=b"a", sealed=b"sealed", locale=Locale.FR, at=NOON
        )
    )


async def _arrive(stage: Stage) -> None:
    await stage.store.write(lambda books: books.arrivals.note(ACCOUNT, Address("@square"), b"a", at=NOON))


def _left(books: Books, vault: Vault) -> dict[str, int]:
    """How much there is, by the purposes of the map."""
    return {
        "open_ballots": int(vault.has_poll_key(LATER)),
        "link_codes": _codes(books),
        "link_tries": books.bonds.tries(b"a", at=NOON),
        "replies": len(books.replies.all()),
        "cases": len(books.cases.all()),
        "case_words": len(books.cases.words(CaseNumber(1))),
        "joined": len(books.cases.joined(CaseNumber(1))),
        "reports": len(books.reports.of(b"a")),
        "arrivals": books.arrivals.of(b"a"),
        "join_requests": len(books.requests.all()),
        "sanctions": len(books.sanctions.all()),
        "journal": books.journal.count(since=NOON),
        "inbox": len(books.inbox.left_behind([ACCOUNT], limit=9)),
        "quarantine": books.inbox.quarantined(),
        "private_deliveries": len(books.deliveries.all()),
    }


BEGUN: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "open_ballots": _close_a_poll,
    "link_codes": _offer_a_code,
    "link_tries": _try_a_code,
    "replies": _add_reply,
    "cases": _open_case,
    "case_words": _keep_words,
    "joined": _join,
    "reports": _report,
    "arrivals": _arrive,
    "join_requests": lambda stage: stage.store.write(lambda books: books.requests.save(ASKED)),
    "sanctions": _warn,
    "journal": _say,
    "inbox": _leave_behind,
    "quarantine": _quarantine,
    "private_deliveries": _write_to_somebody,
}


@pytest.mark.parametrize("holding", [each for each in HOLDINGS if each.kept], ids=lambda holding: holding.purpose)
async def test_every_time_that_the_map_promises_is_kept(holding: Holding) -> None:
    """A promise that nobody carries out is a lie: a new line of the map needs its forgetting."""
    stage = Stage()
    await BEGUN[holding.purpose](stage)
    before = await stage.read(lambda books: _left(books, stage.vault)[holding.purpose])
    stage.clock.move_to(NOON + (holding.kept or timedelta()) + timedelta(seconds=1))

    await _housekeeping(stage).look()

    after = await stage.read(lambda books: _left(books, stage.vault)[holding.purpose])
    assert (before, after) == (1, 0)


@pytest.mark.parametrize("state", [SanctionState.STANDING, SanctionState.ENDED])
async def test_a_case_is_kept_while_a_measure_that_follows_from_it_stands(state: SanctionState) -> None:
    """Whoever is banned for a year can ask why for a year."""
    stage = Stage()
    await _open_case(stage)
    ban = replace(sanction(SanctionKind.BAN, state=state), subject=b"a", case=CaseNumber(1), until=None)
    await stage.store.write(lambda books: books.sanctions.add(replace(ban, ended_at=NOON)))
    await stage.store.write(lambda books: books.sanctions.add(replace(ban, case=CaseNumber(2))))
    stage.clock.move_to(NOON + CASES_KEPT + timedelta(days=9))

    await _housekeeping(stage).look()

    kept = await stage.read(lambda books: books.cases.all())
    assert len(kept) == (1 if state is SanctionState.STANDING else 0)


async def test_a_case_is_kept_while_an_appeal_waits() -> None:
    """Its verdict would have no case."""
    stage = Stage()
    await _open_case(stage)
    appeal = Deed(who=CITIZEN, at=NOON, act=Act.APPEAL, about=of_case(CaseNumber(1)))
    await stage.store.write(lambda books: books.audit.record(appeal))
    stage.clock.move_to(NOON + CASES_KEPT + timedelta(days=9))

    await _housekeeping(stage).look()

    assert len(await stage.read(lambda books: books.cases.all())) == 1


async def test_housekeeping_is_idle_when_it_is_done() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    housekeeping = _housekeeping(Stage())

    await housekeeping.look()

    assert not housekeeping.busy


def _send_all(books: Books) -> None:
    for delivery in books.deliveries.all():
        books.deliveries.save(completed(delivery), expected=DeliveryState.PLANNED)


PICTURE = Image(path=Path("bridge.png"), alt=words("The footbridge"))


async def _illustrated(*, until: int) -> Stage:
    """A campaign with a picture, as it stands so many hours after its start."""
    stage = Stage()
    shown = tuple(replace(said, images=(PICTURE,)) for said in stage.campaign.announcements)
    stage.campaign = replace(stage.campaign, announcements=shown)
    await stage.started()
    for hour in range(1, until + 1):
        await stage.at(hour)
    return stage


async def _settled(stage: Stage, last: DeliveryState) -> None:
    """All deliveries are out, but the last one, which stands so."""
    deliveries = await stage.planned()

    def work(books: Books) -> None:
        for each in deliveries:
            state = last if each is deliveries[-1] else DeliveryState.SENT
            books.deliveries.save(replace(each, state=state), expected=DeliveryState.PLANNED)

    await stage.store.write(work)


async def test_a_picture_is_needed_as_long_as_its_campaign_has_a_step_to_do() -> None:
    """Which of them shows it need not be known."""
    stage = await _illustrated(until=3)
    await _settled(stage, DeliveryState.SENT)

    assert await stage.read(pictures_needed) == {"bridge.png"}


@pytest.mark.parametrize("state", DeliveryState)
async def test_a_picture_is_needed_as_long_as_a_delivery_may_go_out(state: DeliveryState) -> None:
    """A failed one and one in doubt may be sent again by a human, whenever that is."""
    stage = await _illustrated(until=6)
    await _settled(stage, state)

    over = state in {DeliveryState.SENT, DeliveryState.EXPIRED, DeliveryState.CANCELLED, DeliveryState.RETRACTED}
    assert await stage.read(pictures_needed) == (set() if over else {"bridge.png"})


async def test_a_campaign_without_pictures_needs_none() -> None:
    """Most of them."""
    assert await (await _closed()).read(pictures_needed) == frozenset()
