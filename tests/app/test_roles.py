"""What each role does: together they do everything, and what must be everywhere is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.cluster import refuse_role
from app.roles import beats, plans, runs
from core.errors import Misconfigured
from core.identifiers import AccountName, LaneName
from core.ports.engine import Role, listening, sending
from scheduler import Tick
from tests.app.town import account, configured

SQUARE = AccountName("square")
LANES = (listening(SQUARE), sending(SQUARE), LaneName("look:square"), LaneName("boards"))


@pytest.mark.parametrize(
    ("role", "lanes"),
    [(Role.GATEWAY, LANES[:1]), (Role.WORKER, LANES[1:]), (Role.CLOCK, ()), (Role.ALL, LANES)],
    ids=[role.value for role in Role],
)
def test_the_lanes_of_a_role(role: Role, lanes: tuple[LaneName, ...]) -> None:
    """Who hears need not send."""
    assert tuple(lane for lane in LANES if runs(role, lane)) == lanes


def test_the_clock_plans_and_so_does_who_does_all() -> None:
    """The others leave it to them."""
    assert [role for role in Role if plans(role)] == [Role.CLOCK, Role.ALL]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.GATEWAY, ["cases", "heartbeat"]),
        (Role.WORKER, ["boards", "heartbeat"]),
        (Role.CLOCK, ["ledger", "heartbeat"]),
        (Role.ALL, ["cases", "boards", "ledger", "heartbeat"]),
    ],
)
def test_the_ticks_of_a_role(role: Role, names: list[str]) -> None:
    """What belongs to every process beats in each."""

    async def look() -> None: ...

    whose = {"cases": Role.GATEWAY, "boards": Role.WORKER, "ledger": Role.CLOCK, "heartbeat": Role.ALL}
    ticks = [(role, Tick(name=name, period=timedelta(seconds=1), look=look)) for name, role in whose.items()]

    assert [tick.name for tick in beats(role, ticks)] == names


async def test_one_machine_has_one_process_that_does_everything(tmp_path: Path) -> None:
    """The rest of the work would be done by nobody."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))

    refuse_role(settings, Role.ALL)
    refuse_role(replace(settings, in_cluster=True), Role.CLOCK)
    with pytest.raises(Misconfigured, match=r"engine\.kind: the role «worker» is for a cluster"):
        refuse_role(settings, Role.WORKER)
