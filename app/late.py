"""What fell due during an outage, and an officer's choice about it."""

from collections.abc import Sequence
from functools import partial

from app.audit import recorded
from app.identity import acting
from app.office import Office
from campaigns import catching_up
from core.audit import Deed, of_occurrence
from core.identifiers import OccurrenceId
from core.ports.store import Books
from core.staff import Act


async def listed(office: Office) -> list[tuple[object, ...]]:
    """Number, campaign, step, when it was due, until when it may go out, and what becomes of it; the newest first."""
    now, local = office.clock.now(), office.settings.local

    def look(books: Books) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for each in catching_up.late(now, books):
            running = books.campaigns.get(each.campaign)
            if running is None:
                continue
            until = each.due_at + running.campaign.step(each.step).grace
            what = "too late" if until < now else catching_up.turn_of(each, running.campaign, now, books).value
            rows.append((each.id, each.campaign, each.step, local(each.due_at), local(until), what))
        return rows

    return await office.store.read(look)


async def release(office: Office, numbers: Sequence[OccurrenceId]) -> list[tuple[OccurrenceId, bool]]:
    """Let these go out in turn, all that are late without numbers; which of them are late. Raises NotAllowed."""
    who, now = await acting(office, Act.CATCH_UP), office.clock.now()

    def work(books: Books) -> list[tuple[OccurrenceId, bool]]:
        chosen = numbers or [each.id for each in catching_up.late(now, books)]
        return [(each, one(each)(books)) for each in chosen]

    def one(number: OccurrenceId) -> "partial[bool]":
        deed = Deed(who=who, at=now, act=Act.CATCH_UP, about=of_occurrence(number))
        return partial(recorded(deed, partial(catching_up.release, number)))

    return await office.store.write(work)
