"""Taking out of a discussion what a moderator wants gone, and saying honestly what became of it.

What is to go is looked up first: where the network shows what stands there, as it shows it; else what was heard within
the hour. Ours and what the staff wrote stays. Then, in one transaction, a case is opened for each author whose words
are known, with them sealed in it; only then anything is taken out. All of it may be repeated, so a crash repeats it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core import casefile
from core.alert import KEPT
from core.audience import Recipient, RecipientKind
from core.delivery import Urgency
from core.errors import PlatformError, Rejected, StorageError
from core.identifiers import AccountName, Address, MessageId, PersonRef
from core.moderation import Case, CaseState, Charter, Evidence, evidence_of, read, written
from core.place_messages import PurgeDone
from core.ports.clock import Clock
from core.ports.moderator import Moderator, Purged, Seen
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.purging import MOST_AT_ONCE, TRIED_FOR, Purge, settle, waiting
from core.rules.recent import Recent
from core.sanction import is_immune
from core.staff import Act, Staff
from delivery.bells import Rounds
from delivery.trouble import Trouble

SPARED = 100  # of ours and of the staff, at most, among the latest that are to go
REASON = "parvis:purge:{}"  # in the network's own record; the number is that of the purge

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """A message whose words are known. ``evidence`` of whom only a keyed hash is known names nobody."""

    message: MessageId
    author: bytes
    evidence: Evidence


class Purges(Rounds):
    """Carries out those of one account. ``recent`` is what was heard lately."""

    def __init__(
        self,
        *,
        account: AccountName,
        moderator: Moderator,
        store: Store,
        vault: Vault,
        clock: Clock,
        staff: Staff,
        charter: Charter,
        recent: Recent,
    ) -> None:
        self._account = account
        self._moderator = moderator
        self._store = store
        self._vault = vault
        super().__init__(clock, Trouble("purges", account=account))
        self._staff = staff
        self._charter = charter
        self._recent = recent

    async def _do(self) -> None:
        """Carry out what waits. Nothing while the town is held, or the store away."""
        for purge in await self._store.read(self._waiting):
            await self._attend(purge)

    def _waiting(self, books: Books) -> tuple[Purge, ...]:
        return () if books.town.fact("held") is not None else waiting(books, self._account)

    async def _attend(self, purge: Purge) -> None:
        chat = await self._store.read(lambda books: books.town.address(self._account, purge.chat))
        done, cases, note = Purged(), 0, ""
        try:
            seen = await self._seen(purge, chat)
            chosen, cases = await self._store.write(partial(self._keep, purge, seen))
            try:
                with self._hands.at_rest():
                    done = await self._moderator.purge(chat, chosen, reason=REASON.format(purge.number))
            except Rejected as error:
                done, note = Purged(refused=len(chosen)), error.detail
        except PlatformError as error:
            if not isinstance(error, Rejected) and self._clock.now() - purge.at < TRIED_FOR:
                return  # it is away: the next look tries again
            note = error.detail
        await self._store.write(partial(self._settle, purge, done, cases, note))
        log.info("purged", extra={"account": self._account, "gone": done.gone, "refused": done.refused})

    async def _seen(self, purge: Purge, chat: Address) -> list[Seen]:
        """What is to go, as far as anybody can tell. Raises PlatformError."""
        with self._hands.at_rest():
            most = min(purge.most + SPARED, MOST_AT_ONCE)
            shown = await self._moderator.latest(chat, since=purge.since, before=purge.before, most=most)
        found = {each.message: each for each in shown or ()}
        if purge.author:
            theirs = bytes.fromhex(purge.author)
            found = {number: each for number, each in found.items() if self._author(each) == theirs}
            found |= {number: found.get(number, Seen(message=number)) for number in purge.known}
        elif shown is None:
            found = {number: Seen(message=number) for number in self._heard(purge)}
        return list(found.values())

    def _heard(self, purge: Purge) -> list[MessageId]:
        """What was heard there within the hour."""
        heard = self._recent.heard_in(f"{self._account} {purge.chat}", at=self._clock.now())
        return list(map(MessageId, heard))

    def _author(self, seen: Seen) -> bytes:
        return b"" if seen.author is None else self._vault.blind(seen.author.ref)

    def _keep(self, purge: Purge, seen: Sequence[Seen], books: Books) -> tuple[list[MessageId], int]:
        """Open the cases of those whose words are known; what may go, and how many cases there are."""
        chosen = [each for each in seen if self._may_go(books, purge, each)][-purge.most :]
        authors: dict[bytes, list[_Words]] = {}
        for said in self._known(books, purge, chosen):
            authors.setdefault(said.author, []).append(said)
        for some in authors.values():
            self._open(books, purge, some)
        for each in chosen:
            books.replies.remove_message(self._account, purge.chat, each.message)
        return [each.message for each in chosen], len(authors)

    def _may_go(self, books: Books, purge: Purge, seen: Seen) -> bool:
        ours = books.deliveries.of_message(self._account, purge.chat, seen.message) is not None
        return not ours and not (seen.author is not None and is_immune(self._staff, self._account, seen.author.number))

    def _known(self, books: Books, purge: Purge, chosen: Sequence[Seen]) -> Iterator[_Words]:
        """What nobody opened a case about yet."""
        for each in chosen:
            if books.cases.at(self._account, purge.chat, each.message) is not None:
                continue
            if each.author is None and purge.words and each.message == purge.answered:
                answered = read(self._unsealed(purge.words))
                author = self._vault.blind(PersonRef(answered.author))
                yield _Words(message=each.message, author=author, evidence=answered)
                continue
            reply = books.replies.at(self._account, purge.chat, each.message)
            if each.author is not None:
                author = self._author(each)
                locale = books.citizens.locales((author,)).get(author, each.author.locale)
                said = evidence_of(each.author, each.text, locale)
                yield _Words(message=each.message, author=author, evidence=said)
            elif reply is not None:
                nobody = Evidence(author="", name="", text=reply.text, has_private_chat=False)
                yield _Words(message=each.message, author=reply.author, evidence=nobody)

    def _open(self, books: Books, purge: Purge, some: Sequence[_Words]) -> None:
        """Open the case of one author; its message is the first of theirs."""
        first, rule = some[0], next((each for each in self._charter.rules if each.article == purge.article), None)
        wording = None if rule is None else rule.wording  # the charter was rewritten since: what is there to tell?
        whole = "\n".join(each.evidence.text for each in some)
        case = books.cases.open(
            article=purge.article,
            charter=self._charter.version,
            account=self._account,
            chat=purge.chat,
            message=first.message,
            author=first.author,
            sealed=self._vault.seal(written(replace(first.evidence, text=whole, rule=wording))),
            state=CaseState.TO_REMOVE,
            at=purge.at,
        )
        is_told = not purge.silent and wording is not None and bool(first.evidence.author)
        self._recorded(books, purge, case, told=is_told)

    def _recorded(self, books: Books, purge: Purge, case: Case, *, told: bool) -> None:
        at = self._clock.now()
        casefile.decided(books, case, Act.OPEN_CASE, by=purge.by, at=at)
        if purge.reason:
            reason = self._unsealed(purge.reason)
            casefile.put_down(books, self._vault, case.number, Act.EXPLAIN_CASE, reason, by=purge.by, at=at)
        casefile.decided(books, case, Act.REMOVE_MESSAGE, by=purge.by, at=at, told=told)

    def _unsealed(self, sealed: str) -> str:
        """Raises Rejected when the town's key does not open it: it will not at the next look either."""
        try:
            return self._vault.unseal(bytes.fromhex(sealed))
        except StorageError as error:
            raise Rejected("nobody can read what was ordered: the town's key is another") from error

    def _settle(self, purge: Purge, done: Purged, cases: int, note: str, books: Books) -> None:
        now = self._clock.now()
        counts = replace(purge, gone=done.gone, too_old=done.too_old, refused=done.refused, cases=cases, note=note)
        if not settle(books, self._account, replace(counts, done_at=now)) or purge.tell is None:
            return
        message = PurgeDone(
            place=purge.place,
            gone=done.gone,
            too_old=done.too_old,
            refused=done.refused,
            cases=cases,
            oldest=self._moderator.powers.purges_for,
            note=note,
        )
        books.deliveries.plan(
            occurrence=None,
            message=message,
            recipients=[(self._account, Recipient(RecipientKind.MEMBER, str(purge.number)))],
            urgency=Urgency.ANSWER,
            due_at=now,
            expires_at=now + KEPT,
        )
