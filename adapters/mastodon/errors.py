"""Mastodon.py's errors in Parvis's own terms: what can be done about them decides.

Mastodon.py 2.3.3 raises ``MastodonNetworkError`` for whatever ``requests`` raised: only what failed before a connection
stood is known to have done nothing. Any other lost answer, and any 5xx, leaves the outcome of a call unknown. So does
a ``MastodonRatelimitError`` that is not about a 429: the library raises it too when it cannot read the headers.
"""

import re
from datetime import timedelta

from mastodon.errors import (
    MastodonAPIError,
    MastodonError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonServerError,
    MastodonUnauthorizedError,
)
from requests.exceptions import ConnectTimeout, ProxyError
from urllib3.exceptions import NewConnectionError

from core.errors import PlatformError, Rejected, Unauthorised, Unavailable, Uncertain

_TOO_MANY = "Hit rate limit."  # what the library says of a 429 with ratelimit_method="throw"
_BEARER = re.compile(r"[A-Za-z0-9_-]{32,}")


class Missing(Rejected):
    """The server knows no such thing, or not for us."""


def as_ours(error: MastodonError, *, retry_after: timedelta | None = None) -> PlatformError:
    """The error by what can be done about it; ``retry_after`` is what the server's headers said last."""
    detail = _said(error)
    if isinstance(error, MastodonRatelimitError) and str(error) == _TOO_MANY:
        return Unavailable(detail, retry_after=retry_after)
    return _kind(error)(detail)


def _status(error: MastodonError) -> int | None:
    return next((part for part in error.args if isinstance(part, int)), None)


def _kind(error: MastodonError) -> type[PlatformError]:
    """A 403 is never about a person: servers do not tell who blocked whom. It is about us, and stays Rejected."""
    kind: type[PlatformError] = Rejected
    match error:
        case MastodonNetworkError():
            kind = Unavailable if _never_connected(error) else Uncertain
        case MastodonUnauthorizedError():
            kind = Unauthorised
        case MastodonServerError() | MastodonRatelimitError():
            kind = Uncertain
        case MastodonNotFoundError():
            kind = Missing
        case MastodonAPIError() if _status(error) is None:  # no JSON: a page of whatever stands between
            kind = Uncertain
    return kind


def _said(error: MastodonError) -> str:
    """The server's own words, without anything that looks like a token."""
    words = " ".join(str(part) for part in error.args if part and part != "Mastodon API returned error")
    return _BEARER.sub("[token]", words)[:300] or type(error).__name__


def _never_connected(error: BaseException) -> bool:
    cause: BaseException | None = error.__context__
    while cause is not None:
        if isinstance(cause, ConnectTimeout | ProxyError | NewConnectionError):
            return True
        reason = getattr(cause, "reason", None) or (cause.args[0] if cause.args else None)
        nested = getattr(reason, "reason", reason)
        if isinstance(nested, NewConnectionError):
            return True
        cause = cause.__context__
    return False
