"""The menu of slash commands: set when it changed, and only then (Discord counts 200 new commands a day)."""

import hashlib
import json
from typing import Any

from adapters.discord.limits import LONGEST_COMMAND_DESCRIPTION
from core.identifiers import Locale
from core.ports.platform import Introduction

_CHAT_INPUT, _MESSAGE = 1, 3
_TEXT = 3  # type of option
_SERVERS = [0]
_EVERYWHERE = [0, 1]  # in servers, and in the private chat with the bot
_LONGEST_DETAILS = 200


def menu(introduction: Introduction) -> list[dict[str, Any]]:
    """The commands as Discord takes them: English, with French beside it."""
    english = dict(introduction.commands.get(Locale.EN.value, ()))
    french = dict(introduction.commands.get(Locale.FR.value, ()))
    typed = [_command(name, english[name], french.get(name, english[name]), introduction) for name in english]
    return [*typed, *_of_messages(introduction.report)]


def _of_messages(report: dict[str, str]) -> list[dict[str, Any]]:
    """What the menu of a message offers: its name is all that people see."""
    if not report:
        return []
    name, french = report[Locale.EN.value], report[Locale.FR.value]
    return [{"type": _MESSAGE, "name": name, "name_localizations": {"fr": french}, "contexts": _SERVERS}]


def digest(commands: list[dict[str, Any]]) -> str:
    """What tells one menu from another."""
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()


def _command(name: str, english: str, french: str, introduction: Introduction) -> dict[str, Any]:
    said = {
        "description": english[:LONGEST_COMMAND_DESCRIPTION],
        "description_localizations": {"fr": french[:LONGEST_COMMAND_DESCRIPTION]},
    }
    command: dict[str, Any] = {"type": _CHAT_INPUT, "name": name, "contexts": _EVERYWHERE, **said}
    if (french_name := introduction.names.get(Locale.FR.value, {}).get(name)) is not None:
        command["name_localizations"] = {"fr": french_name}
    if name in introduction.worded:
        details = {"type": _TEXT, "name": "text", "name_localizations": {"fr": "texte"}, "max_length": _LONGEST_DETAILS}
        command["options"] = [{**details, **said, "required": False}]
    return command
