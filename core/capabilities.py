"""What a platform can do, as data: nothing above the adapters ever asks which platform it is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits in the platform's own units.

    ``title`` is the platform as people call it. ``presses``: messages carry buttons; where they do not, citizens answer
    in words. ``dedupes_for`` is how long a repeated key is recognised; zero for never. ``numbers_last``: after so long
    without anything new, updates may be numbered afresh; None when they never are.
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
    numbers_last: timedelta | None = None
