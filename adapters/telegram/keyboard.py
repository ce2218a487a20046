"""Buttons as Telegram's inline keyboard."""

from dataclasses import dataclass

from adapters.telegram import limits
from adapters.telegram.buttons import data_of, payload_of
from adapters.telegram.identity import Identity
from adapters.telegram.markup import is_link, shortened
from core.errors import Rejected
from core.events import Choice, Command
from core.folding import clean
from core.post import Button, InPrivate, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyboard:
    """``markup`` is ready for JSON, None without buttons; ``degraded`` names what had to be changed."""

    markup: dict[str, object] | None
    degraded: tuple[str, ...]


def keyboard_of(buttons: tuple[tuple[Button, ...], ...], me: Identity) -> Keyboard:
    """The keyboard, at most eight buttons a row. Raises Rejected for too many, or for what no button can hold."""
    count = sum(map(len, buttons))
    if count > limits.MOST_BUTTONS:
        raise Rejected(f"{count} buttons, Telegram takes {limits.MOST_BUTTONS}")
    degraded: list[str] = []
    rows: list[list[dict[str, str]]] = []
    for row in buttons:
        written = [shown for button in row if (shown := _written(button, me, degraded))]
        most = limits.MOST_BUTTONS_IN_A_ROW
        rows += [written[start : start + most] for start in range(0, len(written), most)]
    return Keyboard(markup={"inline_keyboard": rows} if rows else None, degraded=tuple(degraded))


def _written(button: Button, me: Identity, degraded: list[str]) -> dict[str, str] | None:
    label = clean(button.label).strip() or "…"
    if (short := shortened(label, limits.LONGEST_LABEL)) != label:
        degraded.append(f"label shortened: {short}")
    match button.action:
        case Choice() | Command() as action:
            return {"text": short, "callback_data": data_of(action)}
        case InPrivate(command):
            return {"text": short, "url": _private_link(command, me)}
        case Link(url) if is_link(url):
            return {"text": short, "url": url}
        case Link(url):
            degraded.append(f"button without a web address left out: {short}")
            return None


def _private_link(command: Command, me: Identity) -> str:
    if not me.username:
        raise Rejected("the bot's name is not known before it is connected: no link to it can be written")
    return f"https://t.me/{me.username}?start={payload_of(command, me.key)}"
