"""Forms (modals) as a person fills them in, field by field."""

from collections.abc import Mapping

from sandbox.discord.errors import NobodyThere
from sandbox.discord.texts import walk
from sandbox.discord.values import Json

TEXT_INPUT, TEXT, LABEL, ROW = 4, 10, 18, 1
RADIO, CHECKBOX = 21, 23
LONGEST_ANSWER = 4000
Values = Mapping[str, "str | list[str] | bool"]


def filled(form: Json, values: Values) -> list[Json]:
    """The form's components with what was entered. Raises ``NobodyThere`` for what the application refuses."""
    components = form["components"]
    parts = components if isinstance(components, list) else []
    known = {str(part["custom_id"]) for part in walk(parts) if "custom_id" in part}
    for name in values:
        if name not in known:
            raise NobodyThere(f"the form has no field {name}")
    return [_part(part, values) for part in parts]


def _part(part: Json, values: Values) -> Json:
    shape: Json = {"type": part["type"], "id": part.get("id", 0)}
    match part["type"]:
        case 1:
            below = part["components"]
            return shape | {"components": [_part(one, values) for one in (below if isinstance(below, list) else [])]}
        case 18:
            component = part["component"]
            return shape | {"component": _part(component, values) if isinstance(component, dict) else {}}
        case 10:
            return shape
        case _:
            return shape | {"custom_id": part["custom_id"]} | _entered(part, values.get(str(part["custom_id"])))


def _entered(part: Json, value: str | list[str] | bool | None) -> Json:  # noqa: FBT001 - a tick is a value
    needed = part.get("required") is not False
    match part["type"]:
        case 4:
            text = str(part.get("value") or "") if value is None else str(value)
            least, most = part.get("min_length") or 0, part.get("max_length") or LONGEST_ANSWER
            if (needed and not text) or (text and not int(str(least)) <= len(text) <= int(str(most))):
                raise NobodyThere(f"{part['custom_id']} does not accept this text")
            return {"value": text}
        case 23:
            return {"value": value is True}
        case 21:
            if (value is None and needed) or (value is not None and value not in _offered(part)):
                raise NobodyThere(f"{part['custom_id']} does not offer {value}")
            return {"value": value}
        case _:
            chosen = value if isinstance(value, list) else []
            if (needed and not chosen) or not set(chosen) <= _offered(part):
                raise NobodyThere(f"{part['custom_id']} does not offer {value}")
            return {"values": chosen}


def _offered(part: Json) -> set[object]:
    options = part.get("options")
    return {one["value"] for one in options} if isinstance(options, list) else set()
