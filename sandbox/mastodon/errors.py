"""What the server answers when it does not do what was asked."""

from enum import Enum

from sandbox.impossible import Impossible


class Cause(Enum):
    """Whether the caller broke a rule it could have known, or met a circumstance."""

    CIRCUMSTANCE = "circumstance"
    VIOLATION = "violation"


class Refused(Exception):
    """A call the server refuses, with the code and the sentence it sends.

    A ``VIOLATION`` (length, number of options, unknown visibility, missing scope) is one that a correct program never
    commits: the world counts it.
    """

    def __init__(
        self, code: int, error: str, *, cause: Cause = Cause.CIRCUMSTANCE, more: dict[str, object] | None = None
    ) -> None:
        super().__init__(error)
        self.code = code
        self.error = error
        self.cause = cause
        self.more = more or {}

    def body(self) -> dict[str, object]:
        """The answer in Mastodon's shape."""
        return {"error": self.error, **self.more}


class Invalid(Refused):
    """What was sent breaks a rule: 422 on Mastodon, 400 on GoToSocial; the server puts the code."""

    def __init__(self, error: str, *, cause: Cause = Cause.VIOLATION) -> None:
        super().__init__(422, error, cause=cause)


def missing(what: str = "Record not found") -> Refused:
    """404: there is no such thing, or it is not for these eyes."""
    return Refused(404, what)


def unprocessable(reason: str, cause: Cause = Cause.CIRCUMSTANCE) -> Refused:
    """422 on every server."""
    return Refused(422, reason, cause=cause)


def forbidden() -> Refused:
    """403: not with this one (``Mastodon::NotPermittedError``)."""
    return Refused(403, "This action is not allowed")


class NobodyThere(Impossible):
    """A person tried what their application would not let them do: a post that is gone, a poll that is over."""
