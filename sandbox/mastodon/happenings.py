"""What happens: posts appear, change and go, people vote, favourite, boost, follow, and those concerned hear of it."""

from dataclasses import replace

from sandbox.mastodon.errors import forbidden, unprocessable
from sandbox.mastodon.notices import Notices
from sandbox.mastodon.texts import as_html, mentioned, tags
from sandbox.mastodon.values import Change, Poll, Scheduled, Status, unique


class Happenings(Notices):
    """Everything that changes a post goes through here, so that no account and no listener misses it."""

    def composed(self, draft: Status) -> Status:
        """A post with everything its words say: HTML, mentions, tags. A spoiler makes it sensitive."""
        return replace(
            draft,
            content=as_html(draft.text, self.find, self.domain),
            mentions=unique(account.id for account in mentioned(draft.text, self.find)),
            tags=tags(draft.text),
            sensitive=draft.sensitive or bool(draft.spoiler),
        )

    def publish(self, draft: Status, poll: Poll | None = None) -> Status:
        """A post appears; those it names hear of it, and its followers' streams."""
        number = self.ids.next()
        if poll is not None:
            self._begin(replace(poll, status=number))
        status = replace(
            self.composed(draft), id=number, created_at=self.clock.now(), poll=None if poll is None else poll.id
        )
        self.statuses[number] = status
        for media in status.media:
            self.media[media] = replace(self.media[media], status=number)
        self.announce(Change(kind="message", message=number, user=status.account))
        for account in status.mentions:
            if self.sees(account, status):
                self.notify(account, "mention", status.account, status)
        self._to_homes(status, "update")
        return status

    def change(self, before: Status, after: Status, poll: Poll | None) -> Status:
        """A post stands differently from now on; ``poll`` is the one it has then: its own, a new one or none."""
        if before.poll is not None and poll is None:
            del self.polls[before.poll]
        if poll is not None and poll.id != before.poll:
            self._begin(replace(poll, status=before.id))
        changed = replace(self.composed(after), poll=None if poll is None else poll.id, edited_at=self.clock.now())
        self.statuses[before.id] = changed
        self.announce(Change(kind="edited", message=changed.id, user=changed.account))
        for account in changed.mentions:
            if account not in before.mentions:
                self.notify(account, "mention", changed.account, changed)
        for boost in self.boosts_of(changed.id):
            self.notify(boost.account, "update", changed.account, changed)
        self._to_homes(changed, "status.update")
        return changed

    def remove(self, status: Status) -> None:
        """A post is gone, with its boosts, its poll and what people were told of it."""
        for boost in self.boosts_of(status.id):
            self.remove(boost)
        self._to_homes(status, "delete")
        for account in status.mentions:
            if not self._at_home(account, status):
                self.streams.send(account, ("user",), "delete", status.id)
        del self.statuses[status.id]
        self.polls.pop(status.poll or "", None)
        for notifications in self.notifications.values():
            notifications[:] = [one for one in notifications if one.status != status.id]
        for pins in self.pins.values():
            if status.id in pins:
                pins.remove(status.id)
        self.announce(Change(kind="deleted", message=status.id, user=status.account))

    def cast(self, account: str, poll: Poll, choices: tuple[int, ...]) -> None:
        """Vote in a poll (``vote_service.rb``). Raises ``Refused`` (422 on every server)."""
        if poll.expires_at <= self.clock.now():
            raise unprocessable("Validation failed: The poll has already ended")
        if poll.status in self.statuses and self.statuses[poll.status].account == account:
            raise unprocessable("Validation failed: You cannot vote in your own polls")
        if account in poll.votes:
            raise unprocessable("Validation failed: You have already voted on this poll")
        if not choices or not set(choices) <= set(range(len(poll.options))):
            raise unprocessable("Validation failed: The chosen vote option does not exist")
        if len(choices) > 1 and not poll.multiple:
            raise unprocessable("Validation failed: You have already voted on this poll")
        poll.votes[account] = tuple(sorted(set(choices)))
        self.announce(Change(kind="vote", message=poll.status, user=account))

    def like(self, account: str, status: Status) -> bool:
        """Favourite a post; whether it was not so before."""
        stars = self.favourites.setdefault(status.id, {})
        if account in stars:
            return False
        stars[account] = self.clock.now()
        self.announce(Change(kind="favourite", message=status.id, user=account))
        self.notify(status.account, "favourite", account, status)
        return True

    def share(self, account: str, status: Status) -> Status:
        """Boost a post; the boost. Raises ``Refused`` (403) for what is not public."""
        for boost in self.boosts_of(status.id):
            if boost.account == account:
                return boost
        if status.visibility not in {"public", "unlisted"} and status.account != account:
            raise forbidden()
        shared = Status(account=account, id=self.ids.next(), boost_of=status.id, created_at=self.clock.now())
        self.statuses[shared.id] = replace(shared, visibility=status.visibility)
        self.announce(Change(kind="boost", message=status.id, user=account))
        self.notify(status.account, "reblog", account, status)
        self._to_homes(self.statuses[shared.id], "update")
        return self.statuses[shared.id]

    def add_follow(self, follower: str, followed: str) -> None:
        """Follow somebody, or ask to when they are locked."""
        if (follower, followed) in self.follows | self.requested:
            return
        locked = self.accounts[followed].locked
        (self.requested if locked else self.follows).add((follower, followed))
        self.announce(Change(kind="follow", user=follower))
        self.notify(followed, "follow_request" if locked else "follow", follower)

    def schedule(self, scheduled: Scheduled) -> None:
        """Publish by itself at its instant, unless that is changed or taken back."""
        self.scheduled[scheduled.id] = scheduled
        self.plan(scheduled.at, lambda: self._publish_scheduled(scheduled.id))

    def _publish_scheduled(self, number: str) -> None:
        scheduled = self.scheduled.get(number)
        if scheduled is None or scheduled.at > self.clock.now():
            return
        del self.scheduled[number]
        status = self.publish(scheduled.draft, scheduled.poll)
        self.note("published", chat=self.place_of(status), message=status.id, text=status.text, scheduled=number)

    def _begin(self, poll: Poll) -> None:
        self.polls[poll.id] = poll
        self.plan(poll.expires_at, lambda: self.end_poll(poll.id))

    def end_poll(self, number: str) -> None:
        """The poll is over: author and voters of this server hear of it, once."""
        poll = self.polls.get(number)
        if poll is None or poll.ended or max(poll.expires_at, poll.told_at) > self.clock.now():
            return
        poll.ended = True
        status = self.statuses[poll.status]
        self.note("poll_ended", chat=self.place_of(status), message=status.id, poll=poll.id,
                  votes=[poll.count(option) for option in range(len(poll.options))])  # fmt: skip
        self.announce(Change(kind="poll_end", message=status.id, user=status.account))
        for account in unique((status.account, *poll.votes)):
            self.notify(account, "poll", status.account, status)
        self._to_homes(status, "status.update")

    def _at_home(self, account: str, status: Status) -> bool:
        """Whether a post is on somebody's home timeline: the author's and the followers', direct ones the author's."""
        if account == status.account:
            return True
        return (account, status.account) in self.follows and status.visibility != "direct"

    def _to_homes(self, status: Status, event: str) -> None:
        for account in {stream.account for stream in self.streams.open}:
            if self._at_home(account, status):
                payload = status.id if event == "delete" else self.shape.status(status, account)
                self.streams.send(account, ("user",), event, payload)
