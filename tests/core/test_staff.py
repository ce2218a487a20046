"""Who may do what, who approves what, and what proves a person."""

import pytest

from core.identifiers import AccountName, MemberKey
from core.staff import (
    CONSOLE,
    RIGHTS,
    SERVICE,
    Act,
    Approval,
    Member,
    Role,
    Staff,
    bearer,
    digest_of,
    is_proven,
    new_token,
)

ANNE, BASILE, CHLOE = MemberKey("amartin"), MemberKey("bpetit"), MemberKey("clopez")
TELEGRAM = AccountName("telegram")


def staff(approval: Approval = Approval.FOUR_EYES) -> Staff:
    """Two officers and a moderator."""
    return Staff(
        approval=approval,
        members=(
            Member(key=ANNE, name="Anne Martin", role=Role.OFFICER, accounts={TELEGRAM: "101"}),
            Member(key=BASILE, name="Basile Petit", role=Role.ADMINISTRATOR),
            Member(key=CHLOE, name="Chloé Lopez", role=Role.MODERATOR),
        ),
    )


def test_every_act_takes_a_role() -> None:
    """An act that nobody thought about would be open to all, or to none."""
    assert set(RIGHTS) == set(Act)


def test_each_role_may_what_those_before_it_may() -> None:
    """Four roles, one ladder."""
    may = {role: {act for act in Act if Member(key=ANNE, name="", role=role).may(act)} for role in Role}

    assert may[Role.READER] == set()
    assert may[Role.READER] < may[Role.MODERATOR] < may[Role.OFFICER] < may[Role.ADMINISTRATOR] == set(Act)


def test_a_town_that_names_nobody_is_run_from_its_console() -> None:
    """And by no one who says to be somebody."""
    assert [Staff().may(who, Act.START) for who in (CONSOLE, ANNE)] == [True, False]


def test_once_somebody_is_named_the_console_is_nobody() -> None:
    """Nor is the service, nor a person who has left."""
    assert [staff().may(who, Act.START) for who in (CONSOLE, SERVICE, MemberKey("gone"))] == [False] * 3


@pytest.mark.parametrize(
    ("approval", "who", "expected"),
    [
        (Approval.FOUR_EYES, ANNE, False),
        (Approval.FOUR_EYES, BASILE, True),
        (Approval.FOUR_EYES, CHLOE, False),
        (Approval.SOLO, ANNE, True),
        (Approval.SOLO, CHLOE, False),
    ],
    ids=["oneself", "another", "a moderator", "oneself alone", "a moderator alone"],
)
def test_what_one_asked_for_another_approves(approval: Approval, who: MemberKey, *, expected: bool) -> None:
    """Unless the town has said that one person is enough; and never without the role."""
    assert staff(approval).may_approve(who, asked_by=ANNE) is expected


@pytest.mark.parametrize(
    ("account", "number", "expected"),
    [("telegram", "101", ANNE), ("telegram", "102", None), ("discord", "101", None), ("telegram", "", None)],
    ids=["hers", "another's", "the same number elsewhere", "no number"],
)
def test_an_account_is_known_by_its_number_where_it_is_heard(account: str, number: str, expected: str | None) -> None:
    """The same number on another network is somebody else."""
    found = staff().behind(AccountName(account), number)

    assert (found and found.key) == expected


def test_a_token_proves_whom_it_was_made_for() -> None:
    """What is kept of it is not the token."""
    token = new_token(ANNE)

    assert bearer(token) == ANNE
    assert is_proven(token, digest_of(token))
    assert token not in digest_of(token)


def test_no_other_token_proves_anything() -> None:
    """Neither one made again, nor one where none is kept."""
    kept = digest_of(new_token(ANNE))

    assert [is_proven(new_token(ANNE), kept), is_proven(new_token(ANNE), None)] == [False, False]


def test_a_town_knows_its_people_by_their_keys() -> None:
    """And those who may do something."""
    assert staff().member(CHLOE) == staff().members[2]
    assert [each.key for each in staff().those_who_may(Act.APPROVE)] == [ANNE, BASILE]
