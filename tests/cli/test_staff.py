"""``parvis staff``: who works here, and the tokens that prove it."""

import os
from pathlib import Path

import pytest

from tests.cli.office import Terminal

PEOPLE = (
    '[[staff.people]]\nkey = "amartin"\nname = "Anne Martin"\nrole = "officer"\naccounts.telegram = 101\n'
    '[[staff.people]]\nkey = "bpetit"\nname = "Basile Petit"\nrole = "administrator"\n'
)


@pytest.fixture
def staffed(ready: Terminal) -> Terminal:
    """A town that names an officer and an administrator, and a home without any token."""
    ready.writes("[network]", f"{PEOPLE}[network]")
    os.environ["XDG_CONFIG_HOME"] = str(ready.folder)
    os.environ.pop("PARVIS_TOKEN", None)
    return ready


def test_a_town_that_names_nobody_says_so(ready: Terminal) -> None:
    """And what that means."""
    assert ready.types("staff").out.startswith("Nobody is named: whoever is at this machine does everything")


def test_people_are_listed_with_what_proves_them(staffed: Terminal) -> None:
    """Whether they have a token, never the token."""
    token = staffed.types("staff", "token", "bpetit").out.strip()

    listed = staffed.types("staff").out

    rows = [line.split() for line in listed.strip().splitlines()[-2:]]
    assert rows == [
        ["amartin", "Anne", "Martin", "officer", "telegram"],
        ["bpetit", "Basile", "Petit", "administrator", "yes"],
    ]
    assert token not in listed


def test_once_an_administrator_has_a_token_only_they_give_others(staffed: Terminal) -> None:
    """The first comes from whoever is at the machine."""
    first = staffed.types("staff", "token", "bpetit").out.strip()
    refused = staffed.types("staff", "token", "amartin")
    os.environ["PARVIS_TOKEN"] = first
    officer = staffed.types("staff", "token", "amartin")
    os.environ["PARVIS_TOKEN"] = officer.out.strip()
    above = staffed.types("staff", "token", "amartin")

    assert (refused.code, "you have shown no token" in refused.err) == (1, True)
    assert officer.code == 0
    assert (above.code, "amartin may not do this: it takes the role administrator" in above.err) == (1, True)


def test_a_token_that_was_replaced_proves_nothing(staffed: Terminal) -> None:
    """Nor does one that was revoked; then whoever is at the machine begins again."""
    first = staffed.types("staff", "token", "bpetit").out.strip()
    os.environ["PARVIS_TOKEN"] = first
    second = staffed.types("staff", "token", "bpetit").out.strip()
    replaced = staffed.types("staff", "token", "amartin")
    os.environ["PARVIS_TOKEN"] = second
    revoked = staffed.types("staff", "token", "bpetit", "--revoke")
    again = staffed.types("staff", "token", "bpetit", "--revoke")

    assert "this token proves nothing here, or not any more" in replaced.err
    assert (revoked.out, again.err) == (
        "The token of bpetit proves nothing any more.\n",
        "Error: bpetit had no token\n",
    )


def test_nobody_who_is_not_named_gets_a_token(staffed: Terminal) -> None:
    """It would prove nothing."""
    refused = staffed.types("staff", "token", "mayor")

    assert (refused.code, "nobody of the staff has the key «mayor»" in refused.err) == (1, True)


def _kept(staffed: Terminal, mode: int) -> Path:
    file = staffed.folder / "parvis" / "token"
    file.parent.mkdir()
    file.write_text(staffed.types("staff", "token", "bpetit").out, encoding="ascii")
    file.chmod(mode)
    return file


def test_a_token_may_be_in_a_file_of_its_owner(staffed: Terminal) -> None:
    """Nobody types it each time."""
    _kept(staffed, 0o600)

    assert staffed.types("staff", "token", "amartin").code == 0


def test_a_token_that_others_can_read_is_refused(staffed: Terminal) -> None:
    """It would prove that somebody could read a file."""
    file = _kept(staffed, 0o640)

    refused = staffed.types("staff", "token", "amartin")

    assert (refused.code, refused.err) == (1, f"others can read your token: chmod 600 {file}\n")
