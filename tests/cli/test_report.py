"""``parvis report moderation``: a page, a table and a checkpoint."""

import pytest

from app.office import Office
from app.settings import load
from core.audit import Deed
from core.casefile import Ground, written
from core.ports.store import Books
from core.staff import SERVICE, Act
from tests.cli.office import ACCOUNT, Terminal, remembered
from tests.core.examples import NOON


@pytest.fixture
def busy(ready: Terminal) -> Terminal:
    """A town that removed twelve messages in a month."""
    remembered(load(ready.folder / "config.toml"), _live)
    return ready


async def _live(office: Office) -> None:
    await office.store.write(_removed)


def _removed(books: Books) -> None:
    content = written(Ground(account=ACCOUNT, article="=2", charter="<1>"))
    for case in range(12):
        deed = Deed(who=SERVICE, at=NOON, act=Act.REMOVE_MESSAGE, about=f"case:{case}", content=content)
        books.audit.record(deed)


def test_a_month_is_written_for_people_and_for_programs(busy: Terminal) -> None:
    """And its checkpoint can be verified later."""
    month = f"{NOON:%Y-%m}"
    done = busy.types("report", "moderation", "--month", month, "--out", str(busy.folder / "public"))
    checkpoint = done.out.splitlines()[-1].removeprefix("Checkpoint of the log: ")

    page = (busy.folder / "public" / f"moderation-{month}.html").read_text(encoding="utf-8")
    table = (busy.folder / "public" / f"moderation-{month}.csv").read_text(encoding="utf-8").splitlines()
    assert "<td>12</td>" in page
    assert checkpoint in page
    assert table[1:] == [
        f"{month},'=2,telegram,remove-message,DECISION_VISIBILITY_CONTENT_REMOVED,DECISION_GROUND_INCOMPATIBLE_CONTENT,12"
    ]
    assert busy.types("audit", "--checkpoint", checkpoint).code == 0


@pytest.mark.parametrize("noted", ["1:c0ffee", "99:c0ffee", "c0ffee", "1", f"{'9' * 40}:c0ffee"])
def test_a_checkpoint_that_does_not_hold_is_said(busy: Terminal, noted: str) -> None:
    """Somebody made a whole new log, or noted it wrong."""
    done = busy.types("audit", "--checkpoint", noted)

    assert (done.code, done.out) == (3, f"REWRITTEN: the entry noted down as {noted} is not in this log.\n")


def test_a_month_without_any_decision_says_so(ready: Terminal) -> None:
    """A page all the same: nothing is news too."""
    done = ready.types("report", "moderation", "--month", "2001-01", "--out", str(ready.folder))

    page = (ready.folder / "moderation-2001-01.html").read_text(encoding="utf-8")
    assert done.code == 0
    assert "Aucune décision ce mois-ci." in page
    assert "No decision this month." in page
