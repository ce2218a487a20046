"""``python -m benchmarks.storm``: two hundred messages a second in the debates, for a minute, while people vote."""

import tempfile
from collections.abc import Sequence

from benchmarks.arguments import wanted
from benchmarks.machine import versions
from benchmarks.presses import server
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, apart, race
from benchmarks.storm.ours import Weather, storm

LONGEST_WAIT = 1000  # milliseconds
CALM, STORM = "calm", "storm"
NOTES = (
    "Presses and messages come in one stream, as on Telegram, from a process of its own; a fetch takes 100 of them.",
    "«behind s»: how long after the last message everything is dealt with. «MiB more»: the most that memory grew.",
    "The default charter judges; a journal of the debates is kept, and counts the messages judged.",
)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    sizes = {"messages": 200, "presses": 20, "seconds": 60}
    asked = wanted("storm", "Votes while a storm blows in the debates", rounds=1, sizes=sizes, given=given)
    weather = Weather(**asked.sizes)
    still = Weather(messages=0, presses=weather.presses, seconds=min(weather.seconds, 20))
    found = race(
        [_contender(CALM, "nobody debates", still), _contender(STORM, "everybody does", weather)], rounds=asked.rounds
    )
    report = Report(
        name="storm",
        what="Votes through Telegram's Bot API while a storm blows in the debates",
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions("python-telegram-bot", "aiohttp", "pysqlite3"),
        notes=NOTES,
    )
    asked.finish(report)


def _contender(name: str, what: str, weather: Weather) -> Contender:
    def run(_: Earlier) -> Measures:
        with (
            server("benchmarks.telegram_votes.server") as url,
            tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder,
        ):
            return apart(storm, url, weather, folder)

    return Contender(name=name, what=what, role=Role.OURS, run=run)


def _aims(found: Race) -> tuple[Aim, ...]:
    waits = [wait / LONGEST_WAIT for wait in found.all(STORM, "p99 ms")]
    return (
        Aim(what="storm: votes lost", ratios=found.all(STORM, "votes lost"), bound=0, at_least=False),
        Aim(what="storm: messages not judged", ratios=found.all(STORM, "not judged"), bound=0, at_least=False),
        Aim(what="storm: p99 wait of a vote / 1 s", ratios=waits, bound=1, at_least=False),
    )


if __name__ == "__main__":
    main()
