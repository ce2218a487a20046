"""How the staff is alerted: what looks for matters, what tells of them, what keeps the messages up to date."""

from collections.abc import Callable, Mapping

from core.identifiers import AccountName
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Store
from core.ports.words import Words
from core.town import Town
from delivery.alerts import Alerts
from delivery.briefing import Briefing
from delivery.directory import Directory
from delivery.matters import Matters
from delivery.rooms import Rooms


class Staffroom:
    """The alerts of a town. A ``look`` belongs to the tick of the ledger, ``follow`` is a lane."""

    def __init__(
        self,
        *,
        town: Town,
        store: Store,
        clock: Clock,
        words: Words,
        directory: Directory,
        briefing: Briefing,
        platforms: Mapping[AccountName, Platform],
        wake: Callable[[], None],
    ) -> None:
        self._rooms = Rooms(
            store=store,
            clock=clock,
            words=words,
            directory=directory,
            briefing=briefing,
            platforms=platforms,
            rooms=town.staff_channels,
        )
        self._alerts = Alerts(
            store=store,
            clock=clock,
            matters=Matters(
                accounts=(*platforms, *(room.account for room in town.staff_channels if room.account not in platforms)),
                capabilities=lambda: {name: platform.capabilities for name, platform in platforms.items()},
            ),
            briefing=briefing,
            rooms=town.staff_channels,
            wake=wake,
        )

    @property
    def busy(self) -> bool:
        """Whether something is looked at or about to be; waiting for a network is rest."""
        return self._alerts.busy or self._rooms.busy

    async def look(self) -> None:
        """Tell what needs a human."""
        await self._alerts.look()

    def ring(self) -> None:
        """Have what was told before follow."""
        self._rooms.ring()

    async def follow(self) -> None:
        """The lane of what stands in the channels of the staff."""
        await self._rooms.run()
