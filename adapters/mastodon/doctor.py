"""Checks an account before people depend on it: token and scopes, how it presents itself, what would not arrive."""

from collections.abc import Sequence
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


async def examine(client: Client, addresses: Sequence[Address]) -> tuple[Finding, ...]:
    """The findings, the account first. Raises PlatformError when nobody answers."""
    me = await client.get("/api/v1/accounts/verify_credentials")
    instance = await client.get("/api/v2/instance")
    found = [
        Finding(subject="account", ok=True, detail=f"@{me['acct']} on {instance.get('domain', 'this server')}"),
        _limits(instance),
        _bot(me),
        _open_to_followers(me),
        await _scopes(client),
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


async def _scopes(client: Client) -> Finding:
    try:
        app = await client.get("/api/v1/apps/verify_credentials")
    except Rejected:
        return Finding(subject="scopes", ok=True, detail="this server does not say")
    given = set(app.get("scopes", ()))
    missing = sorted(scope for scope in SCOPES if scope not in given and scope.partition(":")[0] not in given)
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
