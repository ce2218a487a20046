"""Which function does which call: Discord's addresses, by the names of its OpenAPI document."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from sandbox.discord.limits import CREATE, DELETE, FOLLOW_UP, OPEN, USUAL, Allowance
from sandbox.discord.methods import (
    account,
    automod,
    commands,
    interactions,
    members,
    messages,
    pins,
    places,
    polls,
    threads,
    webhooks,
)
from sandbox.discord.methods.call import Call

Act: TypeAlias = Callable[[Call], object]
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One address. ``body`` names its table in ``parameters.BODIES``; ``bucket`` is None where nothing is counted.

    ``status`` is answered when there is something to answer, else 204. ``bearer`` says that the address itself holds
    a token, so that no other is asked for.
    """

    verb: str
    path: str
    name: str
    act: Act
    body: str | None = None
    is_list: bool = False
    bucket: Allowance | None = field(default=USUAL)
    status: int = 200
    bearer: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its address as a regular expression with the names of its parts."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    def major(self, path: Mapping[str, str]) -> str:
        """The parts of an address that have a rate limit of their own."""
        return "+".join(path[name] for name in MAJOR if name in path)


def _get(path: str, name: str, act: Act, **more: bool) -> Endpoint:
    return Endpoint(verb="GET", path=path, name=name, act=act, bearer=more.get("bearer", False))


CHANNEL = "/channels/{channel_id}"
MESSAGES = f"{CHANNEL}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
GUILD = "/guilds/{guild_id}"
MEMBER = f"{GUILD}/members/{{user_id}}"
OVERWRITE = f"{CHANNEL}/permissions/{{overwrite_id}}"
BAN = f"{GUILD}/bans/{{user_id}}"
RULES = f"{GUILD}/auto-moderation/rules"
RULE = f"{RULES}/{{rule_id}}"
APPLICATION = "/applications/{application_id}"
OF_GUILD = f"{APPLICATION}{GUILD}"
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"

ENDPOINTS: tuple[Endpoint, ...] = (
    _get("/gateway", "get_gateway", account.get_gateway, bearer=True),
    _get("/gateway/bot", "get_bot_gateway", account.get_bot_gateway),
    _get("/users/@me", "get_my_user", account.get_my_user),
    _get("/users/@me/guilds", "list_my_guilds", members.list_my_guilds),
    Endpoint(verb="POST", path="/users/@me/channels", name="create_dm", act=threads.create_dm, body="create_dm"),
    _get("/users/{user_id}", "get_user", account.get_user),
    _get("/oauth2/applications/@me", "get_my_oauth2_application", account.get_my_application),
    _get("/applications/@me", "get_my_application", account.get_my_application),
    _get(GUILD, "get_guild", members.get_guild),
    _get(f"{GUILD}/channels", "list_guild_channels", members.list_guild_channels),
    _get(f"{GUILD}/roles", "list_guild_roles", members.list_guild_roles),
    _get(f"{GUILD}/members", "list_guild_members", members.list_guild_members),
    _get(MEMBER, "get_guild_member", members.get_guild_member),
    Endpoint(verb="PATCH", path=MEMBER, name="update_guild_member", act=members.update_guild_member,
             body="update_guild_member"),
    Endpoint(verb="DELETE", path=MEMBER, name="delete_guild_member", act=members.delete_guild_member),
    _get(BAN, "get_guild_ban", members.get_guild_ban),
    Endpoint(verb="PUT", path=BAN, name="ban_user_from_guild", act=members.ban_user_from_guild,
             body="ban_user_from_guild"),
    Endpoint(verb="DELETE", path=BAN, name="unban_user_from_guild", act=members.unban_user_from_guild),
    _get(RULES, "list_auto_moderation_rules", automod.list_rules),
    Endpoint(verb="POST", path=RULES, name="create_auto_moderation_rule", act=automod.create_rule,
             body="create_auto_moderation_rule"),
    _get(RULE, "get_auto_moderation_rule", automod.get_rule),
    Endpoint(verb="PATCH", path=RULE, name="update_auto_moderation_rule", act=automod.update_rule,
             body="update_auto_moderation_rule"),
    Endpoint(verb="DELETE", path=RULE, name="delete_auto_moderation_rule", act=automod.delete_rule),
    _get(f"{GUILD}/threads/active", "get_active_guild_threads", threads.get_active_guild_threads),
    _get(CHANNEL, "get_channel", threads.get_channel),
    Endpoint(verb="PATCH", path=CHANNEL, name="update_channel", act=threads.update_channel, body="update_channel"),
    Endpoint(verb="PUT", path=OVERWRITE, name="set_channel_permission_overwrite", act=places.set_overwrite,
             body="set_channel_permission_overwrite"),
    Endpoint(verb="DELETE", path=OVERWRITE, name="delete_channel_permission_overwrite", act=places.delete_overwrite),
    Endpoint(verb="POST", path=f"{CHANNEL}/typing", name="trigger_typing_indicator",
             act=messages.trigger_typing_indicator),
    _get(MESSAGES, "list_messages", messages.list_messages),
    Endpoint(verb="POST", path=MESSAGES, name="create_message", act=messages.create_message, body="create_message",
             bucket=CREATE),
    Endpoint(verb="POST", path=f"{MESSAGES}/bulk-delete", name="bulk_delete_messages",
             act=messages.bulk_delete_messages, body="bulk_delete_messages"),
    _get(f"{MESSAGES}/pins", "list_pins", pins.list_pins),
    Endpoint(verb="PUT", path=f"{MESSAGES}/pins/{{message_id}}", name="create_pin", act=pins.create_pin),
    Endpoint(verb="DELETE", path=f"{MESSAGES}/pins/{{message_id}}", name="delete_pin", act=pins.delete_pin),
    _get(f"{CHANNEL}/pins", "deprecated_list_pins", pins.list_pins_of_old),
    Endpoint(verb="PUT", path=f"{CHANNEL}/pins/{{message_id}}", name="deprecated_create_pin", act=pins.create_pin),
    Endpoint(verb="DELETE", path=f"{CHANNEL}/pins/{{message_id}}", name="deprecated_delete_pin", act=pins.delete_pin),
    _get(MESSAGE, "get_message", messages.get_message),
    Endpoint(verb="PATCH", path=MESSAGE, name="update_message", act=messages.update_message, body="update_message",
             bucket=CREATE),
    Endpoint(verb="DELETE", path=MESSAGE, name="delete_message", act=messages.delete_message, bucket=DELETE),
    Endpoint(verb="POST", path=f"{MESSAGE}/crosspost", name="crosspost_message", act=messages.crosspost_message),
    Endpoint(verb="POST", path=f"{MESSAGE}/threads", name="create_thread_from_message",
             act=threads.create_thread_from_message, body="create_thread_from_message", bucket=OPEN, status=201),
    Endpoint(verb="POST", path=f"{CHANNEL}/threads", name="create_thread", act=threads.create_thread,
             body="create_thread", bucket=OPEN, status=201),
    Endpoint(verb="PUT", path=f"{CHANNEL}/thread-members/@me", name="join_thread", act=threads.join_thread),
    _get(f"{CHANNEL}/threads/archived/public", "list_public_archived_threads", threads.list_public_archived_threads),
    _get(f"{CHANNEL}/polls/{{message_id}}/answers/{{answer_id}}", "get_answer_voters", polls.get_answer_voters),
    Endpoint(verb="POST", path=f"{CHANNEL}/polls/{{message_id}}/expire", name="poll_expire", act=polls.poll_expire),
    Endpoint(verb="POST", path=CALLBACK, name="create_interaction_response",
             act=interactions.create_interaction_response, body="create_interaction_response", bucket=None,
             bearer=True),
    Endpoint(verb="POST", path=HOOK, name="execute_webhook", act=webhooks.execute_webhook, body="execute_webhook",
             bucket=FOLLOW_UP, bearer=True),
    _get(f"{HOOK}/messages/@original", "get_original_webhook_message", webhooks.get_webhook_message, bearer=True),
    Endpoint(verb="PATCH", path=f"{HOOK}/messages/@original", name="update_original_webhook_message",
             act=webhooks.update_webhook_message, body="update_webhook_message", bucket=FOLLOW_UP, bearer=True),
    Endpoint(verb="DELETE", path=f"{HOOK}/messages/@original", name="delete_original_webhook_message",
             act=webhooks.delete_webhook_message, bucket=FOLLOW_UP, bearer=True),
    _get(f"{HOOK}/messages/{{message_id}}", "get_webhook_message", webhooks.get_webhook_message, bearer=True),
    Endpoint(verb="PATCH", path=f"{HOOK}/messages/{{message_id}}", name="update_webhook_message",
             act=webhooks.update_webhook_message, body="update_webhook_message", bucket=FOLLOW_UP, bearer=True),
    Endpoint(verb="DELETE", path=f"{HOOK}/messages/{{message_id}}", name="delete_webhook_message",
             act=webhooks.delete_webhook_message, bucket=FOLLOW_UP, bearer=True),
    _get(f"{APPLICATION}/commands", "list_application_commands", commands.list_commands),
    Endpoint(verb="PUT", path=f"{APPLICATION}/commands", name="bulk_set_application_commands",
             act=commands.set_commands, is_list=True),
    Endpoint(verb="POST", path=f"{APPLICATION}/commands", name="create_application_command",
             act=commands.create_command, is_list=True, status=201),
    Endpoint(verb="DELETE", path=f"{APPLICATION}/commands/{{command_id}}", name="delete_application_command",
             act=commands.delete_command),
    _get(f"{OF_GUILD}/commands", "list_guild_application_commands", commands.list_commands),
    Endpoint(verb="PUT", path=f"{OF_GUILD}/commands", name="bulk_set_guild_application_commands",
             act=commands.set_commands, is_list=True),
    Endpoint(verb="POST", path=f"{OF_GUILD}/commands", name="create_guild_application_command",
             act=commands.create_command, is_list=True, status=201),
    Endpoint(verb="DELETE", path=f"{OF_GUILD}/commands/{{command_id}}", name="delete_guild_application_command",
             act=commands.delete_command),
)  # fmt: skip


def found(verb: str, path: str) -> tuple[Endpoint | None, dict[str, str], bool]:
    """The endpoint of an address, the parts of the address, and whether the address is known with another verb."""
    known = False
    for endpoint in ENDPOINTS:
        match = endpoint.pattern.fullmatch(path)
        if match is None:
            continue
        if endpoint.verb == verb:
            return endpoint, _parts(match.groupdict(), path), True
        known = True
    return None, {}, known


def _parts(parts: dict[str, str], path: str) -> dict[str, str]:
    return parts | ({"message_id": "@original"} if path.endswith("/@original") else {})
