"""The few facts about the instance, in memory."""

from core.identifiers import AccountName, Address
from storage.memory.shelves import Shelves


class Facts:
    """See ``core.ports.books.town.TownBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def fact(self, name: str) -> str | None:
        """Look one up."""
        return self._shelves.facts.get(name)

    def set_fact(self, name: str, value: str | None) -> None:
        """Remember or forget one."""
        if value is None:
            self._shelves.facts.pop(name, None)
        else:
            self._shelves.facts[name] = value

    def moved(self, account: AccountName, old: Address, new: Address) -> None:
        """Remember a new address, also for those who moved to the old one."""
        for place, target in list(self._shelves.moved.items()):
            if place[0] == account and target == old:
                self._shelves.moved[place] = new
        self._shelves.moved[account, old] = new
        self._shelves.moved.pop((account, new), None)

    def address(self, account: AccountName, address: Address) -> Address:
        """Say where a chat is now."""
        return self._shelves.moved.get((account, address), address)
