"""The usual bot at rest: ``python -m benchmarks.footprint.stock URL TOKEN`` with python-telegram-bot and SQLModel."""

import asyncio
import sys

from sqlmodel import Field, Session, SQLModel, create_engine
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes


class Vote(SQLModel, table=True):
    """The latest vote of a citizen in a poll."""

    poll: str = Field(primary_key=True)
    citizen: int = Field(primary_key=True)
    option: int


async def main(url: str, token: str) -> None:
    """Poll until the standard input is closed."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)

    async def vote(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        with Session(engine) as session:
            session.add(Vote(poll="", citizen=query.from_user.id, option=0))
            session.commit()
        await query.answer()

    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    application.add_handler(CallbackQueryHandler(vote))
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=50)
        sys.stderr.write("listens\n")
        sys.stderr.flush()
        await asyncio.to_thread(sys.stdin.read)
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
