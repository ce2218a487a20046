"""Later answers to interactions, by their token, for 15 minutes."""

from dataclasses import replace

from sandbox.discord.dialogues import TOKEN_KEPT, Interaction
from sandbox.discord.errors import Refused, unknown
from sandbox.discord.methods.call import Call
from sandbox.discord.methods.interactions import about, appear, stand, standing, written
from sandbox.discord.methods.messages import revised
from sandbox.discord.texts import readable
from sandbox.discord.values import Channel, Flag, Json, Message


def execute_webhook(call: Call) -> Json | None:
    """Write another message; the first one after a deferred answer takes its place."""
    interaction, channel = _known(call)
    inner = about(call, call.body)
    first = call.world.hidden.get(interaction.response or 0) or channel.messages.get(interaction.response or 0)
    message = written(inner, interaction, channel)
    if first is not None and first.flags & Flag.LOADING:
        kept = first.flags & Flag.EPHEMERAL | message.flags & ~Flag.EPHEMERAL
        filling = replace(message, id=first.id, at=first.at, flags=kept, only_for=first.only_for)
        placed = _settled(call, interaction, channel, filling)
    else:
        placed = appear(inner, interaction, channel, message)
    return call.shown(placed) if call.query.get("wait") in {"true", "1"} else None


def get_webhook_message(call: Call) -> Json:
    """One of the messages written with the token."""
    interaction, channel = _known(call)
    return call.shown(_message(call, interaction, channel))


def update_webhook_message(call: Call) -> Json:
    """Change one of them; a deferred answer is given so."""
    interaction, channel = _known(call)
    before = _message(call, interaction, channel)
    after = revised(about(call, call.body), channel, replace(before, flags=before.flags & ~Flag.LOADING))
    if before.flags & Flag.LOADING:
        return call.shown(_settled(call, interaction, channel, replace(after, edited_at=None)))
    placed = stand(call, channel, after)
    if placed.only_for is not None:
        call.world.show(interaction, placed)
    return call.shown(placed)


def delete_webhook_message(call: Call) -> None:
    """Take one of them back."""
    interaction, channel = _known(call)
    message = _message(call, interaction, channel)
    if message.only_for is None:
        call.world.remove(channel, [message.id])
    else:
        del call.world.hidden[message.id]


def _settled(call: Call, interaction: Interaction, channel: Channel, message: Message) -> Message:
    placed = stand(call, channel, message)
    call.world.toast(interaction, readable(placed), alert=placed.only_for is not None, message=placed.id)
    return placed


def _known(call: Call) -> tuple[Interaction, Channel]:
    interaction = call.world.tokens.get(call.path["webhook_token"])
    if interaction is None or interaction.bot != call.id("webhook_id") or interaction.answered is None:
        raise unknown(10015, "Webhook")
    if call.world.clock.now() - interaction.at > TOKEN_KEPT:
        raise Refused(401, 50027, "Invalid Webhook Token")
    return interaction, call.world.channels[interaction.channel]


def _message(call: Call, interaction: Interaction, channel: Channel) -> Message:
    if call.path["message_id"] == "@original":
        return standing(call, channel, interaction.response)
    number = call.id("message_id")
    if number not in interaction.messages:
        raise unknown(10008, "Message")
    return standing(call, channel, number)
