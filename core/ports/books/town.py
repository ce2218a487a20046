"""The few facts about the instance itself."""

from typing import Protocol

from core.identifiers import (
    AccountName,
    Address,
)


class TownBook(Protocol):
    """The few facts about the instance itself."""

    def fact(self, name: str) -> str | None:
        """A fact: ``held``, ``introduced:telegram``."""
        ...

    def set_fact(self, name: str, value: str | None) -> None:
        """Remember, or forget with None."""
        ...

    def moved(self, account: AccountName, old: Address, new: Address) -> None:
        """Remember that a chat has a new address."""
        ...

    def address(self, account: AccountName, address: Address) -> Address:
        """Where a chat is now."""
        ...
