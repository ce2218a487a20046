"""Races: who runs after whom, and ratios within a round only."""

from benchmarks.rounds import Aim, Contender, Earlier, Measures, Role, percentiles, race


def _contender(name: str, speeds: list[float]) -> Contender:
    return Contender(name=name, what="", role=Role.OURS, run=lambda _: {"votes/s": speeds.pop(0)})


def test_a_ratio_is_taken_within_each_round() -> None:
    """A shared machine is slow for all contenders of a round alike: ratios across rounds would say nothing."""
    found = race([_contender("ours", [10, 1]), _contender("limit", [20, 2])], rounds=2)

    assert found.ratios("ours", "limit", "votes/s") == [0.5, 0.5]


def test_a_contender_knows_what_those_before_it_measured() -> None:
    """The limit commits as many votes at once as our store did in the same round."""

    def run(earlier: Earlier) -> Measures:
        return {"votes/s": earlier["ours"]["votes/s"]}

    limit = Contender(name="limit", what="", role=Role.LIMIT, run=run, after="ours")

    found = race([limit, _contender("ours", [7])], rounds=1)

    assert found.median("limit", "votes/s") == 7


def test_an_aim_is_reached_by_the_middle_round() -> None:
    """One round disturbed by somebody else neither makes nor breaks a promise."""
    aim = Aim(what="ours / limit", ratios=[0.1, 0.9, 0.85], bound=0.8)

    assert aim.reached


def test_an_aim_can_be_a_ceiling() -> None:
    """Waits and costs are better when smaller."""
    aim = Aim(what="cost", ratios=[0.2], bound=1 / 6, at_least=False)

    assert aim.reached is False


def test_the_hundredth_worst_wait_is_told_in_milliseconds() -> None:
    """One slow answer in a hundred is what citizens remember."""
    waits = [0.001] * 98 + [0.5] * 2

    assert percentiles(waits) == {"p50 ms": 1.0, "p99 ms": 500.0}
