"""What people see and do on Mastodon, where nothing can be pressed: they answer in words, in public or in private."""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from sandbox.hands import Asked, Gone, Place, Posted, Sight, Told, own_poll
from sandbox.inhabitants import Person
from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.values import Change, Status
from sandbox.mastodon.world import World

OPTION = re.compile(r"^\W*(\d+)\. (.+)$", re.MULTILINE)
VOTE = re.compile(r"/vote (\S+)")
MOST_POSTS = 20  # of one thread


@dataclass(frozen=True, slots=True, eq=False)
class MastodonHands:
    """The people of one world. ``accounts`` are theirs, by the number of the person."""

    world: World
    accounts: dict[int, str] = field(default_factory=dict)

    def watch(self, look: Callable[[Sight], None]) -> Callable[[], None]:
        """Tell of the posts of the bot, to all and to one."""

        def notice(change: Change) -> None:
            for sight in self._seen(change):
                look(sight)

        return self.world.subscribe(notice)

    def chooses(self, person: Person, places: Iterable[Place], option: int) -> None:
        """Answer as people do: by number or in words, in public or in private; in the post's own poll if it has one."""
        for _, post in places:
            status = self.world.statuses.get(str(post))
            if status is not None and status.poll is not None:
                with suppress(NobodyThere):
                    self.world.vote(self.accounts[person.id], status.id, (option,))
                return
            labels = self._labels(str(post))
            if option < len(labels):
                with suppress(NobodyThere):
                    self._votes(person, str(post), option, labels[option])
                    return

    def remarks(self, person: Person, post: Place, text: str) -> None:
        """Answer the post."""
        with suppress(NobodyThere):
            self.world.reply(self.accounts[person.id], str(post[1]), text)

    def says(self, person: Person, text: str) -> None:
        """Write a private post that names the bot."""
        with suppress(NobodyThere):
            self.world.message(self.accounts[person.id], text)

    def starts(self, person: Person) -> bool:
        """Nothing: whoever is named in a post reads it."""
        del person
        return False

    def seeks(self, person: Person, words: tuple[str, ...]) -> bool:
        """Nothing: there are no buttons."""
        del person, words
        return False

    def _votes(self, person: Person, post: str, option: int, label: str) -> None:
        account = self.accounts[person.id]
        match random.Random(f"{person.id}/{option}").randrange(4):
            case 0:
                self.world.reply(account, post, str(option + 1))
            case 1:
                self.world.reply(account, post, f"option {option + 1}", visibility="direct")
            case 2:
                self.world.message(account, label)
            case _:
                self.world.message(account, str(option + 1), reply_to=post)

    def _labels(self, post: str) -> list[str]:
        status = self.world.statuses.get(post)
        return [label.strip() for _, label in OPTION.findall(self._thread(status))] if status is not None else []

    def _thread(self, status: Status) -> str:
        """What is read down to this post: it and what it goes on from."""
        texts, above = [status.text], self.world.statuses.get(status.reply_to or "")
        while above is not None and above.account == status.account and len(texts) < MOST_POSTS:
            texts.insert(0, above.text)
            above = self.world.statuses.get(above.reply_to or "")
        return "\n".join(texts)

    def _seen(self, change: Change) -> Iterator[Sight]:
        status = self.world.statuses.get(change.message or "") if change.kind in {"message", "edited"} else None
        if status is None or status.account != self.world.the_bot().id:
            return
        place = ("", status.id)
        asked, poll = VOTE.search(status.text), self.world.polls.get(status.poll or "")
        if poll is not None:
            question = status.text.strip().partition("\n")[0]
            yield Gone(place) if poll.ended else own_poll(place, question, len(poll.options), status.text)
        elif asked and (labels := self._labels(status.id)):
            public = not status.mentions
            yield Asked(place=place, key=asked[1], options=len(labels), text=status.text, public=public)
        elif change.kind == "edited":
            yield Gone(place)
        if change.kind == "message" and not status.mentions and status.reply_to is None:
            yield Posted(place)
        yield from (Told(self._person(each), status.text) for each in status.mentions if change.kind == "message")

    def _person(self, account: str) -> int:
        return next((person for person, own in self.accounts.items() if own == account), 0)
