"""A poll with its votes, and its JSON."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.telegram.shapes import seconds
from sandbox.telegram.values import Json


@dataclass(slots=True, kw_only=True)
class Poll:
    """A poll with its votes. ``votes`` are options by voter, a person's number or a chat's."""

    id: str
    bot: int
    question: str
    options: tuple[str, ...]
    anonymous: bool
    several: bool
    revoting: bool
    hides: bool
    open_period: timedelta | None = None
    closes_at: datetime | None = None
    correct: tuple[int, ...] | None = None
    explanation: str = ""
    description: str = ""
    closed: bool = False
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def count(self, option: int) -> int:
        """How many chose it."""
        return sum(option in chosen for chosen in self.votes.values())

    def words(self) -> str:
        """What people read: the question, each option with its votes unless they are hidden, and the description."""
        hidden = self.hides and not self.closed
        lines = [f"○ {text}" if hidden else f"○ {text} · {self.count(rank)}" for rank, text in enumerate(self.options)]
        return "\n".join(filter(None, [self.question, *lines, "", self.description]))

    def json(self) -> Json:
        """As bots see it (``Client.cpp JsonPoll``)."""
        hidden = self.hides and not self.closed
        shape: Json = {
            "id": self.id,
            "question": self.question,
            "options": [
                {"persistent_id": f"o{rank}", "text": text, "voter_count": 0 if hidden else self.count(rank)}
                for rank, text in enumerate(self.options)
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": "regular" if self.correct is None else "quiz",
            "allows_multiple_answers": self.several,
            "allows_revoting": self.revoting,
            "members_only": False,
        }
        if self.open_period is not None:
            shape["open_period"] = int(self.open_period.total_seconds())
        if self.closes_at is not None:
            shape["close_date"] = seconds(self.closes_at)
        if self.correct is not None:
            shape["correct_option_ids"] = list(self.correct)
        for name, words in (("explanation", self.explanation), ("description", self.description)):
            if words:
                shape[name] = words
        return shape
