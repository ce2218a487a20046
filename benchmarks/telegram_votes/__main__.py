"""``python -m benchmarks.telegram_votes``: what a vote through Telegram costs, and how long a citizen waits."""

from benchmarks.rounds import Role
from benchmarks.telegram_votes import ours, stock
from benchmarks.voting import Most, Rival, Voting

VOTING = Voting(
    package="telegram_votes",
    what="Votes through Telegram's Bot API over loopback: heard, stored, answered",
    sizes={"burst": 2_000, "rate": 50, "seconds": 20},
    distributions=("python-telegram-bot", "httpx", "aiohttp", "sqlmodel", "pysqlite3"),
    rivals=(
        Rival(name="parvis", what="durable inbox, ballots, words from templates", role=Role.OURS, work=ours.whole),
        Rival(
            name="parvis, storing nothing",
            what="the adapter alone: hears and answers",
            role=Role.OURS,
            work=ours.without_storage,
        ),
        Rival(
            name="stock, SQLModel",
            what="get, set, commit for each vote",
            role=Role.USUAL,
            work=stock.with_sqlmodel,
        ),
        Rival(
            name="stock, upsert",
            what="one SQL statement and commit for each vote",
            role=Role.USUAL,
            work=stock.with_upsert,
        ),
        Rival(name="stock, storing nothing", what="answers only", role=Role.USUAL, work=stock.without_storage),
    ),
    costs=(
        Most(theirs="stock, SQLModel", part=1 / 6),
        Most(theirs="stock, upsert", part=1 / 6),
        Most(theirs="stock, storing nothing", part=1 / 6),
        Most(mine="parvis, storing nothing", theirs="stock, storing nothing", part=1 / 6),
    ),
    longest_wait=1,
    notes=(
        "CPU of the bot's process alone, all its threads; the server is another process.",
        "Asyncio's own event loop for all: no uvloop.",
        "CPU and votes/s from three bursts, the waits from the steady stream. Stock: 32 updates at a time.",
        "Parvis stores each press before Telegram may forget it, then the ballot; stock stores the vote only.",
    ),
)

if __name__ == "__main__":
    VOTING.measure()
