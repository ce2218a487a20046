"""Commands as a person gives them: found in the menu, their options typed in and checked by the application."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.discord.errors import NobodyThere
from sandbox.discord.places import Bot, Places
from sandbox.discord.shapes import member_json, user_json
from sandbox.discord.values import Channel, Json, Message, User

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER = 3, 4, 5, 6, 7, 10
PYTHON: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (int,),
    CHANNEL: (int,),
    NUMBER: (int, float),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for: ``kind`` 1 in words, 2 about a person, 3 about a message."""

    kind: int
    name: str
    options: Mapping[str, object] = field(default_factory=dict)
    target: Message | None = None
    person: User | None = None
    override: bool = False

    @property
    def target_id(self) -> int | None:
        """Whom or what it is about."""
        return self.target.id if self.target is not None else self.person.id if self.person is not None else None


def ordered(places: Places, bot: Bot, channel: Channel, allowed: int, order: Order) -> tuple[Json, str]:
    """The data of the interaction, and the command as one would type it. Raises ``NobodyThere``."""
    first, *rest = order.name.split() if order.kind == 1 else [order.name]
    command = _found(bot, channel, first, order.kind)
    needed = command.get("default_member_permissions")
    if needed is not None and int(str(needed)) & ~allowed and not order.override:
        raise NobodyThere(f"the application does not show {order.name}")
    data: Json = {"id": command["id"], "name": command["name"], "type": order.kind}
    if command.get("guild_id") is not None:
        data["guild_id"] = command["guild_id"]
    if order.kind != 1:
        return data | _target(places, channel, order), f"/{order.name}"
    options = _options(command.get("options"), rest, order.options)
    words = " ".join(str(value) for value in order.options.values())
    return data | {"options": options}, f"/{order.name} {words}".strip()


def _found(bot: Bot, channel: Channel, name: str, kind: int) -> Json:
    for shelf in (channel.guild, None):
        for command in bot.commands.get(shelf, {}).values():
            contexts = command.get("contexts")
            shown = not isinstance(contexts, list) or (1 if channel.guild is None else 0) in contexts
            if (command["name"], command["type"]) == (name, kind) and shown:
                return command
    raise NobodyThere(f"there is no command {name}")


def _options(known: object, below: list[str], given: Mapping[str, object]) -> list[Json]:
    offered = {str(option["name"]): option for option in known} if isinstance(known, list) else {}
    if below:
        option = offered.get(below[0])
        if option is None or option["type"] not in {SUBCOMMAND, GROUP}:
            raise NobodyThere(f"there is no command {below[0]}")
        inside = _options(option.get("options"), below[1:], given)
        return [{"name": below[0], "type": option["type"], "options": inside}]
    for name in given:
        if name not in offered:
            raise NobodyThere(f"the command has no option {name}")
    for name, option in offered.items():
        if option.get("required") and name not in given:
            raise NobodyThere(f"the command wants {name}")
    return [_value(offered[name], value) for name, value in given.items()]


def _value(option: Json, value: object) -> Json:
    kind = int(str(option["type"]))
    fitting = isinstance(value, PYTHON.get(kind, (str,))) and (kind == BOOLEAN or not isinstance(value, bool))
    choices = option.get("choices")
    if isinstance(choices, list) and choices:
        fitting = fitting and value in [choice["value"] for choice in choices]
    size = len(value) if isinstance(value, str) else value
    for bound, sign in (("min_length", 1), ("max_length", -1), ("min_value", 1), ("max_value", -1)):
        limit = option.get(bound)
        if isinstance(limit, int | float) and isinstance(size, int | float):
            fitting = fitting and sign * (size - limit) >= 0
    if not fitting:
        raise NobodyThere(f"{option['name']} does not accept {value!r}")
    return {"name": option["name"], "type": kind, "value": str(value) if kind in {USER, CHANNEL} else value}


def _target(places: Places, channel: Channel, order: Order) -> Json:
    data: Json = {"target_id": str(order.target_id)}
    if order.target is not None:
        viewer = places.the_bot().id
        message = places.shape.message(order.target, viewer)
        return data | {"resolved": {"messages": {str(order.target.id): message}}}
    person, guild = order.person, places.guild_of(channel)
    if person is None:
        return data
    resolved: Json = {"users": {str(person.id): user_json(person)}}
    if guild is not None and person.id in guild.members:
        resolved["members"] = {str(person.id): member_json(guild.members[person.id])}
    return data | {"resolved": resolved}
