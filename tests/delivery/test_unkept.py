"""The staff is alerted of sanctions that do not hold: once for each account, and no more when they do."""

from dataclasses import replace
from datetime import timedelta

from core.alert import AlertKind, Matter
from core.ports.store import Books
from core.sanction import Sanction
from core.wording import Wording
from delivery.matters import FAILING, Matters
from storage.memory import MemoryStore
from tests.core.examples import NOON
from tests.core.test_sanction import sanction

FAILS = replace(sanction(), failures=1, failing_since=NOON, trouble="not enough rights")


async def _found(*sanctions: Sanction, after: timedelta = FAILING) -> list[Matter]:
    store = MemoryStore()
    matters = Matters(accounts=(), capabilities=dict)

    def work(books: Books) -> list[Matter]:
        for each in sanctions:
            books.sanctions.add(each)
        return list(matters.find(books, NOON + after).values())

    return await store.write(work)


async def test_sanctions_that_do_not_hold_are_one_matter_an_account() -> None:
    """However many they are: the cause is one."""
    (matter,) = await _found(FAILS, replace(FAILS, trouble="other"), sanction())

    assert (matter.kind, matter.about, matter.until) == (AlertKind.SANCTION, "account:telegram", None)
    assert matter.detail == Wording(fr="not enough rights", en="not enough rights")


async def test_what_passes_by_itself_alerts_nobody() -> None:
    """A network that is away for a minute."""
    assert await _found(FAILS, after=FAILING - timedelta(seconds=1)) == []
