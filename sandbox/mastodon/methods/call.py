"""One call of an address, its answer, and finding what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.mastodon.arguments import Arguments
from sandbox.mastodon.errors import Refused, missing
from sandbox.mastodon.shapes import Shapes
from sandbox.mastodon.values import Account, Json, Status, Token, order
from sandbox.mastodon.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back. ``summary`` is what the journal keeps of it, ``outcome`` whether something was really done."""

    body: object
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    summary: object = None
    outcome: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody asks for something. ``target`` is the id in the address, ``key`` the idempotency key."""

    world: World
    token: Token | None
    arguments: Arguments
    target: str = ""
    key: str | None = None
    url: str = ""

    @property
    def shape(self) -> Shapes:
        """How things look."""
        return self.world.shape

    @property
    def account(self) -> Account:
        """Who asks. Raises ``Refused`` (401) when nobody does."""
        if self.token is None:
            raise Refused(401, "The access token is invalid")
        return self.world.accounts[self.token.account]

    @property
    def viewer(self) -> str | None:
        """Whose eyes look, if anybody's."""
        return None if self.token is None else self.token.account

    def status(self, number: str | None = None) -> Status:
        """The post that the address names, if it is for these eyes. Raises ``Refused`` (404)."""
        found = self.world.statuses.get(self.target if number is None else number)
        if found is None or not self.world.sees(self.viewer, found):
            raise missing()
        return found

    def own_status(self) -> Status:
        """The post that the address names, if it is the caller's. Raises ``Refused`` (404)."""
        found = self.world.statuses.get(self.target)
        if found is None or found.account != self.account.id:
            raise missing()
        return found

    def other(self, number: str | None = None) -> Account:
        """The account that the address names. Raises ``Refused`` (404)."""
        found = self.world.accounts.get(self.target if number is None else number)
        if found is None:
            raise missing()
        return found

    def about(self, status: Status, summary: object = None, outcome: str = "done") -> Answer:
        """The post as the answer."""
        return Answer(
            body=self.shape.status(status, self.viewer), summary=summary or {"id": status.id}, outcome=outcome
        )

    def posted(self, status: Status, outcome: str = "done") -> Answer:
        """A post that was made or changed, and where it stands."""
        summary: Json = {"chat": self.world.place_of(status), "message": status.id, "text": status.text}
        summary |= {"visibility": status.visibility, "reply_to": status.reply_to}
        poll = self.world.polls.get(status.poll or "")
        summary |= {} if poll is None else {"poll": {"id": poll.id, "options": list(poll.options)}}
        return self.about(status, summary, outcome)

    def page(self, ids: Sequence[str], usual: int, most: int) -> tuple[list[str], dict[str, str]]:
        """The page that is asked for of these ids, newest first, and its ``Link`` header.

        ``min_id`` gives those just after it, ``since_id`` the newest, ``max_id`` those before it.
        """
        asked = self.arguments
        below, above, floor = asked.text("max_id"), asked.text("min_id"), asked.text("since_id")
        limit = min(asked.number("limit") or usual, most)
        rows = sorted(set(ids), key=order, reverse=True)
        rows = [row for row in rows if below is None or order(row) < order(below)]
        rows = [row for row in rows if floor is None or order(row) > order(floor)]
        if above is not None:
            rows = [row for row in rows if order(row) > order(above)][-limit:] if limit else []
        rows = rows[:limit]
        if not rows:
            return [], {}
        older, newer = f"{self.url}?limit={limit}&max_id={rows[-1]}", f"{self.url}?limit={limit}&min_id={rows[0]}"
        return rows, {"Link": f'<{older}>; rel="next", <{newer}>; rel="prev"'}


def ids(rows: Sequence[str]) -> Json:
    """What the journal keeps of a page."""
    return {"ids": list(rows)}
