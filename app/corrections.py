"""What an officer does about what is out: correct it, withdraw it, and see what became of every copy."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from app.accounts import preview_platform, recalled
from app.clock import SystemClock
from app.deliveries import place_of
from app.identity import acting, seconding
from app.office import Office
from app.settings import Settings
from campaigns.approved import is_approved
from core.audience import RecipientKind
from core.audit import Deed, of_occurrence
from core.correction import Amendment, AmendmentState, Correction, CorrectionKind, Order
from core.delivery import Delivery, DeliveryState
from core.identifiers import AccountName, CampaignId, MemberKey, OccurrenceId, StepName
from core.ports.platform import Platform
from core.ports.store import Books
from core.review import ALONE_WAITS
from core.staff import SERVICE, Act, Approval
from delivery.copies import Copy, copy_of
from delivery.courses import Course, course
from delivery.directory import Directory
from delivery.ordering import NotCorrected, Wish, considered, ordered
from templates.render import JinjaWords

ACTS: Mapping[CorrectionKind, Act] = MappingProxyType(
    {
        CorrectionKind.AMEND: Act.CORRECT,
        CorrectionKind.ERRATUM: Act.ERRATUM,
        CorrectionKind.RETRACT: Act.RETRACT,
        CorrectionKind.UNPIN: Act.UNPIN,
    }
)
_Private: TypeAlias = "Counter[tuple[StepName, DeliveryState]]"
_MOST = 1000  # public copies listed
_NEW_WORDS = frozenset({CorrectionKind.ERRATUM})  # those that nobody has approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A copy in public: where it is, how it stands, and what became of what was ordered about it."""

    delivery: Delivery
    amendments: tuple[Amendment, ...]


async def correct(office: Office, wish: Wish, *, second: Path | None = None) -> str:
    """Order it for every copy; what was ordered, in a sentence. Raises NotCorrected and NotAllowed.

    New words in the town's name take a second officer where approval is by four eyes: ``second`` is the file of their
    token. Where one person approves alone, ten minutes pass first. What takes words away takes one officer.
    """
    act = ACTS[wish.kind]
    who = await acting(office, act)
    approver = await _approver(office, wish, who, second)
    if approver == who and office.settings.staff.is_named:
        wish = replace(wish, wait=ALONE_WAITS)
    now = office.clock.now()

    def work(books: Books) -> Correction:
        found = ordered(wish, by=who, at=now, books=books)
        if found.order.words is not None and office.settings.staff.is_named:
            _refuse_unapproved(wish.campaign, books)
        about, content = of_occurrence(found.order.occurrence), content_of(found.order)
        books.audit.record(Deed(who=who, at=now, act=act, about=about, content=content))
        if approver is not None and office.settings.staff.is_named:
            approved = Act.APPROVE_ALONE if approver == who else Act.APPROVE
            books.audit.record(Deed(who=approver, at=now, act=approved, about=about, content=content))
        return found

    found = await office.store.write(work)
    return await office.store.read(lambda books: _ordered(books, found, office.settings))


def carried(settings: Settings, campaign: CampaignId, now: datetime, books: Books) -> bool:
    """Let all that is out of a campaign say what it says by now, where that was approved; whether anything differed."""
    running = books.campaigns.get(campaign)
    if running is None or (settings.staff.is_named and not is_approved(running.campaign, books)):
        return False
    any_differed = False
    for step in running.campaign.steps:
        wish = Wish(kind=CorrectionKind.AMEND, campaign=campaign, step=step.name)
        with suppress(NotCorrected):  # nothing of it is out, or it says so already
            order = ordered(wish, by=SERVICE, at=now, books=books).order
            about, content = of_occurrence(order.occurrence), content_of(order)
            books.audit.record(Deed(who=SERVICE, at=now, act=Act.CORRECT, about=about, content=content))
            any_differed = True
    return any_differed


def content_of(order: Order) -> str:
    """The digest of what an order says."""
    return sha256(repr((order.words, order.said)).encode("utf-8", "surrogatepass")).hexdigest()


async def considering(office: Office, wish: Wish) -> list[tuple[object, ...]]:
    """What would be done, copy by copy, by the function that does it; changes nothing. Raises NotCorrected."""
    now, settings = office.clock.now(), office.settings
    directory = Directory(channels=settings.town.channels, vault=office.vault)

    def look(books: Books) -> tuple[Correction, list[tuple[Delivery, Copy | None]], Mapping[AccountName, str]]:
        found = considered(wish, by=MemberKey(""), at=now, books=books)
        copies = _public(books, found.order.occurrence)
        seen = [(each, copy_of(books, each, directory)) for each in copies]
        return found, seen, recalled(books, settings)

    found, copies, known = await office.store.read(look)
    return await asyncio.to_thread(_rows, found, copies, settings, known)


async def copies(
    office: Office, campaign: CampaignId, step: StepName | None
) -> tuple[list[tuple[object, ...]], list[str]]:
    """The ledger of every copy in public, and how many there are in private. Raises NotCorrected."""

    def look(books: Books) -> tuple[list[Line], _Private, dict[OccurrenceId, StepName]]:
        if books.campaigns.get(campaign) is None:
            raise NotCorrected(f"no campaign «{campaign}» was ever started (see: parvis campaign show)")
        steps = {each.id: each.step for each in books.campaigns.occurrences(campaign) if step in {None, each.step}}
        every = books.deliveries.all(campaign=campaign, kind=RecipientKind.CHANNEL, limit=_MOST)
        ours = [each for each in every if each.occurrence in steps or (step is None and each.answers is not None)]
        lines = [Line(delivery=each, amendments=books.corrections.of_delivery(each.id)) for each in reversed(ours)]
        return lines, _in_private(books, campaign, ours, steps), steps

    lines, private, steps = await office.store.read(look)
    rows = [row for line in lines for row in _told(line, steps, office.settings)]
    return rows, [f"{name}: {count} in private, {state.value}" for (name, state), count in private.items()]


def _in_private(
    books: Books, campaign: CampaignId, public: Sequence[Delivery], steps: Mapping[OccurrenceId, StepName]
) -> _Private:
    seen = Counter((each.occurrence, each.state) for each in public)
    found: _Private = Counter()
    for number, states in books.deliveries.by_occurrence(campaign).items():
        for state, count in states.items():
            if number in steps and count > seen[number, state]:
                found[steps[number], state] += count - seen[number, state]
    return found


def _refuse_unapproved(campaign: CampaignId, books: Books) -> None:
    running = books.campaigns.get(campaign)
    if running is not None and not is_approved(running.campaign, books):
        raise NotCorrected(f"nobody approved what the campaign {campaign} says now (see: parvis campaign submit)")


async def _approver(office: Office, wish: Wish, who: MemberKey, second: Path | None) -> MemberKey | None:
    staff = office.settings.staff
    if wish.kind not in _NEW_WORDS or not staff.is_named:
        return None
    if second is not None:
        return await seconding(office, second, asked_by=who)
    if staff.approval is Approval.SOLO:
        return who
    raise NotCorrected(
        "these are new words in the name of the town: another officer reads them too, and shows their token"
        " (--second FILE)"
    )


def _public(books: Books, occurrence: OccurrenceId) -> list[Delivery]:
    return [*books.deliveries.all(occurrence=occurrence, kind=RecipientKind.CHANNEL, limit=_MOST)][::-1]


def _ordered(books: Books, found: Correction, settings: Settings) -> str:
    counts = books.corrections.count(found.id)
    number = sum(counts.values())
    when = "" if found.order.due_at <= found.order.at else f" from {settings.local(found.order.due_at)} on"
    return f"Ordered for {number} copies{when}; what becomes of each: parvis copies"


def _rows(
    found: Correction,
    copies: list[tuple[Delivery, Copy | None]],
    settings: Settings,
    known: Mapping[AccountName, str],
) -> list[tuple[object, ...]]:
    words = JinjaWords(town=settings.town.name, contact=settings.town.contact, pictures=settings.pictures)
    platforms: dict[AccountName, Platform] = {}
    rows: list[tuple[object, ...]] = []
    for delivery, copy in copies:
        account = next((each for each in settings.accounts if each.name == delivery.account), None)
        if copy is None or account is None:
            rows.append((delivery.id, place_of(delivery), "nobody can be reached under this name"))
            continue
        if account.name not in platforms:
            platforms[account.name] = preview_platform(account, settings, SystemClock())
            platforms[account.name].recall(known.get(account.name))
        planned = replace(copy, corrections=(*copy.corrections, found))
        chosen = course(planned, found, platform=platforms[account.name], words=words, now=found.order.at)
        rows.append((delivery.id, place_of(delivery), _in_words(chosen)))
    return rows


def _in_words(chosen: Course) -> str:
    if chosen.waits:
        return f"waits: {chosen.waits}"
    if chosen.settled is not None:
        return "nothing to do"
    if not chosen.ways:
        return "cannot be: " + "; ".join(chosen.refusals)
    first = chosen.ways[0]
    said = [first.note or "unpinned", *([] if first.reply is None or "reply" in first.note else ["a reply says it"])]
    return ", ".join(said) + (f" ({'; '.join(chosen.refusals)})" if chosen.refusals else "")


def _told(line: Line, steps: Mapping[OccurrenceId, StepName], settings: Settings) -> Iterator[tuple[object, ...]]:
    delivery = line.delivery
    link = next((receipt.link for receipt in delivery.receipts if receipt.link), "")
    step = steps.get(delivery.occurrence, "") if delivery.occurrence is not None else f"in reply to {delivery.answers}"
    yield delivery.id, step, place_of(delivery), delivery.state.value, settings.local(delivery.due_at), link
    for each in line.amendments:
        yield ("", "", "", *_outcome(each, settings), "")


def _outcome(amendment: Amendment, settings: Settings) -> tuple[str, str]:
    note = f": {amendment.note}" if amendment.note else ""
    at = amendment.settled_at or amendment.due_at
    waits = " (from then on)" if amendment.state is AmendmentState.PLANNED else ""
    return f"{amendment.state.value}{note}", settings.local(at) + waits
