"""The menu of slash commands: set when it changed, and only then (Discord counts 200 new commands a day)."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.limits import LONGEST_COMMAND_DESCRIPTION
from core.identifiers import Locale
from core.ports.platform import Introduction

_CHAT_INPUT, _MESSAGE = 1, 3
_TEXT = 3  # type of option
_SERVERS = [0]
_EVERYWHERE = [0, 1]  # in servers, and in the private chat with the bot
_LONGEST_DETAILS = 200
_MODERATORS = {  # it only hides: who gives a command is looked at when it is given
    # a number, as Discord's OpenAPI document and discord.py have it; its pages say that it is text, as in answers
    "default_member_permissions": discord.Permissions(moderate_members=True).value,
    "contexts": _SERVERS,
}


def menu(introduction: Introduction) -> list[dict[str, Any]]:
    """The commands as Discord takes them: English, with French beside it."""
    english = dict(introduction.commands.get(Locale.EN.value, ()))
    french = dict(introduction.commands.get(Locale.FR.value, ()))
    typed = [_command(name, english[name], french.get(name, english[name]), introduction) for name in english]
    offered = [_of_messages(introduction.report)] if introduction.report else []
    offered += [{**_of_messages(names), **_MODERATORS} for names in introduction.menus.values()]
    return [*typed, *_for_staff(introduction), *offered]


def _for_staff(introduction: Introduction) -> list[dict[str, Any]]:
    """The commands of moderators; each has one field for all that follows it."""
    english, french = (dict(introduction.staff.get(locale.value, ())) for locale in (Locale.EN, Locale.FR))
    worded = replace(introduction, worded=frozenset(english))
    return [{**_command(name, english[name], french[name], worded), **_MODERATORS} for name in english]


def _of_messages(names: dict[str, str]) -> dict[str, Any]:
    """What the menu of a message offers: its name is all that people see."""
    name, french = names[Locale.EN.value], names[Locale.FR.value]
    return {"type": _MESSAGE, "name": name, "name_localizations": {"fr": french}, "contexts": _SERVERS}


def gives(introduction: Introduction) -> dict[str, str]:
    """Which command each entry in the menu of a message gives, by what the network calls it."""
    return {names[Locale.EN.value]: name for name, names in introduction.menus.items()}


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
