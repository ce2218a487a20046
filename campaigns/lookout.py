"""Looks each occurrence over a day before it goes out, and once more ten minutes before: the world may have changed.

Links die, tokens are revoked, rights are taken away, another campaign says the same. The staff is told what blocks, and
reads all that was found in the log and in ``parvis campaign findings``. Nothing is held back for it: a human decides.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

from campaigns import alarms, unapproved
from campaigns.neighbours import Neighbour, near
from campaigns.notes import Look, Notice, looks_at, note
from campaigns.preflight import Means, findings, outside, sizes_of
from campaigns.texts import place_of
from core.alert import AlertKind, Matter, of_occurrence
from core.audience import Channel
from core.campaign import Campaign, Occurrence
from core.identifiers import AccountName, CampaignId, Locale, OccurrenceId
from core.ports.books.campaigns import Running
from core.ports.clock import Clock
from core.ports.platform import Doctor
from core.ports.store import Books, Store
from core.ports.web import Web
from core.preflight import Concern, LinkDead, NotAsked, blocks
from core.wording import Wording

DAY, LAST = timedelta(hours=24), timedelta(minutes=10)

log = logging.getLogger("parvis.campaigns")


class Lookout:
    """Asks pre-flight in time about what falls due, once a notice, and keeps what it says until that has gone out.

    While a network does not answer, it is asked again at each look; what is new of it is told.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        means: Means,
        doctors: Mapping[AccountName, Doctor],
        web: Web | None,
        pictures: Path,
        says: Callable[[Concern, Locale], str],
        needs_approval: bool = False,
    ) -> None:
        """``pictures`` is the folder of those of campaigns, ``says`` what the log tells of a finding.

        Where it ``needs_approval``, what nobody approved is told as well.
        """
        self._store = store
        self._clock = clock
        self._means = means
        self._doctors = doctors
        self._web = web
        self._pictures = pictures
        self._says = says
        self._needs_approval = needs_approval

    async def look(self) -> None:
        """Look over what falls due within a day, and was not yet."""
        now = self._clock.now()
        if self._needs_approval and await self._store.read(partial(unapproved.is_news, now)):
            await self._store.write(partial(unapproved.tell, now))
        ahead = await self._store.read(
            lambda books: [each for each in books.campaigns.due(now + DAY) if each.due_at > now]
        )
        for campaign, due in groupby(sorted(ahead, key=_in_order), key=lambda each: each.campaign):
            await self._look_at(campaign, tuple(due), now)

    async def _look_at(self, campaign: CampaignId, due: Sequence[Occurrence], now: datetime) -> None:
        scene = await self._store.read(partial(_scene, campaign, due, now))
        if scene.running is None or not scene.due:
            return
        plan = scene.running.campaign
        means = await self._current(scene.running)
        told = await outside(plan, scene.due, channels=means.channels, doctors=self._doctors, web=self._web)
        judged = partial(findings, plan, means=means, start=scene.running.started_at, now=now, others=scene.others)
        written = [await asyncio.to_thread(judged, (each,)) for each in scene.due]
        looks = [
            Look(
                occurrence=each.id,
                step=each.step,
                notice=_notice(each, now),
                at=now,
                due_at=each.due_at,
                found=(*own, *(concern for concern in told if _concerns(concern, plan, each))),
            )
            for each, own in zip(scene.due, written, strict=True)
        ]
        matters = await asyncio.to_thread(self._matters, scene.due, looks)
        await self._store.write(partial(_keep, campaign, looks, matters))
        await asyncio.to_thread(self._tell, campaign, looks, scene.told)

    def _matters(self, due: Sequence[Occurrence], looks: Sequence[Look]) -> list[Matter]:
        """What keeps an occurrence from going out, for the staff to mend before."""
        found = ((each, [one for one in look.found if blocks(one)]) for each, look in zip(due, looks, strict=True))
        return [
            Matter(
                kind=AlertKind.PREFLIGHT,
                about=of_occurrence(each.id),
                detail=Wording(fr=self._sentences(some, Locale.FR), en=self._sentences(some, Locale.EN)),
                until=each.due_at,
            )
            for each, some in found
            if some
        ]

    def _sentences(self, concerns: Iterable[Concern], locale: Locale) -> str:
        return "\n".join(self._says(each, locale) for each in concerns)

    async def _current(self, running: Running) -> Means:
        """The means as they are now: chats may have moved, pictures may be gone."""
        sizes = await asyncio.to_thread(sizes_of, running.campaign, self._pictures)
        moved = partial(_moved, self._means.channels)
        return replace(self._means, sizes=sizes, channels=await self._store.read(moved))

    def _tell(self, campaign: CampaignId, looks: Iterable[Look], told_before: frozenset[Concern]) -> None:
        said = set(told_before)
        for look in looks:
            for each in (each for each in look.found if each not in said):
                said.add(each)
                place = {"campaign": campaign, "step": look.step, "notice": look.notice.value, "place": each.place}
                told = {"finding": type(each).__name__, "detail": self._says(each, Locale.EN)}
                if blocks(each):
                    log.error("preflight_blocks", extra=place | told)
                else:
                    log.warning("preflight_warns", extra=place | told)


@dataclass(frozen=True, slots=True)
class _Scene:
    running: Running | None
    due: tuple[Occurrence, ...]
    others: tuple[Neighbour, ...]
    told: frozenset[Concern]


def _scene(campaign: CampaignId, ahead: Sequence[Occurrence], now: datetime, books: Books) -> _Scene:
    """What is to be looked at now, what else goes out about that time, and what was told at the same notice."""
    looks = looks_at(books, campaign)
    seen = {(look.occurrence, look.notice, look.due_at) for look in looks if not _unanswered(look)}
    due = tuple(each for each in ahead if _asked(each, now) not in seen)
    others = near(books, due[0].due_at, due[-1].due_at) if due else ()
    again = {_asked(each, now) for each in due}
    before = (look for look in looks if (look.occurrence, look.notice, look.due_at) in again)
    told = frozenset(concern for look in before for concern in look.found)
    return _Scene(books.campaigns.get(campaign), due, others, told)


def _keep(campaign: CampaignId, looks: Sequence[Look], matters: Sequence[Matter], books: Books) -> None:
    """Remember the looks; the staff is told what blocks, and that what blocked before does not any more."""
    note(books, campaign, looks)
    for matter in matters:
        books.alerts.open(matter, at=looks[0].at)
    blocked = {matter.about for matter in matters}
    clear = {of_occurrence(look.occurrence) for look in looks} - blocked
    alarms.over(AlertKind.PREFLIGHT, clear, looks[0].at, books)


def _unanswered(look: Look) -> bool:
    return any(isinstance(each, NotAsked) for each in look.found)


def _notice(occurrence: Occurrence, now: datetime) -> Notice:
    return Notice.LAST if occurrence.due_at - now <= LAST else Notice.DAY


def _asked(occurrence: Occurrence, now: datetime) -> tuple[OccurrenceId, Notice, datetime]:
    """What is looked at once: one that was moved is another question."""
    return occurrence.id, _notice(occurrence, now), occurrence.due_at


def _concerns(concern: Concern, campaign: Campaign, occurrence: Occurrence) -> bool:
    """Whether what others said is about this occurrence: a link stands in its texts, an account is the campaign's."""
    where = place_of(campaign, campaign.step(occurrence.step))
    return not isinstance(concern, LinkDead) or concern.place.startswith(f"{where}.")


def _in_order(occurrence: Occurrence) -> tuple[CampaignId, datetime]:
    return occurrence.campaign, occurrence.due_at


def _moved(channels: Sequence[Channel], books: Books) -> tuple[Channel, ...]:
    """The channels with the addresses that they have now."""
    return tuple(replace(each, address=books.town.address(each.account, each.address)) for each in channels)
