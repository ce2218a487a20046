"""The staff in the configuration: who is named, and what is wrong with it."""

from pathlib import Path

import pytest

from app.settings import load
from core.errors import Misconfigured
from core.identifiers import AccountName
from core.staff import Approval, Role
from tests.app.test_settings import EXAMPLE, configured

ANNE = '[[staff.people]]\nkey = "amartin"\nname = "Anne"\nrole = "officer"\n'
BASILE = '[[staff.people]]\nkey = "bpetit"\nname = "Basile"\nrole = "administrator"\n'
SOLO = '[staff]\napproval = "solo"\n'


def named(folder: Path, *tables: str) -> Path:
    """A configuration with these people."""
    return configured(folder, EXAMPLE.replace("[staff]\n", "") + "".join(tables))


def test_people_have_roles_and_accounts(tmp_path: Path) -> None:
    """Numbers may be written with quotes or without."""
    anne = ANNE + "accounts.telegram = 101\n"

    staff = load(named(tmp_path, anne, BASILE)).staff

    assert staff.approval is Approval.FOUR_EYES
    assert [(each.name, each.role) for each in staff.members] == [
        ("Anne", Role.OFFICER),
        ("Basile", Role.ADMINISTRATOR),
    ]
    assert staff.members[0].accounts == {AccountName("telegram"): "101"}


def test_a_town_with_one_officer_says_so(tmp_path: Path) -> None:
    """Nobody is alone without having decided it."""
    assert load(named(tmp_path, SOLO, ANNE)).staff.approval is Approval.SOLO


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ((ANNE,), 'staff.approval: 1 may approve, too few: name another officer, or set approval = "solo"'),
        ((SOLO, ANNE.replace("officer", "moderator")), "staff.approval: 0 may approve, too few: name an officer"),
        ((SOLO,), "staff.approval: nobody is named"),
        ((ANNE, BASILE.replace("bpetit", "amartin")), "people.1.key: two people have the key «amartin»"),
        ((ANNE, BASILE.replace("bpetit", "console")), "people.1.key: «console» is what Parvis calls itself"),
        ((ANNE, BASILE.replace("administrator", "mayor")), "people.1.role: is none of 'reader'"),
        ((ANNE, BASILE, 'accounts.minitel = "1"\n'), "people.1.accounts.minitel: no account is named «minitel»"),
        ((ANNE, BASILE, 'accounts.telegram = "@basile"\n'), "is not the number of an account: names can change hands"),
        ((ANNE, BASILE, "accounts.telegram = 0\n"), "is not the number of an account"),
        ((ANNE, BASILE, "accounts.telegram = true\n"), "is not the number of an account"),
        (
            (ANNE, "accounts.telegram = 7\n", BASILE, 'accounts.telegram = "7"\n'),
            "people.1.accounts.telegram: somebody else has this account",
        ),
    ],
    ids=[
        *("one", "no officer", "nobody", "twice", "reserved", "role", "account", "name", "zero", "truth"),
        "shared",
    ],
)
def test_a_mistake_is_named(tmp_path: Path, tables: tuple[str, ...], said: str) -> None:
    """Who may let things out is no place for a guess."""
    with pytest.raises(Misconfigured) as refused:
        load(named(tmp_path, *tables))

    assert said in str(refused.value)
