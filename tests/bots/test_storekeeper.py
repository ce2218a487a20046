"""Writing until it is stored."""

import pytest

from bots.storekeeper import Storekeeper
from core.errors import OutcomeUnknown, StorageError
from core.identifiers import IntakeId
from core.ports.books.inbox import Intake
from tests.bots.town import Stage
from tests.fakes import ACCOUNT, NOON


@pytest.fixture
async def keeper(stage: Stage) -> Storekeeper:
    """A storekeeper who records pauses."""

    async def pause(seconds: float) -> None:
        stage.pauses.append(seconds)

    return Storekeeper(stage.desk, pause)


async def test_a_write_is_tried_until_it_is_stored(stage: Stage, keeper: Storekeeper) -> None:
    """With pauses that stay short enough to tell waiting citizens."""
    stage.store.fails("write", StorageError("disk full"), times=4)
    stage.store.fails("write", OutcomeUnknown("gone"))

    result = await keeper.outlast(lambda books: books.inbox.quarantined())

    assert (result, stage.pauses) == (0, [1, 2, 4, 5, 5])


async def test_recovering_waits_for_a_real_change(stage: Stage, keeper: Storekeeper) -> None:
    """An empty transaction succeeds on a full disk."""
    stage.store.fails("write", StorageError("disk full"))

    await keeper.recover()

    assert await stage.look(lambda books: books.town.fact("stored_at")) == NOON.isoformat()


async def test_an_update_set_aside_is_sealed(stage: Stage, keeper: Storekeeper) -> None:
    """It names people; and its bytes may be anything."""
    await stage.receives()
    intake = Intake(id=IntakeId(1), account=ACCOUNT, number=1, body=b"caf\xe9 \xff", at=NOON)

    await keeper.quarantine(intake, "ValueError at x.py:1", told=False)

    (aside,) = await stage.look(lambda books: books.inbox.aside(limit=9))
    assert (stage.vault.unseal(aside.sealed), aside.was_told) == ("caf\\xe9 \\xff", False)


async def test_of_an_update_whose_author_was_told_only_the_reason_is_kept(stage: Stage, keeper: Storekeeper) -> None:
    """It is never dealt with; and a report names who reported, which must be written nowhere."""
    await stage.receives()
    intake = Intake(id=IntakeId(1), account=ACCOUNT, number=1, body=b"reported by 711", at=NOON)

    await keeper.quarantine(intake, "ValueError at x.py:1", told=True)

    (aside,) = await stage.look(lambda books: books.inbox.aside(limit=9))
    assert (aside.sealed, aside.was_told) == (b"", True)
