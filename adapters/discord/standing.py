"""Who watches over a server: no rule is applied to them."""

from typing import Any

import discord


def watches_over(guild: dict[str, Any], member: dict[str, Any], user: str) -> bool:
    """Whether somebody owns this server or may remove messages in it, as Discord's answers describe both."""
    if str(guild.get("owner_id")) == user:
        return True
    mine = set(map(str, member.get("roles", ())))
    return any(may_remove(int(role["permissions"])) for role in guild["roles"] if str(role["id"]) in mine)


def is_official(guild: discord.Guild | None, data: dict[str, Any]) -> bool | None:
    """The same of the author of an event, in a server that the line knows; None as long as it does not."""
    if guild is None:
        return None
    if str(guild.owner_id) == str((data.get("author") or {}).get("id")):
        return True
    roles = (guild.get_role(int(role)) for role in (data.get("member") or {}).get("roles", ()))
    return any(may_remove(role.permissions.value) for role in roles if role is not None)


def may_remove(rights: int) -> bool:
    """Whether these permissions are those of somebody who watches over messages."""
    held = discord.Permissions(rights)
    return held.administrator or held.manage_messages
