"""``python -m benchmarks.delay``: how late what is due goes out, at rest and during a broadcast."""

from collections.abc import Sequence
from functools import partial

from benchmarks.arguments import wanted
from benchmarks.delay.ours import Situation, measured
from benchmarks.machine import versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Role, apart, race

WHAT = "From due to sent, on Telegram whose limits are enforced"
_POSTS = {
    Situation.REST: "a step of a campaign, to a channel",
    Situation.BROADCAST: "the same while another campaign goes out to subscribers",
    Situation.URGENT: "a notice, to a channel, while a campaign goes out to subscribers",
}


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("delay", WHAT, rounds=1, sizes={"posts": 40}, given=given)

    def run(situation: Situation, _: Earlier) -> Measures:
        return apart(measured, situation, asked.sizes["posts"])

    contenders = [
        Contender(name=situation.value, what=what, role=Role.OURS, run=partial(run, situation))
        for situation, what in _POSTS.items()
    ]
    found = race(contenders, rounds=asked.rounds)
    aims = [
        Aim(
            what=f"p99 {situation} / 1 s",
            ratios=[wait / 1000 for wait in found.all(situation.value, "p99 ms")],
            bound=1,
            at_least=False,
        )
        for situation in _POSTS
    ]
    report = Report(
        name="delay",
        what=WHAT,
        race=found,
        aims=aims,
        settings=asked.sizes,
        versions=versions("python-telegram-bot", "aiohttp", "sqlmodel", "pysqlite3"),
        notes=(
            "From the instant that the plan says to the one at which the network wrote the message down.",
            "The broadcast is paced at 25 messages a second, all the time; a post falls due each second.",
        ),
    )
    asked.finish(report)


if __name__ == "__main__":
    main()
