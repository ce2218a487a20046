"""Bringing a database to the schema of this program, in one transaction: one interrupted is still the old one."""

from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from core.errors import StorageError
from storage.dialects.base import Dialect
from storage.engine import dialect_of
from storage.schema import HEAD, refused, revision
from storage.tables import Row
from storage.turns import said

_VERSION = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def upgrade(url: str) -> None:
    """Create or upgrade the tables; nothing when they are up to date. Blocks.

    Raises StorageError when the database does not take it, Misconfigured when its schema is newer than this program.
    """
    dialect = dialect_of(url)
    try:
        with dialect.writer().connect() as connection:
            dialect.begin_writing(connection)
            migrate(connection, dialect)
            connection.exec_driver_sql("COMMIT")
    except SQLAlchemyError as error:
        raise StorageError(said(error)) from error


def migrate(connection: Connection, dialect: Dialect, *, to: str = HEAD) -> None:
    """Run the revisions missing up to ``to`` in the transaction of this connection. Raises as ``upgrade`` does."""
    found = revision(connection)
    if found is not None and found > HEAD:
        raise refused(dialect, found)
    if found is None and to == HEAD:
        _begin(connection)
    else:
        _revise(connection, to)


def _begin(connection: Connection) -> None:
    """Make the tables as they are meant now: what all revisions together make of nothing, in a fifth of the time."""
    Row.metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(_VERSION)
    connection.exec_driver_sql(f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')")  # noqa: S608  a constant


def _revise(connection: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415  needed once in a town's life, a seventh of the time of every start
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
