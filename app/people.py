"""The staff as the configuration names it, and the mistakes in it that no single table can see."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.rooms import MailTable, PublicPlaces, RoomTable, problems_of_rooms
from campaigns.tables import Table
from core.identifiers import AccountName, MemberKey
from core.staff import RESERVED, Act, Approval, Member, Role, Staff

Problem = tuple[tuple[str | int, ...], str]
_LONGEST = 20  # digits of an account's number


def _numeric(value: object) -> str:
    """Names are given up by some and taken by others; numbers are not."""
    found = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (found.isascii() and found.isdecimal() and len(found) <= _LONGEST and found[0] != "0"):
        raise PydanticCustomError("number", "is not the number of an account: names can change hands")
    return found


class PersonTable(Table):
    """One of the staff."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,24}$")
    name: str = Field(min_length=1, max_length=80)
    role: Role
    accounts: dict[str, Annotated[str, BeforeValidator(_numeric)]] = {}  # noqa: RUF012  pydantic copies it


class StaffTable(Table):
    """Who works with Parvis, and who approves what goes out."""

    approval: Approval = Approval.FOUR_EYES
    people: tuple[PersonTable, ...] = ()
    channels: tuple[RoomTable, ...] = ()
    email: MailTable | None = None

    def value(self) -> Staff:
        """The core's value."""
        return Staff(
            approval=self.approval,
            members=tuple(
                Member(
                    key=MemberKey(each.key),
                    name=each.name,
                    role=each.role,
                    accounts={AccountName(account): number for account, number in each.accounts.items()},
                )
                for each in self.people
            ),
        )


def problems(table: StaffTable, accounts: Mapping[str, str], public: PublicPlaces) -> Iterator[Problem]:
    """What is wrong between the people and channels, and with the accounts of the town, given with their networks.

    ``public`` are the places where citizens read, and the names of the channels they belong to.
    """
    keys = [each.key for each in table.people]
    known: set[tuple[str, str]] = set()
    for rank, person in enumerate(table.people):
        place = ("staff", "people", rank)
        if person.key in RESERVED:
            yield (*place, "key"), f"«{person.key}» is what Parvis calls itself"
        if keys.index(person.key) < rank:
            yield (*place, "key"), f"two people have the key «{person.key}»"
        for account, number in person.accounts.items():
            if account not in accounts:
                yield (*place, "accounts", account), f"no account is named «{account}»"
            if (account, number) in known:
                yield (*place, "accounts", account), "somebody else has this account"
            known.add((account, number))
    yield from problems_of_rooms(table.channels, table.email, accounts, public)
    yield from _of_approval(table)


def _of_approval(table: StaffTable) -> Iterator[Problem]:
    staff = table.value()
    approving = len(staff.those_who_may(Act.APPROVE))
    if not staff.is_named and "approval" in table.model_fields_set:
        yield ("staff", "approval"), "nobody is named: say who works with Parvis, in tables [[staff.people]]"
    if staff.is_named and approving < (1 if staff.approval is Approval.SOLO else 2):
        cure = (
            "name an officer" if staff.approval is Approval.SOLO else 'name another officer, or set approval = "solo"'
        )
        yield ("staff", "approval"), f"{approving} may approve, too few: {cure}"
