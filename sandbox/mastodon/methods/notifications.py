"""What an account is told: read, dismiss, filter (``api/v1/notifications_controller.rb``, ``api/v2/notifications``)."""

from sandbox.mastodon.errors import Invalid, NobodyThere, missing
from sandbox.mastodon.methods.call import Answer, Call, ids
from sandbox.mastodon.notices import CHOICES
from sandbox.mastodon.shapes import moment
from sandbox.mastodon.values import Json, Notification, order

USUAL, MOST = 40, 80
# Private posts of a conversation that is listed: db conversations, here one for each other person
CONVERSATIONS = 20


def listed(call: Call) -> Answer:
    """A page of notifications, newest first."""
    given, account = call.arguments, call.account.id
    shown = {one.id: one for one in _mine(call) if not one.filtered or given.flag("include_filtered")}
    wanted, unwanted, sender = given.texts("types"), given.texts("exclude_types"), given.text("account_id")
    numbers = [
        one.id
        for one in shown.values()
        if (not wanted or one.kind in wanted) and one.kind not in unwanted and sender in {None, one.sender}
    ]
    rows, headers = call.page(numbers, USUAL, MOST)
    if rows:
        call.world.note("handed_out", bot=account, updates=rows, outcome="done")
        last = call.world.handed.get(account)
        call.world.handed[account] = max(rows[0], last or rows[0], key=order)
    body = [call.shape.notification(shown[row]) for row in rows]
    return Answer(body=body, headers=headers, summary=ids(rows))


def show(call: Call) -> Answer:
    """One notification."""
    return Answer(body=call.shape.notification(_one(call)), summary={"id": call.target})


def dismiss(call: Call) -> Answer:
    """Forget one."""
    call.world.notifications[call.account.id].remove(_one(call))
    return Answer(body={}, summary={"dismissed": call.target})


def clear(call: Call) -> Answer:
    """Forget all."""
    call.world.notifications.pop(call.account.id, None)
    return Answer(body={}, summary={"dismissed": "all"})


def unread(call: Call) -> Answer:
    """How many there are that were never handed out."""
    return Answer(body={"count": call.world.pending(call.account.id)})


def policy(call: Call) -> Answer:
    """What is filtered, and how much waits."""
    waiting = call.world.requests(call.account.id)
    summary = {
        "pending_requests_count": len(waiting),
        "pending_notifications_count": sum(map(len, waiting.values())),
    }
    return Answer(body={**call.world.policy(call.account.id), "summary": summary})


def set_policy(call: Call) -> Answer:
    """Filter differently from now on."""
    for name, choice in call.arguments.values.items():
        if choice not in CHOICES:
            raise Invalid(f"Validation failed: {name} is not included in the list")
        call.world.policy(call.account.id)[name] = str(choice)
    answer = policy(call)
    return Answer(body=answer.body, summary=dict(call.arguments.values))


def requests(call: Call) -> Answer:
    """Those whose notifications were filtered."""
    waiting = call.world.requests(call.account.id)
    senders = {found[0].id: found for found in waiting.values()}
    rows, headers = call.page(list(senders), 40, 80)
    return Answer(body=[_request(call, senders[row]) for row in rows], headers=headers, summary=ids(rows))


def show_request(call: Call) -> Answer:
    """One of them."""
    return Answer(body=_request(call, call.world.requests(call.account.id)[_asked(call)]))


def accept(call: Call) -> Answer:
    """Let them through."""
    call.world.accept(call.account.id, _asked(call))
    return Answer(body={}, summary={"accepted": call.target})


def dismiss_request(call: Call) -> Answer:
    """Forget what they did."""
    call.world.dismiss(call.account.id, _asked(call))
    return Answer(body={}, summary={"dismissed": call.target})


def accept_several(call: Call) -> Answer:
    """Let these through."""
    for number in call.arguments.texts("id"):
        call.world.accept(call.account.id, _asked(call, number))
    return Answer(body={}, summary={"accepted": list(call.arguments.texts("id"))})


def dismiss_several(call: Call) -> Answer:
    """Forget what these did."""
    for number in call.arguments.texts("id"):
        call.world.dismiss(call.account.id, _asked(call, number))
    return Answer(body={}, summary={"dismissed": list(call.arguments.texts("id"))})


def merged(_call: Call) -> Answer:
    """Whether what was accepted is in the list; here it is at once."""
    return Answer(body={"merged": True})


def conversations(call: Call) -> Answer:
    """The private conversations, each by its last post."""
    me = call.account.id
    private = [one for one in call.world.statuses.values() if one.visibility == "direct"]
    last = {}
    for status in private:
        if me in {status.account, *status.mentions}:
            last[frozenset({status.account, *status.mentions} - {me})] = status
    by_number = {status.id: (people, status) for people, status in last.items()}
    rows, headers = call.page(list(by_number), CONVERSATIONS, 40)
    body = [
        {
            "id": row,
            "unread": by_number[row][1].account != me,
            "accounts": [call.shape.account(call.world.accounts[person]) for person in sorted(by_number[row][0])],
            "last_status": call.shape.status(by_number[row][1], me),
        }
        for row in rows
    ]
    return Answer(body=body, headers=headers, summary=ids(rows))


def _mine(call: Call) -> list[Notification]:
    return call.world.notifications.get(call.account.id, [])


def _one(call: Call) -> Notification:
    for notification in _mine(call):
        if notification.id == call.target:
            return notification
    raise missing()


def _asked(call: Call, number: str | None = None) -> str:
    try:
        return call.world.the_request(call.account.id, number or call.target)
    except NobodyThere as error:
        raise missing() from error


def _request(call: Call, found: list[Notification]) -> Json:
    last = call.world.statuses.get(found[-1].status or "")
    return {
        "id": found[0].id,
        "created_at": moment(found[0].at),
        "updated_at": moment(found[-1].at),
        "notifications_count": str(len(found)),
        "account": call.shape.account(call.world.accounts[found[-1].sender]),
        "last_status": None if last is None else call.shape.status(last, call.viewer),
    }
