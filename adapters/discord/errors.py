"""discord.py's errors in Parvis's own terms: what can be done about them decides.

Codes: discord-api-docs, «JSON error codes», 2026-08-06. What begins with 5, and a connection that broke after the
request left, leave the outcome unknown. discord.py 2.7.1 asks again after 500, 502, 504 and 524; see ``calls``.
"""

from datetime import timedelta

import discord
from aiohttp import ClientConnectorError, ClientError

from core.errors import Gone, PlatformError, Rejected, Unauthorised, Unavailable, Uncertain, Unreachable

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_INTERACTION = 10003, 10008, 10062
UNKNOWN_MEMBER, UNKNOWN_USER, UNKNOWN_BAN = 10007, 10013, 10026
ANSWERED_ALREADY, HAS_THREAD, CROSSPOSTED, POLL_OVER = 40060, 160004, 40033, 520001
_UNREACHABLE = frozenset({UNKNOWN_CHANNEL, 50001, 50007, 50278})  # no access, no private messages
_NOBODY = frozenset({UNKNOWN_MEMBER, UNKNOWN_USER, UNKNOWN_BAN})
BROKEN = 500  # and above: whether it was done stays open
_UNAUTHORISED, _FORBIDDEN, _TOO_MANY = 401, 403, 429

DONE_ALREADY = frozenset({UNKNOWN_MESSAGE, HAS_THREAD, CROSSPOSTED, POLL_OVER})


def as_ours(error: Exception) -> PlatformError:
    """The error by what can be done about it."""
    match error:
        case discord.RateLimited():
            return Unavailable("told to wait", retry_after=timedelta(seconds=error.retry_after))
        case discord.LoginFailure():
            return Unauthorised("Discord refuses the token")
        case discord.HTTPException():
            return refused(error.status, error.code, error.text or str(error.status))
        case ClientConnectorError():
            return Unavailable("nobody answers")
        case ClientError() | OSError() | TimeoutError():
            return Uncertain(type(error).__name__)
        case _:
            return Uncertain(f"{type(error).__name__}: {error}")


def refused(status: int, code: int, words: str) -> PlatformError:
    """What an answer that is no success means."""
    detail = f"{words} ({code or status})"
    kind: type[PlatformError] = Rejected
    if status == _UNAUTHORISED:
        kind = Unauthorised
    elif status == _TOO_MANY:
        kind = Unavailable
    elif status >= BROKEN:
        kind = Uncertain
    elif code in _NOBODY:
        kind = Gone
    elif code in _UNREACHABLE or status == _FORBIDDEN:
        kind = Unreachable
    return kind(detail)


def code_of(error: Exception) -> int:
    """Discord's number of a refusal; 0 for anything else."""
    return error.code if isinstance(error, discord.HTTPException) else 0
