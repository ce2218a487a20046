"""Instants in the database: aware, in UTC, to the microsecond, in the order of time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.instants import Instant
from tests.core.examples import NOON

ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Paris"), timezone(timedelta(hours=-9, minutes=-30))])
SQLITE: Dialect = SQLiteDialect_pysqlite()
DIALECTS: dict[str, Dialect] = {"sqlite": SQLITE, "postgres": PGDialect_psycopg()}  # type: ignore[no-untyped-call]  # of SQLAlchemy


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
@given(at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES))  # noqa: DTZ001  bounds are naive
def test_an_instant_comes_back_in_utc(dialect: Dialect, at: datetime) -> None:
    """Whatever zone it was said in."""
    instant = Instant()

    back = instant.process_result_value(instant.process_bind_param(at, dialect), dialect)

    assert back == at.astimezone(UTC)
    assert back is not None
    assert back.tzinfo is UTC


def test_a_naive_time_is_refused() -> None:
    """Nobody could say when it is."""
    with pytest.raises(ValueError, match="no time zone"):
        Instant().process_bind_param(NOON.replace(tzinfo=None), SQLITE)


@given(one=st.datetimes(timezones=st.just(UTC)), other=st.datetimes(timezones=st.just(UTC)))
def test_text_is_in_the_order_of_time(one: datetime, other: datetime) -> None:
    """SQLite compares instants as text: indexes and «due before» depend on it."""
    write = Instant().bind_processor(SQLITE)
    assert write is not None
    texts = [write(at) for at in (one, other)]

    assert (one < other, one == other) == (texts[0] < texts[1], texts[0] == texts[1])
