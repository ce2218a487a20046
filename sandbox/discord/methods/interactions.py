"""First answers to interactions: three seconds, once (docs.discord.com: Receiving and Responding)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from sandbox.discord.arguments import read
from sandbox.discord.dialogues import COMMAND, FORM, Interaction
from sandbox.discord.errors import refused, unknown, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.methods.drafts import MAY_SET, drafted, filled, numbered
from sandbox.discord.methods.messages import revised
from sandbox.discord.parameters import CALLBACK_BODIES, CALLBACKS
from sandbox.discord.shapes import user_json
from sandbox.discord.texts import readable
from sandbox.discord.values import Channel, Flag, Json, Message, Type

ANSWER, DEFERRED, DEFERRED_CHANGE, CHANGE, FORM_SHOWN = 4, 5, 6, 7, 9
# Create Followup Message: what these mention by default
USUAL_MENTIONS: Json = {"parse": ["users"]}
MAY_SET_HERE = MAY_SET | Flag.EPHEMERAL


def create_interaction_response(call: Call) -> Json | None:
    """Answer somebody who waits; ``with_response`` asks for what came of it."""
    interaction = waiting(call)
    kind = call.number("type") or 0
    inner = about(call, _data(call, kind))
    channel = call.world.channels[interaction.channel]
    if kind not in ANSWERS or (kind in {DEFERRED_CHANGE, CHANGE} and interaction.message is None):
        raise wrong("type", "BASE_TYPE_CHOICES", "This interaction cannot be answered so")
    if kind == FORM_SHOWN and interaction.kind == FORM:
        raise wrong("type", "BASE_TYPE_CHOICES", "A form cannot be answered with a form")
    shown = ANSWERS[kind](inner, interaction, channel)
    interaction.answered = kind
    return _result(call, interaction, shown) if call.query.get("with_response") in {"true", "1"} else None


def waiting(call: Call) -> Interaction:
    """The interaction of the address, while it may be answered. Raises ``Refused``."""
    interaction = call.world.interactions.get(call.id("interaction_id"))
    if interaction is None or interaction.token != call.path["interaction_token"]:
        raise unknown(10062, "interaction")
    if interaction.answered is not None:
        raise refused(40060, "Interaction has already been acknowledged.")
    if time.monotonic() - interaction.born > call.world.deadline:
        raise unknown(10062, "interaction")
    return interaction


def about(call: Call, body: Json) -> Call:
    """The same call with another body, and with what messages of this sort mention by default."""
    if body.get("allowed_mentions") is None:
        body = body | {"allowed_mentions": USUAL_MENTIONS}
    return Call(world=call.world, bot=call.bot, path=call.path, body=body, uploads=call.uploads)


def written(call: Call, interaction: Interaction, channel: Channel) -> Message:
    """The message of the body, signed by the application. Raises ``Refused``."""
    draft = filled(drafted(call, channel, may_set=MAY_SET_HERE))
    return signed(call, interaction, draft)


def signed(call: Call, interaction: Interaction, message: Message) -> Message:
    """The same, with whom it answers."""
    metadata: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user_json(call.world.user(interaction.user)),
        "authorizing_integration_owners": {},
    }
    kind = Type.COMMAND if interaction.kind == COMMAND else Type.DEFAULT
    return replace(message, type=kind, webhook=call.bot.id, metadata=metadata)


def appear(call: Call, interaction: Interaction, channel: Channel, message: Message) -> Message:
    """The message appears, for one person or for all, and the person stops waiting."""
    if message.flags & Flag.EPHEMERAL:
        placed = call.world.hide(interaction, message)
        if not placed.flags & Flag.LOADING:
            call.world.show(interaction, placed)
    else:
        placed = call.world.place(channel, message)
        call.world.open_poll(channel, placed)
        if not placed.flags & Flag.LOADING:
            call.world.toast(interaction, readable(placed), alert=False, message=placed.id)
    interaction.messages.add(placed.id)
    return placed


def stand(call: Call, channel: Channel, message: Message) -> Message:
    """The message stands differently from now on."""
    if message.only_for is None:
        return call.world.change(channel, message)
    call.world.hidden[message.id] = message
    return message


def standing(call: Call, channel: Channel, number: int | None) -> Message:
    """A message as it stands now, ephemeral or not. Raises ``Refused``."""
    found = call.world.hidden.get(number or 0) or channel.messages.get(number or 0)
    if found is None:
        raise unknown(10008, "Message")
    return found


def _answer(call: Call, interaction: Interaction, channel: Channel) -> Message:
    placed = appear(call, interaction, channel, written(call, interaction, channel))
    interaction.response = placed.id
    return placed


def _defer(call: Call, interaction: Interaction, channel: Channel) -> Message:
    flags = Flag.LOADING | (call.number("flags") or 0) & Flag.EPHEMERAL
    empty = Message(channel=channel.id, author=call.bot.id, flags=flags)
    placed = appear(call, interaction, channel, signed(call, interaction, empty))
    interaction.response = placed.id
    return placed


def _defer_change(call: Call, interaction: Interaction, channel: Channel) -> Message | None:
    interaction.response = None if interaction.message is None else interaction.message.id
    call.world.toast(interaction, "", alert=False)
    return call.world.hidden.get(interaction.response or 0) or channel.messages.get(interaction.response or 0)


def _change(call: Call, interaction: Interaction, channel: Channel) -> Message:
    number = None if interaction.message is None else interaction.message.id
    changed = stand(call, channel, revised(call, channel, standing(call, channel, number)))
    interaction.response = changed.id
    call.world.toast(interaction, "", alert=False, message=changed.id)
    return changed


def _show_form(call: Call, interaction: Interaction, _channel: Channel) -> None:
    components = [part for part in call.items("components") if isinstance(part, dict)]
    form: Json = {"custom_id": call.text("custom_id"), "title": call.text("title")}
    call.world.show_form(interaction, form | {"components": list(numbered(components))})


Answer: TypeAlias = Callable[[Call, Interaction, Channel], Message | None]
ANSWERS: Mapping[int, Answer] = {
    ANSWER: _answer,
    DEFERRED: _defer,
    DEFERRED_CHANGE: _defer_change,
    CHANGE: _change,
    FORM_SHOWN: _show_form,
}


def _data(call: Call, kind: int) -> Json:
    given = call.body.get("data")
    table = CALLBACKS.get(kind)
    if table is None:
        return {}
    if given is None and kind != DEFERRED:
        raise wrong("data", "BASE_TYPE_REQUIRED", "This field is required")
    if given is not None and not isinstance(given, dict):
        raise wrong("data", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    body, strangers = read(CALLBACK_BODIES[table], given or {})
    call.strangers.extend(f"data.{name}" for name in strangers)
    return body


def _result(call: Call, interaction: Interaction, message: Message | None) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.kind}
    if message is None:
        return {"interaction": told}
    told |= {
        "response_message_id": str(message.id),
        "response_message_loading": bool(message.flags & Flag.LOADING),
        "response_message_ephemeral": bool(message.flags & Flag.EPHEMERAL),
    }
    return {"interaction": told, "resource": {"type": interaction.answered, "message": call.shown(message)}}
