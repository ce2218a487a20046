"""Forms (modals): what is filled in is the command with its words, so that nothing is remembered between the two.

docs.discord.com, «Component Reference», 2026-08-06: title and label 45, description 100, text input 4,000. A form must
be the first answer to a command, within three seconds, and cannot follow a «thinking …»: it is shown without waiting
for anything else.
"""

from collections.abc import Mapping
from typing import Any

from core.events import Command
from core.identifiers import locale_for
from core.ports.platform import Form

LONGEST = 4000
_PREFIX = "f1:"
_COMMAND, _LABEL, _INPUT, _PARAGRAPH = 2, 18, 4, 2


def asked_by(event: Mapping[str, Any], known: Mapping[str, Mapping[str, Form]]) -> dict[str, Any] | None:
    """The form to show for this command, if it has one and no words were typed after it."""
    data = event.get("data") or {}
    if event.get("type") != _COMMAND or data.get("name") not in known or data.get("options"):
        return None
    form = known[data["name"]][locale_for(event.get("locale")).value]
    field = {"type": _INPUT, "custom_id": "words", "style": _PARAGRAPH, "min_length": 1, "max_length": LONGEST}
    return {
        "custom_id": f"{_PREFIX}{data['name']}",
        "title": form.title,
        "components": [{"type": _LABEL, "label": form.label, "description": form.hint, "component": field}],
    }


def filled_in(data: Mapping[str, Any]) -> Command | None:
    """The command of a form, with the words in it as they were written; None for a form of others."""
    name = str(data["custom_id"])
    if not name.startswith(_PREFIX):
        return None
    fields = [part["component"] for part in data["components"] if part["type"] == _LABEL]
    return Command(name.removeprefix(_PREFIX), (str(fields[0]["value"]),))
