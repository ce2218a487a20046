"""The phone with Mastodon: what a citizen sees of the posts, and does with them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from sandbox.mastodon.screen import PRIVATE, PROFILE, Eyes, Screen
from sandbox.mastodon.values import VISIBILITIES, Change, Visibility
from sandbox.mastodon.world import World
from sandbox.pages.phone import Act, Citizen, Done, Hand, News, Toast, whole

_A_DAY = timedelta(days=1)


class MastodonPhone:
    """The phone of everybody in one world. The place is the name of a list, or the number of a post."""

    network: Final = "mastodon"
    name: Final = "Mastodon"

    def __init__(self, world: World) -> None:
        self._world = world
        self.acts: Mapping[str, Act] = {
            "write": self._write,
            "vote": self._vote,
            "favourite": self._favourite,
            "boost": self._boost,
            "follow": self._follow,
            "delete": self._delete,
            "block": self._block,
        }

    @property
    def town(self) -> str:
        """The name of its bot's account."""
        bot = self._world.the_bot()
        return bot.display_name or bot.acct

    def citizens(self) -> list[Citizen]:
        """The people who have an account, here or elsewhere."""
        programs = {bot.id for bot in self._world.bots()}
        people = [account for account in self._world.accounts.values() if account.id not in programs]
        return [
            Citizen(account=one.id, name=one.display_name or one.username, language=one.language or "fr")
            for one in people
        ]

    def screen(self, hand: Hand) -> Screen:
        """The posts, with this list or conversation open."""
        self._world.catch_up()
        return Eyes(self._world, hand.account).screen(hand)

    def picture(self, number: str) -> bytes | None:
        """A picture of a post."""
        return self._world.contents.get(number)

    def toast(self, press: str, account: str) -> Toast | None:  # noqa: ARG002  nothing here is answered in this way
        """Nothing: what is answered is a post."""
        return None

    def listen(self, tell: Callable[[News], None]) -> None:
        """Have every change told."""

        def told(_change: Change) -> None:
            tell(News())

        self._world.subscribe(told)

    def _write(self, hand: Hand) -> Done:
        """Post, answer or write to the town in private. An answer is as visible as was chosen."""
        text, spoiler = hand.one("text").strip(), hand.one("spoiler").strip()
        visibility = _visibility(hand.one("visibility"))
        if not text:
            return Done(part="mastodon-text")
        if hand.answering:
            number = self._world.reply(hand.account, hand.answering, text, visibility=visibility, spoiler=spoiler)
            return Done(place=hand.answering, part=f"mastodon-{number}")
        if hand.place == PRIVATE:
            self._world.message(hand.account, text)
            return Done(part="mastodon-text")
        options = [one.strip() for one in hand.one("options").splitlines() if one.strip()]
        poll = (options[: self._world.profile.max_options], _A_DAY) if len(options) > 1 else None
        self._world.write(hand.account, text, visibility=visibility, spoiler=spoiler, poll=poll)
        return Done(part="mastodon-text")

    def _vote(self, hand: Hand) -> Done:
        self._world.vote(hand.account, hand.one("message"), [whole(one) for one in hand.all("choice")])
        return Done(part=f"mastodon-{hand.one('message')}")

    def _favourite(self, hand: Hand) -> Done:
        self._world.favourite(hand.account, hand.one("message"))
        return Done(part=f"mastodon-{hand.one('message')}")

    def _boost(self, hand: Hand) -> Done:
        self._world.boost(hand.account, hand.one("message"))
        return Done(part=f"mastodon-{hand.one('message')}")

    def _follow(self, hand: Hand) -> Done:
        self._world.follow(hand.account, self._world.the_bot().id)
        return Done(place=PROFILE)

    def _delete(self, hand: Hand) -> Done:
        self._world.delete(hand.account, hand.one("message"))
        return Done()

    def _block(self, hand: Hand) -> Done:
        self._world.block(hand.account)
        return Done(place=PROFILE)


def _visibility(asked: str) -> Visibility:
    """Who is to see a post; everybody when it is not said."""
    return next((known for known in VISIBILITIES if known == asked), "public")
