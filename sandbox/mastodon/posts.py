"""The posts that stand, found by their author, by what they answer and by what they boost."""

from collections.abc import Iterator

from sandbox.mastodon.values import Status


class Posts(dict[str, Status]):
    """Posts by id, oldest first; who wrote one, and what it answers or boosts, never changes."""

    def __init__(self) -> None:
        super().__init__()
        self._authored: dict[str, dict[str, None]] = {}
        self._answers: dict[str, dict[str, None]] = {}
        self._boosts: dict[str, dict[str, None]] = {}

    def __setitem__(self, number: str, status: Status) -> None:
        """A post appears, or stands differently."""
        super().__setitem__(number, status)
        for shelf, label in self._shelves(status):
            shelf.setdefault(label, {})[number] = None

    def __delitem__(self, number: str) -> None:
        """A post is gone."""
        for shelf, label in self._shelves(self[number]):
            del shelf[label][number]
        super().__delitem__(number)

    def by(self, account: str) -> list[Status]:
        """What somebody posted, oldest first."""
        return [self[number] for number in self._authored.get(account, ())]

    def count_by(self, account: str) -> tuple[int, Status | None]:
        """How many somebody posted, and the last one."""
        mine = self._authored.get(account, {})
        return len(mine), self[next(reversed(mine))] if mine else None

    def answering(self, number: str) -> list[Status]:
        """The answers to a post, oldest first."""
        return [self[answer] for answer in self._answers.get(number, ())]

    def boosting(self, number: str) -> list[Status]:
        """The boosts of a post."""
        return [self[boost] for boost in self._boosts.get(number, ())]

    def _shelves(self, status: Status) -> Iterator[tuple[dict[str, dict[str, None]], str]]:
        yield self._authored, status.account
        if status.reply_to is not None:
            yield self._answers, status.reply_to
        if status.boost_of is not None:
            yield self._boosts, status.boost_of
