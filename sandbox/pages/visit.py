"""Who looks at what, as the page's address says: ``?who=101&lang=fr&telegram=-1001&telegram-reply=7&discord=812``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from sandbox.pages.phone import Hand, Resident, lending

_ONCE = ("notice", "toast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One person's look at phones. ``places`` and ``answering`` are what is open on each network, and what is answered.

    ``once`` is what is told one time only: a notice, the answer to a press.
    """

    who: Resident
    language: str
    places: Mapping[str, str] = field(default_factory=dict)
    answering: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The address's part after the question mark."""
        said = {"who": self.who.key, "lang": self.language}
        said |= {network: place for network, place in self.places.items() if place}
        said |= {f"{network}-reply": number for network, number in self.answering.items() if number}
        return urlencode(said | {name: told for name, told in self.once.items() if told})

    def address(self, **changes: str) -> str:
        """The address of this visit, in another language or otherwise changed."""
        return f"/?{replace(self, once={}, **changes).query}"  # type: ignore[arg-type]  # names of fields

    def at(self, network: str, place: str, answering: str = "") -> "Visit":
        """The same visit, with something else open on one network."""
        return replace(
            self,
            places={**self.places, network: place},
            answering={**self.answering, network: answering},
        )

    def telling(self, **once: str | None) -> "Visit":
        """The same visit, with something to be told."""
        return replace(self, once={name: told for name, told in once.items() if told})

    def hand(self, network: str, fields: Mapping[str, Sequence[str]] | None = None) -> Hand:
        """What is done on one network. Raises ``KeyError`` where the person has no account."""
        return Hand(
            account=self.who.accounts[network],
            place=self.places.get(network, ""),
            answering=self.answering.get(network, ""),
            fields=fields or {},
        )


def visit(query: Mapping[str, str], people: Sequence[Resident], networks: Iterable[str], language: str) -> Visit:
    """The visit of an address in ``language``: of who has most phones, unless it names somebody."""
    known = list(networks)
    usual = max(people, key=lambda one: len(one.accounts))
    who = next((one for one in people if one.key == query.get("who")), usual)
    return Visit(
        who=lending(who, people, known),
        language=language,
        places={network: query[network] for network in known if network in query},
        answering={network: query[f"{network}-reply"] for network in known if f"{network}-reply" in query},
        once={name: query[name] for name in _ONCE if name in query},
    )
