"""What the networks are made to do during a rehearsal, where nothing else is asked for: each of them in turn."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sandbox.weather import Sky, Spell

BEFORE = timedelta(minutes=2)  # a spell begins so long before something is due
LASTS = {Sky.DOWN: timedelta(minutes=10), Sky.CROWDED: timedelta(minutes=20), Sky.CUT: timedelta(minutes=5)}


def planned(due: Sequence[datetime], networks: Sequence[str], *, seed: int) -> tuple[Spell, ...]:
    """Each network is down once, crowded once and cut once, while something is due, spread over the campaign.

    ``due`` is when something is said, in order; the seed says which network comes first. On one network, one spell
    waits for the end of the one before.
    """
    first = seed % max(len(networks), 1)
    turns = [(sky, network) for sky in Sky for network in (*networks[first:], *networks[:first])]
    spells: list[Spell] = []
    for turn, (sky, network) in enumerate(turns if due else ()):
        at = due[(2 * turn + 1) * len(due) // (2 * len(turns))] - BEFORE
        begins = max([at, *(spell.ends for spell in spells if spell.network == network)])
        spells.append(Spell(network=network, sky=sky, begins=begins, lasts=LASTS[sky]))
    return tuple(spells)
