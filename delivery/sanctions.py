"""Sanctions are kept: what should be is compared with what is, again and again, and the network is told what differs.

A look takes what is due, target by target, the longest due first. That we are about to tell a network is stored before
the call, so that after a crash what stands there is known to be ours. What fails is a state: it is tried again later
and later, and the staff is alerted once. Whoever runs a place, or is of the staff, is spared: their sanctions end.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

from core.errors import Gone, Moved, PlatformError, Rejected, StorageError, Unavailable
from core.identifiers import AccountName, Address
from core.ports.clock import Clock
from core.ports.moderator import Moderator, Restraint, Standing
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.reports import Filed, decided, resolved
from core.sanction import Sanction, SanctionKind, SanctionState, Subject, is_immune
from core.sanctioning import look_again, subject_of
from core.staff import SERVICE, Staff
from delivery.admissions import Admissions
from delivery.bells import Rounds
from delivery.order import Step, Target, failed, next_step, settled
from delivery.trouble import Trouble

MOST_AT_ONCE = 50  # rows of a look; the next look takes the others
REASON = "parvis:{}"  # in the network's own record; the number is that of the sanction

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a target is: the chat as it is called now, and who it is about."""

    chat: Address
    subject: Subject | None


class Sanctions(Rounds):
    """Keeps those of one account, in a lane of its own. ``ring`` has it look."""

    def __init__(
        self, *, account: AccountName, moderator: Moderator, store: Store, vault: Vault, clock: Clock, staff: Staff
    ) -> None:
        self._account = account
        self._moderator = moderator
        self._store = store
        self._vault = vault
        super().__init__(clock, Trouble("sanctions", account=account))
        self._staff = staff
        self._admissions = Admissions(account=account, moderator=moderator, store=store, vault=vault, hands=self._hands)

    async def _do(self) -> None:
        """Compare what is due. Nothing while the town is held, or the store away."""
        for target in await self._store.read(self._due):
            await self._attend(target)
        await self._resolve_reports()
        await self._admissions.look()

    def _due(self, books: Books) -> list[Target]:
        if books.town.fact("held") is not None:
            return []
        due = books.sanctions.due(self._account, self._clock.now(), limit=MOST_AT_ONCE)
        targets: dict[tuple[SanctionKind, Address, bytes], Target] = {}
        for each in due:
            live = books.sanctions.about(self._account, each.chat, each.subject)
            same = tuple(other for other in live if other.kind is each.kind)
            targets.setdefault((each.kind, each.chat, each.subject), Target(kind=each.kind, sanctions=same))
        return list(targets.values())

    async def _resolve_reports(self) -> None:
        """What was decided here about what was reported to the network is dealt with there. Tried at each look."""
        for each in await self._store.read(self._decided):
            try:
                with self._hands.at_rest():
                    await self._moderator.resolve(each.report)
            except PlatformError as error:
                log.info("report_waits", extra={"account": self._account, "error": type(error).__name__})
                return
            await self._store.write(partial(_resolved, self._account, each.report))

    def _decided(self, books: Books) -> tuple[Filed, ...]:
        return () if books.town.fact("held") is not None else decided(books, self._account)

    async def _attend(self, target: Target) -> None:
        try:
            place = await self._place(target.sanctions[0])
            step, ours = await self._carried_out(target, place)
        except Moved as error:
            await self._move(target, error)
        except PlatformError as error:
            await self._fail(target, error)
        else:
            await self._settle(target, step, ours=ours)

    async def _place(self, first: Sanction) -> _Place:
        """Raises Rejected when the town's key does not open who it is about."""
        chat = await self._store.read(lambda books: books.town.address(self._account, first.chat))
        try:
            return _Place(chat=chat, subject=subject_of(self._vault, first))
        except StorageError as error:
            raise Rejected("nobody can read who it is about: the town's key is another") from error

    async def _carried_out(self, target: Target, place: _Place) -> tuple[Step, bool]:
        """What was done, and whether what is kept up is ours. Raises PlatformError."""
        kind, powers, now = target.kind, self._moderator.powers, self._clock.now()
        if kind not in powers.kinds:
            if target.wanted(now) is None or kind in powers.by_hand:
                return Step.NOTHING, False
            raise Rejected(f"there is no {kind.value} on this network")
        standing = await self._standing(place, kind)
        step = next_step(target, standing, now, longest=powers.longest.get(kind))
        should = target.wanted(now)
        if step is Step.IMPOSE and should is not None:
            await self._impose(should, place, before=target.before or standing.before)
        elif step is Step.LIFT or (step is Step.SPARE and target.is_ours and kind in standing.holds):
            with self._hands.at_rest():
                await self._moderator.lift(replace(_restraint(target.sanctions[-1], place), before=target.before))
        return step, step is Step.IMPOSE or target.is_ours

    async def _standing(self, place: _Place, kind: SanctionKind) -> Standing:
        """As the network says; whoever became one of the staff is out of reach too."""
        with self._hands.at_rest():
            standing = await self._moderator.standing(place.chat, place.subject, kind)
        staff = place.subject is not None and is_immune(self._staff, self._account, place.subject.number)
        return replace(standing, immune=standing.immune or staff)

    async def _impose(self, should: Sanction, place: _Place, *, before: str) -> None:
        """Put it up. Who is not there is met again when they come back."""
        if not should.ours:
            meant = replace(should, ours=True, before=before)
            await self._store.write(lambda books: books.sanctions.save(meant, expected=should.state))
        elif not should.failures:
            log.warning("sanction_repaired", extra={"sanction": should.id, "account": self._account})
        try:
            with self._hands.at_rest():
                await self._moderator.impose(_restraint(should, place))
        except Gone:
            log.info("sanction_waits", extra={"sanction": should.id, "account": self._account})

    async def _settle(self, target: Target, step: Step, *, ours: bool) -> None:
        now = self._clock.now()
        should = target.wanted(now)

        def after(each: Sanction) -> Sanction:
            if step is Step.SPARE:
                ended = replace(each, ended_at=now, ended_by=SERVICE, state=SanctionState.ENDED)
                return replace(ended, failures=0, failing_since=None, trouble="immune")
            return settled(each, now, ours=ours and should is not None and each.id == should.id)

        await self._store.write(partial(_save, {each: after(each) for each in target.sanctions}))
        if target.kind is SanctionKind.BAN and should is None:
            await self._meet_again(target.sanctions[0])
        if step is not Step.NOTHING:
            told = {"sanction": target.sanctions[-1].id, "account": self._account, "step": step.name.lower()}
            log.info("sanction_carried_out", extra=told)

    async def _meet_again(self, ban: Sanction) -> None:
        """Who may come back meets at once what else stands about them: a ban hides a mute."""
        now = self._clock.now()
        if await self._store.write(lambda books: look_again(books, self._account, ban.subject, at=now)):
            self.ring()

    async def _fail(self, target: Target, error: PlatformError) -> None:
        now, wait = self._clock.now(), error.retry_after if isinstance(error, Unavailable) else None
        tried = {each: failed(each, now, error.detail, wait=wait) for each in target.sanctions}
        await self._store.write(partial(_save, tried))
        if not any(each.failures for each in target.sanctions):
            told = {"sanction": target.sanctions[-1].id, "account": self._account, "error": type(error).__name__}
            log.warning("sanction_fails", extra=told)

    async def _move(self, target: Target, error: Moved) -> None:
        """The chat lives on elsewhere: the next look is made there."""
        old = target.sanctions[0].chat
        await self._store.write(lambda books: books.town.moved(self._account, old, error.to))
        self.ring()


def _save(after: dict[Sanction, Sanction], books: Books) -> None:
    """Store what became of each, unless somebody decided something else meanwhile."""
    for before, now in after.items():
        known = books.sanctions.get(before.id)
        if known is not None and known.state is before.state:
            whole = replace(
                now, annulled=known.annulled, ours=now.ours or known.ours, before=now.before or known.before
            )
            books.sanctions.save(whole, expected=before.state)


def _resolved(account: AccountName, report: str, books: Books) -> None:
    resolved(books, account, report)


def _restraint(sanction: Sanction, place: _Place) -> Restraint:
    return Restraint(
        kind=sanction.kind,
        chat=place.chat,
        subject=place.subject,
        until=sanction.until,
        pause=sanction.pause,
        reason=REASON.format(sanction.id),
    )
