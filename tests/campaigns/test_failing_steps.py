"""A step that fails holds up no other, is said once, and is tried again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from core.campaign import OccurrenceState, StepKind, named
from core.errors import StorageError
from core.identifiers import CampaignId, PollId
from core.poll import Outcome, Vote
from core.ports.store import Books, Guard, Store
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.campaigns.stage import HOUR, Stage, then
from tests.fakes import NOON

T = TypeVar("T")
PLANNED, DONE = OccurrenceState.PLANNED, OccurrenceState.DONE


class _FullDisk(MemoryVault):
    """A vault that can make no key while its disk is full."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def create_poll_key(self, poll: PollId) -> None:
        """Refuse, or make it."""
        if self.error is not None:
            raise self.error
        super().create_poll_key(poll)


class _Torn:
    """A store in which, once it was said what is due, no campaign is found any more."""

    def __init__(self, store: Store) -> None:
        self._stores: list[Store] = [*[store] * 4, MemoryStore()]

    async def read(self, work: Callable[[Books], T]) -> T:
        """Read."""
        return await (self._stores.pop(0) if len(self._stores) > 1 else self._stores[0]).read(work)

    async def write(self, work: Callable[[Books], T]) -> T:
        """Write."""
        return await self._stores[-1].write(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast."""
        return await self._stores[-1].cast(votes, guard=guard)

    async def close(self) -> None:
        """Let go."""


async def _two_campaigns(error: Exception) -> tuple[Stage, _FullDisk]:
    """One whose poll cannot open, and after it one that announces; both are due."""
    stage = Stage(steps=(then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL)))
    vault = _FullDisk(error)
    stage.vault = vault
    stage.planner = stage.new_planner()
    await stage.started()
    other = replace(stage.campaign, id=CampaignId("market"), questions=(), steps=named([then(StepKind.ANNOUNCE)]))
    await stage.planner.start(other)
    stage.clock.move_to(NOON + HOUR)
    return stage, vault


@pytest.mark.parametrize("error", [StorageError("no space left"), KeyError("bug")], ids=str)
async def test_a_step_that_fails_holds_up_no_other_campaign(error: Exception) -> None:
    """A key that cannot be written concerns its own poll."""
    stage, _ = await _two_campaigns(error)

    settled = await stage.planner.look()

    assert (settled, len(await stage.planned())) == (1, 1)
    assert await stage.states() == [PLANNED, PLANNED]


@pytest.mark.parametrize(
    ("error", "traced"), [(StorageError("no space left"), False), (KeyError("bug"), True)], ids=str
)
async def test_a_step_that_fails_is_said_once(
    error: Exception, *, traced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The planner looks every second; only a fault of ours is traced."""
    stage, _ = await _two_campaigns(error)

    await stage.planner.look()
    await stage.planner.look()

    (failing,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert (failing.message, bool(failing.exc_info)) == ("step_failing", traced)
    assert (vars(failing)["campaign"], vars(failing)["detail"]) == ("bridge", str(error))


async def test_a_step_that_failed_is_done_at_the_next_look(caplog: pytest.LogCaptureFixture) -> None:
    """And should it fail again later, that is said again."""
    stage, vault = await _two_campaigns(StorageError("no space left"))
    await stage.planner.look()

    vault.error = None

    assert await stage.planner.look() == 1
    assert await stage.states() == [DONE, PLANNED]
    assert [record.message for record in caplog.records].count("step_failing") == 1


async def test_a_step_whose_campaign_is_gone_is_no_more_than_a_step_that_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody worked on the database by hand."""
    stage = await Stage().started()
    stage.clock.move_to(NOON + HOUR)
    planner = stage.new_planner(_Torn(stage.store))

    assert await planner.look() == 0
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["step_failing"]
