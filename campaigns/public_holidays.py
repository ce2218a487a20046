"""Public holidays of a country or of a part of it, as the package ``holidays`` knows them.

A place is an ISO code: ``FR``, or with a subdivision ``FR-6AE`` (Alsace), ``FR-974`` (La Réunion), ``BE``. What the
package holds for France, and the law behind it: ``docs/reference/public-holidays.md``, which a test compares.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from core.recurrence import DaysOff

YEARS = range(2020, 2061)
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
    """Whether a day of ``YEARS`` is a public holiday there; never, for no place. Blocks the first time.

    Raises UnknownPlace.
    """
    return _days(place).__contains__


@cache  # a set of a place's days, which never changes while we run
def _days(place: str) -> frozenset[date]:
    if not place:
        return frozenset()
    from holidays import country_holidays  # noqa: PLC0415  a sixth of a second, for who asks only

    country, _, part = place.partition("-")
    try:
        parts = country_holidays(country).subdivisions
    except NotImplementedError as error:
        raise UnknownPlace(place, tuple(PLACE_OF_ZONE.values())) from error
    known = [each for each in parts if " " not in each]  # «Zone A» has school holidays
    if part and part not in known:
        raise UnknownPlace(place, tuple(f"{country}-{each}" for each in known))
    return frozenset(country_holidays(country, subdiv=part or None, years=YEARS))
