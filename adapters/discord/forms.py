"""Forms (modals): what is filled in is the command with its words, so that nothing is remembered between the two.

docs.discord.com, «Component Reference», 2026-08-06: title and label 45, description 100, text input 4,000. A form must
be the first answer to a command, within three seconds, and cannot follow a «thinking …»: it is shown without waiting
for anything else.
"""

from collections.abc import Mapping
from typing import Any

from adapters.discord import ids
from core.events import Command
from core.identifiers import Address, MessageId, locale_for
from core.ports.platform import Form

LONGEST = 4000
_PREFIX = "f1:"
_COMMAND, _LABEL, _INPUT, _PARAGRAPH = 2, 18, 4, 2
_OF_A_MESSAGE = 3
_APART = "@"  # before where the message stands that it is about


def asked_by(
    event: Mapping[str, Any], known: Mapping[str, Mapping[str, Form]], menus: Mapping[str, str]
) -> dict[str, Any] | None:
    """The form to show for this command, if it has one and no words were typed after it.

    ``menus`` says which command each entry in the menu of a message gives; such a form is shown there only.
    """
    data = event.get("data") or {}
    if event.get("type") != _COMMAND or data.get("options"):
        return None
    if not is_about_a_message(event) and data.get("name") in menus.values():
        return None  # typed, it says first which case it is about
    name = menus.get(str(data.get("name")), "") if is_about_a_message(event) else str(data.get("name"))
    if name not in known:
        return None
    form = known[name][locale_for(event.get("locale")).value]
    about = _written(ids.reported(event)) if is_about_a_message(event) else ""
    field = {"type": _INPUT, "custom_id": "words", "style": _PARAGRAPH, "min_length": 1, "max_length": LONGEST}
    return {
        "custom_id": f"{_PREFIX}{name}{about}",
        "title": form.title,
        "components": [{"type": _LABEL, "label": form.label, "description": form.hint, "component": field}],
    }


def is_about_a_message(event: Mapping[str, Any]) -> bool:
    """Whether it was given in the menu of a message."""
    return event.get("type") == _COMMAND and (event.get("data") or {}).get("type") == _OF_A_MESSAGE


def filled_in(data: Mapping[str, Any]) -> tuple[Command, tuple[Address, MessageId] | None] | None:
    """The command of a form, with the words in it as they were written, and the message that it is about, if any.

    None for a form of others.
    """
    custom_id = str(data["custom_id"])
    if not custom_id.startswith(_PREFIX):
        return None
    name, *about = custom_id.removeprefix(_PREFIX).split(_APART)
    fields = [part["component"] for part in data["components"] if part["type"] == _LABEL]
    command = Command(name, (str(fields[0]["value"]),))
    return command, ((Address(about[0]), MessageId(about[1])) if len(about) > 1 else None)


def _written(about: tuple[Address, MessageId]) -> str:
    return "".join(f"{_APART}{each}" for each in about)
