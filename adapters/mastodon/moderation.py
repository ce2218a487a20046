"""Keeping order on Mastodon: what an account can do for itself, and what its server does where it has the right.

Blocking keeps somebody from answering us. Mastodon's own mute would hide their votes and appeals from us too: a mute is
kept by hand, what they write is not taken into the debate. Limiting and suspending are for the staff of a server
(scopes ``admin:read:accounts``, ``admin:write:accounts``): there somebody is seen by followers only, or not at all.
Docs: methods/accounts, methods/admin/accounts, 2026-11.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from adapters.mastodon.client import Client
from adapters.mastodon.errors import Missing
from core.errors import Rejected, Unavailable
from core.identifiers import Address, MessageId
from core.ports.clock import Clock
from core.ports.moderator import Filter, Hold, Powers, Purged, Restraint, Seen, Standing
from core.sanction import SanctionKind, Subject

_OF_SERVER = frozenset({SanctionKind.LIMIT, SanctionKind.SUSPEND})
POWERS = Powers(
    kinds=frozenset({SanctionKind.BAN, *_OF_SERVER}), asks=_OF_SERVER, by_hand=frozenset({SanctionKind.MUTE})
)
_ACCOUNTS, _ADMIN = "/api/v1/accounts", "/api/v1/admin/accounts"
REPORTS = "/api/v1/admin/reports"
_DONE = {SanctionKind.LIMIT: "silence", SanctionKind.SUSPEND: "suspend"}
_SHOWN = {
    SanctionKind.BAN: "blocking",
    SanctionKind.LIMIT: "silenced",
    SanctionKind.SUSPEND: "suspended",
}


class MastodonModerator:
    """See ``core.ports.moderator.Moderator``. ``me`` is asked for our own number, known once the account is open."""

    powers = POWERS

    def __init__(self, client: Client, clock: Clock, me: Callable[[], str]) -> None:
        self._client = client
        self._clock = clock
        self._me = me

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:  # noqa: ARG002  one place
        """How somebody stands with us, or with the server; nothing is kept up about places."""
        if subject is None:
            return Standing()
        if subject.number == self._me():
            return Standing(immune=True)
        try:
            shown = await self._shown(subject, kind)
        except Missing:
            return Standing(present=False)
        ours = None if kind in _OF_SERVER else True  # nobody else blocks for us
        holds = {kind: Hold(ours=ours)} if shown.get(_SHOWN[kind]) else {}
        return Standing(holds=holds, immune=_is_staff(shown))

    async def impose(self, restraint: Restraint) -> None:
        """Block, limit or suspend."""
        number = _number(restraint)
        if restraint.kind in _OF_SERVER:
            body = {"type": _DONE[restraint.kind], "send_email_notification": False}
            await self._client.again("POST", f"{_ADMIN}/{number}/action", body)
        else:
            await self._client.again("POST", f"{_ACCOUNTS}/{number}/block")

    async def lift(self, restraint: Restraint) -> None:
        """Let go of it."""
        number = _number(restraint)
        if restraint.kind in _OF_SERVER:
            await self._client.again("POST", f"{_ADMIN}/{number}/un{_DONE[restraint.kind]}")
        else:
            await self._client.again("POST", f"{_ACCOUNTS}/{number}/unblock")

    async def resolve(self, report: str) -> None:
        """Resolve it on our server; one that is gone is dealt with."""
        with suppress(Missing):
            await self._client.again("POST", f"{REPORTS}/{report}/resolve")

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:  # noqa: ARG002  of the port
        """None: nothing is kept back there."""
        return 0

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:  # noqa: ARG002  of the port
        """Nobody asks to join here."""
        raise Rejected("nobody asks this account to be let in")

    async def latest(
        self,
        chat: Address,  # noqa: ARG002  of the port
        *,
        since: MessageId | None = None,  # noqa: ARG002  of the port
        before: MessageId | None = None,  # noqa: ARG002  of the port
        most: int,  # noqa: ARG002  of the port
    ) -> Sequence[Seen] | None:
        """Nothing: there is no place whose messages could be taken out."""
        return None

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:  # noqa: ARG002  of the port
        """Nothing can go: what others wrote belongs to them and their server."""
        return Purged(refused=len(messages))

    async def _shown(self, subject: Subject, kind: SanctionKind) -> dict[str, Any]:
        if kind in _OF_SERVER:
            shown = await self._client.get(f"{_ADMIN}/{subject.number}")
        else:
            found = await self._client.get(f"{_ACCOUNTS}/relationships", **{"id[]": [subject.number]})
            shown = next(iter(found), {}) if isinstance(found, list) else None
        if not isinstance(shown, dict):
            raise Unavailable("an answer that nobody can read")
        return shown


def _number(restraint: Restraint) -> str:
    return "" if restraint.subject is None else restraint.subject.number


def _is_staff(shown: dict[str, Any]) -> bool:
    """Whether the server says that they are of its staff: what everybody may do is 65536."""
    role = shown.get("role")
    return isinstance(role, dict) and int(role.get("permissions") or 0) & ~65536 != 0
