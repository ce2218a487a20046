"""``parvis check`` and ``parvis doctor``: is everything written right, does everything work."""

import json
import re
import sqlite3

import psycopg
import pytest

from core.ports.engine import Halt, listening, set_halt
from tests.cli.office import ACCOUNT, HALLE, Terminal, leave_in_doubt
from tests.core.examples import NOON

MISTAKES = ("campaign.subscriber: unknown key", "steps.2.do: ", "nowhere.toml: No such file")


def test_a_right_configuration_passes(terminal: Terminal) -> None:
    """The example that people copy."""
    done = terminal.types("check", terminal.campaign)

    assert (done.code, done.out.startswith("All is well: ")) == (0, True)


def test_every_mistake_in_every_file_is_named_at_once(terminal: Terminal) -> None:
    """Nobody should mend one line, ask again, and meet the next."""
    terminal.writes("subscribers = true", "subscriber = true", HALLE)
    terminal.writes('do = "remind"', 'do = "recall"', HALLE)

    done = terminal.types("check", terminal.campaign, "nowhere.toml")

    assert done.code == 2
    assert [word in done.err for word in MISTAKES] == [True] * 3


def test_a_mistake_in_the_charter_is_named(terminal: Terminal) -> None:
    """The rules of debate are a file like others."""
    terminal.writes("\nenforcement =", "\nenforcment =", "campaigns/samples/charter.toml")

    done = terminal.types("check")

    assert (done.code, "did you mean «enforcement»?" in done.err) == (2, True)


def test_a_new_town_is_healthy(terminal: Terminal) -> None:
    """Nothing is missing when nothing was started yet, and looking makes nothing."""
    done = terminal.types("doctor", "--offline")

    assert (done.code, "MEND" in done.out) == (0, False)
    assert not (terminal.folder / "var").exists()


def test_findings_can_be_read_by_programs(ready: Terminal) -> None:
    """Supervision asks every hour."""
    done = ready.types("doctor", "--offline", "--json")

    assert {finding["subject"]: finding["ok"] for finding in json.loads(done.out)} == {
        "database": True,
        "keys": True,
        "disk": True,
    }


@pytest.mark.parametrize(
    ("revision", "cure"),
    [("0000", "run: parvis database upgrade"), ("9999", "install a newer Parvis")],
    ids=["older", "newer"],
)
def test_a_database_of_another_version_has_its_cure(ready: Terminal, revision: str, cure: str) -> None:
    """An upgrade or a step back, forgotten half way."""
    becomes(ready, revision)

    done = ready.types("doctor", "--offline")

    assert (done.code, cure in done.out) == (3, True)


def test_a_file_that_is_no_database_is_found(ready: Terminal) -> None:
    """A restore that went to the wrong name."""
    (ready.folder / "var" / "parvis.db").write_text("These are the minutes of the last council.", encoding="utf-8")

    done = ready.types("doctor", "--offline")

    assert (done.code, "file is not a database" in done.out) == (3, True)


def test_keys_that_others_can_read_are_found(ready: Terminal) -> None:
    """Copied by hand, they lost their rights."""
    ready.types("hold", "to make the keys")
    (ready.folder / "var" / "keys").chmod(0o755)
    next((ready.folder / "var" / "keys").rglob("*.key")).chmod(0o644)

    done = ready.types("doctor", "--offline")

    assert (done.code, "chmod -R go=" in done.out) == (3, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [("sqlite:///some/where/parvis.db", "No such file"), ("sqlite:///config.toml/parvis.db", "Not a directory")],
    ids=["a slip in the path", "a file in the way"],
)
def test_a_database_that_cannot_be_made_is_found(terminal: Terminal, url: str, said: str) -> None:
    """What the service would stumble over must not be called well."""
    terminal.writes('# url = "sqlite:///var/parvis.db"', f'url = "{url}"')

    done = terminal.types("doctor", "--offline")

    assert (done.code, said in done.out) == (3, True)


def test_keys_that_cannot_be_made_are_found(terminal: Terminal) -> None:
    """The same for their folder."""
    terminal.writes('# keys = "var/keys"', 'keys = "config.toml/keys"')

    done = terminal.types("doctor", "--offline")

    assert (done.code, "Not a directory" in done.out) == (3, True)


def test_a_database_that_can_only_be_read_is_found(ready: Terminal, postgres_url: str) -> None:
    """Rights forgotten on a server: the service would record nothing."""
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN IN ROLE pg_read_all_data")
    url = postgres_url.replace("postgres:@", "reader@")
    ready.writes('# url = "sqlite:///var/parvis.db"', f'url = "{url}"')

    done = ready.types("doctor", "--offline")

    assert (done.code, "permission denied for table facts" in done.out) == (3, True)


def test_what_waits_for_a_human_is_found(ready: Terminal) -> None:
    """A town that says nothing, or hears nobody, must not look healthy."""
    ready.types("hold", "wrong date")
    stands = Halt(NOON, "Conflict: another program listens")
    ready.remembers(lambda office: office.store.write(lambda books: set_halt(books, listening(ACCOUNT), stands)))
    ready.remembers(lambda office: office.store.write(leave_in_doubt))

    done = ready.types("doctor", "--offline")

    assert done.code == 3
    assert re.search(r"HELD since \d{4}-\d\d-\d\d \d\d:\d\d: wrong date\n +when .*: parvis release", done.out)
    assert "telegram HEARS NOBODY since 2027-03-01 13:00: Conflict: another program listens" in done.out
    assert "deliveries: 1 uncertain" in done.out


def test_a_missing_token_is_found_and_the_rest_goes_on(terminal: Terminal) -> None:
    """One sentence with the cure."""
    (terminal.folder / "secrets" / "telegram").unlink()

    done = terminal.types("doctor")

    assert done.code == 3
    assert "put the token the platform gave you there" in done.out
    assert "ok    disk" in done.out


def test_a_certificate_authority_that_is_none_is_found(terminal: Terminal) -> None:
    """A private authority is a file like any other: it can be the wrong one."""
    terminal.writes('# ca_file = "ca.pem"', 'ca_file = "config.toml"')

    done = terminal.types("doctor")

    assert (done.code, "config.toml" in done.out) == (3, True)


@pytest.mark.parametrize("named", [True, False])
def test_who_is_banned_on_discord_has_a_way_to_appeal_or_it_is_said(terminal: Terminal, *, named: bool) -> None:
    """Its bots are written to from their servers only."""
    for key, number in (("platform", "discord"), ("address", "811"), ("discussion", "812")):
        before = {"platform": "telegram", "address": "@valmont", "discussion": "@place_de_valmont"}[key]
        terminal.writes(f'{key} = "{before}"', f'{key} = "{number}"')
    if named:
        terminal.writes('# contact = "mairie', 'contact = "mairie')

    done = terminal.types("doctor", "--offline")

    assert ("town.contact" in done.out) is not named


def test_a_server_out_of_reach_is_found(terminal: Terminal) -> None:
    """No network: one sentence with the cure."""
    terminal.writes('# base_url = "https://api.telegram.org"', 'base_url = "http://127.0.0.1:9"')

    done = terminal.types("doctor")

    assert done.code == 3
    assert "check that the server can be reached from here" in done.out


def becomes(terminal: Terminal, revision: str) -> None:
    """The database is of another revision."""
    with sqlite3.connect(terminal.folder / "var" / "parvis.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()


@pytest.mark.usefixtures("socket_enabled")
def test_a_network_that_does_not_answer_hides_nothing_of_the_others(ready: Terminal) -> None:
    """Each account is looked at, and named."""
    other = '[[accounts]]\nname = "salon"\nplatform = "discord"\ntoken_file = "secrets/telegram"\n'
    nowhere = 'base_url = "http://127.0.0.1:9/api/v10"\n\n'
    ready.writes("[[channels]]", f"{other}{nowhere}[[channels]]")

    done = ready.types("doctor")

    assert done.code == 3
    assert [f"MEND  {name}, account: " in done.out for name in ("salon", "telegram")] == [True, True]
