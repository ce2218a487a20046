"""``python -m benchmarks.judging``: what judging a message costs with the default charter, noting it included."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count

from benchmarks.arguments import wanted
from benchmarks.judging.ours import Hall, Work, cost, ordinary, rate, storm
from benchmarks.judging.texts import HOSTILE
from benchmarks.machine import versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, race

AIM, BUDGET_MS = 10_000, 10.0
_TRIES = 5
_WORKS: tuple[tuple[str, str, Callable[[Hall], Work]], ...] = (
    ("judged", "the words alone", lambda hall: hall.alone),
    ("noted and judged", "as in the debates: floods and copies are counted, and all rules asked", lambda it: it.noted),
    ("noted, judged and kept", "and sealed for the journal", lambda hall: hall.kept),
)
_NOTES = (
    "Processor time of one core, without the database; the charter is campaigns/samples/charter.toml.",
    "Ordinary messages come 200 a second from 400 people in three groups; in the storm all say the same.",
    "Hostile messages are as long as the longest network allows, and come after 260 like them.",
)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted(
        "judging", "What judging a message costs", rounds=5, sizes={"messages": 5_000, "storm": 2_000}, given=given
    )
    numbers = count()
    contenders = [_working(name, what, work, asked.sizes) for name, what, work in _WORKS]
    contenders += [_hostile(name, made, numbers) for name, made in HOSTILE.items()]
    found = race(contenders, rounds=asked.rounds)
    report = Report(
        name="judging",
        what="Judging a message with the default charter",
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions("cryptography"),
        notes=_NOTES,
    )
    asked.finish(report)


def _working(name: str, what: str, work: Callable[[Hall], Work], sizes: Mapping[str, int]) -> Contender:
    def run(_: Earlier) -> Measures:
        return {
            "messages/s": rate(work(Hall()), ordinary(sizes["messages"])),
            "messages/s in a storm": rate(work(Hall()), storm(sizes["storm"])),
        }

    return Contender(name=name, what=what, role=Role.OURS, run=run)


def _hostile(name: str, made: Callable[[int], str], numbers: "count[int]") -> Contender:
    def run(_: Earlier) -> Measures:
        return {"ms": cost(Hall(), made, [next(numbers) for _ in range(_TRIES)])}

    return Contender(name=f"hostile: {name}", what="", role=Role.OURS, run=run)


def _aims(found: Race) -> tuple[Aim, ...]:
    usual, crowded = (found.all("noted and judged", measure) for measure in ("messages/s", "messages/s in a storm"))
    hostile = [each.name for each in found.contenders if each.name.startswith("hostile")]
    dearest = [max(measured[name]["ms"] for name in hostile) for measured in found.rounds]
    return (
        Aim(what="noted and judged: messages/s / 10,000", ratios=[each / AIM for each in usual], bound=1),
        Aim(what="in a storm: messages/s / 10,000", ratios=[each / AIM for each in crowded]),
        Aim(what="the dearest / 10 ms", ratios=[each / BUDGET_MS for each in dearest], bound=1, at_least=False),
    )


if __name__ == "__main__":
    main()
