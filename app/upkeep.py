"""What a town's IT person does with the database and the keys: one sentence comes back for each thing done."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.settings import Settings
from core.errors import Finding, Misconfigured, StorageError
from storage import backup as backups
from storage import key_backup
from storage.engine import dialect_of
from storage.lease import instance_lock
from storage.migrations import upgrade as migrate
from storage.schema import HEAD, refused, revision
from storage.turns import said

_FILE = "sqlite:///"


def file_of(settings: Settings) -> Path | None:
    """The file of the database, when it is one file."""
    url = settings.store_url
    return Path(url.removeprefix(_FILE)) if url.startswith(_FILE) else None


def refuse_missing(settings: Settings) -> None:
    """Raise Misconfigured when there is no database yet: looking at one must not make one."""
    file = file_of(settings)
    if file is not None and not file.exists():
        problem = "there is no database yet: run «parvis database upgrade», or start the service"
        raise Misconfigured(Finding(file=file, line=0, key="", problem=problem))


def make_home(settings: Settings) -> None:
    """Make the folder of the database, and no more than that one.

    Raises Misconfigured when the folder above is missing, StorageError when it cannot be written.
    """
    file = file_of(settings)
    if file is None:
        return
    folder = file.parent
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError as error:
        problem = f"the folder of the database cannot be made: {error.strerror}"
        raise Misconfigured(Finding(file=folder, line=0, key="", problem=problem)) from error
    except OSError as error:
        raise StorageError(f"{folder}: the folder of the database cannot be made: {error.strerror}") from error


def make_ready(settings: Settings) -> None:
    """Create the tables of an empty database; one of another version is left as it is. Blocks. Raises StorageError."""
    if schema_of(settings) is None:
        migrate(settings.store_url)


def schema_of(settings: Settings) -> str | None:
    """The revision of the database's schema; None when it is empty. Blocks. Raises StorageError."""
    dialect = dialect_of(settings.store_url)
    engine = dialect.readers()
    try:
        with engine.connect() as connection:
            return revision(connection)
    except SQLAlchemyError as error:
        raise StorageError(f"{dialect.place}: {said(error)}") from error
    finally:
        engine.dispose()


def is_ready(settings: Settings) -> bool:
    """Whether there is a database of this version. Blocks. Raises StorageError."""
    file = file_of(settings)
    return (file is None or file.exists()) and schema_of(settings) == HEAD


def upgrade(settings: Settings) -> Iterator[str]:
    """Bring the database to this version, an older one after a backup beside the keys. Refused while Parvis runs.

    Raises Misconfigured for a newer one, which is left as it is.
    """
    make_home(settings)
    with instance_lock(settings.store_url):
        found = schema_of(settings)
        if found == HEAD:
            yield f"The database is up to date (revision {HEAD})."
            return
        if found is not None and found > HEAD:
            raise refused(dialect_of(settings.store_url), found)
        if found is not None:
            target = settings.keys.parent / f"before-{HEAD}-{datetime.now(UTC):%Y%m%dT%H%M%S}.backup"
            backups.backup(settings.store_url, target)
            yield f"A backup of the database as it was: {target}"
        migrate(settings.store_url)
        yield f"The database is now of revision {HEAD}."


def backup(settings: Settings, target: Path) -> str:
    """Copy the database to a new file."""
    refuse_missing(settings)
    rows = _rows(backups.backup(settings.store_url, target, folder=settings.pictures))
    return f"{rows} copied to {target}. The keys: parvis keys backup"


def restore(settings: Settings, source: Path) -> str:
    """Fill the empty database."""
    make_home(settings)
    rows = _rows(backups.restore(source, settings.store_url, folder=settings.pictures))
    return f"{rows} restored. Nothing goes out until you have looked around and typed: parvis release"


def backup_keys(settings: Settings, target: Path, passphrase: str) -> str:
    """Copy the keys to a new encrypted file."""
    return f"{key_backup.backup_keys(settings.keys, target, passphrase)} key files copied to {target}."


def restore_keys(settings: Settings, source: Path, passphrase: str) -> str:
    """Bring the keys back."""
    return f"{key_backup.restore_keys(source, settings.keys, passphrase)} key files restored to {settings.keys}."


def _rows(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values())} rows of {len(counts)} tables"
