"""What officers do with a campaign before it goes out: submit it, read it, approve, reject or withdraw it."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.identity import acting
from app.office import Office
from app.preflight import looked_through
from app.proposals import look_over, proposed, said, with_its_pictures
from campaigns.approvals import schedule
from core.audit import Deed, of_campaign
from core.campaign import CampaignState
from core.errors import ParvisError
from core.identifiers import CampaignId, Locale, MemberKey
from core.ports.store import Books
from core.preflight import Concern, blocks
from core.review import NotReviewed, Reason, Review, ReviewState, approved, ended, number_in
from core.staff import Act

_WHY_NOT = {
    Reason.UNKNOWN: "no submission has this code (see: parvis campaign review)",
    Reason.SETTLED: "this submission was decided already (see: parvis campaign review)",
    Reason.NOT_ALLOWED: "your role is not enough to approve (see: parvis staff)",
    Reason.ONE_S_OWN: "another officer approves what you submitted",
    Reason.NO_REASON: "say why you send it back",
    Reason.BLOCKED: "pre-flight blocks it: correct the file, and submit it again",
}


class Refused(ParvisError):
    """A submission was not decided as somebody wished: nothing was changed."""


async def submit(office: Office, file: Path) -> str:
    """Keep the campaign of a file for review; what to tell. Raises Misconfigured, NotAllowed and Refused."""
    by = await acting(office, Act.SUBMIT)
    if not office.settings.staff.is_named:
        raise Refused("this town names no staff: nobody has to approve (parvis campaign start)")
    proposal = await proposed(office, file)
    if proposal.running is not None and proposal.running.state is CampaignState.CANCELLED:
        raise Refused(f"the campaign {proposal.campaign.id} was cancelled, for ever: give this one another name")
    found = await look_over(office, proposal)
    campaign = await asyncio.to_thread(with_its_pictures, proposal.campaign, office.settings.pictures)
    blocking = sum(map(blocks, found))

    def work(books: Books) -> Review:
        review = books.reviews.submit(campaign, by=by, at=proposal.now, blocking=blocking)
        books.audit.record(_deed(review, by, Act.SUBMIT, office))
        return review

    review = await office.store.write(work)
    lines = await asyncio.to_thread(said, found, Locale.EN)
    return "\n".join((_submitted(review), *lines))


def _submitted(review: Review) -> str:
    head = f"Campaign {review.campaign.id} waits for review under the code {review.code}"
    if review.blocking:
        return f"{head}, but pre-flight blocks it: correct the file, and submit it again."
    return f"{head}: an officer reads it (parvis campaign review {review.code}) and approves it."


async def approve(office: Office, code: str) -> str:
    """Approve exactly what has this code; what to tell. Raises NotAllowed, NotChanged and Refused."""
    who = await acting(office, Act.APPROVE)
    review = await _of(office, code)
    now = office.clock.now()
    await _refuse_if_blocked(office, review)

    def work(books: Books) -> Review:
        decided = _decide(partial(approved, staff=office.settings.staff, who=who, at=now), review, books)
        books.audit.record(_deed(decided, who, Act.APPROVE_ALONE if decided.alone else Act.APPROVE, office))
        return decided if decided.alone else schedule(decided, now, books)

    decided = await office.store.write(work)
    name = decided.campaign.id
    if decided.ripe_at is not None and decided.alone:
        until = office.settings.local(decided.ripe_at)
        return f"Campaign {name} is approved by you alone: scheduled at {until} (parvis campaign withdraw {name})."
    return f"Campaign {name} is approved and scheduled (see: parvis campaign occurrences {name})."


async def reject(office: Office, code: str, why: str) -> str:
    """Send a submission back, with the reason. Raises NotAllowed and Refused."""
    who = await acting(office, Act.REJECT)
    review = await _of(office, code)
    now = office.clock.now()
    deed = _deed(review, who, Act.REJECT, office)
    await _end(office, partial(ended, state=ReviewState.REJECTED, who=who, at=now, why=why), review, deed)
    return f"Campaign {review.campaign.id} is rejected."


async def withdraw(office: Office, campaign: CampaignId) -> str:
    """Take a submission back before it is scheduled. Raises NotAllowed and Refused."""
    who = await acting(office, Act.WITHDRAW)
    found = await office.store.read(lambda books: books.reviews.of(campaign))
    live = next((each for each in found if each.is_live), None)
    if live is None:
        raise Refused(f"nothing submitted as «{campaign}» waits; one that runs is stopped by: parvis campaign cancel")
    now = office.clock.now()
    deed = _deed(live, who, Act.WITHDRAW, office)
    await _end(office, partial(ended, state=ReviewState.WITHDRAWN, who=who, at=now), live, deed)
    return f"Campaign {campaign} does not wait for review any more."


async def waiting(office: Office) -> list[tuple[object, ...]]:
    """What waits, in rows: code, campaign, state, who submitted it and when, how much blocks it."""

    def look(books: Books) -> tuple[Review, ...]:
        return (*books.reviews.all(state=ReviewState.REVIEW), *books.reviews.all(state=ReviewState.APPROVED))

    return [
        (
            each.code,
            each.campaign.id,
            each.state.value,
            each.by,
            office.settings.local(each.at),
            each.blocking or "",
        )
        for each in await office.store.read(look)
    ]


async def read(office: Office, code: str) -> tuple[Review, Sequence[Concern]]:
    """A submission, and what pre-flight finds of it now. Raises Refused."""
    review = await _of(office, code)
    return review, await _found(office, review)


async def _found(office: Office, review: Review) -> Sequence[Concern]:
    return await looked_through(office.settings, office.store, review.campaign, office.clock.now())


async def _refuse_if_blocked(office: Office, review: Review) -> None:
    blocking = [each for each in await _found(office, review) if blocks(each)]
    if blocking:
        lines = await asyncio.to_thread(said, blocking, Locale.EN)
        raise Refused("\n".join((_WHY_NOT[Reason.BLOCKED], *lines)))


async def _end(office: Office, decision: "partial[Review]", review: Review, deed: Deed) -> None:
    def work(books: Books) -> None:
        _decide(decision, review, books)
        books.audit.record(deed)

    await office.store.write(work)


def _decide(decision: "partial[Review]", review: Review, books: Books) -> Review:
    """Take a decision about a submission as it stands in this transaction. Raises Refused."""
    stands = books.reviews.get(review.id) or review
    try:
        decided = decision(stands)
    except NotReviewed as error:
        raise Refused(_WHY_NOT[error.reason]) from error
    books.reviews.save(decided, expected=stands.state)
    return decided


async def _of(office: Office, code: str) -> Review:
    number = number_in(code)
    found = None if number is None else await office.store.read(lambda books: books.reviews.get(number))
    if found is None or found.code != code:
        raise Refused(_WHY_NOT[Reason.UNKNOWN])
    return found


def _deed(review: Review, who: MemberKey, act: Act, office: Office) -> Deed:
    about = of_campaign(review.campaign.id)
    return Deed(who=who, at=office.clock.now(), act=act, about=about, content=review.content)
