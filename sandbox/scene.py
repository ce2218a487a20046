"""One network on stage: its imitation, the town's account there, and the people who use it."""

from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from sandbox.faults import Fault, Faults
from sandbox.hands import Hands
from sandbox.pages.phone import Phone


class Server(Protocol):
    """An imitation on this machine, open between ``async with`` and its end."""

    @property
    def url(self) -> str:
        """Where it listens."""
        ...

    @property
    def faults(self) -> Faults:
        """How it misbehaves."""
        ...

    @property
    def activity(self) -> int:
        """A number that grows with everything that happens."""
        ...

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        ...

    async def __aenter__(self) -> Self:
        """Listen."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Hang up and stop listening."""
        ...


S_co = TypeVar("S_co", bound=Server, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Generic[S_co]):
    """``token`` opens the town's account; ``address`` is where the town speaks, ``discussion`` where people answer.

    ``spoken`` is a cut of the next call by which the town says something there. ``below`` is what follows the server's
    address in the base URL of a client.
    """

    network: str
    server: S_co
    hands: Hands
    token: str
    address: str
    discussion: str
    phone: Phone
    spoken: Fault
    below: str = ""

    @property
    def faults(self) -> Faults:
        """How its imitation misbehaves."""
        return self.server.faults

    @property
    def url(self) -> str:
        """The base URL of a client, once the server listens."""
        return self.server.url + self.below
