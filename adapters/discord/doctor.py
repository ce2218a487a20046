"""Checks an application before people depend on it: token, intents, and what it may do in each channel."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord

from adapters.discord import grounds, ids
from core.errors import Rejected
from core.identifiers import Address
from core.ports.platform import Finding

MESSAGES = "messages"  # the subject that tells whether what people write is read

Ask = Callable[..., Awaitable[Any]]

_READS_MESSAGES = (1 << 18) | (1 << 19)  # application flags: GATEWAY_MESSAGE_CONTENT, …_LIMITED
_MEETS_PEOPLE = (1 << 14) | (1 << 15)  # GATEWAY_GUILD_MEMBERS, …_LIMITED
_EVERYTHING = "administrator"
NEEDED = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "embed_links",
    "attach_files",
    "read_message_history",
    "send_polls",
    "manage_messages",
    "pin_messages",
)


async def examine(
    ask: Ask, addresses: Sequence[Address], wanted: Mapping[Address, Sequence[str]] | None = None
) -> tuple[Finding, ...]:
    """The findings, the account first. ``wanted`` are the tags of posts in forums.

    Raises PlatformError when nobody answers.
    """
    me = await ask("GET", "/users/@me")
    application = await ask("GET", "/applications/@me")
    found: list[Finding] = []
    guilds: set[str] = set()
    for address in addresses:
        if not ids.is_person(address):
            finding, guild = await _channel(ask, str(me["id"]), address, (wanted or {}).get(address, ()))
            found.append(finding)
            guilds |= {guild} if guild else set()
    menus = [await _menu(ask, str(application["id"]), guild) for guild in sorted(guilds)]
    account = Finding(subject="account", ok=True, detail=f"@{me['username']}")
    return (account, _messages(application), _presses(application), *menus, *found)


def meets_people(application: dict[str, Any]) -> bool:
    """Whether Discord tells who comes back: the server members intent is switched on."""
    return bool(int(application.get("flags", 0)) & _MEETS_PEOPLE)


def _presses(application: dict[str, Any]) -> Finding:
    if not application.get("interactions_endpoint_url"):
        return Finding(subject="presses", ok=True, detail="buttons and commands are heard")
    cure = "Developer Portal, General Information: leave «Interactions Endpoint URL» empty"
    return Finding(subject="presses", ok=False, detail="Discord sends buttons and commands elsewhere", cure=cure)


async def _menu(ask: Ask, application: str, guild: str) -> Finding:
    """Whether the server has the scope ``applications.commands``: without it this is refused."""
    subject = f"menu of {guild}"
    where = {"application_id": application, "guild_id": guild}
    try:
        await ask("GET", "/applications/{application_id}/guilds/{guild_id}/commands", **where)
    except Rejected:
        cure = "invite the bot again, with the scopes «bot» and «applications.commands»"
        return Finding(subject=subject, ok=False, detail="the server does not show our commands", cure=cure)
    return Finding(subject=subject, ok=True, detail="the server shows our commands")


def _messages(application: dict[str, Any]) -> Finding:
    if int(application.get("flags", 0)) & _READS_MESSAGES:
        return Finding(subject=MESSAGES, ok=True, detail="what people write in channels is read")
    cure = "Developer Portal, Bot: switch on «Message Content Intent»"
    return Finding(subject=MESSAGES, ok=False, detail="what people write in channels stays unread", cure=cure)


async def _channel(ask: Ask, me: str, address: Address, wanted: Sequence[str]) -> tuple[Finding, str]:
    """The finding of a channel, and the server that it belongs to."""
    subject = str(address)
    try:
        channel, rights_here = await held(ask, me, address)
    except Rejected as error:
        cure = "invite the bot to the server, and let it see the channel"
        return Finding(subject=subject, ok=False, detail=f"out of reach: {error.detail}", cure=cure, stops=True), ""
    administers = rights_here.administrator
    missing = [] if administers else [name for name in NEEDED if not getattr(rights_here, name)]
    name, guild = f"#{channel.get('name', subject)}", str(channel["guild_id"])
    if missing:
        cure = "channel settings, permissions: give the bot's role these rights"
        return Finding(
            subject=subject, ok=False, detail=f"{name}: the bot lacks {', '.join(missing)}", cure=cure, stops=True
        ), guild
    ground = grounds.seen(channel, debated=False, wanted=wanted)
    if ground.lacking or (ground.needs_tag and not wanted):
        told = f"no tag {', '.join(ground.lacking)}" if ground.lacking else "a forum that asks for a tag"
        cure = f"config.toml, tags of the channel: name some of {', '.join(sorted(ground.tags or {}))}"
        return Finding(subject=subject, ok=False, detail=f"{name}: {told}", cure=cure, stops=True), guild
    return Finding(subject=subject, ok=True, detail=f"{name}: all rights that are needed"), guild


async def held(ask: Ask, me: str, address: Address) -> tuple[dict[str, Any], discord.Permissions]:
    """A channel, and what a member of its server may do in it. Raises PlatformError."""
    channel = await ask("GET", "/channels/{channel_id}", channel_id=address)
    member = await ask("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=channel["guild_id"], user_id=me)
    roles = await ask("GET", "/guilds/{guild_id}/roles", guild_id=channel["guild_id"])
    return channel, rights(channel, member, roles, me)


def rights(
    channel: dict[str, Any], member: dict[str, Any], roles: Sequence[dict[str, Any]], me: str
) -> discord.Permissions:
    """What a member may do in a channel: docs/Topics/Permissions, «permission overwrites», 2026-08-06."""
    everyone = str(channel["guild_id"])
    mine = {everyone, *map(str, member.get("roles", ()))}
    held = discord.Permissions(0)
    for role in roles:
        if str(role["id"]) in mine:
            held.value |= int(role["permissions"])
    overwrites = {str(each["id"]): each for each in channel.get("permission_overwrites", ())}
    groups = ([everyone], sorted(mine - {everyone}), [me])
    for group in groups:
        given = [overwrites[number] for number in group if number in overwrites]
        for each in given:
            held.value &= ~int(each["deny"])
        for each in given:
            held.value |= int(each["allow"])
    return held
