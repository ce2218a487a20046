"""Polls in messages: who chose what, what everybody sees, and which updates bots get (``td PollManager.cpp``).

A bot hears of polls it sent: ``poll`` when the totals changed, ``poll_answer`` when one that is not anonymous was
answered. While a poll hides its results, the counts of its options are told as 0 (python-telegram-bot 22.8,
``hide_results_until_closes``; whether a bot sees them earlier is documented nowhere). Copies of a message show the same
poll. A poll with an end closes by itself: looked at whenever somebody calls or votes.
"""

import json

from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.happenings import Happenings
from sandbox.telegram.poll import Poll
from sandbox.telegram.shapes import user_json
from sandbox.telegram.values import POSTING_AS_CHANNEL, Change, Json, User


class Elections(Happenings):
    """What people and the clock do to polls."""

    def vote(self, user: int, chat: int, message: int, options: tuple[int, ...], *, as_chat: int | None = None) -> None:
        """Choose options of a poll; none takes the vote back. ``as_chat`` votes in the name of a channel.

        Raises ``NobodyThere`` for what an application would not let a person do.
        """
        self.close_what_is_due()
        place = self.chat(chat)
        shown = place.messages.get(message)
        poll = self.polls.get(shown.poll or "") if shown is not None else None
        if poll is None or not (place.member(user).present or place.username is not None):
            raise NobodyThere(f"{user} sees no poll in message {message} of {chat}")
        voter = user if as_chat is None else as_chat
        _check(poll, voter, options)
        poll.votes.pop(voter, None)
        if options:
            poll.votes[voter] = tuple(sorted(options))
        self.journal.write("voted", user=user, chat=chat, message=message, poll=poll.id, options=list(options))
        self._tell(poll)
        if not poll.anonymous:
            self._tell_answer(poll, self.user(user), options, as_chat)

    def close(self, poll: Poll) -> None:
        """Close a poll for ever."""
        poll.closed = True
        self._tell(poll)

    def close_what_is_due(self) -> None:
        """Close the polls whose time has come."""
        for poll in self.polls.values():
            if not poll.closed and poll.closes_at is not None and self.clock.now() >= poll.closes_at:
                self.close(poll)

    def _tell(self, poll: Poll) -> None:
        for place in (*self.chats.values(), *self.private.values()):
            for message in place.messages.values():
                if message.poll == poll.id:
                    place.shown.clear()
                    self.announce(Change(kind="edited", chat=place.id, message=message.id, user=message.author))
        self.tell(self.the_bot(poll.bot), "poll", json.dumps(poll.json()))

    def _tell_answer(self, poll: Poll, user: User, options: tuple[int, ...], as_chat: int | None) -> None:
        answer: Json = {"poll_id": poll.id}
        if as_chat is not None:
            answer["voter_chat"] = self.shape.chat(self.chat(as_chat))
            user = User(id=POSTING_AS_CHANNEL, first_name="Channel", username="Channel_Bot", is_bot=True)
        answer |= {
            "user": user_json(user),
            "option_ids": list(options),
            "option_persistent_ids": [f"o{option}" for option in options],
        }
        self.tell(self.the_bot(poll.bot), "poll_answer", json.dumps(answer))


def _check(poll: Poll, voter: int, options: tuple[int, ...]) -> None:
    if poll.closed:
        raise NobodyThere("the poll is closed")
    if not set(options) <= set(range(len(poll.options))) or (len(options) > 1 and not poll.several):
        raise NobodyThere(f"nobody can choose {options} there")
    if voter in poll.votes and not poll.revoting:
        raise NobodyThere("this vote cannot be changed")
