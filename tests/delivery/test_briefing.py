"""What an alert says of how things stand: places and numbers, titles and questions, nobody's datum."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import AlertKind, Matter, of_delivery
from core.attention import seen_to
from core.audience import Recipient, RecipientKind
from core.casefile import add
from core.delivery import DeliveryState
from core.identifiers import Address, AlertId, MemberKey, MessageId
from core.messages import AnnouncementPublished, Delivered, FollowUp, PollReminder
from core.moderation import Case, CaseState
from core.ports.store import Books
from core.settling import out
from core.staff import SERVICE, Act
from core.staff_messages import StaffAlert
from tests.core.examples import announcement, poll, words
from tests.delivery.post_office import HOUR, MARIE, board, notice, text, to
from tests.delivery.town_hall import NOON, TownHall
from tests.fakes import ACCOUNT


async def _told(hall: TownHall, matter: Matter) -> StaffAlert:
    alert = await hall.memory.write(lambda books: books.alerts.open(matter, at=NOON))
    said = await hall.memory.read(lambda books: hall.briefing.message(books, alert.id))
    assert said is not None
    return said


async def _about(hall: TownHall, message: Delivered, recipient: Recipient) -> StaffAlert:
    (number,) = await hall.doubtful(recipient, message=message)
    return await _told(hall, Matter(kind=AlertKind.DOUBT, about=of_delivery(number), deliveries=(number,)))


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        (AnnouncementPublished(announcement=announcement()), announcement().title),
        (FollowUp(poll=poll(), announcement=announcement()), announcement().title),
        (PollReminder(poll=poll(), zone="UTC", voters=1), poll().question),
        (text(), poll().question),
        (board(), poll().question),
        (notice(), None),
    ],
    ids=["announcement", "follow-up", "reminder", "thanks", "poll", "notice"],
)
async def test_the_post_is_quoted_by_its_title_or_question(message: Delivered, subject: object) -> None:
    """A notice about somebody's message is never quoted."""
    assert (await _about(TownHall(), message, to("square"))).subject == subject


async def test_a_channel_is_named_and_a_group_is_not() -> None:
    """The address of a group says nothing to anybody."""
    hall = TownHall()

    square = await _about(hall, text(), to("square"))
    group = await _about(hall, text(), Recipient(RecipientKind.CHAT, "-100300"))

    assert [(item.place, item.account, item.fate, item.note) for item in square.items] == [
        ("square", ACCOUNT, "uncertain", "Uncertain: time-out")
    ]
    assert group.items[0].place == ""


async def test_a_step_is_named_with_its_campaign_and_its_instant() -> None:
    """As officers know it."""
    hall = TownHall()
    occurrence = await hall.occurrence()

    said = await _told(hall, Matter(kind=AlertKind.MISSED, about=f"occurrence:{occurrence}"))

    assert (said.campaign, said.step, said.since) == (words("The footbridge"), "open_poll-route", NOON)


async def test_an_account_is_named_with_what_is_known() -> None:
    """And since when."""
    halt = Matter(kind=AlertKind.HALT, about="account:discord", detail=words("refused"))

    said = await _told(TownHall(), halt)

    assert (said.account, said.detail, said.since, said.campaign) == ("discord", words("refused"), NOON, None)


async def test_who_is_not_named_any_more_is_called_by_their_key() -> None:
    """The log is older than the configuration."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    matter = Matter(kind=AlertKind.DOUBT, about=of_delivery(number), deliveries=(number,))
    await hall.memory.write(lambda books: out(books, number, at=NOON, by=MemberKey("gone")))

    said = await _told(hall, matter)

    assert (said.items[0].fate, said.items[0].by) == ("out", "gone")


async def test_who_settled_it_another_time_did_not_settle_this() -> None:
    """The log tells of a doubt of yesterday."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    yesterday = NOON - timedelta(days=1)
    await hall.memory.write(lambda books: out(books, number, at=yesterday, by=MARIE.key))

    said = await _told(hall, Matter(kind=AlertKind.DOUBT, about=of_delivery(number), deliveries=(number,)))

    assert (said.items[0].fate, said.items[0].by) == ("out", "")


async def test_what_is_forgotten_says_nothing() -> None:
    """Neither an alert nor a delivery of one."""
    hall = TownHall()
    (number,) = await hall.doubtful()
    gone = replace(await hall.get(number), state=DeliveryState.SENT)

    said = await _told(hall, Matter(kind=AlertKind.DOUBT, about="delivery:99", deliveries=(gone.id, type(number)(99))))

    assert len(said.items) == 1
    assert await hall.memory.read(lambda books: hall.briefing.message(books, AlertId(99))) is None


async def test_what_is_not_approved_and_does_not_run_yet_is_told_with_its_first_date() -> None:
    """That is what hurries."""
    waits = Matter(kind=AlertKind.UNAPPROVED, about="campaign:fete", detail=words("The fete"), until=NOON + HOUR)

    said = await _told(TownHall(), waits)

    assert (said.since, said.detail) == (NOON + HOUR, words("The fete"))


# ── cases ──


def _opened(article: str, books: Books) -> Case:
    return books.cases.open(
        article=article,
        charter="2027-1",
        account=ACCOUNT,
        chat=Address("-100300"),
        message=MessageId("70"),
        author=b"a",
        sealed=b"s",
        state=CaseState.REPORTED,
        at=NOON,
    )


@pytest.mark.parametrize(
    ("kind", "article", "choices"),
    [
        (AlertKind.CASE, "2", ("keep", "del", "take")),
        (AlertKind.CASE, "-", ("keep", "take")),
        (AlertKind.APPEAL, "2", ("accept", "take")),
        (AlertKind.PROPOSAL, "2", ("second", "unban", "take")),
    ],
)
async def test_a_case_is_decided_by_what_can_be_chosen(kind: AlertKind, article: str, choices: tuple[str, ...]) -> None:
    """What goes against no article yet is not taken out by a button."""
    hall = TownHall()
    case = await hall.memory.write(lambda books: _opened(article, books))

    said = await _told(hall, Matter(kind=kind, about=f"case:{case.number}"))

    assert (said.case, said.choose, said.assigned, said.by) == (case.number, choices, "", "")


@pytest.mark.parametrize(("proposed", "command"), [(Act.PROPOSE_BAN, "unban"), (Act.PROPOSE_SUSPENSION, "unsuspend")])
async def test_what_was_proposed_last_is_turned_down_by_its_own_command(proposed: Act, command: str) -> None:
    """A button that is refused helps nobody."""
    hall = TownHall()
    case = await hall.memory.write(lambda books: _opened("2", books))
    await hall.memory.write(lambda books: add(books, case.number, Act.PROPOSE_BAN, by=MARIE.key, at=NOON))
    await hall.memory.write(lambda books: add(books, case.number, proposed, by=MARIE.key, at=NOON + HOUR))

    said = await _told(hall, Matter(kind=AlertKind.PROPOSAL, about=f"case:{case.number}"))

    assert said.choose == ("second", command, "take")


async def test_who_looks_after_a_case_and_who_decided_it_is_said() -> None:
    """Everybody reads who answered; then there is nothing to choose."""
    hall = TownHall()
    case = await hall.memory.write(lambda books: _opened("2", books))
    await _told(hall, Matter(kind=AlertKind.CASE, about=f"case:{case.number}"))

    def decide(books: Books) -> None:
        books.cases.assign(case.number, MARIE.key)
        add(books, case.number, Act.SETTLE_CASE, by=SERVICE, at=NOON + HOUR)
        add(books, case.number, Act.KEEP_MESSAGE, by=MARIE.key, at=NOON + HOUR)
        seen_to(books, case.number, AlertKind.CASE, at=NOON + HOUR)

    await hall.memory.write(decide)
    said = await hall.memory.read(lambda books: hall.briefing.message(books, AlertId(1)))

    assert said is not None
    assert (said.over, said.choose, said.settled_at) == (True, (), NOON + HOUR)
    assert said.by == said.assigned != ""


async def test_requests_to_join_are_decided_by_what_can_be_chosen() -> None:
    """For the whole channel, by its name."""
    said = await _told(TownHall(), Matter(kind=AlertKind.REQUESTS, about="channel:place"))
    left = await _told(TownHall(), Matter(kind=AlertKind.UNANSWERED, about="channel:place"))

    assert (said.channel, said.choose, said.case) == ("place", ("admit", "decline"), None)
    assert (left.channel, left.choose) == ("", ())


async def test_of_a_case_that_is_forgotten_nothing_is_chosen() -> None:
    """The alert outlives it by days."""
    said = await _told(TownHall(), Matter(kind=AlertKind.CASE, about="case:9"))

    assert (said.case, said.choose) == (None, ())
