"""Who may decide an appeal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appeal import TIME_TO_DECIDE, TIME_TO_GO_ON, is_another_there, keeps_case, may_decide
from core.audit import Deed
from core.identifiers import MemberKey
from core.staff import CITIZEN, CONSOLE, SERVICE, Act, Approval, Staff
from tests.core.examples import NOON
from tests.core.test_staff import ANNE, BASILE, CHLOE, staff

APPEALED = Deed(who=CITIZEN, at=NOON, act=Act.APPEAL, about="case:1")
NOTED = Deed(who=CHLOE, at=NOON, act=Act.NOTE_CASE, about="case:1")
REFUSED = Deed(who=CHLOE, at=NOON, act=Act.REFUSE_APPEAL, about="case:1")


@pytest.mark.parametrize(
    ("deeds", "after", "expected"),
    [
        ((NOTED,), TIME_TO_DECIDE, False),
        ((NOTED, APPEALED), 99 * TIME_TO_GO_ON, True),
        ((NOTED, REFUSED, APPEALED), TIME_TO_DECIDE, True),
        ((REFUSED, APPEALED), TIME_TO_GO_ON, False),
    ],
    ids=["nobody appealed", "it waits", "its author may go to court", "they did not"],
)
def test_a_case_is_kept_for_an_appeal(deeds: tuple[Deed, ...], after: timedelta, *, expected: bool) -> None:
    """While it waits, and as long as its author may take the verdict elsewhere."""
    assert keeps_case(deeds, NOON + after) is expected


@pytest.mark.parametrize(
    ("town", "who", "expected"),
    [
        (staff(), CHLOE, True),
        (staff(), ANNE, False),
        (staff(Approval.SOLO), ANNE, True),
        (staff(), MemberKey("gone"), False),
        (staff(), CONSOLE, False),
        (Staff(), CONSOLE, True),
    ],
    ids=["another", "who decided", "one does everything", "who has left", "nobody at a machine", "nobody is named"],
)
def test_another_person_decides(town: Staff, who: MemberKey, *, expected: bool) -> None:
    """With the right, and without a part in what was decided."""
    assert may_decide(town, who, (ANNE, CONSOLE)) is expected


@pytest.mark.parametrize(
    ("deciders", "judges"),
    [
        ((SERVICE,), {ANNE, BASILE, CHLOE}),
        ((ANNE, CHLOE), {BASILE}),
        ((SERVICE, CHLOE, ANNE, BASILE), {ANNE, BASILE}),
        ((MemberKey("gone"), CHLOE, ANNE, BASILE), {ANNE, BASILE, CHLOE}),
    ],
    ids=["the rules alone", "somebody had no part", "everybody had a part", "who decided first has left"],
)
def test_where_everybody_had_a_part_whoever_did_not_decide_first_decides(
    deciders: tuple[MemberKey, ...], judges: set[MemberKey]
) -> None:
    """In a small town an appeal against a decision of two would be judged by nobody."""
    assert {each for each in (ANNE, BASILE, CHLOE) if may_decide(staff(), each, deciders)} == judges
    assert is_another_there(staff(), deciders) is (len(judges - set(deciders)) > 0)


def test_whoever_alone_has_the_right_judges_nothing_that_they_decided() -> None:
    """Unless the town says that one person does everything: the author is told in time that nobody answers."""
    alone = replace(staff(), members=staff().members[:1])

    assert not may_decide(alone, ANNE, (ANNE,))
    assert may_decide(replace(alone, approval=Approval.SOLO), ANNE, (ANNE,))
    assert not any(is_another_there(town, (ANNE,)) for town in (alone, Staff(), staff(Approval.SOLO)))
