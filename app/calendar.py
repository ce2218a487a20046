"""What an officer does with the occurrences of a running campaign from the command line."""

from datetime import datetime
from functools import partial

from app.audit import recorded, signed
from app.lives import lives_of
from app.office import Office
from campaigns import calendar
from campaigns.calendar import NotChanged
from core.audit import of_occurrence
from core.campaign import Occurrence, OccurrenceState
from core.identifiers import CampaignId, OccurrenceId
from core.life import Life
from core.localtime import NoSuchLocalTime, instant
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.staff import Act

_WHY = {OccurrenceState.SKIPPED: "skipped", OccurrenceState.UNMET: "its condition did not hold"}


async def listed(office: Office, campaign: CampaignId) -> list[tuple[object, ...]]:
    """Number, local time, step, state and what is to know, the earliest first."""
    found = await office.store.read(partial(_occurrences, campaign, office.clock.now()))
    if found is None:
        return []
    running, lives = found
    return [(each.id, _local(each, running), each.step, life.value, _note(each)) for each, life in lives.items()]


async def move(office: Office, number: OccurrenceId, local: datetime) -> str:
    """Move one to a time of its campaign's clocks; what to tell the officer. Raises NotChanged."""
    deed = await signed(office, Act.MOVE, of_occurrence(number))
    if office.settings.staff.is_named:
        raise NotChanged("this town approves when things go out: correct the time in its file, and submit that")

    def moved(books: Books) -> tuple[Occurrence, Running]:
        running = _campaign_of(number, books)
        try:
            to = instant(local, running.campaign.zone, running.campaign.policy)
        except NoSuchLocalTime as error:
            raise NotChanged(str(error)) from error
        return calendar.move(number, to, deed.at, books), running

    occurrence, running = await office.store.write(recorded(deed, moved))
    return f"Occurrence {number} ({occurrence.step}) is due {_local(occurrence, running)} now."


async def skip(office: Office, number: OccurrenceId) -> str:
    """Skip one; what to tell the officer. Raises NotChanged."""
    deed = await signed(office, Act.SKIP, of_occurrence(number))
    occurrence = await office.store.write(recorded(deed, partial(calendar.skip, number, deed.at)))
    return f"Occurrence {number} ({occurrence.step}) will not take place (parvis campaign skip --undo {number})."


async def resume(office: Office, number: OccurrenceId) -> str:
    """Let a skipped one take place; what to tell the officer. Raises NotChanged."""
    deed = await signed(office, Act.RESUME, of_occurrence(number))
    occurrence = await office.store.write(recorded(deed, partial(calendar.resume, number, deed.at)))
    return f"Occurrence {number} ({occurrence.step}) will take place."


def _occurrences(campaign: CampaignId, now: datetime, books: Books) -> tuple[Running, dict[Occurrence, Life]] | None:
    running = books.campaigns.get(campaign)
    if running is None:
        return None
    return running, lives_of(running, books.campaigns.occurrences(campaign), now, books)


def _campaign_of(number: OccurrenceId, books: Books) -> Running:
    occurrence = books.campaigns.occurrence(number)
    running = None if occurrence is None else books.campaigns.get(occurrence.campaign)
    if running is None:
        raise NotChanged(f"there is no occurrence {number} (see: parvis campaign occurrences)")
    return running


def _local(occurrence: Occurrence, running: Running) -> str:
    return f"{occurrence.due_at.astimezone(running.campaign.zone):%Y-%m-%d %H:%M %Z}"


def _note(occurrence: Occurrence) -> str:
    moved = f"moved from {occurrence.local:%Y-%m-%d %H:%M}" if occurrence.moved else ""
    why = _WHY.get(occurrence.state, "")
    return "; ".join(each for each in (why, moved) if each)
