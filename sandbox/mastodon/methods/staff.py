"""What the staff of a server does about accounts (``api/v1/admin/accounts_controller.rb``, ``account_action.rb``)."""

from dataclasses import replace

from sandbox.mastodon.errors import Invalid, forbidden, missing
from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.values import Account, Change, Json, Report

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


def reports(call: Call) -> Answer:
    """Those that nobody dealt with, the newest first; or those that somebody did."""
    _check_staff(call)
    resolved = bool(call.arguments.flag("resolved"))
    found = [each for each in reversed(call.world.reports) if (each.resolved_at is not None) is resolved]
    some = found[: call.arguments.number("limit") or 100]
    return Answer(body=[_report(call, each) for each in some], summary={"reports": [each.id for each in some]})


def report(call: Call) -> Answer:
    """One of them, with the posts that it is about."""
    _check_staff(call)
    return Answer(body=_report(call, _the_report(call)), summary={"report": call.target})


def resolve(call: Call) -> Answer:
    """It is dealt with; twice changes nothing."""
    _check_staff(call)
    found = _the_report(call)
    done = replace(found, resolved_at=found.resolved_at or call.world.clock.now())
    call.world.reports[call.world.reports.index(found)] = done
    return Answer(body=_report(call, done), summary={"report": done.id})


def _the_report(call: Call) -> Report:
    found = next((each for each in call.world.reports if each.id == call.target), None)
    if found is None:
        raise missing()
    return found


def _report(call: Call, found: Report) -> Json:
    """As the staff sees it (Admin::Report)."""
    posts = [call.world.statuses[number] for number in found.statuses if number in call.world.statuses]
    accounts = {"account": found.by, "target_account": found.account}
    return {
        **{name: value for name, value in call.shape.report(found).items() if name not in {"status_ids", "rule_ids"}},
        **{name: _shown(call, call.world.accounts[number]).body for name, number in accounts.items()},
        "updated_at": call.shape.report(found)["created_at"],
        "assigned_account": None,
        "action_taken_by_account": None,
        "statuses": [call.shape.status(each, call.viewer) for each in posts],
        "rules": [],
    }


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
