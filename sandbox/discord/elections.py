"""Native polls: votes that everybody may look up, an end, and the count that is exact only some time after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.happenings import RESUMABLE, Happenings
from sandbox.discord.places import Bot
from sandbox.discord.values import Change, Channel, Intent, Json, Message, Poll, Type
from sandbox.journal import Journal
from sandbox.real_clock import Clock

COUNTING = timedelta(seconds=10)  # a background job of Discord's; how long it takes is not documented


class Elections(Happenings):
    """The polls. ``counting`` is how long after its end a poll's count is exact.

    ``on_due`` is called with every instant at which ``catch_up`` will have something to do.
    """

    def __init__(
        self, *, clock: Clock, journal: Journal, resumable: timedelta = RESUMABLE, counting: timedelta = COUNTING
    ) -> None:
        super().__init__(clock=clock, journal=journal, resumable=resumable)
        self.counting = counting
        self.on_due: Callable[[datetime], None] = _nobody
        self._due: list[tuple[datetime, int, int]] = []

    @property
    def due(self) -> list[datetime]:
        """The instants at which something will happen by itself."""
        return [at for at, _, _ in self._due]

    def open_poll(self, channel: Channel, message: Message) -> None:
        """A message with a poll has appeared."""
        if message.poll is not None:
            self._plan(message.poll.expires_at, channel, message)

    def catch_up(self) -> None:
        """Do what was due by now: polls end and are counted."""
        now = self.clock.now()
        while ready := sorted(item for item in self._due if item[0] <= now):
            for item in ready:
                self._due.remove(item)
                _, channel, message = item
                self._follow(self.channels[channel], self.channels[channel].messages.get(message))

    def close_poll(self, channel: Channel, message: Message) -> Message:
        """A poll ends now, and is counted a little later."""
        if message.poll is not None and message.poll.closed_at is None:
            message.poll.closed_at = self.clock.now()
            self._due = [item for item in self._due if item[2] != message.id]
            self.record("poll_closed", chat=channel.id, message=message.id)
            self.change(channel, message)
            self._plan(self.clock.now() + self.counting, channel, message)
        return message

    def vote(self, user: int, channel: int, message: int, answers: set[int]) -> None:
        """Choose these answers in a native poll, instead of those chosen before; none takes the vote back."""
        self.catch_up()
        place, poll = self._open(user, channel, message)
        if any(poll.answer(number) is None for number in answers) or (len(answers) > 1 and not poll.multiple):
            raise NobodyThere(f"{user} cannot choose {sorted(answers)} in {message}")
        before = poll.votes.pop(user, frozenset())
        if answers:
            poll.votes[user] = frozenset(answers)
        labels = [answer.text for answer in poll.answers if answer.id in answers]
        self.record("vote", user=user, chat=channel, message=message, answers=sorted(answers), labels=labels)
        for number in sorted(before - answers):
            self._tell_vote("MESSAGE_POLL_VOTE_REMOVE", place, user, message, number)
        for number in sorted(answers - before):
            self._tell_vote("MESSAGE_POLL_VOTE_ADD", place, user, message, number)
        self.announce(Change(kind="vote", chat=channel, message=message, user=user))

    def _open(self, user: int, channel: int, message: int) -> tuple[Channel, Poll]:
        place = self.channel(channel)
        found = place.messages.get(message)
        if found is None or not self.allowed(user, place) & permissions.VIEW_CHANNEL:
            raise NobodyThere(f"{user} does not see {message}")
        if found.poll is None or found.poll.closed_at is not None:
            raise NobodyThere(f"{message} is no open poll")
        return place, found.poll

    def _tell_vote(self, name: str, channel: Channel, user: int, message: int, answer: int) -> None:
        content: Json = {
            "user_id": str(user),
            "channel_id": str(channel.id),
            "message_id": str(message),
            "answer_id": answer,
        }
        if channel.guild is not None:
            content["guild_id"] = str(channel.guild)

        def build(_bot: Bot, _content: bool) -> Json:  # noqa: FBT001 - one signature for all events
            return content

        self.tell_all(channel, name, build, guild=Intent.GUILD_POLLS, direct=Intent.DIRECT_POLLS)

    def _plan(self, at: datetime, channel: Channel, message: Message) -> None:
        self._due.append((at, channel.id, message.id))
        self.on_due(at)

    def _follow(self, channel: Channel, message: Message | None) -> None:
        if message is None or message.poll is None:
            return
        if message.poll.closed_at is None:
            self.close_poll(channel, message)
            return
        message.poll.is_final = True
        self.change(channel, message)
        self.place(channel, _result(message, message.poll))
        counts = {answer.text: len(message.poll.voters(answer.id)) for answer in message.poll.answers}
        self.record("poll_counted", chat=channel.id, message=message.id, counts=counts)


def _result(message: Message, poll: Poll) -> Message:
    """The notice of a poll's result (message type 46 and its embed)."""
    counts = {answer.id: len(poll.voters(answer.id)) for answer in poll.answers}
    most = max(counts.values())
    winners = [number for number, count in counts.items() if count == most]
    fields = {
        "poll_question_text": poll.question,
        "victor_answer_votes": str(most),
        "total_votes": str(sum(counts.values())),
    }
    winner = poll.answer(winners[0])
    if most and len(winners) == 1 and winner is not None:
        fields |= {"victor_answer_id": str(winner.id), "victor_answer_text": winner.text}
    listed: list[Json] = [{"name": name, "value": value, "inline": False} for name, value in fields.items()]
    reference: Json = {"type": 0, "channel_id": str(message.channel), "message_id": str(message.id)}
    notice = Message(channel=message.channel, author=message.author, type=Type.POLL_RESULT, reference=reference)
    return replace(notice, embeds=({"type": "poll_result", "fields": listed},))


def _nobody(_at: datetime) -> None:
    """Nobody keeps the time."""
