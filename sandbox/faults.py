"""Misbehaviour on demand: what the platform, or the net between, does wrong, and to which call."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum


class Harm(Enum):
    """What happens to a call.

    FLOOD: 429 with ``retry_after``, nothing is done. STATUS: ``status`` with a page of HTML, nothing is done.
    REFUSED: ``status`` in the words of the network, nothing is done. CAPTIVE: 200 with a page of HTML, nothing is done.
    SLOW: done after ``seconds`` real seconds. CUT_BEFORE: the connection breaks, nothing is done. CUT_AFTER: it is
    done, then the connection breaks without an answer. HALF: it is done, then half the answer is sent.
    """

    FLOOD = "flood"
    STATUS = "status"
    REFUSED = "refused"
    CAPTIVE = "captive"
    SLOW = "slow"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    HALF = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A harm for ``count`` calls, beginning with the ``nth`` (1 is the next) that matches method and chat.

    No method or chat means any; ``getUpdates``, and what a server says so of, must be named to be harmed. ``chat`` is
    what the network calls by an id: a number, or a text where ids are texts. ``scope`` says whose limit a FLOOD is,
    where the network tells it: user, shared or global.
    """

    harm: Harm
    method: str | None = None
    chat: int | str | None = None
    nth: int = 1
    count: int = 1
    retry_after: int = 1
    status: int = 502
    seconds: float = 1.0
    scope: str = "user"

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> "Fault":
        """The fault a JSON object describes. Raises ``ValueError`` with what is wrong in it."""
        known = {field.name for field in fields(cls)}
        for name in given:
            if name not in known:
                raise ValueError(f"unknown field {name!r}; there are {', '.join(sorted(known))}")
        method, chat = given.get("method"), given.get("chat")
        return cls(
            harm=Harm(given.get("harm")),
            method=None if method is None else str(method),
            chat=chat if isinstance(chat, int | str) else None,
            nth=_whole(given, "nth", 1),
            count=_whole(given, "count", 1),
            retry_after=_whole(given, "retry_after", 1),
            status=_whole(given, "status", 502),
            seconds=float(str(given.get("seconds", 1.0))),
            scope=str(given.get("scope", "user")),
        )

    def concerns(self, method: str, chat: int | str | None, *, only_by_name: bool = False) -> bool:
        """Whether it is about such a call; ``only_by_name``: one that a fault for any method spares."""
        if self.method is None:
            return method != "getUpdates" and not only_by_name and self.chat in {None, chat}
        return self.method.lower() == method.lower() and self.chat in {None, chat}


class Faults:
    """The faults that wait for their call."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, list[int]]] = []

    def add(self, fault: Fault) -> None:
        """Let it happen."""
        self._waiting.append((fault, [0]))

    def remove(self, fault: Fault) -> None:
        """Let it happen no more, if it still waits."""
        self._waiting = [(waiting, seen) for waiting, seen in self._waiting if waiting is not fault]

    def clear(self) -> None:
        """Behave."""
        self._waiting.clear()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def strike(self, method: str, chat: int | str | None, *, only_by_name: bool = False) -> Fault | None:
        """The fault that happens to this call, if any. Every fault that matches counts the call."""
        struck: Fault | None = None
        for fault, seen in self._waiting:
            if not fault.concerns(method, chat, only_by_name=only_by_name):
                continue
            seen[0] += 1
            if struck is None and seen[0] >= fault.nth:
                struck = fault
        self._waiting = [(fault, seen) for fault, seen in self._waiting if seen[0] < fault.nth + fault.count - 1]
        return struck


def _whole(given: Mapping[str, object], name: str, default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number")  # noqa: TRY004 - one error for all that is wrong in JSON
    return value
