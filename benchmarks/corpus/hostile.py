"""Hostile messages, made of seeds: each word, domain and address in each disguise, in sentences. Always the same."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.corpus.disguises import ADDRESSES, DOMAINS, LETTERS, WORDS, Disguise

HERE = Path(__file__).parent
_SEED = 2027
_EACH = 3  # sentences for each seed in each disguise


def seeds() -> Mapping[str, Any]:
    """What they are made of."""
    return tomllib.loads((HERE / "seeds.toml").read_text(encoding="utf-8"))


def hostile() -> Iterator[tuple[str, str]]:
    """Each disguise by its name, with a message in it."""
    known, chance = seeds(), Random(_SEED)
    around, links = known["around"], known["links_around"]
    named = [f"{known['town'].lower()}.{ending}" for ending in known["endings"]]
    for kind, table, hidden, sentences in (
        ("word", WORDS, [*known["words"], *known["expressions"]], around),
        ("town's name", LETTERS, named, links),
        ("domain", DOMAINS, known["domains"], links),
        ("invitation", ADDRESSES, known["invitations"], links),
        ("shortener", ADDRESSES, known["shorteners"], links),
    ):
        for name, disguise in table.items():
            for text in _made(hidden, disguise, sentences, chance):
                yield f"{kind}: {name}", text


def _made(hidden: list[str], disguise: Disguise, sentences: list[str], chance: Random) -> Iterator[str]:
    for word in hidden:
        for sentence in chance.sample(sentences, _EACH):
            yield sentence.replace("{}", disguise(word, chance))
