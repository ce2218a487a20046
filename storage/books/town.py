"""The few facts about the instance, and where chats have moved."""

from sqlalchemy import bindparam
from sqlmodel import col, delete, select, update

from core.identifiers import AccountName, Address
from storage.books.book import Book
from storage.tables import FactRow, MovedRow

_MOVED = select(MovedRow.new).where(
    col(MovedRow.account) == bindparam("account"), col(MovedRow.old) == bindparam("old")
)  # asked for at every message of the debates
_FACT = select(FactRow.value).where(col(FactRow.name) == bindparam("name"))  # asked for at every look of every lane


class Facts(Book):
    """See ``core.ports.books.town.TownBook``."""

    def fact(self, name: str) -> str | None:
        """Look one up."""
        value: str | None = self._session.connection().execute(_FACT, {"name": name}).scalar()
        return value

    def set_fact(self, name: str, value: str | None) -> None:
        """Remember or forget one."""
        if value is None:
            self._change(delete(FactRow).where(col(FactRow.name) == name))
            return
        adding = self._dialect.insert(FactRow).values(name=name, value=value)
        self._change(adding.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def moved(self, account: AccountName, old: Address, new: Address) -> None:
        """Remember a new address, also for those who moved to the old one."""
        theirs = col(MovedRow.account) == account
        self._change(update(MovedRow).where(theirs, col(MovedRow.new) == old).values(new=new))
        adding = self._dialect.insert(MovedRow).values(account=account, old=old, new=new)
        self._change(adding.on_conflict_do_update(index_elements=["account", "old"], set_={"new": new}))
        self._change(delete(MovedRow).where(theirs, col(MovedRow.old) == new))

    def address(self, account: AccountName, address: Address) -> Address:
        """Say where a chat is now."""
        moved = self._session.connection().execute(_MOVED, {"account": account, "old": address}).scalar()
        return Address(moved or address)
