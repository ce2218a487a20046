"""Native polls: who chose what, and the end before the end."""

from sandbox.discord import permissions
from sandbox.discord.errors import forbidden, refused
from sandbox.discord.methods.call import Call
from sandbox.discord.shapes import user_json
from sandbox.discord.values import Json, Message, Poll


def get_answer_voters(call: Call) -> Json:
    """Those who chose an answer, in the order of their ids, ``after`` one of them."""
    _, poll = _poll(call)
    answer, limit = call.id("answer_id"), call.asked("limit", 25, 1, 100)
    if poll.answer(answer) is None:
        raise refused(10086, "Unknown poll answer")
    after = call.asked("after", 0, 0, 1 << 63)
    voters = [user for user in poll.voters(answer) if user > after]
    return {"users": [user_json(call.world.user(user)) for user in voters[:limit]]}


def poll_expire(call: Call) -> Json:
    """End one's own poll now. It is counted a little later."""
    message, poll = _poll(call)
    if message.author != call.bot.id:
        raise forbidden(50005, "Cannot edit a message authored by another user")
    if poll.closed_at is not None:
        raise refused(520001, "Poll expired")
    return call.shown(call.world.close_poll(call.channel(), message))


def _poll(call: Call) -> tuple[Message, Poll]:
    message = call.message(call.channel(permissions.READ_MESSAGE_HISTORY))
    if message.poll is None:
        raise refused(520006, "Cannot expire a non-poll message")
    return message, message.poll
