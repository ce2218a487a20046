"""Every address the sandbox knows, what it takes, the scope it wants and who answers it. Others do not exist."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.mastodon import parameters as takes
from sandbox.mastodon.methods import accounts, instance, media, notifications, polls, staff, statuses
from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.parameters import Table
from sandbox.mastodon.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address. ``scope`` None: no scope is wanted; ``public``: also without a token.

    ``needs`` names the quality of a profile without which the address is not there; ``code`` is what is said then.
    """

    verb: str
    path: str
    act: Callable[[Call], Answer]
    scope: str | None = None
    table: Table = field(default_factory=dict)
    public: bool = False
    needs: str | None = None
    code: int = 404
    uses_instead: str | None = None

    @property
    def name(self) -> str:
        """As the journal and faults call it: ``POST /api/v1/statuses``."""
        return f"{self.verb} {self.path}"

    def exists(self, profile: Profile) -> bool:
        """Whether servers of this kind have it."""
        return self.needs is None or bool(getattr(profile, self.needs))


def _unbound(_call: Call) -> Answer:
    raise NotImplementedError("the server binds it, because it remembers idempotency keys")


def _get(path: str, act: Callable[[Call], Answer], scope: str | None, table: Table | None = None) -> Endpoint:
    return Endpoint(verb="GET", path=path, act=act, scope=scope, table=table or {})


def _open(path: str, act: Callable[[Call], Answer], scope: str | None, table: Table | None = None) -> Endpoint:
    return Endpoint(verb="GET", path=path, act=act, scope=scope, table=table or {}, public=True)


def _post(path: str, act: Callable[[Call], Answer], scope: str, table: Table | None = None) -> Endpoint:
    return Endpoint(verb="POST", path=path, act=act, scope=scope, table=table or {})


V1, V2 = "/api/v1", "/api/v2"
READING, WRITING = "read:statuses", "write:statuses"
PUBLISH = _post(f"{V1}/statuses", _unbound, WRITING, takes.WORDS)
STATUSES = (
    PUBLISH,
    Endpoint(verb="GET", path=f"{V1}/statuses", act=statuses.several, scope=READING, table=takes.IDS, public=True,
             needs="batches", code=405),
    _open(f"{V1}/statuses/:id", statuses.show, READING),
    Endpoint(verb="PUT", path=f"{V1}/statuses/:id", act=statuses.edit, scope=WRITING, table=takes.CORRECTION),
    Endpoint(verb="DELETE", path=f"{V1}/statuses/:id", act=statuses.remove, scope=WRITING,
             table={"delete_media": "flag"}),
    _open(f"{V1}/statuses/:id/context", statuses.context, READING),
    _get(f"{V1}/statuses/:id/source", statuses.source, READING),
    _post(f"{V1}/statuses/:id/pin", statuses.pin, "write:accounts"),
    _post(f"{V1}/statuses/:id/unpin", statuses.unpin, "write:accounts"),
    _post(f"{V1}/statuses/:id/favourite", statuses.favourite, "write:favourites"),
    _post(f"{V1}/statuses/:id/unfavourite", statuses.unfavourite, "write:favourites"),
    _post(f"{V1}/statuses/:id/reblog", statuses.reblog, WRITING, {"visibility": "text"}),
    _post(f"{V1}/statuses/:id/unreblog", statuses.unreblog, WRITING),
    _get(f"{V1}/scheduled_statuses", polls.scheduled, READING, takes.PAGING),
    _get(f"{V1}/scheduled_statuses/:id", polls.show_scheduled, READING),
    Endpoint(verb="PUT", path=f"{V1}/scheduled_statuses/:id", act=polls.move, scope=WRITING,
             table={"scheduled_at": "text"}),
    Endpoint(verb="DELETE", path=f"{V1}/scheduled_statuses/:id", act=polls.cancel, scope=WRITING),
    _open(f"{V1}/polls/:id", polls.show, READING),
    _post(f"{V1}/polls/:id/votes", polls.vote, WRITING, {"choices": "numbers"}),
)  # fmt: skip
MEDIA = (
    _post(f"{V2}/media", media.upload, "write:media", takes.UPLOAD),
    Endpoint(verb="POST", path=f"{V1}/media", act=media.upload, scope="write:media", table=takes.UPLOAD,
             uses_instead=f"{V2}/media"),
    _get(f"{V1}/media/:id", media.look, "write:media"),
    Endpoint(verb="PUT", path=f"{V1}/media/:id", act=media.describe, scope="write:media", table=takes.UPLOAD),
)  # fmt: skip
TELLING, HEARING = "write:notifications", "read:notifications"
NOTIFICATIONS = (
    _get(f"{V1}/notifications/unread_count", notifications.unread, HEARING),
    *(
        Endpoint(verb=verb, path=path, act=act, scope=scope, table=table, needs="policies")
        for verb, path, act, scope, table in (
            ("GET", f"{V2}/notifications/policy", notifications.policy, HEARING, {}),
            ("PATCH", f"{V2}/notifications/policy", notifications.set_policy, TELLING, takes.POLICY),
            ("GET", f"{V1}/notifications/requests", notifications.requests, HEARING, takes.PAGING),
            ("GET", f"{V1}/notifications/requests/merged", notifications.merged, HEARING, {}),
            ("POST", f"{V1}/notifications/requests/accept", notifications.accept_several, TELLING, takes.IDS),
            ("POST", f"{V1}/notifications/requests/dismiss", notifications.dismiss_several, TELLING, takes.IDS),
            ("GET", f"{V1}/notifications/requests/:id", notifications.show_request, HEARING, {}),
            ("POST", f"{V1}/notifications/requests/:id/accept", notifications.accept, TELLING, {}),
            ("POST", f"{V1}/notifications/requests/:id/dismiss", notifications.dismiss_request, TELLING, {}),
        )
    ),
    _get(f"{V1}/notifications", notifications.listed, HEARING, takes.NOTIFICATIONS),
    _post(f"{V1}/notifications/clear", notifications.clear, TELLING),
    _get(f"{V1}/notifications/:id", notifications.show, HEARING, {"supported_types": "texts"}),
    _post(f"{V1}/notifications/:id/dismiss", notifications.dismiss, TELLING),
    _get(f"{V1}/conversations", notifications.conversations, READING, takes.PAGING),
)
KNOWING = "read:accounts"
ACCOUNTS = (
    _get(f"{V1}/apps/verify_credentials", accounts.application, None),
    _get(f"{V1}/accounts/verify_credentials", accounts.mine, "profile"),
    Endpoint(verb="PATCH", path=f"{V1}/accounts/update_credentials", act=accounts.update, scope="write:accounts",
             table=takes.PROFILE),
    _open(f"{V1}/accounts/lookup", accounts.lookup, KNOWING, {"acct": "text"}),
    _get(f"{V1}/accounts/search", accounts.search_accounts, KNOWING, takes.SEARCH),
    _get(f"{V1}/accounts/relationships", accounts.relationships, "read:follows",
         {"id": "texts", "with_suspended": "flag"}),
    _open(f"{V1}/accounts/:id", accounts.show, KNOWING),
    _open(f"{V1}/accounts/:id/statuses", accounts.posts, READING, takes.STATUSES),
    _post(f"{V1}/accounts/:id/follow", accounts.follow, "write:follows", takes.FOLLOW),
    _post(f"{V1}/accounts/:id/unfollow", accounts.unfollow, "write:follows"),
    _post(f"{V1}/accounts/:id/mute", accounts.mute, "write:mutes", takes.MUTE),
    _post(f"{V1}/accounts/:id/unmute", accounts.unmute, "write:mutes"),
    _post(f"{V1}/accounts/:id/block", accounts.block, "write:blocks"),
    _post(f"{V1}/accounts/:id/unblock", accounts.unblock, "write:blocks"),
    _post(f"{V1}/reports", accounts.report, "write:reports", takes.REPORT),
    _get(f"{V2}/search", accounts.search, "read:search", takes.SEARCH),
)  # fmt: skip
SEES, GOVERNS = "admin:read:accounts", "admin:write:accounts"
STAFF = (
    _get(f"{V1}/admin/accounts/:id", staff.show, SEES),
    _post(f"{V1}/admin/accounts/:id/action", staff.act, GOVERNS, takes.ACTION),
    _post(f"{V1}/admin/accounts/:id/unsilence", staff.unsilence, GOVERNS),
    _post(f"{V1}/admin/accounts/:id/unsuspend", staff.unsuspend, GOVERNS),
    _get(f"{V1}/admin/reports", staff.reports, "admin:read:reports", takes.REPORTS),
    _get(f"{V1}/admin/reports/:id", staff.report, "admin:read:reports"),
    _post(f"{V1}/admin/reports/:id/resolve", staff.resolve, "admin:write:reports"),
)  # fmt: skip
INSTANCE = (_open(f"{V1}/instance", instance.first, None), _open(f"{V2}/instance", instance.second, None))
ENDPOINTS = (*INSTANCE, *STATUSES, *MEDIA, *NOTIFICATIONS, *ACCOUNTS, *STAFF)
_PATTERNS = [(re.compile(re.sub(r":id", r"(?P<id>[^/]+)", endpoint.path) + "/?"), endpoint) for endpoint in ENDPOINTS]
# The wider names of older scopes, and what verify_credentials takes instead of ``profile``
WIDER = {"write:follows": "follow", "write:mutes": "follow", "write:blocks": "follow", "profile": "read:accounts"}


def found(verb: str, path: str) -> tuple[Endpoint, str] | None:
    """The endpoint of a request, and the id in its address; a slash at the end changes nothing."""
    for pattern, endpoint in _PATTERNS:
        if endpoint.verb == verb and (match := pattern.fullmatch(path)):
            return endpoint, match.groupdict().get("id", "")
    return None
