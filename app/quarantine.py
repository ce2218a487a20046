"""Updates set aside: putting them back, once the fault that kept them from being dealt with is repaired."""

from collections.abc import Collection

from app.identity import acting
from app.office import Office
from core.audit import Deed, of_update
from core.errors import ParvisError
from core.identifiers import IntakeId
from core.ports.books.inbox import Aside
from core.ports.store import Books
from core.staff import Act

ALL = 100_000  # more than a fault sets aside before somebody sees it


class NotSetAside(ParvisError):
    """What an operator asked for is about an update that is not set aside, or that must not be dealt with any more."""


async def put_back(office: Office, numbers: Collection[int]) -> int:
    """Put these back, all or none; without numbers, all whose authors were told nothing. Returns how many.

    Raises NotSetAside.
    """
    by = await acting(office, Act.PUT_BACK)
    found = await office.store.read(lambda books: books.inbox.aside(limit=ALL))
    chosen = [each for each in found if each.id in numbers or not (numbers or each.was_told)]
    _refuse(numbers, chosen)
    bodies = [(each.id, office.vault.unseal(each.sealed).encode()) for each in reversed(chosen)]

    at = office.clock.now()
    deeds = {intake: Deed(who=by, at=at, act=Act.PUT_BACK, about=of_update(intake)) for intake, _ in bodies}

    def work(books: Books) -> int:
        back = [intake for intake, body in bodies if books.inbox.put_back(intake, body=body)]
        for intake in back:
            books.audit.record(deeds[intake])
        return len(back)

    return await office.store.write(work)


def _refuse(numbers: Collection[int], chosen: Collection[Aside]) -> None:
    told = [each.id for each in chosen if each.was_told]
    missing = set(map(IntakeId, numbers)) - {each.id for each in chosen}
    if missing:
        raise NotSetAside(f"nothing is set aside under the number {min(missing)} (see: parvis quarantine)")
    if told:
        why = "its author was told that nothing is recorded, and may have acted again since"
        raise NotSetAside(f"update {min(told)} stays aside: {why}")
