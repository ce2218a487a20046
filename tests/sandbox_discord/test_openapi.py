"""The sandbox beside Discord's own OpenAPI document, where it is at hand."""

import re
from collections.abc import Iterator, Mapping

import pytest

from sandbox.discord.methods.catalogue import ENDPOINTS, Endpoint
from sandbox.discord.parameters import BODIES, OBJECTS, Field, Table
from sandbox.discord.values import Json
from sandbox.journal import Entry
from tests.sandbox_discord.openapi import MISSING, WHERE, Document, read

pytestmark = pytest.mark.skipif(not WHERE.exists(), reason=MISSING)

# Which schema of the document each table imitates
SCHEMAS: Mapping[str, str] = {
    "create_message": "MessageCreateRequest",
    "update_message": "MessageEditRequestPartial",
    "create_thread_from_message": "CreateTextThreadWithMessageRequest",
    "create_dm": "CreatePrivateChannelRequest",
    "ban_user_from_guild": "BanUserFromGuildRequest",
    "execute_webhook": "IncomingWebhookRequestPartial",
    "update_webhook_message": "IncomingWebhookUpdateRequestPartial",
    "embed": "RichEmbed",
    "embed_field": "RichEmbedField",
    "embed_footer": "RichEmbedFooter",
    "embed_author": "RichEmbedAuthor",
    "allowed_mentions": "MessageAllowedMentionsRequest",
    "attachment": "MessageAttachmentRequest",
    "reference": "MessageReferenceRequest",
    "poll": "PollCreateRequest",
    "row": "ActionRowComponentForMessageRequest",
    "button": "ButtonComponentForMessageRequest",
    "string_select": "StringSelectComponentForMessageRequest",
    "select_option": "StringSelectOptionForRequest",
    "section": "SectionComponentForMessageRequest",
    "text": "TextDisplayComponentForMessageRequest",
    "separator": "SeparatorComponentForMessageRequest",
    "container": "ContainerComponentForMessageRequest",
    "modal": "ModalInteractionCallbackRequestData",
    "text_input": "TextInputComponentForModalRequest",
    "label": "LabelComponentForModalRequest",
    "radio_group": "RadioGroupComponentForModalRequest",
    "checkbox_group": "CheckboxGroupComponentForModalRequest",
    "command": "ApplicationCommandUpdateRequest",
}
# What libraries send beyond the document, and what of the document no town hall needs
OURS_ALONE = frozenset({"tts", "nsfw", "flags", "channel_types"})
THEIRS_ALONE = frozenset({"shared_client_theme", "access_tokens", "nicks", "placeholder_version", "default_values"})
# Programs may write less than paying people; the document gives some texts no least length
NARROWER = {("create_message", "content"), ("update_message", "content"), ("text_input", "label")}
# Numbers that stand in the document where there is no particular limit
ANY_NUMBER = frozenset({1521, 152_133, 2_147_483_647})
BOUNDS = {"longest": "maxLength", "lowest": "minimum", "highest": "maximum", "most": "maxItems"}


@pytest.fixture(scope="module")
def document() -> Document:
    return read()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_address_is_one_of_discords(document: Document, endpoint: Endpoint) -> None:
    """By its name, its verb, its path and what it answers when it succeeds with something or with nothing."""
    verb, path, operation = document.operations[endpoint.name]

    answers = operation["responses"]
    assert isinstance(answers, dict)
    assert (endpoint.verb, re.sub(r"{\w+}", "{}", endpoint.path)) == (verb, re.sub(r"{\w+}", "{}", path))
    assert {str(endpoint.status), "204"} & set(answers)


def table(name: str) -> Table:
    """One of our tables."""
    return BODIES.get(name) or OBJECTS[name]


@pytest.mark.parametrize(("name", "schema"), SCHEMAS.items(), ids=SCHEMAS)
def test_tables_have_the_fields_of_the_document(document: Document, name: str, schema: str) -> None:
    """No more and no fewer than the exceptions named here."""
    properties = document.schemas[schema]["properties"]  # type: ignore[index]  # an object

    assert set(table(name)) ^ set(properties) <= OURS_ALONE | THEIRS_ALONE


@pytest.mark.parametrize(("name", "schema"), SCHEMAS.items(), ids=SCHEMAS)
def test_tables_have_the_bounds_of_the_document(document: Document, name: str, schema: str) -> None:
    """Lengths, numbers and counts."""
    whole = document.schemas[schema]
    assert isinstance(whole, dict)

    assert list(differences(document, name, whole)) == []


def differences(document: Document, name: str, whole: Json) -> Iterator[str]:
    """Where a table and a schema disagree."""
    properties, required = whole["properties"], whole.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    for key, field in table(name).items():
        if key in properties and (name, key) not in NARROWER:
            if field.required < (key in required):
                yield f"{key} is required"
            yield from bounds(key, field, resolved(document, properties[key]))


def bounds(key: str, field: Field, schema: Json) -> Iterator[str]:
    """Which numbers of a field differ; a bound that only we have is a rule said in words elsewhere."""
    for ours, theirs in BOUNDS.items():
        known = schema.get(theirs)
        if (
            known not in {None, *ANY_NUMBER}
            and getattr(field, ours) != known
            and not (theirs == "minimum" and known == 0)
        ):
            yield f"{key} {theirs} {known}, not {getattr(field, ours)}"


def resolved(document: Document, schema: Json) -> Json:
    """A schema without its references, and without null as a choice."""
    choices = schema.get("oneOf")
    if isinstance(choices, list):
        real = [choice for choice in choices if choice != {"type": "null"}]
        return resolved(document, real[0]) if len(real) == 1 else schema
    if "$ref" in schema:
        found = document.schemas[str(schema["$ref"]).rpartition("/")[2]]
        assert isinstance(found, dict)
        return found
    return schema


def test_the_judge_finds_what_is_wrong(document: Document) -> None:
    """A check that cannot fail would prove nothing."""
    entries: list[Entry] = [
        {"kind": "call", "method": "create_message", "parameters": {"content": "x" * 4001}},
        {"kind": "call", "method": "create_message", "parameters": {"content": "x", "nonce": "y" * 26}},
        {"kind": "call", "method": "bulk_set_application_commands", "parameters": {"": [{"name": "x" * 33}]}},
        {"kind": "call", "method": "create_interaction_response", "parameters": {"type": 77}},
    ]

    assert [len(document.wrong([entry])) for entry in entries] == [1, 1, 1, 1]
