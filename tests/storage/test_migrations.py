"""Revisions make the schema with which a town begins, on both databases; an upgrade is all or nothing."""

import asyncio
import json
import signal
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.campaign import After, StepKind
from core.errors import Misconfigured, StorageError
from core.identifiers import CampaignId, DeliveryId
from core.messages import AnnouncementPublished
from core.privacy import HOLDINGS
from core.timetable import Timetable, rearranged
from storage import migrations
from storage.bodies import written
from storage.dialects.base import Dialect
from storage.engine import dialect_of
from storage.migrations import upgrade
from storage.schema import HEAD
from storage.store import SqlStore
from storage.tables import Row
from tests.contracts.databases import beside
from tests.core.examples import NOON, announcement, campaign, step
from tests.storage.others import exit_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    found: str = request.param
    return found


@pytest.fixture
def url(request: pytest.FixtureRequest, kind: str) -> str:
    """One with all tables."""
    found: str = request.getfixturevalue(f"{kind}_url")
    return found


_ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL"
_ON_POSTGRES = """
SELECT concat_ws('.', table_name, column_name),
    concat_ws(', ', data_type, is_nullable, column_default, is_identity, identity_generation)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def _schema(url: str) -> dict[str, list[str]]:
    """The parts of each table, and whatever else there is, in no order."""
    with dialect_of(url).reader().connect() as connection:
        found = connection.exec_driver_sql(_ON_SQLITE if url.startswith("sqlite") else _ON_POSTGRES).all()
    plain = {name: " ".join(sql.split()).replace("( ", "(").removesuffix(")").replace(" )", ",") for name, sql in found}
    return {
        name: sorted(part.strip(", ") for part in each.split(", "))
        for name, each in plain.items()
        if "sqlite_" not in name
    }


def _revised(url: str) -> str:
    """A database that went through all revisions."""
    _at_revision(url, "0001")
    upgrade(url)
    return url


def test_the_revised_schema_is_that_of_the_tables(empty_url: str) -> None:
    """Alembic, asked for what is missing, finds nothing: names, types, nulls and indexes agree."""
    with dialect_of(_revised(empty_url)).writer().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Row.metadata) == []


def test_a_town_that_begins_has_the_schema_of_one_that_was_revised_to_the_letter(empty_url: str, url: str) -> None:
    """AUTOINCREMENT, WITHOUT ROWID, partial indexes and cascades escape Alembic's comparison; their SQL does not."""
    assert _schema(_revised(empty_url)) == _schema(url)


def test_the_newest_revision_is_the_one_the_program_expects() -> None:
    """A revision added without HEAD, or HEAD without a revision, would refuse every database."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_upgrading_again_changes_nothing(url: str) -> None:
    """Operators repeat commands."""
    upgrade(url)

    with dialect_of(url).reader().connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [(HEAD,)]


def test_every_table_about_people_has_its_line_in_the_privacy_map() -> None:
    """A table that neither names a reason to be free of people nor stands in the map fails here."""
    free_of_people = {
        "cursors", "polls", "campaigns", "occurrences", "messages", "receipts", "mirrors", "facts", "moved",
        "native_polls", "audit", "lanes", "alerts", "reviews", "feeds",
        "articles", "corrections", "amendments",
    }  # fmt: skip

    assert set(Row.metadata.tables) == free_of_people | {holding.table for holding in HOLDINGS}


def _set_revision(url: str, number: str) -> None:
    with dialect_of(url).writer().connect() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")  # noqa: S608  a constant


@pytest.mark.parametrize(
    ("number", "cure"),
    [("0000", "parvis database upgrade"), ("9999", "install a newer Parvis")],
    ids=["older", "newer"],
)
async def test_a_store_of_another_revision_is_not_opened(sqlite_url: str, number: str, cure: str) -> None:
    """Old code on new tables, or the reverse, would lose what it does not know."""
    await asyncio.to_thread(_set_revision, sqlite_url, number)

    with pytest.raises(Misconfigured, match=cure):
        await SqlStore.open(sqlite_url)


def test_a_newer_database_is_not_upgraded(sqlite_url: str) -> None:
    """There is nothing this program could do to it that would be an upgrade."""
    _set_revision(sqlite_url, "9999")

    with pytest.raises(Misconfigured, match="install a newer Parvis"):
        upgrade(sqlite_url)


async def test_a_store_without_tables_is_not_opened(tmp_path: Path) -> None:
    """The operator is told which command makes them."""
    with pytest.raises(Misconfigured, match="parvis database upgrade"):
        await SqlStore.open(f"sqlite:///{tmp_path / 'new.db'}")


@pytest.mark.parametrize("statement", [9, 25])
def test_an_upgrade_that_is_killed_leaves_an_empty_database(tmp_path: Path, statement: int) -> None:
    """Killed at any of its statements: then the next start does it all."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    killed = exit_of("die_upgrading", url, str(statement))

    with dialect_of(url).reader().connect() as connection:
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()

    assert (killed, tables) == (-signal.SIGKILL, 0)
    upgrade(url)


def test_an_upgrade_that_the_server_breaks_off_leaves_an_empty_database(postgres_server: str) -> None:
    """PostgreSQL takes back the tables of a transaction that never ended."""
    url = beside(postgres_server, "half_made")
    killed = exit_of("die_upgrading", url, "9")

    with dialect_of(url).reader().connect() as connection:
        tables = connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar()

    assert (killed, tables) == (-signal.SIGKILL, 0)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://town", "no url at all", ""], ids=lambda url: url or "empty"
)
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    """With what would be right."""
    with pytest.raises(Misconfigured, match="database"):
        dialect_of(url)


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A missing folder is named, not turned into a traceback."""
    with pytest.raises(Misconfigured, match=r"nowhere/town\.db: No such file or directory"):
        dialect_of(f"sqlite:///{tmp_path / 'nowhere' / 'town.db'}")


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    """When upgrading as when opening."""
    with pytest.raises(StorageError):
        upgrade(f"postgresql://nobody@/nowhere?host={tmp_path}")


# ── 0007: steps get names ──────────────────────────────────────────────────────────────────────────────────


def _at_revision(url: str, number: str) -> Dialect:
    dialect = dialect_of(url)
    with dialect.writer().connect() as connection:
        dialect.begin_writing(connection)
        migrations.migrate(connection, dialect, to=number)
        connection.exec_driver_sql("COMMIT")
    return dialect


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    """One without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    return beside(request.getfixturevalue("postgres_server"), "old_town")


async def test_a_town_of_before_keeps_its_campaigns_and_their_deliveries(empty_url: str) -> None:
    """Steps that were counted get the names that a file gives them; what was planned is planned at the same time."""
    dialect = await asyncio.to_thread(_at_revision, empty_url, "0006")
    await asyncio.to_thread(_live, dialect)
    await asyncio.to_thread(upgrade, empty_url)
    store = await SqlStore.open(empty_url)

    running = await store.read(lambda books: books.campaigns.get(CampaignId("bridge")))
    occurrences = await store.read(lambda books: books.campaigns.occurrences(CampaignId("bridge")))
    delivery = await store.read(lambda books: books.deliveries.get(DeliveryId(1)))
    await store.close()

    assert running is not None
    assert [step.name for step in running.campaign.steps] == [each.step for each in occurrences] == OLD_NAMES
    assert [each.local for each in occurrences] == [_paris(each.due_at) for each in occurrences]
    assert [each.state.value for each in occurrences] == ["done", "planned", "planned"]
    assert delivery is not None
    assert delivery.occurrence == occurrences[0].id
    assert rearranged(running.campaign, Timetable(running.campaign, NOON), occurrences, NOON).is_empty


OLD_NAMES = ["open_poll-route", "remind-route", "remind-route-2"]


def _paris(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)


def _live(dialect: Dialect) -> None:
    """A campaign as 0006 stored it, with a delivery of its first step."""
    kinds = (StepKind.OPEN_POLL, StepKind.REMIND, StepKind.REMIND)
    body = json.loads(written(campaign(*(step(kind, After(timedelta(hours=1))) for kind in kinds))))
    for each in body["steps"]:
        del each["name"], each["only_if"], each["words"]
    at = [NOON + timedelta(hours=hour) for hour in (1, 2, 3)]
    with dialect.writer().connect() as connection:
        dialect.begin_writing(connection)
        connection.execute(
            text("INSERT INTO campaigns (id, body, state, started_at) VALUES ('bridge', :body, 'running', :at)"),
            {"body": json.dumps(body), "at": _stored(NOON, dialect)},
        )
        adding = "INSERT INTO occurrences (campaign, step, due_at, state) VALUES ('bridge', :step, :at, :state)"
        for rank, state in enumerate(("done", "planned", "planned")):
            connection.execute(text(adding), {"step": rank, "at": _stored(at[rank], dialect), "state": state})
        message = {"digest": b"d" * 16, "body": written(AnnouncementPublished(announcement=announcement()))}
        kept = "INSERT INTO messages (digest, kind, body) VALUES (:digest, 'AnnouncementPublished', :body)"
        connection.execute(text(kept), message)
        connection.execute(text(_DELIVERY), {"at": _stored(NOON, dialect), "final": False})
        connection.exec_driver_sql("COMMIT")


_DELIVERY = """
INSERT INTO deliveries (
    occurrence, account, kind, name, message, urgency, due_at, expires_at, state, attempts, parts, done, note, final
) VALUES (1, 'telegram', 'channel', 'square', 1, 1, :at, :at, 'planned', 0, 0, 0, '', :final)
"""


def _stored(at: datetime, dialect: Dialect) -> object:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if dialect.place.suffix == ".db" else at
