"""Who lives in the town: names and languages, the same for the same seed."""

import random
from dataclasses import dataclass, replace

FRENCH = (
    "Adèle", "Aïcha", "Alain", "Amine", "Anaïs", "Baptiste", "Bernard", "Camille", "Chloé", "Claire", "Dominique",
    "Élodie", "Émile", "Fatou", "Florence", "François", "Gaëlle", "Guillaume", "Habib", "Hélène", "Hugo", "Inès",
    "Isabelle", "Jeanne", "Jérôme", "Julien", "Karim", "Khadija", "Laure", "Léa", "Louis", "Lucie", "Malik", "Manon",
    "Marguerite", "Maryse", "Mehdi", "Michel", "Mireille", "Monique", "Nadia", "Nicolas", "Noémie", "Olivier",
    "Patrick", "Paulette", "Quentin", "Rachida", "Raphaël", "Roger", "Samira", "Sébastien", "Simone", "Solène",
    "Souleymane", "Sylvie", "Théo", "Thi Mai", "Valérie", "Victor", "Yasmine", "Yves", "Zoé",
)  # fmt: skip
ENGLISH = ("Alice", "Ciara", "Daniel", "Emma", "George", "Kwame", "Liam", "Megan", "Priya", "Sarah", "Tom", "William")
GUEST = "Maëlle"  # nobody else is called so
INITIALS = "ABCDEFGHJKLMNOPRSTVW"
FIRST_ID = 5_000_000_001
_SECOND = 1_000_000  # added to the number of somebody's first account
_PER_DOUBLE = 30
_FEW = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a phone and an account. ``language`` is the two-letter code the phone is set to.

    ``network`` is where the account is. A person with two accounts is here twice, with one name and two numbers.
    """

    id: int
    name: str
    language: str
    network: str = "telegram"


def people(
    count: int, *, seed: int = 0, english: float = 0.08, networks: tuple[str, ...] = ("telegram",)
) -> tuple[Person, ...]:
    """So many inhabitants with different names; the part ``english`` of them, at least one, speaks English.

    They are on the networks in turn: one that is named twice has twice as many.
    """
    dice = random.Random(f"{seed}/people")
    foreign = {dice.randrange(count) for _ in range(max(1, round(count * english)))} if count else set()
    taken: set[str] = set()
    return tuple(
        Person(
            id=FIRST_ID + rank,
            name=_name(dice, ENGLISH if rank in foreign else FRENCH, taken),
            language="en" if rank in foreign else "fr",
            network=networks[rank % len(networks)],
        )
        for rank in range(count)
    )


def doubles(town: tuple[Person, ...]) -> tuple[tuple[Person, Person], ...]:
    """Those who have an account on a second network as well, with both accounts.

    On each network one of so many citizens, at least one; nobody where there is one network, or hardly anybody.
    """
    networks = tuple(dict.fromkeys(person.network for person in town))
    if len(networks) == 1 or len(town) < _FEW:
        return ()
    following = dict(zip(networks, (*networks[1:], *networks[:1]), strict=True))
    chosen: list[Person] = []
    for network in networks:
        chosen += [person for person in town if person.network == network][: max(1, len(town) // _PER_DOUBLE)]
    return tuple((each, replace(each, id=each.id + _SECOND, network=following[each.network])) for each in chosen)


def guest(networks: tuple[str, ...]) -> tuple[Person, ...]:
    """Somebody with an account on each of several networks, who does nothing without a visitor; nobody on one alone."""
    different = tuple(dict.fromkeys(networks))
    accounts = (Person(id=FIRST_ID - 1, name=GUEST, language="fr", network=network) for network in different)
    return tuple(accounts) if len(different) > 1 else ()


def _name(dice: random.Random, names: tuple[str, ...], taken: set[str]) -> str:
    """A first name, with an initial once it has been given, and a number when initials run out."""
    first = dice.choice(names)
    free = [first, *(f"{first} {initial}." for initial in dice.sample(INITIALS, len(INITIALS)))]
    name = next((name for name in free if name not in taken), f"{first} {len(taken) + 1}")
    taken.add(name)
    return name
