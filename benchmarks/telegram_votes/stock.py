"""The usual bot: python-telegram-bot's Application as documented, 32 updates at a time, one handler.

The handler reads the vote from the button's data, stores it, and answers the press. That Telegram may forget a press
before it is stored, and that two presses of one citizen may be handled in any order, is left as it usually is.
"""

from collections.abc import Callable
from pathlib import Path

from pysqlite3 import dbapi2
from sqlalchemy import create_engine, event
from sqlmodel import Field, Session, SQLModel
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from benchmarks.rounds import Measures
from benchmarks.telegram_votes.load import Load, Until, measured

_TOKEN = "1000001:benchmark"  # noqa: S105  of nobody
_IN_FLIGHT = 32
_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_UPSERT = (
    "INSERT INTO vote (poll, citizen, option) VALUES (?, ?, ?)"
    " ON CONFLICT (poll, citizen) DO UPDATE SET option = excluded.option"
)
Store = Callable[[str, int, int], None]


class Vote(SQLModel, table=True):
    """The latest vote of a citizen in a poll."""

    poll: str = Field(primary_key=True)
    citizen: int = Field(primary_key=True)
    option: int


def with_sqlmodel(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one session: get, set, commit."""
    engine = create_engine(f"sqlite:///{Path(folder) / 'votes.db'}", module=dbapi2)

    @event.listens_for(engine, "connect")
    def prepare(connection: dbapi2.Connection, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["vote"]])

    def store(poll: str, citizen: int, option: int) -> None:
        with Session(engine) as session:
            vote = session.get(Vote, (poll, citizen)) or Vote(poll=poll, citizen=citizen, option=option)
            vote.option = option
            session.add(vote)
            session.commit()

    return _measured(url, load, store)


def with_upsert(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one upsert on an open connection, and one commit: the leanest a handler can store it."""
    connection = dbapi2.connect(str(Path(folder) / "votes.db"), isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TABLE vote (poll TEXT, citizen INTEGER, option INTEGER, PRIMARY KEY (poll, citizen))")

    def store(poll: str, citizen: int, option: int) -> None:
        connection.execute(_UPSERT, (poll, citizen, option))

    return _measured(url, load, store)


def without_storage(url: str, load: Load, _folder: str) -> Measures:
    """Nothing is stored."""
    return _measured(url, load, lambda _poll, _citizen, _option: None)


def _measured(url: str, load: Load, store: Store) -> Measures:
    async def vote(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        _, poll, option = (query.data or "").split(":")
        store(poll, query.from_user.id, int(option))
        await query.answer("C'est noté : La passerelle.")

    async def listening(url: str, until: Until) -> None:
        application = Application.builder().token(_TOKEN).base_url(f"{url}/bot").concurrent_updates(_IN_FLIGHT).build()
        application.add_handler(CallbackQueryHandler(vote))
        async with application:
            assert application.updater is not None
            await application.start()
            await application.updater.start_polling()
            await until()
            await application.updater.stop()
            await application.stop()

    return measured(url, load, listening)
