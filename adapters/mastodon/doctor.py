"""Checks an account before people depend on it: token and scopes, how it presents itself, what would not arrive."""

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.mastodon.client import Client
from adapters.mastodon.limits import Limits, streaming
from adapters.mastodon.outbound import PUBLIC
from core.errors import Rejected
from core.identifiers import Address
from core.ports.platform import Finding

SCOPES = frozenset({
    "read:accounts", "read:statuses", "read:notifications",
    "write:accounts", "write:statuses", "write:media", "write:notifications", "write:favourites",
})  # fmt: skip
TO_MODERATE = frozenset({"read:follows", "write:blocks"})
FOR_SERVER = frozenset({"admin:read:accounts", "admin:write:accounts", "admin:read:reports", "admin:write:reports"})


async def examine(client: Client, addresses: Sequence[Address]) -> tuple[Finding, ...]:
    """The findings, the account first. Raises PlatformError when nobody answers."""
    me = await client.get("/api/v1/accounts/verify_credentials")
    instance = await client.get("/api/v2/instance")
    found = [
        Finding(subject="account", ok=True, detail=f"@{me['acct']} on {instance.get('domain', 'this server')}"),
        _limits(instance),
        _bot(me),
        _open_to_followers(me),
        _scopes(given := await _given(client)),
        await _moderation(client, given),
        await _private_messages(client),
        _stream(instance),
    ]
    return (*found, *map(_place, addresses))


def _limits(instance: dict[str, Any]) -> Finding:
    known = Limits.of(instance)
    detail = known.said
    if not known.repeats_known:
        detail += "; repeated calls are not recognised: an answer that is lost leaves a doubt"
    return Finding(subject="limits", ok=True, detail=detail)


def _bot(me: dict[str, Any]) -> Finding:
    if me.get("bot"):
        return Finding(subject="presentation", ok=True, detail="the account says that it is automated")
    cure = "in the account's preferences, tick «This is an automated account»"
    return Finding(subject="presentation", ok=False, detail="the account does not say that it is automated", cure=cure)


def _open_to_followers(me: dict[str, Any]) -> Finding:
    if not me.get("locked"):
        return Finding(subject="followers", ok=True, detail="anybody may follow")
    cure = "in the account's preferences, let followers in without asking"
    return Finding(subject="followers", ok=False, detail="people must ask before they may follow", cure=cure)


async def _given(client: Client) -> frozenset[str]:
    """The scopes of the token; none where the server does not say."""
    try:
        app = await client.get("/api/v1/apps/verify_credentials")
    except Rejected:
        return frozenset()
    return frozenset(app.get("scopes", ()))


async def hears_reports(client: Client) -> bool:
    """Whether what people report to this server reaches us. Raises PlatformError."""
    given = await _given(client)
    return bool(given) and not _missing(FOR_SERVER, given)


def _missing(wanted: Iterable[str], given: frozenset[str]) -> list[str]:
    """A wide scope holds the narrower ones."""

    def is_held(scope: str) -> bool:
        parts = scope.split(":")
        return any(":".join(parts[:end]) in given for end in range(1, len(parts) + 1))

    return sorted(scope for scope in wanted if not is_held(scope))


async def _moderation(client: Client, given: frozenset[str]) -> Finding:
    """What of the measures can be carried out: for ourselves, and for the whole server by those of its staff."""
    subject = "moderation"
    if not given:
        return Finding(subject=subject, ok=True, detail="this server does not say")
    missing = _missing(TO_MODERATE, given)
    if missing:
        cure = f"make a new token with these scopes as well: {' '.join(sorted(TO_MODERATE))}"
        return Finding(subject=subject, ok=False, detail=f"the bot lacks {', '.join(missing)} (ban)", cure=cure)
    if _missing(FOR_SERVER, given):
        detail = (
            f"mute and ban; limiting and suspending is for the staff of the server ({' '.join(sorted(FOR_SERVER))})"
        )
        return Finding(subject=subject, ok=True, detail=detail)
    try:
        await client.get("/api/v1/admin/reports", limit=1)
    except Rejected:
        cure = "ask who runs the server for a role that manages users and reports, or leave these scopes out"
        return Finding(subject=subject, ok=False, detail="the account is not of the server's staff", cure=cure)
    return Finding(subject=subject, ok=True, detail="mute, ban, limit and suspend; reports are heard")


def _scopes(given: frozenset[str]) -> Finding:
    missing = _missing(SCOPES, given)
    if not given or not missing:
        return Finding(subject="scopes", ok=True, detail="all that is needed" if given else "this server does not say")
    cure = f"make a new token with: {' '.join(sorted(SCOPES))}"
    return Finding(subject="scopes", ok=False, detail=f"the token lacks {', '.join(missing)}", cure=cure, stops=True)


async def _private_messages(client: Client) -> Finding:
    subject = "private messages"
    try:
        policy = await client.get("/api/v2/notifications/policy")
    except Rejected:
        return Finding(subject=subject, ok=True, detail="this server hides none")
    if policy.get("for_private_mentions") == "accept":
        return Finding(subject=subject, ok=True, detail="they arrive")
    cure = "parvis run lets them in; or do so in the preferences, under notifications"
    return Finding(subject=subject, ok=False, detail="the server hides those of strangers", cure=cure)


def _stream(instance: dict[str, Any]) -> Finding:
    url = streaming(instance)
    detail = f"news by {url}" if url else "no stream: news is asked for once a minute, votes wait as long"
    return Finding(subject="stream", ok=True, detail=detail)


def _place(address: Address) -> Finding:
    if address in PUBLIC:
        return Finding(subject=str(address), ok=True, detail="posts of this account")
    cure = "write «public» or «unlisted»"
    return Finding(subject=str(address), ok=False, detail="no place on Mastodon", cure=cure, stops=True)
