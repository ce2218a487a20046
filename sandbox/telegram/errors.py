"""What the server answers when it does not do what was asked."""

from enum import Enum

from sandbox.impossible import Impossible


class Cause(Enum):
    """Whether the caller broke a rule it could have known, or met a circumstance."""

    CIRCUMSTANCE = "circumstance"
    VIOLATION = "violation"


class Refused(Exception):
    """A call the server refuses, with the code and the sentence it sends.

    A ``VIOLATION`` (unknown parameter, wrong type, length, markup) is one that a correct program never commits: the
    world counts it.
    """

    def __init__(
        self,
        code: int,
        description: str,
        *,
        cause: Cause = Cause.CIRCUMSTANCE,
        parameters: dict[str, object] | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.cause = cause
        self.parameters = parameters or {}

    def body(self) -> dict[str, object]:
        """The answer in Telegram's shape (``Query.h JsonQueryError``)."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def refused(reason: str) -> Refused:
    """400: circumstances do not allow it."""
    return Refused(400, f"Bad Request: {reason}")


def violated(reason: str) -> Refused:
    """400: a rule of the interface was broken."""
    return Refused(400, f"Bad Request: {reason}", cause=Cause.VIOLATION)


def forbidden(reason: str) -> Refused:
    """403: the bot may not."""
    return Refused(403, f"Forbidden: {reason}")


def flooded(seconds: int) -> Refused:
    """429: wait so many seconds (``Query.cpp set_retry_after_error``)."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds})


class NobodyThere(Impossible):
    """A person tried what their application would not let them do: a button that is gone, a chat they are not in."""
