"""``python -m benchmarks.discord_votes``: what a vote through Discord costs, and how long a citizen waits."""

from benchmarks.discord_votes import ours, stock
from benchmarks.rounds import Role
from benchmarks.voting import Most, Rival, Voting

VOTING = Voting(
    package="discord_votes",
    what="Votes through Discord's gateway over loopback: heard, stored, answered to the presser alone",
    sizes={"burst": 1_000, "rate": 20, "seconds": 20},
    distributions=("discord.py", "aiohttp", "sqlmodel", "pysqlite3"),
    rivals=(
        Rival(name="parvis", what="inbox, ballots, words from templates", role=Role.OURS, work=ours.whole),
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
        Most(theirs="stock, SQLModel", part=0.85),
        Most(theirs="stock, upsert", part=None),
        Most(theirs="stock, storing nothing", part=None),
    ),
    longest_wait=3,  # Discord's own
    notes=(
        "CPU of the bot's process alone, all its threads; the server, the sandbox's Discord, is another process.",
        "Asyncio's own event loop for all: no uvloop. The gateway's stream is compressed, as discord.py asks.",
        "CPU and votes/s from three bursts of presses, 32 waiting at a time; the waits from the steady stream.",
        "Parvis stores each press before it deals with it, then the ballot; discord.py's bot stores the vote only.",
    ),
)

if __name__ == "__main__":
    VOTING.measure()
