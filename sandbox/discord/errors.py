"""What the server answers when it does not do what was asked (Opcodes and Status Codes)."""

from enum import Enum

from sandbox.discord.values import Json
from sandbox.impossible import Impossible


class Cause(Enum):
    """Whether the caller broke a rule it could have known, or met a circumstance."""

    CIRCUMSTANCE = "circumstance"
    VIOLATION = "violation"


class Refused(Exception):
    """A call the server refuses, with the status, the code and the sentence it sends.

    A ``VIOLATION`` (wrong type, length, unknown route) is one that a correct program never commits: the world counts
    it. ``errors`` is the tree of the fields that are wrong.
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        cause: Cause = Cause.CIRCUMSTANCE,
        errors: Json | None = None,
        retry_after: float | None = None,
        scope: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.cause = cause
        self.errors = errors
        self.retry_after = retry_after
        self.scope = scope

    @property
    def description(self) -> str:
        """One line for the journal: the sentence, and the fields that were wrong."""
        return self.message if not self.errors else f"{self.message}: {', '.join(wrong_fields(self.errors))}"

    def body(self) -> Json:
        """The answer in Discord's shape."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": self.scope == "global"}
        return body


def wrong_fields(errors: Json, path: str = "") -> list[str]:
    """The paths of the fields in a tree of errors, each with the code of what is wrong."""
    found: list[str] = []
    for name, below in errors.items():
        if name == "_errors" and isinstance(below, list):
            found += [f"{path} {item['code']}".strip() for item in below]
        elif isinstance(below, dict):
            found += wrong_fields(below, f"{path}.{name}".lstrip("."))
    return found


def wrong(path: str, code: str, message: str) -> Refused:
    """400: one field is wrong; ``path`` is dotted."""
    tree: Json = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path.split(".")):
        tree = {name: tree}
    return invalid(tree)


def invalid(errors: Json) -> Refused:
    """400: the body has fields that are wrong."""
    return Refused(400, 50035, "Invalid Form Body", cause=Cause.VIOLATION, errors=errors)


def violated(code: int, message: str) -> Refused:
    """400: a rule of the interface was broken."""
    return Refused(400, code, message, cause=Cause.VIOLATION)


def refused(code: int, message: str) -> Refused:
    """400: circumstances do not allow it."""
    return Refused(400, code, message)


def forbidden(code: int, message: str) -> Refused:
    """403: the bot may not."""
    return Refused(403, code, message)


def no_access() -> Refused:
    """403: the bot does not see it."""
    return forbidden(50001, "Missing Access")


def no_permission() -> Refused:
    """403: the bot sees it and may not do this."""
    return forbidden(50013, "Missing Permissions")


def unknown(code: int, what: str) -> Refused:
    """404: there is no such thing."""
    return Refused(404, code, f"Unknown {what}")


def flooded(seconds: float, scope: str = "user", *, code: int = 0, message: str | None = None) -> Refused:
    """429: wait so many seconds. ``scope`` is user, global or shared."""
    message = message or "You are being rate limited."
    return Refused(429, code, message, retry_after=round(seconds, 3), scope=scope)


class NobodyThere(Impossible):
    """A person tried what their application would not let them do: a button that is gone, a place they do not see."""
