"""Who lives in the town: names and languages, the same for the same seed."""

import random
from dataclasses import dataclass

FRENCH = (
    "Adèle", "Aïcha", "Alain", "Amine", "Anaïs", "Baptiste", "Bernard", "Camille", "Chloé", "Claire", "Dominique",
    "Élodie", "Émile", "Fatou", "Florence", "François", "Gaëlle", "Guillaume", "Habib", "Hélène", "Hugo", "Inès",
    "Isabelle", "Jeanne", "Jérôme", "Julien", "Karim", "Khadija", "Laure", "Léa", "Louis", "Lucie", "Malik", "Manon",
    "Marguerite", "Maryse", "Mehdi", "Michel", "Mireille", "Monique", "Nadia", "Nicolas", "Noémie", "Olivier",
    "Patrick", "Paulette", "Quentin", "Rachida", "Raphaël", "Roger", "Samira", "Sébastien", "Simone", "Solène",
    "Souleymane", "Sylvie", "Théo", "Thi Mai", "Valérie", "Victor", "Yasmine", "Yves", "Zoé",
)  # fmt: skip
ENGLISH = ("Alice", "Ciara", "Daniel", "Emma", "George", "Kwame", "Liam", "Megan", "Priya", "Sarah", "Tom", "William")
INITIALS = "ABCDEFGHJKLMNOPRSTVW"
FIRST_ID = 5_000_000_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a phone. ``language`` is the two-letter code the phone is set to."""

    id: int
    name: str
    language: str


def people(count: int, *, seed: int = 0, english: float = 0.08) -> tuple[Person, ...]:
    """So many inhabitants with different names; the part ``english`` of them, at least one, speaks English."""
    dice = random.Random(f"{seed}/people")
    foreign = {dice.randrange(count) for _ in range(max(1, round(count * english)))} if count else set()
    taken: set[str] = set()
    return tuple(
        Person(
            id=FIRST_ID + rank,
            name=_name(dice, ENGLISH if rank in foreign else FRENCH, taken),
            language="en" if rank in foreign else "fr",
        )
        for rank in range(count)
    )


def _name(dice: random.Random, names: tuple[str, ...], taken: set[str]) -> str:
    """A first name, with an initial once it has been given, and a number when initials run out."""
    first = dice.choice(names)
    free = [first, *(f"{first} {initial}." for initial in dice.sample(INITIALS, len(INITIALS)))]
    name = next((name for name in free if name not in taken), f"{first} {len(taken) + 1}")
    taken.add(name)
    return name
