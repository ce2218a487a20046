"""What people see on their phones and do with their hands, whatever the network. Each network's own are in its folder.

A person sees what a phone shows and knows nothing else: no rule, no closing time, no bot of ours. What the phone
refuses is shrugged off.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from sandbox.inhabitants import Person

Place: TypeAlias = tuple[int | str, int | str]  # a chat and a message in it, as the network calls them


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question stands in this place, with so many options. ``key`` is the same wherever the same question stands.

    That of a network's own poll ends with the words of the question.

    ``text`` is what is read there; ``public`` whether everybody sees it.
    """

    place: Place
    key: str
    options: int
    text: str
    public: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing can be chosen in this place (any more)."""

    place: Place


@dataclass(frozen=True, slots=True)
class Posted:
    """The town said something that people can talk about."""

    place: Place


@dataclass(frozen=True, slots=True)
class Told:
    """The bot told one person something that nobody else sees."""

    person: int
    text: str


def own_poll(place: Place, question: str, options: int, text: str) -> Asked:
    """A network's own poll, which everybody sees."""
    return Asked(place=place, key=f"own:{question}", options=options, text=text, public=True)


Sight: TypeAlias = Asked | Gone | Posted | Told


class Hands(Protocol):
    """The eyes and hands of the people of one network."""

    def watch(self, look: Callable[[Sight], None]) -> Callable[[], None]:
        """Have ``look`` called with all that appears from now on; the answer ends that."""
        ...

    def chooses(self, person: Person, places: Iterable[Place], option: int) -> None:
        """Choose this option, counted from 0, in the first of these places that offers it to the person."""
        ...

    def remarks(self, person: Person, post: Place, text: str) -> None:
        """Say something about what the town said, where everybody reads it."""
        ...

    def says(self, person: Person, text: str) -> None:
        """Write to the bot in private; what begins with a slash is a command."""
        ...

    def starts(self, person: Person) -> bool:
        """Open the chat with the bot, on networks where it must not write first; whether this is one of them."""
        ...

    def seeks(self, person: Person, words: tuple[str, ...]) -> bool:
        """Press the latest button in private whose label holds one of these words, if there is one."""
        ...
