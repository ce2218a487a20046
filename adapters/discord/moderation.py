"""Keeping order in a channel of a server: time-out, ban, slow mode, lock, and what is taken out of it.

A time-out lasts 28 days at most, a ban has no end: the one is renewed, the other lifted, by us. A plain ban takes a day
of what somebody wrote with it; ours takes nothing, for it may be evidence. Docs: Resources/Guild, Resources/Channel,
2026-08-06.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import discord

from adapters.discord import automod, ids, limits
from adapters.discord.calls import Calls
from adapters.discord.inbound import writer
from adapters.discord.standing import watches_over
from adapters.pacing import Pacer
from core.delivery import Urgency
from core.errors import Gone, Rejected
from core.identifiers import Address, MessageId
from core.ports.clock import Clock
from core.ports.moderator import Filter, Hold, Powers, Purged, Restraint, Seen, Standing
from core.sanction import SanctionKind, Subject

POWERS = Powers(
    kinds=frozenset({SanctionKind.MUTE, SanctionKind.BAN, SanctionKind.SLOW_MODE, SanctionKind.LOCK}),
    longest=MappingProxyType({SanctionKind.MUTE: limits.LONGEST_TIME_OUT}),
    longest_pause=limits.LONGEST_PAUSE,
    purges=True,
)
OURS = "parvis:"  # how the reasons of our bans begin
_WRITING = discord.Permissions(send_messages=True, send_messages_in_threads=True).value
_MEMBER, _BAN, _PERMISSION = (
    "/guilds/{guild_id}/members/{user_id}",
    "/guilds/{guild_id}/bans/{user_id}",
    "/channels/{channel_id}/permissions/{target_id}",
)
_ROLE, _PERSON = 0, 1  # kinds of targets


class DiscordModerator:
    """See ``core.ports.moderator.Moderator``. ``me`` is asked for our own number, known once the account is open."""

    def __init__(
        self, calls: Calls, pacer: Pacer, clock: Clock, me: Callable[[], str], *, filters: bool = False
    ) -> None:
        self.powers = replace(POWERS, filters=filters)
        self._calls = calls
        self._pacer = pacer
        self._clock = clock
        self._me = me

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:
        """How a member stands, or the channel."""
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            channel = await self._channel(chat)
            if subject is None:
                return Standing(holds=_of_channel(channel), before=self._set_up(channel))
            guild, user = str(channel["guild_id"]), subject.number
            holds = await self._bans(guild, user) if kind is SanctionKind.BAN else {}
            try:
                member = await self._calls.looked_up(_MEMBER, guild_id=guild, user_id=user)
            except Gone:
                return Standing(present=False, holds=holds)
            immune = await self._is_above(guild, member, user)
            return Standing(holds={**holds, **_time_out(member)}, immune=immune)

    async def impose(self, restraint: Restraint) -> None:
        """Time out, ban, slow down or lock."""
        async with self._pacer.turn(restraint.chat, Urgency.MODERATION, counted=False):
            match restraint.kind:
                case SanctionKind.BAN:
                    await self._about(restraint, "PUT", _BAN, {"delete_message_seconds": 0})
                case SanctionKind.SLOW_MODE:
                    pause = min(restraint.pause, limits.LONGEST_PAUSE)
                    await self._slow_down(restraint, pause)
                case SanctionKind.LOCK:
                    await self._lock(restraint)
                case _:
                    until = self._end(restraint.until).isoformat()
                    await self._about(restraint, "PATCH", _MEMBER, {"communication_disabled_until": until})

    async def lift(self, restraint: Restraint) -> None:
        """Let go of it; who is not there any more is let go of already."""
        async with self._pacer.turn(restraint.chat, Urgency.MODERATION, counted=False):
            try:
                await self._lift(restraint)
            except Gone:
                return

    async def resolve(self, report: str) -> None:
        """Nothing: no report of the network's own reaches us."""

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:
        """Keep up rules of AutoMod, as far as there is room for them."""
        if not chats:
            return 0
        async with self._pacer.turn(chats[0], Urgency.MODERATION, counted=False):
            return await automod.keep(self._calls, self._me(), chats, filters, reason=f"{OURS}filters")

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:  # noqa: ARG002  of the port
        """Nobody asks to join here."""
        raise Rejected("nobody asks this account to be let in")

    async def latest(
        self, chat: Address, *, since: MessageId | None = None, before: MessageId | None = None, most: int
    ) -> Sequence[Seen] | None:
        """What stands in the channel, or in the thread of these messages, a page of history at a time."""
        place = ids.place_of(chat, since or before or MessageId(""))[0]
        end = "" if before is None else ids.place_of(chat, before)[1]
        found: list[dict[str, Any]] = []
        while len(found) < most:
            page = await self._page(chat, place, end, min(most - len(found), limits.HISTORY))
            found += page
            end = str(page[-1]["id"]) if page else ""
            if not page or (since is not None and int(end) < int(ids.place_of(chat, since)[1])):
                break
        first = 0 if since is None else int(ids.place_of(chat, since)[1])
        return [_seen(each, chat, place) for each in reversed(found) if int(each["id"]) >= first]

    async def _page(self, chat: Address, place: str, before: str, most: int) -> list[dict[str, Any]]:
        """Messages, the newest first."""
        query = {"limit": str(most), **({"before": before} if before else {})}
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            page = await self._calls.repeatable("GET", "/channels/{channel_id}/messages", query=query, channel_id=place)
        return sorted(page, key=lambda each: -int(each["id"]))

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:
        """Delete messages, those of the last two weeks a hundred at a time."""
        oldest = ids.given_at(self._clock.now() - limits.BULK_FOR)
        channels: dict[str, list[str]] = {}
        for message in messages:
            channel, number = ids.place_of(chat, message)
            channels.setdefault(channel, []).append(number)
        for channel, numbers in channels.items():
            young = [each for each in dict.fromkeys(numbers) if int(each) > oldest]
            for at in range(0, len(young), limits.MOST_DELETED):
                await self._delete(chat, channel, young[at : at + limits.MOST_DELETED], reason)
            for each in [number for number in numbers if int(number) <= oldest]:
                await self._delete(chat, channel, [each], reason)
        return Purged(gone=len(messages))

    async def _lift(self, restraint: Restraint) -> None:
        match restraint.kind:
            case SanctionKind.BAN:
                await self._about(restraint, "DELETE", _BAN)
            case SanctionKind.SLOW_MODE:
                await self._slow_down(restraint, timedelta(seconds=int(_known(restraint.before).get("pause", 0))))
            case SanctionKind.LOCK:
                await self._unlock(restraint)
            case _:
                await self._about(restraint, "PATCH", _MEMBER, {"communication_disabled_until": None})

    async def _delete(self, chat: Address, channel: str, numbers: Sequence[str], reason: str) -> None:
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            path, why = "/channels/{channel_id}/messages", reason[: limits.LONGEST_REASON]
            if len(numbers) > 1:
                body = {"messages": list(numbers)}
                await self._calls.repeatable("POST", f"{path}/bulk-delete", body, reason=why, channel_id=channel)
            else:
                where = {"channel_id": channel, "message_id": numbers[0]}
                await self._calls.repeatable("DELETE", f"{path}/{{message_id}}", reason=why, **where)

    async def _about(self, restraint: Restraint, verb: str, path: str, body: Any = None) -> None:
        """A call about somebody in the server that the channel belongs to."""
        channel = await self._channel(restraint.chat)
        user = "" if restraint.subject is None else restraint.subject.number
        where = {"guild_id": channel["guild_id"], "user_id": user}
        await self._calls.repeatable(verb, path, body, reason=restraint.reason, **where)

    async def _slow_down(self, restraint: Restraint, pause: timedelta) -> None:
        body = {"rate_limit_per_user": int(pause.total_seconds())}
        path = "/channels/{channel_id}"
        await self._calls.repeatable("PATCH", path, body, reason=restraint.reason, channel_id=restraint.chat)

    async def _lock(self, restraint: Restraint) -> None:
        """Let nobody write in the channel but us: what is denied to all is denied to us as well."""
        channel = await self._channel(restraint.chat)
        everybody, me = str(channel["guild_id"]), self._me()
        allow, deny = _overwrite(channel, me)
        await self._overwrite(restraint, me, _PERSON, allow=allow | _WRITING, deny=deny & ~_WRITING)
        allow, deny = _overwrite(channel, everybody)
        await self._overwrite(restraint, everybody, _ROLE, allow=allow & ~_WRITING, deny=deny | _WRITING)

    async def _unlock(self, restraint: Restraint) -> None:
        """Let everybody write who could before: what else was changed meanwhile stays."""
        channel, before = await self._channel(restraint.chat), _known(restraint.before)
        for target, kind in ((str(channel["guild_id"]), _ROLE), (self._me(), _PERSON)):
            was = before.get(target, (0, 0))
            allow, deny = (
                now & ~_WRITING | int(then) & _WRITING
                for now, then in zip(_overwrite(channel, target), was, strict=True)
            )
            await self._overwrite(restraint, target, kind, allow=allow, deny=deny)

    def _set_up(self, channel: dict[str, Any]) -> str:
        """Who may write in a channel, and how often."""
        said = {target: _overwrite(channel, target) for target in (str(channel["guild_id"]), self._me())}
        return json.dumps({**said, "pause": int(channel.get("rate_limit_per_user") or 0)})

    async def _overwrite(self, restraint: Restraint, target: str, kind: int, *, allow: int, deny: int) -> None:
        body = {"type": kind, "allow": str(allow), "deny": str(deny)}
        where = {"channel_id": restraint.chat, "target_id": target}
        await self._calls.repeatable("PUT", _PERMISSION, body, reason=restraint.reason, **where)

    async def _channel(self, chat: Address) -> Any:
        return await self._calls.looked_up("/channels/{channel_id}", channel_id=chat)

    async def _bans(self, guild: str, user: str) -> dict[SanctionKind, Hold]:
        try:
            ban = await self._calls.looked_up(_BAN, guild_id=guild, user_id=user)
        except Gone:
            return {}
        return {SanctionKind.BAN: Hold(ours=str(ban.get("reason") or "").startswith(OURS))}

    async def _is_above(self, guild: str, member: dict[str, Any], user: str) -> bool:
        """Whether somebody watches over the server, or has a role as high as ours: Discord lets us do nothing then."""
        known = await self._calls.looked_up("/guilds/{guild_id}", guild_id=guild)
        if watches_over(known, member, user):
            return True
        mine = await self._calls.looked_up(_MEMBER, guild_id=guild, user_id=self._me())
        return _height(known, member) >= _height(known, mine)

    def _end(self, until: datetime | None) -> datetime:
        longest = self._clock.now() + limits.LONGEST_TIME_OUT
        return longest if until is None else min(until, longest)


def _seen(message: dict[str, Any], chat: Address, place: str) -> Seen:
    number = str(message["id"])
    return Seen(
        message=ids.in_thread(place, number) if place != chat else MessageId(number),
        author=writer(message["author"]),
        text=str(message.get("content", "")),
    )


def _of_channel(channel: dict[str, Any]) -> dict[SanctionKind, Hold]:
    holds: dict[SanctionKind, Hold] = {}
    pause = int(channel.get("rate_limit_per_user") or 0)
    if pause:
        holds[SanctionKind.SLOW_MODE] = Hold(pause=timedelta(seconds=pause))
    if _overwrite(channel, str(channel["guild_id"]))[1] & _WRITING == _WRITING:
        holds[SanctionKind.LOCK] = Hold()
    return holds


def _known(before: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(before) if before else {}
    return found


def _time_out(member: dict[str, Any]) -> dict[SanctionKind, Hold]:
    """What Discord shows; one that is over is shown until the next."""
    end = member.get("communication_disabled_until")
    return {} if end is None else {SanctionKind.MUTE: Hold(until=datetime.fromisoformat(end))}


def _overwrite(channel: dict[str, Any], target: str) -> tuple[int, int]:
    """What the channel allows and denies a role or a person."""
    known = {str(each["id"]): each for each in channel.get("permission_overwrites") or ()}.get(target)
    return (0, 0) if known is None else (int(known["allow"]), int(known["deny"]))


def _height(guild: dict[str, Any], member: dict[str, Any]) -> int:
    held = set(map(str, member.get("roles", ())))
    return max((int(role["position"]) for role in guild["roles"] if str(role["id"]) in held), default=0)
