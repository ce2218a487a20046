"""``python -m benchmarks.discord_votes``: what a vote through Discord costs, and how long a citizen waits."""

import tempfile
from collections.abc import Callable, Sequence

from benchmarks.arguments import wanted
from benchmarks.discord_votes import ours, stock
from benchmarks.machine import versions
from benchmarks.presses import Load, server
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Measures, Race, Role, apart, race

WHAT = "Votes through Discord's gateway over loopback: heard, stored, answered to the presser alone"
Work = Callable[[str, Load, str], Measures]
_SERVER = "benchmarks.discord_votes.server"
_CPU = "CPU µs/vote"
_LONGEST_WAIT = 3000  # milliseconds, Discord's own


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    sizes = {"burst": 1_000, "rate": 20, "seconds": 20}
    asked = wanted("discord_votes", WHAT, rounds=3, sizes=sizes, given=given)
    load = Load(burst=asked.sizes["burst"], rate=asked.sizes["rate"], seconds=asked.sizes["seconds"])
    found = race(_contenders(load), rounds=asked.rounds)
    report = Report(
        name="discord-votes",
        what=WHAT,
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions("discord.py", "aiohttp", "sqlmodel", "pysqlite3"),
        notes=(
            "CPU of the bot's process alone, all its threads; the server, the sandbox's Discord, is another process.",
            "Asyncio's own event loop for all: no uvloop. The gateway's stream is compressed, as discord.py asks.",
            "CPU and votes/s from three bursts of presses, 32 waiting at a time; the waits from the steady stream.",
            "Parvis stores each press before it deals with it, then the ballot; discord.py's bot stores the vote only.",
        ),
    )
    asked.finish(report)


def _contenders(load: Load) -> tuple[Contender, ...]:
    def contender(name: str, what: str, role: Role, work: Work) -> Contender:
        return Contender(name=name, what=what, role=role, run=lambda _: _run(work, load))

    return (
        contender("parvis", "inbox, ballots, words from templates", Role.OURS, ours.whole),
        contender("stock, SQLModel", "get, set, commit for each vote", Role.USUAL, stock.with_sqlmodel),
        contender("stock, upsert", "one SQL statement and commit for each vote", Role.USUAL, stock.with_upsert),
        contender("stock, storing nothing", "answers only", Role.USUAL, stock.without_storage),
    )


def _run(work: Work, load: Load) -> Measures:
    with server(_SERVER) as url, tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder:
        return apart(work, url, load, folder)


def _aims(found: Race) -> tuple[Aim, ...]:
    def cpu(theirs: str, bound: float | None) -> Aim:
        return Aim(
            what=f"CPU: parvis / {theirs}", ratios=found.ratios("parvis", theirs, _CPU), bound=bound, at_least=False
        )

    waits = [wait / _LONGEST_WAIT for wait in found.all("parvis", "p99 ms")]
    return (
        cpu("stock, SQLModel", 0.85),
        cpu("stock, upsert", None),
        cpu("stock, storing nothing", None),
        Aim(what="p99 wait of parvis / 3 s", ratios=waits, bound=1, at_least=False),
    )


if __name__ == "__main__":
    main()
