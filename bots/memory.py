"""What must outlive a shift: what people were told, and what was promised to them."""

from dataclasses import dataclass
from datetime import datetime

from core.identifiers import IntakeId
from core.ports.platform import Update


@dataclass(frozen=True, slots=True)
class Kept:
    """An update that is not yet stored, and when it was first heard: that is when it counts from."""

    update: Update
    at: datetime


class Memory:
    """Of the votes of one account.

    ``told`` are the numbers of updates answered «being recorded», ``kept`` those of them not yet stored.
    ``passed_over`` are the numbers of updates answered «not recorded» before they were stored; they may come again.
    ``refused`` are intakes answered so after, and still in the inbox.
    """

    __slots__ = ("kept", "passed_over", "refused", "told")

    def __init__(self) -> None:
        self.told: set[int] = set()
        self.kept: dict[int, Kept] = {}
        self.passed_over: set[int] = set()
        self.refused: set[IntakeId] = set()

    @property
    def waiting_since(self) -> datetime | None:
        """When the oldest vote that was promised and is not yet stored was heard."""
        return min((kept.at for kept in self.kept.values()), default=None)
