"""Bringing a database to the schema of this program, in one transaction: one interrupted is still the old one."""

from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from core.errors import StorageError
from storage.dialects.base import Dialect
from storage.engine import dialect_of
from storage.schema import HEAD, refused, revision
from storage.turns import said


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
    from alembic import command  # noqa: PLC0415  needed once in a town's life, a seventh of the time of every start
    from alembic.config import Config  # noqa: PLC0415

    found = revision(connection)
    if found is not None and found > HEAD:
        raise refused(dialect, found)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
