"""Checks an application before people depend on it: token, intents, and what it may do in each channel."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
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
TO_MODERATE = {
    "moderate_members": "mute",
    "ban_members": "ban",
    "manage_channels": "slow mode",
    "manage_roles": "lock",
    "view_audit_log": "hear of a mute that somebody lifts",
}


async def examine(
    ask: Ask,
    addresses: Sequence[Address],
    wanted: Mapping[Address, Sequence[str]] | None = None,
    *,
    debated: Collection[Address] = (),
    filters: bool = False,
) -> tuple[Finding, ...]:
    """The findings, the account first. ``wanted`` are the tags of posts in forums; in ``debated`` order is kept, with
    ``filters`` by AutoMod too.

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
            if guild and address in debated:
                found += [await _moderation(ask, str(me["id"]), address)]
                found += [await _automod(ask, str(me["id"]), address)] if filters else []
            guilds |= {guild} if guild else set()
    menus = [await _menu(ask, str(application["id"]), guild) for guild in sorted(guilds)]
    account = Finding(subject="account", ok=True, detail=f"@{me['username']}")
    return (account, _messages(application), _people(application), _presses(application), *menus, *found)


def _people(application: dict[str, Any]) -> Finding:
    """When a measure meets whoever comes back; both are well."""
    when = "at once" if meets_people(application) else "within a quarter of an hour («Server Members Intent» is off)"
    return Finding(subject="people", ok=True, detail=f"who comes back is met {when}")


async def _moderation(ask: Ask, me: str, address: Address) -> Finding:
    """Whether what moderators decide can be carried out. It keeps nothing from being published."""
    channel, here = await held(ask, me, address)
    subject = f"moderation of #{channel.get('name', address)}"
    missing = [] if here.administrator else [name for name in TO_MODERATE if not getattr(here, name)]
    if not missing:
        detail = "time-outs, bans, slow modes and locks can be carried out, for people whose roles are below the bot's"
        return Finding(subject=subject, ok=True, detail=detail)
    purposes = ", ".join(f"{name} ({TO_MODERATE[name]})" for name in missing)
    cure = "server settings, Roles: give the bot's role these rights, and put it above those of citizens"
    return Finding(subject=subject, ok=False, detail=f"the bot lacks {purposes}", cure=cure)


async def _automod(ask: Ask, me: str, address: Address) -> Finding:
    """Whether the words of the charter can be kept back."""
    channel, here = await held(ask, me, address)
    subject = f"automod of #{channel.get('name', address)}"
    if here.administrator or here.manage_guild:
        return Finding(subject=subject, ok=True, detail="AutoMod keeps back the words that the charter removes")
    cure = (
        "server settings, Roles: give the bot's role «Manage Server» (MANAGE_GUILD), or take automod out of config.toml"
    )
    return Finding(subject=subject, ok=False, detail="the bot lacks manage_guild (the rules of AutoMod)", cure=cure)


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
