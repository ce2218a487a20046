"""The town: what people can do in it. The page, the crowd and tests act through these methods."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sandbox.journal import Journal
from sandbox.mastodon.errors import NobodyThere, Refused
from sandbox.mastodon.happenings import Happenings
from sandbox.mastodon.profiles import MASTODON, Profile
from sandbox.mastodon.values import Account, Change, Poll, Report, Status, Visibility
from sandbox.real_clock import Clock, RealClock


class World(Happenings):
    """An imitation of a server of the Mastodon family, with people of this server and of others.

    People and posts are named by their ids. What people do here is journalled before it returns. What an application
    would not let a person do raises ``NobodyThere``.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        journal: Journal | None = None,
        profile: Profile = MASTODON,
        domain: str = "mairie.example",
    ) -> None:
        clock = clock or RealClock()
        super().__init__(clock=clock, journal=journal or Journal(clock), profile=profile, domain=domain)

    def add_user(self, acct: str, display_name: str = "", *, language: str | None = None) -> Account:
        """A person moves in; with a domain (``anne@ailleurs.example``) on another server."""
        return self.add_account(acct, display_name, language=language)

    def name_of(self, account: str, reader: str) -> str:
        """How a person has to write an account's name: with its server when that is not their own."""
        named, writer = self.account(account), self.account(reader)
        if named.domain == writer.domain:
            return f"@{named.username}"
        return f"@{named.username}@{named.domain or self.domain}"

    def write(
        self,
        user: str,
        text: str,
        *,
        visibility: Visibility = "public",
        reply_to: str | None = None,
        spoiler: str = "",
        poll: tuple[Sequence[str], timedelta] | None = None,
    ) -> str:
        """Post, in exactly these words (mentions and all), perhaps with a poll; the post's id."""
        self.catch_up()
        author = self.account(user)
        if author.suspended:
            raise NobodyThere(f"{user} is suspended")
        if reply_to is not None and not self.sees(user, self.status(reply_to)):
            raise NobodyThere(f"{user} does not see {reply_to}")
        draft = Status(account=user, text=text, visibility=visibility, reply_to=reply_to, spoiler=spoiler)
        begun = None
        if poll is not None:
            ends = self.clock.now() + poll[1]
            begun = Poll(id=self.ids.next(), status="", options=tuple(poll[0]), expires_at=ends)
        status = self.publish(replace(draft, language=author.language), begun)
        self.note("written", user=user, chat=self.place_of(status), message=status.id, text=text,
                  reply_to=reply_to, thread=None, visibility=visibility)  # fmt: skip
        return status.id

    def mention(self, user: str, text: str, *, bot: str | None = None, visibility: Visibility = "public") -> str:
        """Post something that begins with the bot's name; the post's id."""
        return self.write(user, f"{self.name_of(self.the_bot(bot).id, user)} {text}", visibility=visibility)

    def report(self, user: str, other: str, comment: str = "", *, statuses: Sequence[str] = ()) -> str:
        """Report somebody, and posts of theirs, to those who run the server; the number of the report."""
        said = Report(
            id=self.ids.next(),
            by=user,
            account=other,
            category="violation",
            comment=comment,
            statuses=tuple(statuses),
            forward=False,
            at=self.clock.now(),
        )
        self.file(said)
        self.note("reported", user=user, about=other, number=said.id)
        return said.id

    def reply(
        self, user: str, status: str, text: str, *, visibility: Visibility | None = None, spoiler: str = ""
    ) -> str:
        """Answer a post as applications do: its author's name first, as visible as it is; the answer's id."""
        answered = self.status(status)
        named = (answered.account, *(number for number in answered.mentions if number != user))
        names = " ".join(dict.fromkeys(self.name_of(number, user) for number in named if number != user))
        words = f"{names} {text}" if names else text
        return self.write(user, words, visibility=visibility or answered.visibility, reply_to=status, spoiler=spoiler)

    def message(self, user: str, text: str, *, bot: str | None = None, reply_to: str | None = None) -> str:
        """Write to the bot in private (a direct post that names it); the post's id."""
        words = f"{self.name_of(self.the_bot(bot).id, user)} {text}"
        return self.write(user, words, visibility="direct", reply_to=reply_to)

    def rewrite(self, user: str, status: str, text: str) -> None:
        """Correct one's own post, in exactly these words."""
        before = self._own(user, status)
        poll = self.polls.get(before.poll or "")
        self.change(before, replace(before, text=text), poll)
        self.note("rewritten", user=user, chat=self.place_of(before), message=status, text=text)

    def delete(self, user: str, status: str) -> None:
        """Take one's own post back."""
        gone = self._own(user, status)
        self.remove(gone)
        self.note("deleted", user=user, chat=self.place_of(gone), message=status)

    def favourite(self, user: str, status: str) -> None:
        """Press the star under a post."""
        liked = self._seen(user, status)
        if self.like(user, liked):
            self.note("favourited", user=user, chat=self.place_of(liked), message=status)

    def boost(self, user: str, status: str) -> str:
        """Share a post; the boost's id."""
        shared = self._seen(user, status)
        try:
            boost = self.share(user, shared)
        except Refused as reason:
            raise NobodyThere(reason.error) from reason
        self.note("boosted", user=user, chat=self.place_of(shared), message=status, boost=boost.id)
        return boost.id

    def vote(self, user: str, status: str, choices: Sequence[int]) -> None:
        """Vote in the poll of a post; 0 is its first option."""
        asked = self._seen(user, status)
        poll = self.polls.get(asked.poll or "")
        if poll is None:
            raise NobodyThere(f"{status} has no poll")
        try:
            self.cast(user, poll, tuple(choices))
        except Refused as reason:
            raise NobodyThere(reason.error) from reason
        labels = [poll.options[choice] for choice in choices]
        self.note("voted", user=user, chat=self.place_of(asked), message=status, poll=poll.id,
                  choices=list(choices), labels=labels)  # fmt: skip

    def follow(self, user: str, account: str) -> None:
        """Follow somebody, or ask to."""
        self.account(account)
        self.add_follow(user, account)
        self.note("followed", user=user, account=account, requested=(user, account) in self.requested)

    def block(self, user: str, *, bot: str | None = None) -> None:
        """Block the bot: it sees nothing of this person any more, and the reverse."""
        blocked = self.the_bot(bot).id
        self.blocks.add((user, blocked))
        self.follows -= {(user, blocked), (blocked, user)}
        self.note("blocked", user=user, bot=blocked)
        self.announce(Change(kind="account", user=user))

    def _own(self, user: str, status: str) -> Status:
        self.catch_up()
        found = self.status(status)
        if found.account != user:
            raise NobodyThere(f"{user} did not write {status}")
        return found

    def _seen(self, user: str, status: str) -> Status:
        self.catch_up()
        found = self.status(status)
        if not self.sees(user, found):
            raise NobodyThere(f"{user} does not see {status}")
        return found
