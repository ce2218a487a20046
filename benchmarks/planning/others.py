"""The database alone, and the usual way: read the subscribers, make an object for each delivery, commit."""

import time
from collections.abc import Callable
from typing import Any

import apsw
import psycopg
from sqlmodel import Session, col, select

from benchmarks.memory import growth
from benchmarks.planning.town import LATEST, Prepared, message
from benchmarks.rounds import Measures
from benchmarks.votes.limit import opened
from benchmarks.votes.town import NOON
from benchmarks.votes.usual import usual_engine
from core.audience import RecipientKind
from core.delivery import DeliveryState, Urgency
from storage import bodies
from storage.tables import CitizenRow, DeliveryRow, MessageRow

_DIGEST = bytes(16)


def limit(town: Prepared) -> Measures:
    """The one statement that makes the rows, and its commit."""
    if town.url.startswith("sqlite"):
        return _on_sqlite(opened(town.url), town)
    with psycopg.connect(town.url, autocommit=True, options="-c synchronous_commit=on") as connection:
        return _measured(town, lambda: _run_postgres(connection, town))


def usual(town: Prepared) -> Measures:
    """SQLModel objects for citizens and for deliveries."""
    engine = usual_engine(town.url)

    def plan() -> None:
        with Session(engine) as session:
            body = bodies.message_written(message())
            values: dict[str, Any] = {"digest": body.digest, "kind": body.kind, "body": body.text}
            kept = MessageRow(**values)
            session.add(kept)
            session.flush()
            citizens = session.exec(
                select(CitizenRow).where(col(CitizenRow.subscribed), col(CitizenRow.account).in_(town.accounts))
            )
            session.add_all(_delivery(town, kept, citizen) for citizen in citizens)
            session.commit()

    measured = _measured(town, plan)
    engine.dispose()
    return measured


def _on_sqlite(connection: apsw.Connection, town: Prepared) -> Measures:
    def run() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_MESSAGE.format(digest=f"x'{_DIGEST.hex()}'"))
        connection.execute(_statement(town, instant="{:%Y-%m-%d %H:%M:%S}.000000", false="0"))
        connection.execute("COMMIT")

    return _measured(town, run)


def _run_postgres(connection: psycopg.Connection, town: Prepared) -> None:
    connection.execute("BEGIN")
    connection.execute(_MESSAGE.format(digest=f"'\\x{_DIGEST.hex()}'").encode())
    connection.execute(_statement(town, instant="{:%Y-%m-%d %H:%M:%S}+00", false="false").encode())
    connection.execute("COMMIT")


def _measured(town: Prepared, plan: Callable[[], None]) -> Measures:
    with growth() as grown:
        began = time.perf_counter()
        plan()
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "deliveries/s": town.subscribers / seconds, "memory MiB": grown.peak}


_MESSAGE = "INSERT INTO messages (digest, kind, body) VALUES ({digest}, 'AnnouncementPublished', '{{}}')"


def _statement(town: Prepared, *, instant: str, false: str) -> str:
    accounts = ", ".join(f"'{account}'" for account in town.accounts)
    values = (
        f"{town.occurrence}, account, '{RecipientKind.CITIZEN}', CAST(id AS text), (SELECT max(id) FROM messages),"
        f" {int(Urgency.CAMPAIGN)}, '{instant.format(NOON)}', '{instant.format(LATEST)}', '{DeliveryState.PLANNED}',"
        f" 0, 0, 0, '', {false}"
    )
    columns = "occurrence, account, kind, name, message, urgency, due_at, expires_at, state, attempts, parts, done"
    return (
        f"INSERT INTO deliveries ({columns}, note, final)"
        f" SELECT {values} FROM citizens WHERE subscribed AND account IN ({accounts}) ORDER BY id"
        " ON CONFLICT (kind, name, occurrence) DO NOTHING"
    )


def _delivery(town: Prepared, kept: MessageRow, citizen: CitizenRow) -> DeliveryRow:
    values: dict[str, Any] = {
        "occurrence": town.occurrence,
        "account": citizen.account,
        "kind": RecipientKind.CITIZEN,
        "name": str(citizen.id),
        "message": kept.id,
        "urgency": int(Urgency.CAMPAIGN),
        "due_at": NOON,
        "expires_at": LATEST,
        "state": DeliveryState.PLANNED,
        "attempts": 0,
        "parts": 0,
        "done": 0,
        "note": "",
        "final": False,
    }
    return DeliveryRow(**values)
