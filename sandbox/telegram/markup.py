"""Keyboards under messages, as the server takes them (``Client.cpp get_reply_markup``, ``td ReplyMarkup.cpp``)."""

from collections.abc import Iterator

from sandbox.telegram.errors import violated
from sandbox.telegram.values import Json

MOST_BUTTONS = 100  # python-telegram-bot constants InlineKeyboardMarkupLimit, read in 22.8
MOST_IN_A_ROW = 8
LARGEST_DATA = 64  # bytes; core.telegram.org/bots/api#inlinekeyboardbutton
ACTIONS = frozenset({
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
})  # fmt: skip
PRIVATE_ONLY = frozenset({"web_app"})


def checked(markup: Json | None, *, private: bool) -> Json | None:
    """A keyboard without its empty rows, or None for an empty one. Raises ``Refused``."""
    if markup is None or "inline_keyboard" not in markup:
        return markup
    rows = [row for row in _rows(markup) if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise violated("reply markup is too long")
    if any(len(row) > MOST_IN_A_ROW for row in rows):
        raise violated(f"more than {MOST_IN_A_ROW} buttons in a row")
    for button in buttons:
        _check(button, private=private)
    return {"inline_keyboard": rows} if rows else None


def _rows(markup: Json) -> Iterator[list[Json]]:
    rows = markup["inline_keyboard"]
    if isinstance(rows, list):
        yield from rows


def _check(button: Json, *, private: bool) -> None:
    if not str(button["text"]).strip():
        raise violated("can't parse inline keyboard button: Inline keyboard button text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions or (actions == ["callback_data"] and not button["callback_data"]):
        raise violated("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise violated("a button must do exactly one thing")
    data = str(button.get("callback_data", ""))
    if len(data.encode()) > LARGEST_DATA:
        raise violated("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise violated("inline keyboard button URL is invalid")
    if PRIVATE_ONLY & set(actions) and not private:
        raise violated("BUTTON_TYPE_INVALID")
