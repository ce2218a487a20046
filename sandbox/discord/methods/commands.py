"""The commands of an application: names, descriptions, options, in several languages, all at once or one by one."""

from collections import Counter
from collections.abc import Iterable

from sandbox.discord.arguments import read
from sandbox.discord.budgets import DAY
from sandbox.discord.errors import no_access, refused, unknown, violated, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.parameters import OBJECTS
from sandbox.discord.values import Change, Json

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
MOST = {SLASH: 100, ON_USER: 15, ON_MESSAGE: 15}
LARGEST = 8000
CREATED_A_DAY = 200
IN_NAMES = frozenset("-_'")


def list_commands(call: Call) -> list[Json]:
    """The commands of a guild, or of none."""
    return list(_shelf(call).values())


def set_commands(call: Call) -> list[Json]:
    """Replace all commands; those of the same kind and name keep their ids."""
    given = call.body[""]
    if not isinstance(given, list):
        raise violated(50035, "Invalid Form Body")
    commands = [_read(call, one) for one in given]
    _check_set(commands)
    shelf = _shelf(call)
    before = {(one["type"], one["name"]): str(one["id"]) for one in shelf.values()}
    fresh = [one for one in commands if (one["type"], one["name"]) not in before]
    _count(call, len(fresh))
    shelf.clear()
    for command in commands:
        number = int(before.get((command["type"], command["name"]), 0)) or call.world.ids.next()
        shelf[number] = _complete(call, command, number)
    _journal(call, shelf.values())
    return list(shelf.values())


def create_command(call: Call) -> Json:
    """Add a command, or replace the one of the same kind and name."""
    command = _read(call, call.body[""])
    shelf = _shelf(call)
    same = [number for number, one in shelf.items() if (one["type"], one["name"]) == (command["type"], command["name"])]
    if not same:
        _check_set([*shelf.values(), command])
        _count(call, 1)
    number = same[0] if same else call.world.ids.next()
    shelf[number] = _complete(call, command, number)
    _journal(call, shelf.values())
    return shelf[number]


def delete_command(call: Call) -> None:
    """Remove a command."""
    shelf = _shelf(call)
    if shelf.pop(call.id("command_id"), None) is None:
        raise unknown(10063, "application command")
    _journal(call, shelf.values())


def _shelf(call: Call) -> dict[int, Json]:
    if call.id("application_id") != call.bot.id:
        raise no_access()
    guild = call.guild().id if "guild_id" in call.path else None
    if guild in call.bot.uninvited:
        raise no_access()
    return call.bot.commands.setdefault(guild, {})


def _read(call: Call, given: object) -> Json:
    if not isinstance(given, dict):
        raise violated(50035, "Invalid Form Body")
    command, strangers = read(OBJECTS["command"], given)
    call.strangers.extend(strangers)
    kind = command["type"] = command.get("type") or SLASH
    name, description = str(command["name"]), str(command.get("description") or "")
    if kind == SLASH:
        _check_name(name, "name")
        if not description:
            raise wrong("description", "BASE_TYPE_REQUIRED", "This field is required")
        _check_options(command.get("options"), "options")
        for local in _words(command.get("name_localizations")):
            _check_name(local, "name_localizations")
    elif description or command.get("options"):
        field = "description" if description else "options"
        raise wrong(field, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", "Context menus have no such field")
    if _length(command) > LARGEST:
        raise wrong("options", "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({LARGEST})")
    return command


def _check_name(name: str, path: str) -> None:
    fitting = all(sign.isalnum() or sign in IN_NAMES for sign in name) and name == name.lower()
    if not fitting:
        raise wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(options: object, path: str) -> None:
    if not isinstance(options, list):
        return
    optional = False
    names = [str(option["name"]) for option in options]
    if len(set(names)) != len(names):
        raise wrong(path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    for option in options:
        _check_name(str(option["name"]), path)
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            raise wrong(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.get("required")
        _check_options(option.get("options"), path)


def _check_set(commands: list[Json]) -> None:
    named = Counter((one["type"], one["name"]) for one in commands)
    if any(count > 1 for count in named.values()):
        raise wrong("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for kind, most in MOST.items():
        if sum(1 for one in commands if one["type"] == kind) > most:
            raise refused(30032, f"Maximum number of application commands reached ({most}).")


def _count(call: Call, fresh: int) -> None:
    """Each creation counts for a day. Raises ``Refused`` once there were 200."""
    now = call.world.clock.now()
    call.bot.created[:] = [at for at in call.bot.created if at > now - DAY]
    if len(call.bot.created) + fresh > CREATED_A_DAY:
        message = f"Max number of daily application command creates has been reached ({CREATED_A_DAY})"
        raise refused(30034, message)
    call.bot.created += [now] * fresh


def _length(part: object) -> int:
    """What counts: names, descriptions and values; of localisations the longest."""
    if isinstance(part, list):
        return sum(_length(item) for item in part)
    if not isinstance(part, dict):
        return 0
    length = _length(part.get("options")) + _length(part.get("choices"))
    for name in ("name", "description"):
        words = [str(part.get(name) or ""), *_words(part.get(f"{name}_localizations"))]
        length += max(len(word) for word in words)
    return length + len(str(part.get("value") or ""))


def _words(localized: object) -> Iterable[str]:
    return localized.values() if isinstance(localized, dict) else ()


def _complete(call: Call, command: Json, number: int) -> Json:
    allowed = command.get("default_member_permissions")
    guild = {"guild_id": call.path["guild_id"]} if "guild_id" in call.path else {}
    return {
        "name_localizations": None,
        "description_localizations": None,
        "contexts": None,
        "integration_types": [0],
        "nsfw": False,
        "dm_permission": True,
        **command,
        **guild,
        "id": str(number),
        "application_id": str(call.bot.id),
        "version": str(call.world.ids.next()),
        "description": command.get("description") or "",
        "default_member_permissions": None if allowed is None else str(allowed),
    }


def _journal(call: Call, commands: Iterable[Json]) -> None:
    names = [str(one["name"]) for one in commands]
    guild = call.path.get("guild_id")
    call.world.record("commands", bot=call.bot.id, guild=guild and int(guild), names=names)
    call.world.announce(Change(kind="commands"))
