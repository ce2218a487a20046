"""From what was seen at a rehearsal to what its report tells."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.script import Script
from app.witness import Record, Seen, attendance, doubled, monday, out_at
from core.audience import Channel, RecipientKind
from core.campaign import Campaign, Occurrence, OccurrenceState, StepKind
from core.capabilities import Capabilities, without_native_poll
from core.delivery import Delivery, DeliveryState
from core.identifiers import CampaignId, Locale, PlatformName
from core.messages import Illegible
from core.ports.words import Words
from core.post import Post, for_one_person
from core.preflight import Concern
from core.rehearsal import (
    Cast,
    Engagement,
    Moment,
    Ordeal,
    Outcome,
    Quiet,
    Rehearsal,
    Said,
    Trial,
    Week,
    collisions,
)
from sandbox.weather import Spell

_COUNTED = r"^{poll}: (\d+) citizens \(.*\), results published in (\d+) messages$"
_QUIET = {
    OccurrenceState.MISSED: Quiet.MISSED,
    OccurrenceState.UNMET: Quiet.UNMET,
    OccurrenceState.PLANNED: Quiet.STILL_TO_COME,
}
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen of each campaign, what each network's journal tells, what the other program said of the votes."""

    seen: Mapping[CampaignId, Seen]
    records: Mapping[str, Record]
    said: str
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Tells of one rehearsal. ``channels`` are where the town spoke, ``pairs`` the networks that somebody follows both,
    by their ranks.
    """

    script: Script
    channels: Sequence[Channel]
    words: Words
    capabilities: Mapping[PlatformName, Capabilities]
    evidence: Evidence
    pairs: tuple[tuple[int, int], ...] = ()

    def told(
        self, *, ends: datetime, cast: Cast, changes: tuple[datetime, ...], concerns: tuple[Concern, ...], command: str
    ) -> Rehearsal:
        """Everything."""
        campaign, *beside = self.script.campaigns
        ours, theirs = self._engaged(campaign), [one for each in beside for one in self._engaged(each)]
        moments = tuple(self._moments(campaign))
        records, seen = self.evidence.records, self.evidence.seen.values()
        voting = any(each.polls for each in seen)
        return Rehearsal(
            town=self.script.town.name,
            title=campaign.title,
            campaign=campaign.id,
            zone=self.script.town.zone,
            begins=self.script.start,
            ends=ends,
            cast=cast,
            moments=moments,
            networks=tuple(self._title(network) for network in self.script.networks),
            weeks=tuple(self._weeks(ends)),
            changes=changes,
            ordeals=tuple(self._ordeal(spell, moments) for spell in self.script.spells),
            beside=tuple(each.title for each in beside),
            collisions=tuple(collisions(ours, theirs)),
            concerns=concerns,
            outcomes=tuple(self._outcomes()),
            attendance=attendance(records.values(), sum(number for _, number in cast.followers)),
            verdict=self.evidence.said.strip() if voting else "",
            sound=self.evidence.code == 0 or not voting,
            doubled=doubled(records, seen),
            command=command,
        )

    def _title(self, network: str) -> str:
        return self.capabilities[PlatformName(network)].title

    # ── what was said ──

    def _moments(self, campaign: Campaign) -> Iterator[Moment]:
        seen = self.evidence.seen[campaign.id]
        for occurrence in sorted(seen.occurrences, key=lambda each: each.due_at):
            said = (*self._in_public(campaign, occurrence, seen), *self._in_private(campaign, occurrence, seen))
            yield Moment(
                step=occurrence.step,
                kind=campaign.step(occurrence.step).kind,
                at=occurrence.due_at,
                said=said,
                quiet=None if said else _QUIET.get(occurrence.state, Quiet.BY_NATURE),
            )

    def _in_public(self, campaign: Campaign, occurrence: Occurrence, seen: Seen) -> Iterator[Said]:
        named = {str(channel.name): channel for channel in self.channels}
        order = {name: rank for rank, name in enumerate(named)}
        ours = [each for each in seen.public if each.occurrence == occurrence.id]
        for delivery in sorted(ours, key=lambda each: order[each.recipient.name]):
            channel = named[delivery.recipient.name]
            record = self.evidence.records[channel.platform]
            yield Said(
                step=occurrence.step,
                kind=campaign.step(occurrence.step).kind,
                at=occurrence.due_at,
                out_at=out_at(delivery, record),
                state=delivery.state,
                network=self._title(channel.platform),
                channel=channel.name,
                locale=channel.locale,
                post=self._post(delivery, channel.locale),
                pieces=max(1, len({receipt.message for receipt in delivery.receipts})),
            )

    def _in_private(self, campaign: Campaign, occurrence: Occurrence, seen: Seen) -> Iterator[Said]:
        """One for all who got the same: by network, language and how it stands."""
        alike: defaultdict[tuple[str, Locale, DeliveryState], list[Delivery]] = defaultdict(list)
        for delivery in seen.private.values():
            if delivery.occurrence == occurrence.id:
                key = str(delivery.account), seen.languages[delivery.recipient.name], delivery.state
                alike[key].append(delivery)
        for (network, locale, state), deliveries in sorted(alike.items()):
            yield Said(
                step=occurrence.step,
                kind=campaign.step(occurrence.step).kind,
                at=occurrence.due_at,
                out_at=None,
                state=state,
                network=self._title(network),
                channel=None,
                locale=locale,
                post=self._post(deliveries[0], locale),
                copies=len(deliveries),
            )

    def _post(self, delivery: Delivery, locale: Locale) -> Post:
        """As it was written for its readers, with the figures of then; without buttons where there are none."""
        if isinstance(delivery.message, Illegible):
            raise TypeError("what this version wrote it cannot read")
        on = self.capabilities[PlatformName(str(delivery.account))]
        if delivery.recipient.kind is RecipientKind.CHANNEL:
            post = self.words.post(delivery.message, locale, on)
        else:
            post = for_one_person(self.words.post(delivery.message, locale, without_native_poll(on)))
        return post if on.presses else replace(post, buttons=())

    # ── how much of it ──

    def _weeks(self, ends: datetime) -> Iterator[Week]:
        zone = ZoneInfo(self.script.town.zone)
        week = _week(zone)
        public = {name: Counter(map(week, each.posts.values())) for name, each in self.evidence.records.items()}
        private = self._most_in_private(week)
        start = week(self.script.start)
        while start <= week(ends):
            yield Week(
                monday=start,
                public=tuple(public[network][start] for network in self.script.networks),
                private=tuple(private[network, start] for network in self.script.networks),
                pairs=self.pairs,
            )
            start += _WEEK

    def _most_in_private(self, week: Callable[[datetime], date]) -> Counter[tuple[str, date]]:
        """By network and Monday: what the account got that got most."""
        got: Counter[tuple[str, date, str]] = Counter()
        for seen in self.evidence.seen.values():
            at = {each.id: each.due_at for each in seen.occurrences}
            for delivery in seen.private.values():
                if delivery.state is DeliveryState.SENT and delivery.occurrence is not None:
                    got[str(delivery.account), week(at[delivery.occurrence]), delivery.recipient.name] += 1
        most: Counter[tuple[str, date]] = Counter()
        for (network, monday_of, _), number in got.items():
            most[network, monday_of] = max(number, most[network, monday_of])
        return most

    def _engaged(self, campaign: Campaign) -> list[Engagement]:
        done = [each for each in self.evidence.seen[campaign.id].occurrences if each.state is OccurrenceState.DONE]
        return [
            Engagement(
                campaign=campaign.id,
                step=each.step,
                at=each.due_at,
                channels=frozenset(campaign.audience.channels),
            )
            for each in sorted(done, key=lambda one: one.due_at)
            if campaign.step(each.step).kind is not StepKind.CLOSE_POLL
        ]

    # ── what went wrong, and what came of it ──

    def _ordeal(self, spell: Spell, moments: Iterable[Moment]) -> Ordeal:
        title = self._title(spell.network)
        during = [moment for moment in moments if spell.begins <= moment.at < spell.ends]
        return Ordeal(
            network=title,
            trial=Trial(spell.sky.value),
            begins=spell.begins,
            ends=spell.ends,
            refused=sum(spell.begins <= at < spell.ends for at in self.evidence.records[spell.network].refused),
            said=tuple(each for moment in during for each in moment.said if each.network == title),
            missed=sum(moment.quiet is Quiet.MISSED for moment in during),
        )

    def _outcomes(self) -> Iterator[Outcome]:
        for seen in self.evidence.seen.values():
            for poll, tally in seen.polls:
                found = re.search(_COUNTED.format(poll=re.escape(poll.id)), self.evidence.said, re.MULTILINE)
                cast, published = (int(found[1]), int(found[2])) if found else (None, 0)
                yield Outcome(poll=poll, tally=tally, cast=cast, published=published)


def _week(zone: ZoneInfo) -> Callable[[datetime], date]:
    """The Monday of the week in which an instant falls on the town's clocks."""
    return lambda at: monday(at.astimezone(zone)).date()
