"""Bad hours of the networks, at their time: down, asking everybody to slow down, or cutting a line at a bad moment.

Who listens to a network goes on hearing it: what is rehearsed is what the town says. While a network is down, its
people cannot use it either, and come back when it is up again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from sandbox.faults import Fault, Faults, Harm
from sandbox.real_clock import Clock

_EVERY = 1_000_000  # calls
_ASKED_TO_WAIT = 60  # seconds
_OUT_OF_SERVICE = 503


class Sky(Enum):
    """What is wrong. DOWN: every call is answered by an error; CROWDED: by «come back in a minute».

    CUT: the next thing that the town says there is done, then the line is cut before the answer.
    """

    DOWN = "down"
    CROWDED = "crowded"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """So on this network, for so long; a CUT strikes once within that time."""

    network: str
    sky: Sky
    begins: datetime
    lasts: timedelta

    @property
    def ends(self) -> datetime:
        """The instant after it."""
        return self.begins + self.lasts


class Struck(Protocol):
    """What a network on stage must offer. ``spoken`` finds what the town says there in public."""

    @property
    def faults(self) -> Faults:
        """Its misbehaviour."""
        ...

    @property
    def spoken(self) -> Fault:
        """A cut of such a call."""
        ...


class Weather:
    """Over these networks, by their names: nothing, unless it is told to ``expect`` something before it runs."""

    def __init__(self, networks: Mapping[str, Struck], clock: Clock) -> None:
        self._networks = networks
        self._clock = clock
        self._spells: Sequence[Spell] = ()

    def expect(self, spells: Sequence[Spell]) -> None:
        """Have these come."""
        self._spells = spells

    @property
    def under_way(self) -> bool:
        """Whether anything is wrong now."""
        now = self._clock.now()
        return any(spell.begins <= now < spell.ends for spell in self._spells)

    def back(self, network: str) -> datetime | None:
        """When the people of a network that is down can use it again; None when they can now."""
        now = self._clock.now()
        down = [spell for spell in self._spells if spell.network == network and spell.sky is Sky.DOWN]
        return max((spell.ends for spell in down if spell.begins <= now < spell.ends), default=None)

    async def run(self) -> None:
        """Let everything come and go, until cancelled or over."""
        async with asyncio.TaskGroup() as spells:
            for spell in self._spells:
                spells.create_task(self._comes(spell))

    async def _comes(self, spell: Spell) -> None:
        network = self._networks[spell.network]
        fault = _fault(spell, network.spoken)
        await self._clock.sleep_until(spell.begins)
        network.faults.add(fault)
        await self._clock.sleep_until(spell.ends)
        network.faults.remove(fault)


def _fault(spell: Spell, spoken: Fault) -> Fault:
    match spell.sky:
        case Sky.DOWN:
            return Fault(harm=Harm.STATUS, status=_OUT_OF_SERVICE, count=_EVERY)
        case Sky.CROWDED:
            return Fault(harm=Harm.FLOOD, retry_after=_ASKED_TO_WAIT, count=_EVERY)
        case Sky.CUT:
            return replace(spoken, harm=Harm.CUT_AFTER)
