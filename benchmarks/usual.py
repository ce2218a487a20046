"""Where a usual bot keeps its votes: a table of its own, one vote and one commit at a time."""

from collections.abc import Callable
from pathlib import Path

from pysqlite3 import dbapi2
from sqlalchemy import create_engine, event
from sqlmodel import Field, Session, SQLModel

_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_UPSERT = (
    "INSERT INTO vote (poll, citizen, option) VALUES (?, ?, ?)"
    " ON CONFLICT (poll, citizen) DO UPDATE SET option = excluded.option"
)
Keep = Callable[[str, int, int], None]


class Vote(SQLModel, table=True):
    """The latest vote of a citizen in a poll."""

    poll: str = Field(primary_key=True)
    citizen: int = Field(primary_key=True)
    option: int


def by_sqlmodel(folder: str) -> Keep:
    """Each vote is one session: get, set, commit."""
    engine = create_engine(f"sqlite:///{Path(folder) / 'votes.db'}", module=dbapi2)

    @event.listens_for(engine, "connect")
    def prepare(connection: dbapi2.Connection, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["vote"]])

    def keep(poll: str, citizen: int, option: int) -> None:
        with Session(engine) as session:
            vote = session.get(Vote, (poll, citizen)) or Vote(poll=poll, citizen=citizen, option=option)
            vote.option = option
            session.add(vote)
            session.commit()

    return keep


def by_upsert(folder: str) -> Keep:
    """Each vote is one upsert on an open connection, and one commit: the leanest a handler can store it."""
    connection = dbapi2.connect(str(Path(folder) / "votes.db"), isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TABLE vote (poll TEXT, citizen INTEGER, option INTEGER, PRIMARY KEY (poll, citizen))")

    def keep(poll: str, citizen: int, option: int) -> None:
        connection.execute(_UPSERT, (poll, citizen, option))

    return keep


def nowhere(_poll: str, _citizen: int, _option: int) -> None:
    """Keep nothing."""
