"""The tables of parameters agree with aiogram's method classes, an oracle that is not our own."""

import inspect

import pytest
import telegram

from sandbox.telegram.methods.catalogue import METHODS as FUNCTIONS
from sandbox.telegram.objects import OBJECTS, Table
from sandbox.telegram.parameters import METHODS
from tests.sandbox.oracle import fields_of, is_object

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
PLAIN: dict[str, set[str]] = {
    "integer": {"int"},
    "boolean": {"bool"},
    "string": {"str"},
    "chat": {"int", "str"},
    "file": {"str"},
    "object": set(),
    "list": {"list"},
}
TABLES = [pytest.param(name, table, id=name) for name, table in {**METHODS, **OBJECTS}.items()]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_parameters_are_known_to_the_oracle(name: str, table: Table) -> None:
    """A name invented here would let an adapter send what Telegram ignores."""
    assert set(table) <= set(fields_of(name))


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_parameters_are_required_that_the_oracle_requires(name: str, table: Table) -> None:
    """A forgotten required parameter must be refused here as it is there, also one that no table has."""
    theirs = {field for field, said in fields_of(name).items() if said.required}
    ours = {field for field, parameter in table.items() if parameter.required}

    assert ours - theirs == {field for table, field in REQUIRED_BY_10_0 if table == name}
    assert theirs - ours == {field for table, field in OPTIONAL_HERE if table == name}


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_parameters_have_a_type_the_oracle_takes(name: str, table: Table) -> None:
    """A number where Telegram wants a string is a fault of the adapter that must show here."""
    accepted = {field: fields_of(name)[field].kinds for field in table}

    assert not {
        field: parameter
        for field, parameter in table.items()
        if not accepted[field] & PLAIN[parameter.kind]
        and not (parameter.kind == "object" and any(is_object(kind) for kind in accepted[field]))
    }


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
