"""``python -m benchmarks.corpus``: what the default charter finds of hostile messages, and its false alarms.

``--ordinary`` names folders or files of ordinary messages that others wrote, ``--hostile`` files of hostile ones:
nothing was made to suit them. What was not found, and what was taken for hostile, is printed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.charter import charter
from benchmarks.arguments import wanted
from benchmarks.corpus.hostile import hostile, seeds
from benchmarks.corpus.judge import Judge
from benchmarks.corpus.ordinary import found_in, ours
from benchmarks.machine import versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Race, Role, race

CHARTER = Path(__file__).parents[2] / "campaigns" / "samples" / "charter.toml"
LEAST_FOUND, MOST_ALARMS = 85.0, 3.0
ALL, OTHERS, ORDINARY = "all hostile", "of others: ", "ordinary"
NOTES = (
    "Each message is judged alone by the default charter, in a town called Saint-Aubin: no flood, no copy.",
    "Hostile messages are made of benchmarks/corpus/seeds.toml, always the same ones.",
    "Found: in % of hostile messages. False alarms: in 1,000 that break no article.",
    "«Of others»: texts that are not in the repository; nothing was made to suit them.",
)


def main(given: Sequence[str] | None = None) -> None:
    """Judge, print, keep."""
    asked = wanted(
        "corpus", "What the default charter finds", rounds=1, sizes={}, paths=("ordinary", "hostile"), given=given
    )
    folders, elsewhere = asked.paths["ordinary"], asked.paths["hostile"]
    bad = {**_by_name(), **{OTHERS + name: texts for name, texts in found_in(elsewhere).items()}}
    good = {**ours(), **{OTHERS + name: texts for name, texts in found_in(folders, but=elsewhere).items()}}
    judge = Judge(charter(CHARTER).rules, seeds()["town"])
    found = race(_contenders(judge, bad, good), rounds=asked.rounds)
    report = Report(
        name="corpus",
        what="What the default charter finds of hostile messages, and its false alarms",
        race=found,
        aims=_aims(found, good),
        settings={
            "hostile": sum(len(bad[name]) for name in bad if name != ALL),
            "ordinary": sum(map(len, good.values())),
        },
        versions=versions(),
        notes=NOTES,
    )
    asked.finish(report)
    for line in judge.wrong:
        print(line)


def _by_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in hostile():
        found.setdefault(name, []).append(text)
    return {**found, ALL: [text for texts in found.values() for text in texts]}


def _contenders(judge: Judge, bad: Mapping[str, list[str]], good: Mapping[str, list[str]]) -> list[Contender]:
    return [
        *(Contender(name=name, what="", role=Role.OURS, run=judge.finds(name, texts)) for name, texts in bad.items()),
        *(Contender(name=name, what="", role=Role.OURS, run=judge.spares(name, texts)) for name, texts in good.items()),
    ]


def _aims(found: Race, good: Mapping[str, list[str]]) -> tuple[Aim, ...]:
    measure = "false alarms"
    written = [name for name in good if name == ORDINARY or name.startswith(OTHERS)]
    return (
        Aim(what="found of all that is hostile, %", ratios=found.all(ALL, "found %"), bound=LEAST_FOUND),
        *(
            Aim(what=f"{name}: {measure}", ratios=found.all(name, measure), bound=MOST_ALARMS, at_least=False)
            for name in written
        ),
    )


if __name__ == "__main__":
    main()
