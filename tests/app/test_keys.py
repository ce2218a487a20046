"""A town works with its own keys or not at all: with others it would take every citizen for a stranger."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import keys, lifetime, office
from app.doctor import examine
from app.settings import Settings, load
from app.upkeep import restore_keys
from core.errors import Misconfigured
from core.poll import Poll
from core.ports.store import Books
from storage.key_backup import backup_keys
from storage.store import SqlStore
from storage.vault import FileVault
from tests.app.town import lay
from tests.cli.office import furnish
from tests.core.examples import BRIDGE, poll
from tests.fakes import NOON, StoppedClock

PASSPHRASE = "a long enough passphrase"

Begin = Callable[[Settings], None]


def _look(books: Books) -> None:
    books.town.fact("held")


def visited(settings: Settings, work: Callable[[Books], None] = _look) -> None:
    """A command does some work."""

    async def visit() -> None:
        async with office.opened(settings) as opened:
            await opened.store.write(work)

    asyncio.run(visit())


def served(settings: Settings) -> None:
    """The service begins."""

    async def serve() -> None:
        async with lifetime.opened(settings, StoppedClock(), lambda: True):
            pass

    asyncio.run(serve())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A town whose tables are made."""
    settings = load(furnish(tmp_path) / "config.toml")
    lay(settings)
    return settings


@pytest.fixture(params=[visited, served])
def begin(request: pytest.FixtureRequest) -> Begin:
    """Either way to open a town."""
    found: Begin = request.param
    return found


def asks(settings: Settings, poll: Poll) -> None:
    """The town asks this; the key of the poll is lost."""

    def work(books: Books) -> None:
        books.polls.add(poll)
        books.polls.open(poll.id)

    visited(settings, work)


def test_a_new_town_has_new_keys_and_keeps_them(settings: Settings, begin: Begin) -> None:
    """The first command or the first start makes them."""
    begin(settings)
    made = FileVault(settings.keys).fingerprint

    begin(settings)

    assert FileVault(settings.keys).fingerprint == made


def test_keys_that_are_gone_are_not_replaced(settings: Settings, begin: Begin) -> None:
    """New ones would make a second ballot for each citizen, and every sealed text unreadable."""
    visited(settings)
    shutil.rmtree(settings.keys)

    with pytest.raises(Misconfigured, match="parvis keys restore"):
        begin(settings)
    assert not settings.keys.exists()


def test_the_keys_of_another_town_are_refused(settings: Settings, begin: Begin) -> None:
    """A folder mistyped in the configuration."""
    visited(settings)
    shutil.rmtree(settings.keys)
    FileVault(settings.keys)

    with pytest.raises(Misconfigured, match="not the keys of this town: restore them"):
        begin(settings)


def test_a_town_older_than_the_fingerprint_gets_no_new_keys(settings: Settings, begin: Begin) -> None:
    """What was made with its keys tells that it is no new town."""
    asks(settings, poll())
    visited(settings, lambda books: books.town.set_fact("keys", None))
    shutil.rmtree(settings.keys)

    with pytest.raises(Misconfigured, match="are not here"):
        begin(settings)


def test_keys_that_come_back_open_the_town(settings: Settings, begin: Begin, tmp_path: Path) -> None:
    """The cure that was promised works."""
    visited(settings)
    backup_keys(settings.keys, tmp_path / "copy", PASSPHRASE)
    shutil.rmtree(settings.keys)

    restore_keys(settings, tmp_path / "copy", PASSPHRASE)

    begin(settings)


def test_an_open_poll_without_its_key_stops_the_service(settings: Settings) -> None:
    """A backup of keys from before the poll: every vote would be set aside."""
    asks(settings, poll())

    with pytest.raises(Misconfigured, match=f"{BRIDGE} is missing: restore the keys .* parvis campaign cancel"):
        served(settings)


def test_an_open_poll_without_its_key_can_still_be_given_up(settings: Settings) -> None:
    """Commands work, or the cure could not be followed."""
    asks(settings, poll())

    visited(settings)


def test_a_poll_whose_time_is_over_needs_no_key(settings: Settings) -> None:
    """It is counted without one: an old backup may come back after the key was destroyed."""
    asks(settings, replace(poll(), closes_at=NOON))

    served(settings)


def test_the_doctor_makes_no_keys(settings: Settings) -> None:
    """Looking changes nothing."""
    findings = asyncio.run(examine(settings, offline=True))

    assert all(finding.ok for finding in findings)
    assert not settings.keys.exists()


def test_the_doctor_finds_keys_of_another_town(settings: Settings) -> None:
    """With the cure, before the service is started."""
    visited(settings)
    shutil.rmtree(settings.keys)
    FileVault(settings.keys)

    (finding,) = [finding for finding in asyncio.run(examine(settings, offline=True)) if not finding.ok]

    assert (finding.subject, finding.detail) == ("keys", "these are not the keys of this town")
    assert "parvis keys restore" in finding.cure


def test_the_doctor_finds_the_lost_key_of_an_open_poll(settings: Settings) -> None:
    """While citizens still vote."""
    asks(settings, replace(poll(), closes_at=datetime.max.replace(tzinfo=UTC)))

    (finding,) = [finding for finding in asyncio.run(examine(settings, offline=True)) if not finding.ok]

    assert (finding.subject, finding.detail) == ("keys", f"the key of the open poll {BRIDGE} is missing")


async def test_of_two_hosts_that_begin_at_once_with_keys_of_their_own_one_is_refused(settings: Settings) -> None:
    """Each would take the other's citizens for strangers."""
    elsewhere = replace(settings, keys=settings.keys.with_name("elsewhere"))
    store = await SqlStore.open(settings.store_url)

    outcomes = await asyncio.gather(
        *(keys.opened(each, store) for each in (settings, elsewhere)), return_exceptions=True
    )
    await store.close()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["FileVault", "Misconfigured"]
