"""What is allowed in a channel beyond the guild's roles (Resources/Channel, edit and delete channel permissions)."""

from sandbox.discord import permissions
from sandbox.discord.errors import no_permission, unknown, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.values import Overwrite

ROLE, PERSON = 0, 1


def set_overwrite(call: Call) -> None:
    """Say what a role or a person may do here; nobody gives or takes what they do not have themselves."""
    channel = call.channel(permissions.MANAGE_ROLES)
    target, kind = call.id("overwrite_id"), call.number("type")
    if kind not in {ROLE, PERSON}:
        raise wrong("type", "BASE_TYPE_REQUIRED", "This field is required")
    allow, deny = call.bits("allow"), call.bits("deny")
    before = channel.overwrites.get(target, Overwrite(target=target))
    changed = (allow ^ before.allow) | (deny ^ before.deny)
    if changed & ~call.allowed(channel):
        raise no_permission()
    channel.overwrites[target] = Overwrite(target=target, is_role=kind == ROLE, allow=allow, deny=deny)
    call.world.tell_channel(channel)


def delete_overwrite(call: Call) -> None:
    """Let the guild's roles decide again."""
    channel = call.channel(permissions.MANAGE_ROLES)
    if channel.overwrites.pop(call.id("overwrite_id"), None) is None:
        raise unknown(10009, "Permission Overwrite")
    call.world.tell_channel(channel)
