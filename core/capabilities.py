"""What a platform can do, as data: nothing above the adapters ever asks which platform it is."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.identifiers import Address
from core.native import NativePoll

SOMEBODY = Address("1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits in the platform's own units.

    ``title`` is the platform as people call it. ``presses``: messages carry buttons; where they do not, citizens answer
    in words. ``dedupes_for`` is how long a repeated key is recognised; zero for never. ``numbers_last``: after so long
    without anything new, updates may be numbered afresh; None when they never are.
    ``native_poll`` is what the network's own polls can hold; None when it has none, or Parvis does not use them.
    ``somebody`` is an address such as its people have, for showing what they will be sent.
    ``hears``: what people answer there is heard. ``comes_again``: what was told and not confirmed is told again, to
    whoever asks next; where it is not, only what was written is found again, and a press that is lost is lost.
    ``looks_back``: the network shows a bot what it wrote. ``removable_for`` is how long what was written can be taken
    back; None for ever. ``longest_description`` of a picture, and ``largest_picture``
    in bytes, are zero where the network sets no limit of its own.
    """

    title: str
    presses: bool
    longest_text: int
    longest_caption: int
    longest_button: int
    most_buttons: int
    most_pictures_together: int
    longest_toast: int
    dedupes_for: timedelta
    private_answers: bool
    edits: bool
    hears: bool = True
    comes_again: bool = True
    numbers_last: timedelta | None = None
    native_poll: NativePoll | None = None
    looks_back: bool = False
    removable_for: timedelta | None = None
    longest_description: int = 0
    largest_picture: int = 0
    somebody: Address = SOMEBODY


def without_native_poll(on: Capabilities) -> Capabilities:
    """The same where the network's own polls are not used: in private chats, each reader would have a poll alone."""
    return replace(on, native_poll=None) if on.native_poll is not None else on
