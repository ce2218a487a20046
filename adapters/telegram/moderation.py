"""Keeping order in a supergroup: mute, ban, lock, and what is taken out of it.

Telegram shows no bot the slow mode's setter: we take out what is written too soon. It keeps up nothing longer than 366
days: what is shorter than 30 seconds or longer than that, it takes for ever ([api] restrictChatMember, banChatMember).
So an end that is near is put a little later, and lifted by us in time. Who writes as a channel can only be banned.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

from telegram import (
    Bot,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatPermissions,
)

from adapters.pacing import Pacer
from adapters.telegram import limits
from core.delivery import Urgency
from core.errors import Rejected
from core.identifiers import Address, MessageId
from core.ports.clock import Clock
from core.ports.moderator import Filter, Hold, Powers, Purged, Restraint, Seen, Standing
from core.rules.recent import LONGEST
from core.sanction import SanctionKind, Subject

T = TypeVar("T")

POWERS = Powers(
    kinds=frozenset({SanctionKind.MUTE, SanctionKind.BAN, SanctionKind.LOCK}),
    longest=MappingProxyType({SanctionKind.MUTE: limits.LONGEST_HOLD, SanctionKind.BAN: limits.LONGEST_HOLD}),
    longest_pause=LONGEST,
    by_hand=frozenset({SanctionKind.SLOW_MODE}),
    purges=True,
    purges_for=limits.REMOVABLE_FOR,
    admits=True,
)
_NOTHING = ChatPermissions.no_permissions()
_WRITING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)


class Asking(Protocol):
    """Makes a call that may be repeated; None when what it asks for is so already. Raises PlatformError."""

    async def __call__(self, call: str, address: Address, make: Callable[[], Awaitable[T]]) -> T | None:
        """Make it."""
        ...


class TelegramModerator:
    """See ``core.ports.moderator.Moderator``. ``asking`` makes calls that may be repeated."""

    powers = POWERS

    def __init__(self, bot: Bot, asking: Asking, pacer: Pacer, clock: Clock) -> None:
        self._bot = bot
        self._asking = asking
        self._pacer = pacer
        self._clock = clock

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:  # noqa: ARG002  all at once
        """How somebody stands in a group, or what everybody may do in it."""
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            if subject is None:
                place = await self._asking("getChat", chat, lambda: self._bot.get_chat(chat))
                locked = place is not None and place.permissions is not None and not place.permissions.can_send_messages
                before = _set_up(None if place is None else place.permissions)
                return Standing(holds={SanctionKind.LOCK: Hold()} if locked else {}, before=before)
            if _is_channel(subject):
                return Standing()  # nobody can ask about those: what should be is simply said again
            number = _number(subject)
            member = await self._asking("getChatMember", chat, lambda: self._bot.get_chat_member(chat, number))
        return Standing(present=False) if member is None else _standing(member)

    async def impose(self, restraint: Restraint) -> None:
        """Mute, ban or lock."""
        chat, who, until = restraint.chat, restraint.subject, self._end(restraint.until)
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            if who is None:
                await self._permit(chat, dict.fromkeys(_WRITING, False))
            elif _is_channel(who):
                _refuse_unless_ban(restraint.kind)
                await self._asking(
                    "banChatSenderChat", chat, lambda: self._bot.ban_chat_sender_chat(chat, _number(who))
                )
            elif restraint.kind is SanctionKind.BAN:
                await self._asking(
                    "banChatMember", chat, lambda: self._bot.ban_chat_member(chat, _number(who), until_date=until)
                )
            else:
                await self._restrict(chat, who, _NOTHING, until)

    async def lift(self, restraint: Restraint) -> None:
        """Let somebody in, let them write, or unlock: what could be written before can be again, else everything."""
        chat, who = restraint.chat, restraint.subject
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            if who is None:
                known: dict[str, bool] = json.loads(restraint.before) if restraint.before else {}
                await self._permit(chat, {**dict.fromkeys(_WRITING, True), **known})
            elif _is_channel(who):
                _refuse_unless_ban(restraint.kind)
                await self._asking(
                    "unbanChatSenderChat", chat, lambda: self._bot.unban_chat_sender_chat(chat, _number(who))
                )
            elif restraint.kind is SanctionKind.BAN:
                await self._asking(  # without only_if_banned, it throws out whoever is in
                    "unbanChatMember",
                    chat,
                    lambda: self._bot.unban_chat_member(chat, _number(who), only_if_banned=True),
                )
            else:
                await self._restrict(chat, who, ChatPermissions.all_permissions(), None)

    async def resolve(self, report: str) -> None:
        """Nothing: no report of the network's own reaches us."""

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:  # noqa: ARG002  of the port
        """None: nothing is kept back there."""
        return 0

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:
        """Approve or decline it; one that is answered or withdrawn already is no trouble."""
        call = "approveChatJoinRequest" if admitted else "declineChatJoinRequest"
        make = self._bot.approve_chat_join_request if admitted else self._bot.decline_chat_join_request
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            await self._asking(call, chat, lambda: make(chat, _number(subject)))

    async def latest(
        self,
        chat: Address,  # noqa: ARG002  of the port
        *,
        since: MessageId | None = None,
        before: MessageId | None = None,
        most: int,
    ) -> Sequence[Seen] | None:
        """All numbers between two messages: Telegram shows no bot what was written, and skips what is not there."""
        if before is None:
            return None
        first = max(int(before) - most, int(since) if since is not None else 1, 1)
        return [Seen(message=MessageId(str(number))) for number in range(first, int(before))]

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:  # noqa: ARG002  no record
        """Delete messages a hundred at a time. A hundred in which one is too old is halved until that one is alone."""
        gone = too_old = 0
        waiting = [list(messages[at : at + limits.MOST_DELETED]) for at in range(0, len(messages), limits.MOST_DELETED)]
        while waiting:
            some = waiting.pop()
            try:
                await self._delete(chat, some)
                gone += len(some)
            except Rejected as error:
                if not _is_about_one(error) or not await self._may_delete(chat):
                    raise
                half = len(some) // 2
                waiting += [some[:half], some[half:]] if half else []
                too_old += 0 if half else 1
        return Purged(gone=gone, too_old=too_old)

    async def _delete(self, chat: Address, messages: Sequence[MessageId]) -> None:
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            numbers = [int(each) for each in messages]
            await self._asking("deleteMessages", chat, lambda: self._bot.delete_messages(chat, numbers))

    async def _may_delete(self, chat: Address) -> bool:
        me = await self._asking("getChatMember", chat, lambda: self._bot.get_chat_member(chat, self._bot.id))
        return isinstance(me, ChatMemberOwner) or (isinstance(me, ChatMemberAdministrator) and me.can_delete_messages)

    async def _restrict(self, chat: Address, who: Subject, may: ChatPermissions, until: datetime | None) -> None:
        await self._asking(
            "restrictChatMember",
            chat,
            lambda: self._bot.restrict_chat_member(
                chat, _number(who), may, until_date=until, use_independent_chat_permissions=True
            ),
        )

    async def _permit(self, chat: Address, writing: Mapping[str, bool]) -> None:
        place = await self._asking("getChat", chat, lambda: self._bot.get_chat(chat))
        before = {} if place is None or place.permissions is None else place.permissions.to_dict()
        may = ChatPermissions(**{**before, **writing})
        await self._asking(
            "setChatPermissions",
            chat,
            lambda: self._bot.set_chat_permissions(chat, may, use_independent_chat_permissions=True),
        )

    def _end(self, until: datetime | None) -> datetime | None:
        if until is None:
            return None
        now = self._clock.now()
        return min(max(until, now + limits.SHORTEST_HOLD), now + limits.LONGEST_HOLD)


def _standing(member: ChatMember) -> Standing:
    match member:
        case ChatMemberOwner() | ChatMemberAdministrator():
            return Standing(immune=True)
        case ChatMemberBanned():
            return Standing(present=False, holds={SanctionKind.BAN: Hold(until=_until(member.until_date))})
        case ChatMemberRestricted() if not member.can_send_messages:
            hold = Hold(until=_until(member.until_date))
            return Standing(present=member.is_member, holds={SanctionKind.MUTE: hold})
        case ChatMemberRestricted():
            return Standing(present=member.is_member)
        case _:
            return Standing(present=member.status != ChatMember.LEFT)


def _set_up(permissions: ChatPermissions | None) -> str:
    """What everybody may write in a group; empty where Telegram does not say."""
    return "" if permissions is None else json.dumps({name: bool(getattr(permissions, name)) for name in _WRITING})


def _until(date: datetime) -> datetime | None:
    """The end that Telegram names; what it calls 0 is for ever."""
    return date if date.timestamp() > 0 else None


def _number(subject: Subject) -> int:
    """The number of an account; of who writes as a channel, only their address is known."""
    return int(subject.number or subject.person.rpartition(":")[2])


def _is_channel(subject: Subject) -> bool:
    return _number(subject) < 0


def _refuse_unless_ban(kind: SanctionKind) -> None:
    if kind is not SanctionKind.BAN:
        raise Rejected("who writes as a channel can be banned, and not muted")


def _is_about_one(error: Rejected) -> bool:
    """Whether it may be true of one message among many."""
    return "message can't be deleted" in error.detail.lower()
