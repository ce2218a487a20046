"""Which schema a database has, and whether it is that of this program: neither older nor newer will do."""

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from core.errors import Finding, Misconfigured, StorageError
from storage.dialects.base import Dialect
from storage.turns import said

HEAD = "0023"  # the newest file of ``migrations/versions``; a test compares
_UPGRADE = "parvis database upgrade"


def revision(connection: Connection) -> str | None:
    """The schema's revision; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def check(dialect: Dialect) -> None:
    """Raise Misconfigured unless the schema is that of this program, StorageError when the database does not answer."""
    try:
        with dialect.reader().connect() as connection:
            found = revision(connection)
    except SQLAlchemyError as error:
        raise StorageError(f"{dialect.place}: {said(error)}") from error
    if found != HEAD:
        raise refused(dialect, found)


def refused(dialect: Dialect, found: str | None) -> Misconfigured:
    """What to tell the operator of a database with another schema."""
    if found is None:
        problem = f"the database is empty: run «{_UPGRADE}»"
    elif found < HEAD:
        problem = f"the database is of revision {found}, this program needs {HEAD}: back it up, then run «{_UPGRADE}»"
    else:
        problem = f"the database is of revision {found}, this program only knows {HEAD}: install a newer Parvis"
    return Misconfigured(Finding(file=dialect.place, line=0, key="", problem=problem))
