"""``python -m benchmarks.fanout telegram|discord|mastodon``: a broadcast on a network that enforces its limits."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from adapters.discord.limits import PACE as DISCORD
from adapters.mastodon.limits import PACE as MASTODON
from adapters.telegram.limits import PACE as TELEGRAM
from benchmarks.arguments import wanted
from benchmarks.fanout.ours import Parvis
from benchmarks.fanout.running import Program, killed, whole
from benchmarks.fanout.stock import Stock
from benchmarks.fanout.town import Broadcast
from benchmarks.machine import versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, race

LEAST = 0.97  # of the pace
PACES: Mapping[str, float] = {  # messages a second that each adapter allows itself
    "telegram": TELEGRAM.overall.calls / TELEGRAM.overall.period.total_seconds(),
    "discord": DISCORD.overall.calls / DISCORD.overall.period.total_seconds(),
    "mastodon": 1 / MASTODON.gap.total_seconds(),
}
SIZES: Mapping[str, Mapping[str, int]] = {
    "telegram": {"places": 400, "messages": 1},
    "discord": {"places": 100, "messages": 8},
    "mastodon": {"places": 1, "messages": 200},
}
LIBRARIES = {
    "telegram": ("python-telegram-bot", "httpx", "aiohttp", "aiolimiter", "apscheduler"),
    "discord": ("discord.py", "aiohttp"),
    "mastodon": ("Mastodon.py", "requests"),
}


def main(given: Sequence[str]) -> None:
    """Measure, print, keep."""
    network, *options = given
    what = f"A broadcast on {network.title()}, whose limits are enforced"
    asked = wanted("fanout", what, rounds=1, sizes=SIZES[network], given=options)
    broadcast = Broadcast(network=network, **asked.sizes)
    found = race([*_contenders(broadcast)], rounds=asked.rounds)
    report = Report(
        name=f"fanout-{network}",
        what=what,
        race=found,
        aims=tuple(_aims(found)),
        settings=asked.sizes,
        versions=versions(*LIBRARIES[network]),
        notes=(
            f"The pace is what the adapter allows itself: {PACES[network]:g} messages a second, for all contenders.",
            "Everything is counted in the network's own journal; 429 are the calls that it refused as too fast.",
            "Doubled, lost, uncertain: of another broadcast, killed (-9) half-way and started again.",
        ),
    )
    asked.finish(report)


def _contenders(broadcast: Broadcast) -> Iterator[Contender]:
    pace = PACES[broadcast.network]
    yield _contender("parvis", "parvis run, the broadcast in its ledger", Role.OURS, Parvis(), broadcast)
    if broadcast.network == "telegram":
        said = "python-telegram-bot's AIORateLimiter, all messages at once, tried again when refused"
        yield _contender("AIORateLimiter", said, Role.USUAL, Stock("limiter", pace), broadcast)
        said = "python-telegram-bot's JobQueue (APScheduler), a job for each message, spread over time"
        yield _contender("JobQueue", said, Role.USUAL, Stock("jobs", pace), broadcast)


def _contender(name: str, what: str, role: Role, program: Program, broadcast: Broadcast) -> Contender:
    def run(_: Earlier) -> Measures:
        return {**whole(program, broadcast, pace=PACES[broadcast.network]), **killed(program, broadcast)}

    return Contender(name=name, what=what, role=role, run=run)


def _aims(found: Race) -> Iterator[Aim]:
    yield Aim(what="parvis: rate / pace", ratios=found.all("parvis", "of the pace"), bound=LEAST)
    for measure in ("429", "doubled", "lost"):
        yield Aim(what=f"parvis: {measure}", ratios=found.all("parvis", measure), bound=0, at_least=False)


if __name__ == "__main__":
    main(sys.argv[1:])
