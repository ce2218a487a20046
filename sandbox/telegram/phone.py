"""The phone with Telegram: what a citizen sees in the chats, and does there."""

from collections.abc import Callable, Mapping
from typing import Final

from sandbox.pages.phone import Act, Citizen, Done, Hand, Memory, News, Toast, whole
from sandbox.telegram.screen import Eyes, Screen
from sandbox.telegram.values import AUTOMATIC_FORWARDER, Change
from sandbox.telegram.world import World


class TelegramPhone:
    """The phone of everybody in one world. The place is the number of a chat."""

    network: Final = "telegram"
    name: Final = "Telegram"

    def __init__(self, world: World) -> None:
        self._world = world
        self._memory = Memory(world.clock)
        world.subscribe(self._remember)
        self.acts: Mapping[str, Act] = {
            "press": self._press,
            "vote": self._vote,
            "write": self._write,
            "start": self._start,
            "block": self._block,
        }

    @property
    def town(self) -> str:
        """The title of its first chat."""
        return next(iter(self._world.chats.values())).title

    def citizens(self) -> list[Citizen]:
        """The people who have an account."""
        return [
            Citizen(account=str(user.id), name=user.first_name, language=user.language_code or "fr")
            for user in self._world.users.values()
            if not user.is_bot and user.id != AUTOMATIC_FORWARDER
        ]

    def screen(self, hand: Hand) -> Screen:
        """The chats, with this one open if they have it."""
        self._world.close_what_is_due()
        eyes = Eyes(self._world, self._memory, int(hand.account))
        return eyes.screen(whole(hand.place), whole(hand.answering))

    def picture(self, number: str) -> bytes | None:
        """A picture of a message."""
        return self._world.contents.get(number)

    def toast(self, press: str, account: str) -> Toast | None:
        """What a press was answered, if it was, for who pressed."""
        found = self._world.toasts.get(press)
        return None if found is None or str(found.user) != account else Toast(found.text, found.alert)

    def listen(self, tell: Callable[[News], None]) -> None:
        """Have every change told."""

        def told(change: Change) -> None:
            toast = change.toast
            tell(News() if toast is None else News(str(toast.user), Toast(toast.text, toast.alert)))

        self._world.subscribe(told)

    def _remember(self, change: Change) -> None:
        self._memory.note(change.kind, change.chat, change.message, change.user)

    def _press(self, hand: Hand) -> Done:
        message = hand.whole("message")
        press = self._world.press(int(hand.account), whole(hand.place), message, hand.one("data"))
        return Done(waits=press, part=f"telegram-{message}")

    def _vote(self, hand: Hand) -> Done:
        message, options = hand.whole("message"), {whole(one) for one in hand.all("option")}
        self._world.vote(int(hand.account), whole(hand.place), message, tuple(sorted(options)))
        return Done(part=f"telegram-{message}")

    def _write(self, hand: Hand) -> Done:
        text = (hand.one("command") or hand.one("text")).strip()
        if text:
            answered = whole(hand.answering) or None
            self._world.write(int(hand.account), whole(hand.place), text, reply_to=answered)
        return Done(part="telegram-text")

    def _start(self, hand: Hand) -> Done:
        self._world.start(int(hand.account), hand.one("payload") or None)
        return Done(place=hand.account)

    def _block(self, hand: Hand) -> Done:
        self._world.block(int(hand.account))
        return Done(place=hand.account)
