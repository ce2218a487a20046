"""The server's own polls: how one is asked, how one stands, and how many are read at once.

The post says the question, its poll has the options. Nobody sees who chose what, the author included. A poll ends at
its hour and not before; votes that other servers bring later count no more, so what is read a moment after stays.
Sources: docs.joinmastodon.org/entities/Poll, 2026-07-02; glitch-soc/mastodon 4.7.0-alpha.2, ``app/models/poll.rb`` and
``app/controllers/api/v1/statuses_controller.rb`` (several posts in one request, since 4.3).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.mastodon.client import Client
from adapters.mastodon.errors import Missing
from adapters.mastodon.limits import Limits
from core.errors import Rejected
from core.native import NativeBallot, NativeTally
from core.ports.clock import Clock
from core.post import Receipt

MOST_AT_ONCE = 20
_SETTLED = timedelta(seconds=5)  # after its hour a server may still be counting what came before
_FRESH = timedelta(seconds=10)  # of a poll that was read beside another one
_SECOND = timedelta(seconds=1)


def asked(ballot: NativeBallot) -> dict[str, Any]:
    """The poll of a planned post; ``closes_at`` is ours, and becomes ``expires_in`` when it is sent."""
    return {
        "options": list(ballot.options),
        "multiple": ballot.several,
        "hide_totals": ballot.hides,
        "closes_at": ballot.closes_at.isoformat(),
    }


def lasting(planned: Mapping[str, Any], limits: Limits, now: datetime) -> dict[str, Any]:
    """The same with the time that is left. Raises Rejected when that is shorter than the server takes."""
    left = (datetime.fromisoformat(planned["closes_at"]) - now) // _SECOND
    if left < limits.shortest_poll:
        raise Rejected(f"{max(left, 0)} s are left for this poll: the server takes {limits.shortest_poll} s at least")
    others = {name: value for name, value in planned.items() if name != "closes_at"}
    return {**others, "expires_in": min(left, limits.longest_poll)}


def refuse_other_options(stands: Mapping[str, Any], wanted: NativeBallot) -> None:
    """Raise Rejected where an edit would take all votes away."""
    if list(wanted.options) != [each["title"] for each in stands["options"]]:
        raise Rejected("the options of a poll cannot be changed: its votes would be lost")


def kept(stands: Mapping[str, Any], wanted: NativeBallot | None, limits: Limits, now: datetime) -> dict[str, Any]:
    """The poll that a post has, for its next edit: the votes stay. ``wanted`` is what should stand there, if known.

    Raises Rejected where the edit would give the poll another end.
    """
    if stands["expired"] or not stands["expires_at"]:
        raise Rejected("this poll is over: an edit would begin it anew")
    hidden = any(each["votes_count"] is None for each in stands["options"])
    hides = wanted.hides if wanted is not None else hidden
    options = [each["title"] for each in stands["options"]]
    planned = {"options": options, "multiple": stands["multiple"], "hide_totals": hides}
    return lasting({**planned, "closes_at": stands["expires_at"]}, limits, now)


def counted(told: Mapping[str, Any], at: datetime) -> NativeTally:
    """How a poll stood when it was read at this instant; hidden counts are unknown.

    Servers that do not count voters say so: where one option only may be chosen, each vote is a voter.
    """
    counts = [each["votes_count"] for each in told["options"]]
    known = None if any(count is None for count in counts) else tuple(map(int, counts))
    voters = told.get("voters_count")
    if voters is None and not told["multiple"]:
        voters = told["votes_count"]
    until = told.get("expires_at")
    over = bool(told["expired"]) and (until is None or at >= datetime.fromisoformat(until) + _SETTLED)
    return NativeTally(counts=known, voters=voters, final=over and known is not None)


class Urns:
    """Reads polls; those that were asked for before come along, in one request, until they are seen to be over."""

    def __init__(self, reads: Client, clock: Clock) -> None:
        self._reads = reads
        self._clock = clock
        self._followed: dict[str, str] = {}  # poll by post, the last one asked for last
        self._fresh: dict[str, tuple[datetime, NativeTally]] = {}
        self._together = True

    async def look(self, receipt: Receipt) -> NativeTally:
        """How this poll stands. Raises PlatformError; Rejected when there is none."""
        if receipt.poll is None:
            raise Rejected("this post carries no poll")
        self._followed.pop(receipt.message, None)
        self._followed[receipt.message] = receipt.poll
        for message in list(self._followed)[:-MOST_AT_ONCE]:
            del self._followed[message]
        if self._known(receipt.poll) is None:
            await self._read(receipt.message, receipt.poll)
        _, tally = self._fresh.pop(receipt.poll)
        if tally.final:
            self._followed.pop(receipt.message, None)
        return tally

    def _known(self, poll: str) -> NativeTally | None:
        at, tally = self._fresh.get(poll, (None, None))
        return tally if at is not None and at + _FRESH > self._clock.now() else None

    async def _read(self, message: str, poll: str) -> None:
        self._fresh = {read: seen for read, seen in self._fresh.items() if self._known(read) is not None}
        if self._together and len(self._followed) > 1:
            await self._read_all(list(self._followed))
        if self._known(poll) is None:
            try:
                self._note(await self._reads.get(f"/api/v1/polls/{poll}"))
            except Missing:
                self._followed.pop(message, None)
                raise

    async def _read_all(self, messages: list[str]) -> None:
        try:
            found = await self._reads.get("/api/v1/statuses", **{"id[]": messages})
        except Rejected:  # a server from before: one by one
            self._together = False
            return
        for status in found:
            if status.get("poll"):
                self._note(status["poll"])
            if not status.get("poll") or status["poll"]["expired"]:
                self._followed.pop(str(status["id"]), None)

    def _note(self, told: Mapping[str, Any]) -> None:
        now = self._clock.now()
        self._fresh[str(told["id"])] = (now, counted(told, now))
