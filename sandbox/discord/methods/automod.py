"""Rules of AutoMod with words that are blocked (Resources/Auto Moderation); those of other kinds are not played."""

from sandbox.discord import permissions
from sandbox.discord.errors import unknown, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.values import Guild, Json

MOST_OF_WORDS = 6
CREATED, UPDATED, DELETED = 140, 141, 142  # in the audit log
IDS = frozenset({"exempt_roles", "exempt_channels"})


def list_rules(call: Call) -> list[Json]:
    """The rules of a guild, whoever made them."""
    return list(_guild(call).rules.values())


def get_rule(call: Call) -> Json:
    """One rule."""
    return _rule(call, _guild(call))


def create_rule(call: Call) -> Json:
    """A new rule, of those with words the seventh is refused."""
    guild = _guild(call)
    if len(guild.rules) >= MOST_OF_WORDS:
        raise wrong("trigger_type", "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED",
                    "Maximum number of rules of this type exceeded.")  # fmt: skip
    number = call.world.ids.next()
    kept: Json = {"id": str(number), "guild_id": str(guild.id), "creator_id": str(call.bot.id), "enabled": False,
                  "exempt_roles": [], "exempt_channels": []}  # fmt: skip
    guild.rules[number] = kept | _given(call) | {"trigger_type": 1}
    call.world.audit_entry(guild, CREATED, call.bot.id, number, call.reason)
    return guild.rules[number]


def update_rule(call: Call) -> Json:
    """Change what is given, and no more."""
    guild = _guild(call)
    rule = _rule(call, guild) | _given(call)
    guild.rules[int(str(rule["id"]))] = rule
    call.world.audit_entry(guild, UPDATED, call.bot.id, int(str(rule["id"])), call.reason)
    return rule


def delete_rule(call: Call) -> None:
    """Take a rule away."""
    guild = _guild(call)
    number = int(str(_rule(call, guild)["id"]))
    del guild.rules[number]
    call.world.audit_entry(guild, DELETED, call.bot.id, number, call.reason)


def _guild(call: Call) -> Guild:
    return call.guild(permissions.MANAGE_GUILD)


def _rule(call: Call, guild: Guild) -> Json:
    found = guild.rules.get(call.id("rule_id"))
    if found is None:
        raise unknown(10066, "Auto moderation rule")
    return found


def _given(call: Call) -> Json:
    """The body as it is answered: ids as texts, lists that were left out empty."""
    given = {name: list(map(str, call.items(name))) if name in IDS else value for name, value in call.body.items()}
    if "trigger_metadata" in given:
        empty: Json = {"keyword_filter": [], "regex_patterns": [], "allow_list": []}
        given["trigger_metadata"] = empty | (call.part("trigger_metadata") or {})
    return given
