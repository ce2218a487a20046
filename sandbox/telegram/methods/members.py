"""What a bot does about the members of a chat (``Client.cpp process_restrict_chat_member_query`` and neighbours).

Sentences and limits as in td ``DialogParticipantManager.cpp`` (2026-07-17): what ends in less than 30 seconds or in
more than 366 days never ends.
"""

from datetime import UTC, datetime, timedelta

from sandbox.telegram.errors import refused
from sandbox.telegram.methods.call import Call
from sandbox.telegram.objects import PERMISSIONS
from sandbox.telegram.values import Chat, Member

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(days=366)


def restrict(call: Call) -> bool:
    """Take permissions from somebody, or give all back."""
    chat = _supergroup(call)
    user = _target(call, chat)
    before = chat.member(user)
    given = call.arguments.mapping("permissions") or {}
    allowed = frozenset(name for name in PERMISSIONS if given.get(name) is True)
    if allowed == frozenset(PERMISSIONS):
        after = Member(user=user, status="member" if before.present else "left")
    else:
        until = _until(call)
        after = Member(user=user, status="restricted", permissions=allowed, until=until, inside=before.present)
    call.world.set_member(chat, after, by=call.bot.id)
    return True


def ban(call: Call) -> bool:
    """Put somebody out; in a supergroup nothing of theirs stays ([api] revoke_messages)."""
    chat = call.inside()
    user = _target(call, chat)
    call.world.set_member(chat, Member(user=user, status="kicked", until=_until(call)), by=call.bot.id)
    return True


def unban(call: Call) -> bool:
    """Let somebody in again; without ``only_if_banned`` whoever is in is put out."""
    chat = call.inside()
    user = _target(call, chat)
    banned = chat.member(user).status == "kicked"
    if banned or not call.arguments.flag("only_if_banned"):
        call.world.set_member(chat, Member(user=user, status="left"), by=call.bot.id)
    return True


def approve_request(call: Call) -> bool:
    """Let in somebody who asked to join."""
    chat, user = _asked_in(call)
    chat.asking.discard(user)
    call.world.enter(chat, user, by=call.bot.id)
    return True


def decline_request(call: Call) -> bool:
    """Turn down somebody who asked to join."""
    chat, user = _asked_in(call)
    chat.asking.discard(user)
    return True


def _asked_in(call: Call) -> tuple[Chat, int]:
    """The chat, and who asks to join it ([api] messages.hideChatJoinRequest)."""
    chat = call.inside()
    if not chat.allows(call.bot.id, "can_invite_users"):
        raise refused("not enough rights to manage chat invite link")
    user = call.arguments.integer("user_id")
    if user not in call.world.users:
        raise refused("USER_ID_INVALID")
    if chat.member(user).present:
        raise refused("USER_ALREADY_PARTICIPANT")
    if user not in chat.asking:
        raise refused("HIDE_REQUESTER_MISSING")
    return chat, user


def ban_sender(call: Call) -> bool:
    """Let nobody write as this channel."""
    chat = _supergroup(call)
    _may_restrict(call, chat)
    chat.banned_senders.add(call.arguments.integer("sender_chat_id"))
    return True


def unban_sender(call: Call) -> bool:
    """Let this channel speak again."""
    chat = _supergroup(call)
    _may_restrict(call, chat)
    chat.banned_senders.discard(call.arguments.integer("sender_chat_id"))
    return True


def permit(call: Call) -> bool:
    """Say what ordinary members may do."""
    chat = call.inside()
    if chat.kind not in {"group", "supergroup"}:
        raise refused("can't change chat permissions")
    _may_restrict(call, chat)
    given = call.arguments.mapping("permissions") or {}
    withheld = frozenset(name for name in PERMISSIONS if given.get(name) is not True)
    if withheld == chat.withheld:
        raise refused("CHAT_NOT_MODIFIED")
    chat.withheld = withheld
    return True


def _supergroup(call: Call) -> Chat:
    chat = call.inside()
    if chat.kind != "supergroup":
        raise refused("method is available only for supergroups")
    return chat


def _may_restrict(call: Call, chat: Chat) -> None:
    if not chat.allows(call.bot.id, "can_restrict_members"):
        raise refused("not enough rights to restrict/unrestrict chat member")


def _target(call: Call, chat: Chat) -> int:
    if chat.kind == "private":
        raise refused("can't ban members in private chats")
    _may_restrict(call, chat)
    user = call.arguments.integer("user_id")
    if user == call.bot.id:
        raise refused("can't restrict self")
    if user not in call.world.users:
        raise refused("PARTICIPANT_ID_INVALID")
    match chat.member(user).status:
        case "creator":
            raise refused("can't remove chat owner")
        case "administrator":
            raise refused("user is an administrator of the chat")
        case _:
            return user


def _until(call: Call) -> datetime | None:
    given = call.arguments.integer("until_date")
    if given <= 0:
        return None
    until = datetime.fromtimestamp(given, UTC)
    left = until - call.world.clock.now()
    return until if SHORTEST <= left <= LONGEST else None
