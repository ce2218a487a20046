"""What a calendar program shows, in both languages."""

from dataclasses import dataclass

from core.campaign import StepKind
from core.identifiers import Locale
from core.wording import Wording
from templates.calendar import about, title


@dataclass(frozen=True)
class Event:
    """An event of a calendar."""

    kind: StepKind = StepKind.ANNOUNCE
    subject: Wording = Wording(fr="L’eau <revient>", en="Water & more")  # noqa: RUF009  it is frozen
    campaign: str = "eau"
    step: str = "annonce"
    channels: tuple[str, ...] = ("place", "alertes")


def test_an_event_says_what_happens_and_where() -> None:
    """To the letter: a calendar program shows no markup."""
    assert (title(Event(), Locale.FR), title(Event(), Locale.EN)) == (
        "Annonce\u00a0: L’eau <revient>",
        "Announcement: Water & more",
    )
    assert about(Event(), Locale.FR) == (
        "Campagne «\u00a0eau\u00a0», étape «\u00a0annonce\u00a0». Canaux\u00a0: place, alertes."
    )
    assert about(Event(channels=()), Locale.EN) == "Campaign “eau”, step “annonce”."


def test_every_kind_of_step_has_its_words() -> None:
    """In both languages, and no two the same."""
    for locale in Locale:
        assert len({title(Event(kind=kind), locale) for kind in StepKind}) == len(StepKind)
