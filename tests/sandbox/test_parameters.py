"""The tables of parameters agree with aiogram's method classes, an oracle that is not our own."""

import inspect
import types
import typing
from collections.abc import Iterator

import aiogram.methods
import aiogram.types
import pytest
import telegram
from aiogram.methods.base import TelegramMethod
from pydantic.fields import FieldInfo

from sandbox.telegram.methods.catalogue import METHODS as FUNCTIONS
from sandbox.telegram.objects import OBJECTS, Parameter
from sandbox.telegram.parameters import METHODS

# aiogram builds these in parts or fills them in; the server requires them (Client.cpp get_reply_parameters,
# process_edit_message_text_query before rich messages, ForceReply's and others' constant fields)
REQUIRED_BY_10_0 = {
    ("editMessageText", "text"),
    ("ReplyParameters", "message_id"),
    ("ForceReply", "force_reply"),
    ("ReplyKeyboardRemove", "remove_keyboard"),
    ("InputMediaPhoto", "type"),
    ("BotCommandScopePlain", "type"),
    ("BotCommandScopeChat", "type"),
    ("BotCommandScopeChatMember", "type"),
}
# of a user only the id is read (Client.cpp get_text_entity_type); aiogram describes whom the server names
OPTIONAL_HERE = {("User", "is_bot"), ("User", "first_name")}
# what python-telegram-bot takes and turns into something else before it sends; and suggested posts, which live in
# direct messages of channels, that the sandbox does not have
FOLDED_IN = {
    "allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview", "filename", "caption",
    "parse_mode", "caption_entities", "suggested_post_parameters", "api_kwargs", "self", "read_timeout",
    "write_timeout", "connect_timeout", "pool_timeout",
}  # fmt: skip
ALIASES = {"BotCommandScopePlain": "BotCommandScopeDefault"}
PLAIN: dict[str, set[type]] = {
    "integer": {int},
    "boolean": {bool},
    "string": {str},
    "chat": {int, str},
    "file": {str},
    "object": set(),
    "list": {list},
}


def oracle() -> dict[str, type[TelegramMethod[object]]]:
    """Aiogram's classes by Telegram's names."""
    found = {}
    for _, kind in inspect.getmembers(aiogram.methods, inspect.isclass):
        if issubclass(kind, TelegramMethod) and kind is not TelegramMethod:
            found[kind.__api_method__] = kind
    return found


def plain_types(annotation: object) -> Iterator[object]:
    """The types a field takes, unions opened."""
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        for part in typing.get_args(annotation):
            yield from plain_types(part)
    elif origin is typing.Annotated:
        yield from plain_types(typing.get_args(annotation)[0])
    elif origin is typing.Literal:
        yield from {str if isinstance(value, str) else type(value) for value in typing.get_args(annotation)}
    else:
        yield origin or annotation


def fields_of(name: str) -> dict[str, FieldInfo]:
    """The fields aiogram knows of one of our tables."""
    if name in METHODS:
        return oracle()[name].model_fields
    kind: type[aiogram.types.TelegramObject] = getattr(aiogram.types, ALIASES.get(name, name))
    return kind.model_fields


TABLES = [*METHODS.items(), *OBJECTS.items()]
EVERY_FIELD = [
    pytest.param(name, field, parameter, id=f"{name}.{field}")
    for name, table in TABLES
    for field, parameter in table.items()
]


@pytest.mark.parametrize(("name", "field", "parameter"), EVERY_FIELD)
def test_a_parameter_is_known_to_the_oracle(name: str, field: str, parameter: Parameter) -> None:
    """A name invented here would let an adapter send what Telegram ignores."""
    assert field in fields_of(name), parameter


@pytest.mark.parametrize(("name", "field", "parameter"), EVERY_FIELD)
def test_a_parameter_is_required_where_the_oracle_requires_it(name: str, field: str, parameter: Parameter) -> None:
    """A forgotten required parameter must be refused here as it is there."""
    expected = ((name, field) in REQUIRED_BY_10_0 or fields_of(name)[field].is_required()) and (
        (name, field) not in OPTIONAL_HERE
    )

    assert parameter.required == expected


@pytest.mark.parametrize(("name", "field", "parameter"), EVERY_FIELD)
def test_a_parameter_has_a_type_the_oracle_takes(name: str, field: str, parameter: Parameter) -> None:
    """A number where Telegram wants a string is a fault of the adapter that must show here."""
    accepted = set(plain_types(fields_of(name)[field].annotation))
    objects = {kind for kind in accepted if isinstance(kind, type) and issubclass(kind, aiogram.types.TelegramObject)}

    assert accepted & PLAIN[parameter.kind] or (parameter.kind == "object" and objects)


@pytest.mark.parametrize("name", METHODS)
def test_what_the_oracle_requires_is_in_the_table(name: str) -> None:
    """A required parameter missing from a table could never be sent."""
    required = {field for field, info in oracle()[name].model_fields.items() if info.is_required()}

    assert required <= set(METHODS[name])


def snake(name: str) -> str:
    """python-telegram-bot's name of a method."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_whatever_the_library_can_send_is_in_the_table(name: str) -> None:
    """The adapter's library knows Bot API 10.0: the sandbox must not refuse what it may send."""
    library = set(inspect.signature(getattr(telegram.Bot, snake(name))).parameters)

    assert library - FOLDED_IN <= set(METHODS[name])


def test_every_table_has_its_function() -> None:
    """A method described but not done would be a stub."""
    assert set(METHODS) == set(FUNCTIONS) | {"getUpdates"}
