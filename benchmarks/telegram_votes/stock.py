"""The usual bot: python-telegram-bot's Application as documented, 32 updates at a time, one handler.

The handler reads the vote from the button's data, stores it, and answers the press. That Telegram may forget a press
before it is stored, and that two presses of one citizen may be handled in any order, is left as it usually is.
"""

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from benchmarks.presses import Load, Until, measured
from benchmarks.rounds import Measures
from benchmarks.usual import Keep, by_sqlmodel, by_upsert, nowhere

_TOKEN = "1000001:benchmark"  # noqa: S105  of nobody
_IN_FLIGHT = 32


def with_sqlmodel(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one session."""
    return _measured(url, load, by_sqlmodel(folder))


def with_upsert(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one statement."""
    return _measured(url, load, by_upsert(folder))


def without_storage(url: str, load: Load, _folder: str) -> Measures:
    """Nothing is stored."""
    return _measured(url, load, nowhere)


def _measured(url: str, load: Load, keep: Keep) -> Measures:
    async def vote(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        _, poll, option = (query.data or "").split(":")
        keep(poll, query.from_user.id, int(option))
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
