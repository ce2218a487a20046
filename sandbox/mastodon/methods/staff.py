"""What the staff of a server does about accounts (``api/v1/admin/accounts_controller.rb``, ``account_action.rb``)."""

from dataclasses import replace

from sandbox.mastodon.errors import Invalid, forbidden
from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.values import Account, Change, Json

EVERYBODY, STAFF = "65536", "1052671"  # user_role.rb: what everybody may do; invite, reports, users and the rest
ACTIONS = frozenset({"none", "disable", "sensitive", "silence", "suspend"})


def show(call: Call) -> Answer:
    """Somebody, as moderators see them."""
    _check_staff(call)
    return _shown(call, call.other())


def act(call: Call) -> Answer:
    """Limit or suspend somebody. Those of the staff are out of reach."""
    other, kind = _other(call), call.arguments.text("type") or ""
    if kind not in ACTIONS:
        raise Invalid("Validation failed: Type is not included in the list")
    if kind == "silence":
        _change(call, replace(other, silenced=True))
    if kind == "suspend":
        _change(call, replace(other, suspended=True))
    return Answer(body={}, summary={"id": other.id})


def unsilence(call: Call) -> Answer:
    """Limit somebody no longer."""
    return _shown(call, _change(call, replace(_other(call), silenced=False)))


def unsuspend(call: Call) -> Answer:
    """Let somebody back in."""
    return _shown(call, _change(call, replace(_other(call), suspended=False)))


def _other(call: Call) -> Account:
    _check_staff(call)
    other = call.other()
    if other.id in call.world.staff:
        raise forbidden()
    return other


def _check_staff(call: Call) -> None:
    if call.account.id not in call.world.staff:
        raise forbidden()


def _change(call: Call, account: Account) -> Account:
    call.world.accounts[account.id] = account
    call.world.announce(Change(kind="account", user=account.id))
    return account


def _shown(call: Call, other: Account) -> Answer:
    rights = STAFF if other.id in call.world.staff else EVERYBODY
    body: Json = {
        "id": other.id,
        "username": other.username,
        "domain": other.domain,
        "role": {"id": "1", "name": "", "permissions": rights},
        "silenced": other.silenced,
        "suspended": other.suspended,
        "account": call.shape.account(other),
    }
    return Answer(body=body, summary={"id": other.id})
