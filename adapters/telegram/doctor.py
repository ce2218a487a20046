"""Whether an account can do what the town expects of it, chat by chat, with a cure for each trouble."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberOwner, User
from telegram.error import TelegramError

from adapters.telegram.errors import as_ours, redacted
from core.errors import PlatformError, Rejected, Unauthorised, Unavailable
from core.identifiers import Address
from core.ports.platform import Finding

T = TypeVar("T")

_CHANNEL_RIGHTS = {
    "can_post_messages": "publish",
    "can_edit_messages": "pin, and keep counts up to date",
    "can_delete_messages": "take posts back",
}
_GROUPS = frozenset({"group", "supergroup"})
_GROUP_RIGHTS = {"can_delete_messages": "remove messages that break the charter", "can_pin_messages": "pin"}


async def examine(bot: Bot, addresses: Sequence[Address]) -> tuple[Finding, ...]:
    """Token, webhook, privacy, and the rights in each chat."""
    try:
        me = await _asked(bot.get_me)
    except PlatformError as error:
        return (_without_account(error),)
    findings = [Finding("account", ok=True, detail=f"@{me.username}"), await _webhook(bot)]
    if me.can_manage_bots is None:
        cure = "update the Bot API server to 9.6 or later"
        findings.append(Finding("server", ok=False, detail="older than Bot API 9.6", cure=cure))
    for address in addresses:
        findings += await _chat(bot, me, address)
    return tuple(findings)


async def _asked(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer to a harmless question. Raises PlatformError."""
    try:
        return await ask()
    except TelegramError as error:
        raise as_ours(error) from None  # python-telegram-bot writes the token into some of its sentences
    except (TypeError, KeyError, ValueError) as error:
        raise Unavailable(redacted(f"an answer that cannot be read: {error}")) from None


def _without_account(error: PlatformError) -> Finding:
    cure = "check that the server can be reached from here: base_url, proxy, certificate authority, firewall"
    if isinstance(error, Unauthorised):
        cure = "ask @BotFather for the bot's token (/token) and put it where config.toml says"
    return Finding("account", ok=False, detail=error.detail, cure=cure, stops=isinstance(error, Unauthorised))


async def _webhook(bot: Bot) -> Finding:
    try:
        info = await _asked(bot.get_webhook_info)
    except PlatformError as error:
        return Finding("webhook", ok=False, detail=error.detail, cure="try again later")
    if info.url:
        cure = "stop the other program that serves this bot; parvis run removes the webhook"
        return Finding("webhook", ok=False, detail="a webhook is set: updates go elsewhere", cure=cure)
    return Finding("webhook", ok=True, detail="none")


async def _chat(bot: Bot, me: User, address: Address) -> tuple[Finding, ...]:
    try:
        chat = await _asked(lambda: bot.get_chat(address))
        member = await _asked(lambda: bot.get_chat_member(address, me.id))
    except PlatformError as error:
        cure = f"add @{me.username} to the chat as an administrator, and check its address"
        return (Finding(address, ok=False, detail=error.detail, cure=cure, stops=isinstance(error, Rejected)),)
    of_a_group = (_moderation(chat, member, address),) if chat.type in _GROUPS else ()
    return (_rights(chat, member, me, address), *of_a_group)


def _rights(chat: ChatFullInfo, member: ChatMember, me: User, address: Address) -> Finding:
    subject = _named(chat, address)
    if isinstance(member, ChatMemberOwner) or chat.type == "private":
        return Finding(subject, ok=True, detail="all rights")
    if not isinstance(member, ChatMemberAdministrator):
        cure = f"make @{me.username} an administrator of the chat"
        return Finding(subject, ok=False, detail=_reach(me), cure=cure, stops=True)
    wanted = _CHANNEL_RIGHTS if chat.type == "channel" else _GROUP_RIGHTS
    missing = [purpose for right, purpose in wanted.items() if not getattr(member, right)]
    if missing:
        cure = "in the chat's settings, under Administrators, give the bot these rights"
        return Finding(subject, ok=False, detail=f"the bot may not {'; nor '.join(missing)}", cure=cure, stops=True)
    return Finding(subject, ok=True, detail="all rights it needs")


def _moderation(chat: ChatFullInfo, member: ChatMember, address: Address) -> Finding:
    """Whether what moderators decide can be carried out in a group. It keeps nothing from being published."""
    subject = f"moderation of {_named(chat, address)}"
    if chat.type == "group":
        cure = "in the group's settings, show its history to new members: Telegram makes a supergroup of it"
        return Finding(subject, ok=False, detail="it is no supergroup: nobody can be muted in it", cure=cure)
    owns = isinstance(member, ChatMemberOwner)
    if not owns and not (isinstance(member, ChatMemberAdministrator) and member.can_restrict_members):
        cure = "in the group's settings, under Administrators, give the bot «Ban users»"
        return Finding(subject, ok=False, detail="the bot may not mute, ban or lock", cure=cure)
    return Finding(subject, ok=True, detail="mutes, bans and locks can be carried out")


def _named(chat: ChatFullInfo, address: Address) -> str:
    return f"{chat.title or chat.username or chat.id} ({address})"


def _reach(me: User) -> str:
    """What a bot without rights sees: commands only, unless its privacy mode is off."""
    return "not an administrator" if me.can_read_all_group_messages else "not an administrator: it sees commands only"
