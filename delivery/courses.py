"""How a copy of what is out is to be changed: the ways, in the order in which they are tried.

What an officer is shown before (``--dry-run``) and what is then done come from here, by the same function.

| ordered | first                            | where the network refuses        | and then                      |
|---------|----------------------------------|----------------------------------|-------------------------------|
| amend   | other words in its place         | unpinned, and a reply says it    | the reply alone               |
| erratum | the same, if there are, a reply  | unpinned, and the reply          | the reply alone               |
| retract | taken back, while that can be    | a mark in place of the words     | unpinned, and a reply says it |
| unpin   | unpinned                         |                                  |                               |
| end     | marked as over, and unpinned     | unpinned, its words stay         |                               |

Nothing new is said in the name of a campaign that was cancelled: there the replies are left out. A message with a
network's own poll is not taken back before that poll is counted to its end: no vote is lost unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core.capabilities import Capabilities, without_native_poll
from core.changes import Amend, Change, Mark, TakeBack, Unpin
from core.correction import AmendmentState, Correction, CorrectionKind, reads_now, title_of
from core.delivery import DeliveryState
from core.errors import Rejected
from core.messages import Delivered, Erratum, Illegible, Withdrawn
from core.ports.platform import Platform
from core.ports.words import Words
from core.post import Part, Post, for_one_person
from core.wording import Wording
from delivery.copies import Copy

_SILENT = "the campaign was cancelled: nothing new is said in its name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Calls, in order, and what it then is: the reply that is planned, and whether the message is then retracted."""

    parts: tuple[Part, ...] = ()
    state: AmendmentState = AmendmentState.DONE
    note: str = ""
    reply: Delivered | None = None
    retracts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The ways to try, and why others need not be. ``settled``: there is nothing to do; ``waits``: not yet, and why.

    ``fault``: the name of one of ours, for which no way is known.
    """

    ways: tuple[Way, ...] = ()
    refusals: tuple[str, ...] = ()
    settled: AmendmentState | None = None
    waits: str = ""
    fault: str = ""


def course(copy: Copy, correction: Correction, *, platform: Platform, words: Words, now: datetime) -> Course:
    """How this correction is carried out at this copy."""
    delivery, message = copy.delivery, copy.delivery.message
    if delivery.state is DeliveryState.RETRACTED or (not delivery.receipts and not delivery.done):
        return Course(settled=AmendmentState.NOTHING)
    if not delivery.receipts:
        return Course(refusals=("nobody knows which message it is",))
    if isinstance(message, Illegible):
        return Course(refusals=("it says something that this version cannot read",))
    return _Courses(copy, correction, message, platform, words).chosen(now)


class _Courses:
    """The courses of one copy."""

    def __init__(
        self, copy: Copy, correction: Correction, message: Delivered, platform: Platform, words: Words
    ) -> None:
        self._copy = copy
        self._order = correction.order
        self._message = message
        self._platform = platform
        self._words = words
        address = copy.destination.address
        here = copy.destination.private
        self._receipts = tuple(replace(each, address=address) if here else each for each in copy.delivery.receipts)
        self._refusals: list[str] = []

    def chosen(self, now: datetime) -> Course:
        match self._order.kind:
            case CorrectionKind.AMEND:
                return self._amending()
            case CorrectionKind.ERRATUM:
                return self._telling()
            case CorrectionKind.RETRACT:
                return self._retracting(now)
            case CorrectionKind.UNPIN:
                return self._unpinning()
            case CorrectionKind.END:
                return self._ending()

    def _amending(self) -> Course:
        if self._reads == self._message:  # it went out so already
            return Course(settled=AmendmentState.DONE)
        return self._course(self._amended(), *self._said_instead(self._erratum()))

    def _telling(self) -> Course:
        erratum = self._erratum()
        if not self._copy.speaks:
            return Course(refusals=(_SILENT,))
        if self._reads == self._message:
            return Course(ways=(Way(reply=erratum),))
        return self._course(self._amended(reply=erratum), *self._said_instead(erratum))

    def _retracting(self, now: datetime) -> Course:
        if not self._copy.counted:
            return Course(waits="the network's own poll in it is not counted to its end")
        why = self._order.said or Wording(fr="", en="")
        mark = self._post(Withdrawn(why=why))
        marked = self._way(Mark(receipts=self._receipts, post=mark), note="marked as withdrawn", retracts=True)
        said = () if self._copy.delivery.answers is not None else self._said_instead(Withdrawn(why=why, reply=True))
        return self._course(self._taken_back(now), marked, *said)

    def _unpinning(self) -> Course:
        if not self._is_pinned:
            return Course(settled=AmendmentState.NOTHING)
        return self._course(self._way(Unpin(receipts=self._receipts)))

    def _ending(self) -> Course:
        unpinned = self._way(Unpin(receipts=self._receipts)) if self._is_pinned else None
        over = self._amended()
        parts = unpinned.parts if unpinned is not None else ()
        whole = None if over is None else replace(over, parts=(*over.parts, *parts), note="marked as over")
        half = None if not parts else Way(parts=parts, state=AmendmentState.REFUSED, note="unpinned; its words stay")
        return self._course(whole, half)

    def _course(self, *ways: Way | None) -> Course:
        return Course(ways=tuple(way for way in ways if way is not None), refusals=tuple(self._refusals))

    def _amended(self, reply: Delivered | None = None) -> Way | None:
        if not self._platform.capabilities.edits:
            self._refusals.append("the network lets nobody change what is out")
            return None
        before, after = self._post(self._message), self._post(self._reads)
        return self._way(Amend(receipts=self._receipts, before=before, after=after), note="amended", reply=reply)

    def _taken_back(self, now: datetime) -> Way | None:
        allowed, since = self._platform.capabilities.removable_for, self._copy.delivery.claimed_at
        if allowed is not None and since is not None and now - since >= allowed:
            hours = int(allowed.total_seconds()) // 3600
            self._refusals.append(f"what is older than {hours} h cannot be taken back")
            return None
        return self._way(TakeBack(receipts=self._receipts), note="taken back", retracts=True)

    def _said_instead(self, reply: Delivered) -> Iterator[Way]:
        """A reply in place of what cannot be done; the wrong words are not kept on top."""
        if not self._copy.speaks:
            self._refusals.append(_SILENT)
            return
        told = Way(state=AmendmentState.REPLIED, note="said in a reply", reply=reply)
        if self._is_pinned:
            unpinned = self._way(Unpin(receipts=self._receipts))
            if unpinned is not None and unpinned.parts:
                yield replace(told, parts=unpinned.parts, note="unpinned, and said in a reply")
        yield told

    def _way(
        self, change: Change, *, note: str = "", reply: Delivered | None = None, retracts: bool = False
    ) -> Way | None:
        try:
            parts = self._platform.plan_change(change)
        except Rejected as error:
            self._refusals.append(error.detail)
            return None
        return Way(parts=parts, note=note, reply=reply, retracts=retracts)

    @property
    def _reads(self) -> Delivered:
        orders = (each.order for each in self._copy.corrections)
        return reads_now(self._message, orders, zone=self._copy.zone)

    @property
    def _is_pinned(self) -> bool:
        return self._post(self._message).pinned

    def _erratum(self) -> Erratum:
        nothing = Wording(fr="", en="")
        return Erratum(title=title_of(self._message) or nothing, said=self._order.said or nothing)

    def _post(self, message: Delivered) -> Post:
        private = self._copy.destination.private
        on: Capabilities = self._platform.capabilities
        post = self._words.post(message, self._copy.destination.locale, without_native_poll(on) if private else on)
        return for_one_person(post) if private else post
