"""``python -m benchmarks.telegram_votes``: what a vote through Telegram costs, and how long a citizen waits."""

import tempfile
from collections.abc import Callable, Sequence

from benchmarks.arguments import wanted
from benchmarks.machine import versions
from benchmarks.presses import Load, server
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Measures, Race, Role, apart, race
from benchmarks.telegram_votes import ours, stock

WHAT = "Votes through Telegram's Bot API over loopback: heard, stored, answered"
Work = Callable[[str, Load, str], Measures]
_SERVER = "benchmarks.telegram_votes.server"
_CPU = "CPU µs/vote"
_LONGEST_WAIT = 1000  # milliseconds


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    sizes = {"burst": 2_000, "rate": 50, "seconds": 20}
    asked = wanted("telegram_votes", WHAT, rounds=3, sizes=sizes, given=given)
    load = Load(burst=asked.sizes["burst"], rate=asked.sizes["rate"], seconds=asked.sizes["seconds"])
    found = race(_contenders(load), rounds=asked.rounds)
    report = Report(
        name="telegram-votes",
        what=WHAT,
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions("python-telegram-bot", "httpx", "aiohttp", "sqlmodel", "pysqlite3"),
        notes=(
            "CPU of the bot's process alone, all its threads; the server is another process.",
            "Asyncio's own event loop for all: no uvloop.",
            "CPU and votes/s from three bursts, the waits from the steady stream. Stock: 32 updates at a time.",
            "Parvis stores each press before Telegram may forget it, then the ballot; stock stores the vote only.",
        ),
    )
    asked.finish(report)


def _contenders(load: Load) -> tuple[Contender, ...]:
    def contender(name: str, what: str, role: Role, work: Work) -> Contender:
        return Contender(name=name, what=what, role=role, run=lambda _: _run(work, load))

    return (
        contender("parvis", "durable inbox, ballots, words from templates", Role.OURS, ours.whole),
        contender("parvis, storing nothing", "the adapter alone: hears and answers", Role.OURS, ours.without_storage),
        contender("stock, SQLModel", "get, set, commit for each vote", Role.USUAL, stock.with_sqlmodel),
        contender("stock, upsert", "one SQL statement and commit for each vote", Role.USUAL, stock.with_upsert),
        contender("stock, storing nothing", "answers only", Role.USUAL, stock.without_storage),
    )


def _run(work: Work, load: Load) -> Measures:
    with server(_SERVER) as url, tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder:
        return apart(work, url, load, folder)


def _aims(found: Race) -> tuple[Aim, ...]:
    def cpu(mine: str, theirs: str) -> Aim:
        ratios = found.ratios(mine, theirs, _CPU)
        return Aim(what=f"CPU: {mine} / {theirs}", ratios=ratios, bound=1 / 6, at_least=False)

    waits = [wait / _LONGEST_WAIT for wait in found.all("parvis", "p99 ms")]
    return (
        cpu("parvis", "stock, SQLModel"),
        cpu("parvis", "stock, upsert"),
        cpu("parvis", "stock, storing nothing"),
        cpu("parvis, storing nothing", "stock, storing nothing"),
        Aim(what="p99 wait of parvis / 1 s", ratios=waits, bound=1, at_least=False),
    )


if __name__ == "__main__":
    main()
