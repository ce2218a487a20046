"""An officer approves in chat what others cannot even see there."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core.campaign import After, At, Campaign, StepKind
from core.citizen import Person
from core.identifiers import AnnouncementId
from core.messages import UnknownCommand
from core.recurrence import Chosen, Recurrence, Unit
from core.review import Review, ReviewState
from core.review_messages import ReviewApproved, ReviewRefused, ReviewRejected, ReviewShown, ReviewsShown
from core.staff import Act, Approval, Member, Role, Staff
from tests.bots.town import ALIX, BLAISE, WENDY, Stage, public, types
from tests.core.examples import BRIDGE, NEWS, campaign, step
from tests.core.test_staff import ANNE, BASILE, CHLOE
from tests.fakes import ACCOUNT, NOON

OFFICER = replace(ALIX, number="711")
MODERATOR = replace(BLAISE, number="722")
AUTHOR = replace(WENDY, number="733")


def staffed(approval: Approval = Approval.FOUR_EYES) -> Stage:
    """Alix and Wendy may approve, Blaise may not."""
    return Stage(
        staff=Staff(
            approval=approval,
            members=(
                Member(key=ANNE, name="Wendy Hill", role=Role.OFFICER, accounts={ACCOUNT: "733"}),
                Member(key=BASILE, name="Alix Martin", role=Role.ADMINISTRATOR, accounts={ACCOUNT: "711"}),
                Member(key=CHLOE, name="Blaise Roux", role=Role.MODERATOR, accounts={ACCOUNT: "722"}),
            ),
        )
    )


async def submitted(stage: Stage, plan: Campaign | None = None, blocking: int = 0) -> Review:
    """Wendy submitted this."""
    whole = plan or campaign(step(StepKind.ANNOUNCE, After(days=2), NEWS))
    return await stage.look(lambda books: books.reviews.submit(whole, by=ANNE, at=NOON, blocking=blocking))


async def state(stage: Stage, review: Review) -> Review:
    """What became of it."""
    found = await stage.look(lambda books: books.reviews.get(review.id))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "person",
    [ALIX, MODERATOR, replace(ALIX, account="9", number="9", name="Alix Martin"), replace(ALIX, number="")],
    ids=["no number", "a moderator", "a namesake", "the account alone"],
)
async def test_to_everybody_else_the_command_does_not_exist(person: Person) -> None:
    """Nobody learns that there is something to approve."""
    stage = staffed()
    review = await submitted(stage)

    answers = [await stage.says(types(person, f"/approve {word}")) for word in ("", review.code, f"{review.code} yes")]

    assert answers == [UnknownCommand()] * 3
    assert (await state(stage, review)).state is ReviewState.REVIEW


async def test_nothing_is_shown_where_others_read() -> None:
    """In a group nobody answers."""
    stage = staffed()
    await submitted(stage)

    assert await stage.says(types(OFFICER, "/approve", where=public())) is None


async def test_an_officer_sees_what_waits() -> None:
    """With the code of each, and who submitted it by the name that colleagues know."""
    stage = staffed()
    empty = await stage.says(types(OFFICER, "/approuver"))
    review = await submitted(stage)

    shown = await stage.says(types(OFFICER, "/approve"))

    assert empty == ReviewsShown(waiting=())
    assert isinstance(shown, ReviewsShown)
    assert [(each.code, each.by) for each in shown.waiting] == [(review.code, "Wendy Hill")]


async def test_an_officer_reads_all_that_would_go_out() -> None:
    """Each text in both languages, and when."""
    stage = staffed()
    local = NOON.astimezone(campaign().zone).replace(tzinfo=None)
    plan = campaign(
        step(StepKind.ANNOUNCE, At(local), NEWS),
        step(StepKind.OPEN_POLL, After(timedelta(hours=1)), BRIDGE),
        step(StepKind.CLOSE_POLL, After(days=1), BRIDGE),
    )
    review = await submitted(stage, plan)

    shown = await stage.says(types(OFFICER, f"/approve {review.code}"))

    assert isinstance(shown, ReviewShown)
    said = plan.announcement(NEWS)
    asked = plan.question(BRIDGE)
    assert [each.texts for each in shown.steps] == [(said.title, said.body), (asked.question, *asked.options), ()]
    assert [(each.at, each.minutes, each.days) for each in shown.steps] == [(NOON, 0, 0), (None, 60, 0), (None, 0, 1)]
    assert (shown.by, shown.channels, shown.blocking) == ("Wendy Hill", ("square",), 0)


async def test_what_comes_again_is_shown_with_its_end() -> None:
    """The dates themselves are read at a terminal."""
    stage = staffed()
    rule = Recurrence(unit=Unit.WEEK, on=(Chosen(weekday=1),), time=time(18), until=date(2027, 6, 1))
    review = await submitted(stage, campaign(step(StepKind.ANNOUNCE, rule, AnnouncementId(NEWS))))

    shown = await stage.says(types(OFFICER, f"/approve {review.code}"))

    assert isinstance(shown, ReviewShown)
    assert shown.steps[0].until == rule.until


async def test_an_officer_approves_exactly_what_was_read() -> None:
    """The log says who, and what content."""
    stage = staffed()
    review = await submitted(stage)

    answer = await stage.says(types(OFFICER, f"/approve {review.code} oui"))

    after = await state(stage, review)
    assert answer == ReviewApproved(title=review.campaign.title, minutes=0)
    assert (after.state, after.decided_by) == (ReviewState.APPROVED, BASILE)
    (entry,) = await stage.look(lambda books: books.audit.last(limit=9))
    assert (entry.deed.who, entry.deed.act, entry.deed.content) == (BASILE, Act.APPROVE, review.content)


async def test_who_is_alone_is_told_to_wait() -> None:
    """And the log says that nobody else saw it."""
    stage = staffed(Approval.SOLO)
    review = await submitted(stage)

    answer = await stage.says(types(AUTHOR, f"/approve {review.code} yes"))

    assert answer == ReviewApproved(title=review.campaign.title, minutes=10)
    (entry,) = await stage.look(lambda books: books.audit.last(limit=9))
    assert entry.deed.act is Act.APPROVE_ALONE


@pytest.mark.parametrize(
    ("person", "code", "blocking", "reason"),
    [
        (AUTHOR, "", 0, "one_s_own"),
        (OFFICER, "", 2, "blocked"),
        (OFFICER, "99-c0ffee", 0, "unknown"),
        (OFFICER, "la halle", 0, "unknown"),
        (OFFICER, "1-000000", 0, "unknown"),
    ],
    ids=["one's own", "blocked", "another number", "words", "another content"],
)
async def test_nothing_else_is_approved(person: Person, code: str, blocking: int, reason: str) -> None:
    """With the reason, and nothing in the log."""
    stage = staffed()
    review = await submitted(stage, blocking=blocking)

    answer = await stage.says(types(person, f"/approve {code or review.code} yes"))

    assert answer == ReviewRefused(reason=reason)
    assert (await state(stage, review)).state is ReviewState.REVIEW
    assert await stage.look(lambda books: books.audit.last(limit=9)) == ()


async def test_an_officer_sends_it_back_and_says_why() -> None:
    """Whoever submitted it reads the reason; the log says who decided, and about what content."""
    stage = staffed()
    review = await submitted(stage)

    answer = await stage.says(types(OFFICER, f"/rejeter {review.code} The market is on Saturday"))

    after = await state(stage, review)
    assert answer == ReviewRejected(title=review.campaign.title)
    assert (after.state, after.decided_by, after.why) == (ReviewState.REJECTED, BASILE, "The market is on Saturday")
    (entry,) = await stage.look(lambda books: books.audit.last(limit=9))
    assert (entry.deed.who, entry.deed.act, entry.deed.content) == (BASILE, Act.REJECT, review.content)


async def test_nothing_is_sent_back_without_a_reason_or_twice() -> None:
    """Without any word, the command shows what waits."""
    stage = staffed()
    review = await submitted(stage)

    answers = [
        await stage.says(types(OFFICER, f"/reject {words}"))
        for words in ("", review.code, "9-c0ffee no", f"{review.code} no", f"{review.code} no")
    ]

    assert isinstance(answers[0], ReviewsShown)
    assert [each.reason for each in answers if isinstance(each, ReviewRefused)] == ["no_reason", "unknown", "settled"]
    assert len(await stage.look(lambda books: books.audit.last(limit=9))) == 1


async def test_who_submitted_and_left_is_still_named_by_their_key() -> None:
    """A colleague leaves; what they wrote stays readable."""
    stage = staffed()
    await submitted(stage)
    stage.staff = replace(stage.staff, members=stage.staff.members[1:])

    shown = await stage.says(types(OFFICER, "/approve"))

    assert isinstance(shown, ReviewsShown)
    assert shown.waiting[0].by == ANNE
