"""Polls: look and vote (``api/v1/polls_controller.rb``), and the posts that wait for their hour."""

from dataclasses import replace

from sandbox.mastodon.errors import Invalid, missing
from sandbox.mastodon.methods.call import Answer, Call, ids
from sandbox.mastodon.methods.statuses import SOONEST, moment
from sandbox.mastodon.values import Poll, Scheduled


def show(call: Call) -> Answer:
    """A poll as it stands."""
    return Answer(body=call.shape.poll(_seen(call), call.viewer), summary={"poll": call.target})


def vote(call: Call) -> Answer:
    """Vote, once."""
    poll = _seen(call)
    choices = tuple(int(choice) for choice in call.arguments.texts("choices") if choice.isdigit())
    call.world.cast(call.account.id, poll, choices)
    summary = {"poll": poll.id, "choices": list(choices)}
    return Answer(body=call.shape.poll(poll, call.viewer), summary=summary)


def scheduled(call: Call) -> Answer:
    """The posts that wait."""
    mine = {one.id: one for one in call.world.scheduled.values() if one.account == call.account.id}
    rows, headers = call.page(list(mine), 20, 40)
    return Answer(body=[call.shape.scheduled(mine[row]) for row in rows], headers=headers, summary=ids(rows))


def show_scheduled(call: Call) -> Answer:
    """One of them."""
    return Answer(body=call.shape.scheduled(_waiting(call)), summary={"scheduled": call.target})


def move(call: Call) -> Answer:
    """Publish it at another instant."""
    at = moment(call.arguments.text("scheduled_at") or "")
    if at <= call.world.clock.now() + SOONEST:
        raise Invalid("Validation failed: Scheduled at The scheduled date must be in the future")
    call.world.schedule(replace(_waiting(call), at=at))
    return Answer(body=call.shape.scheduled(_waiting(call)), summary={"scheduled": call.target})


def cancel(call: Call) -> Answer:
    """Do not publish it."""
    del call.world.scheduled[_waiting(call).id]
    return Answer(body={}, summary={"cancelled": call.target})


def _seen(call: Call) -> Poll:
    poll = call.world.polls.get(call.target)
    if poll is None or not call.world.sees(call.viewer, call.world.statuses[poll.status]):
        raise missing()
    return poll


def _waiting(call: Call) -> Scheduled:
    found = call.world.scheduled.get(call.target)
    if found is None or found.account != call.account.id:
        raise missing()
    return found
