"""Who may do what: every command of the staff, tried by every role, and compared with a page that people have read.

The page is ``docs/reference/authorisation.md``. When this test fails, it prints the table as it is: read it, ask
whether it is meant, and only then put it into the page.
"""

from dataclasses import replace
from pathlib import Path

from bots.orders import SPELLINGS
from core.identifiers import MemberKey
from core.messages import UnknownCommand
from core.staff import CONSOLE, Act, Member, Role, Staff
from core.staff_messages import SettlingRefused
from tests.bots.moderators import orders
from tests.bots.town import ALIX, Stage
from tests.fakes import ACCOUNT

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "authorisation.md"
SOMEBODY = MemberKey("somebody")
WORDS = tuple(sorted({*SPELLINGS, "approve", "approuver", "settle", "regler"}))
HEAD = ("", "nobody of the staff", *(role.value for role in Role))


def staffed(role: Role | None) -> Staff:
    """A town that names one person, or another one."""
    number = "9" if role is None else "711"
    member = Member(key=SOMEBODY, name="Somebody", role=role or Role.ADMINISTRATOR, accounts={ACCOUNT: number})
    return Staff(members=(member,))


async def may_give(word: str, role: Role | None) -> bool:
    """Whether the command does anything for them, in private."""
    stage = Stage(staff=staffed(role))
    said = await stage.says(orders(f"/{word} 1 out", person=replace(ALIX, number="711")))
    return not isinstance(said, UnknownCommand) and said != SettlingRefused(reason="staff_only")


def row(first: str, cells: list[bool]) -> str:
    """One line of the table."""
    return f"| {first} | {' | '.join('yes' if cell else '–' for cell in cells)} |"


async def matrix() -> str:
    """The two tables as they are."""
    roles = (None, *Role)
    head = f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}"
    given = [row(f"`/{word}`", [await may_give(word, role) for role in roles]) for word in WORDS]
    acts = [row(act.value, [role is not None and staffed(role).may(SOMEBODY, act) for role in roles]) for act in Act]
    return "\n".join((head, *given, "", head, *acts))


async def test_who_may_do_what_is_what_people_have_read() -> None:
    """A right that appears by accident is seen before it is used."""
    page = PAGE.read_text(encoding="utf-8")

    for table in (await matrix()).split("\n\n"):
        assert f"\n\n{table}\n" in page, table


def test_only_the_console_acts_in_a_town_that_names_nobody() -> None:
    """And it may do everything."""
    assert all(Staff().may(CONSOLE, act) for act in Act)
    assert not any(Staff().may(SOMEBODY, act) for act in Act)
