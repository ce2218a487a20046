"""What a platform can do, as data: nothing above the adapters ever asks which platform it is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits in the platform's own units. ``dedupes_for`` is how long it recognises a repeated key; zero for never."""

    longest_text: int
    longest_caption: int
    longest_button: int
    most_buttons: int
    most_pictures_together: int
    longest_toast: int
    dedupes_for: timedelta
    private_answers: bool
    edits: bool
