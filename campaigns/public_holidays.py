"""Public holidays of a country or of a part of it, as the package ``holidays`` knows them.

A place is an ISO code: ``FR``, or with a subdivision ``FR-6AE`` (Alsace), ``FR-974`` (La Réunion), ``BE``. What the
package holds for France, and the law behind it: ``docs/reference/public-holidays.md``, which a test compares.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from core.recurrence import DaysOff

PLACE_OF_ZONE: Mapping[str, str] = MappingProxyType(
    {
        "Europe/Paris": "FR",
        "Indian/Reunion": "FR-974",
        "America/Guadeloupe": "FR-971",
        "America/Martinique": "FR-972",
        "America/Cayenne": "FR-973",
        "Indian/Mayotte": "FR-976",
        "Pacific/Noumea": "FR-NC",
        "Pacific/Tahiti": "FR-PF",
        "Pacific/Marquesas": "FR-PF",
        "Pacific/Gambier": "FR-PF",
        "Pacific/Wallis": "FR-WF",
        "America/Miquelon": "FR-PM",
        "America/St_Barthelemy": "FR-BL",
        "America/Marigot": "FR-MF",
    }
)


class UnknownPlace(ValueError):
    """No public holidays are known there. ``known`` are the codes that one may have meant."""

    def __init__(self, place: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no public holidays are known of «{place}»")
        self.known = known


def days_off(place: str) -> DaysOff:
    """Whether a day is a public holiday there; never, for no place. Raises UnknownPlace."""
    if not place:
        return _never
    from holidays import country_holidays  # noqa: PLC0415  a sixth of a second, for who asks only

    country, _, part = place.partition("-")
    if part and part not in _parts(country):
        raise UnknownPlace(place, tuple(f"{country}-{each}" for each in _parts(country)))
    try:
        known = country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise UnknownPlace(place, tuple(PLACE_OF_ZONE.values())) from error
    return known.__contains__


def _parts(country: str) -> tuple[str, ...]:
    """The codes of the parts of a country that have holidays of their own; none of a country that is not known."""
    from holidays import country_holidays  # noqa: PLC0415  as above

    try:
        parts = country_holidays(country).subdivisions
    except NotImplementedError:
        return ()
    return tuple(part for part in parts if " " not in part)  # «Zone A» has school holidays


def _never(_day: date) -> bool:
    return False
