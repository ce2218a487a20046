"""Wall-clock times of towns from Miquelon to Nouméa, above all in the two nights a year when they are ambiguous."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.localtime import ClockPolicy, Fold, Gap, NoSuchLocalTime, clock_changes, exists, instant

PARIS = ZoneInfo("Europe/Paris")
ZONES = tuple(
    map(ZoneInfo, ("Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "Pacific/Noumea", "America/Miquelon"))
)
DEFAULT = ClockPolicy()
YEARS = range(2024, 2038)

zones = st.sampled_from(ZONES)
policies = st.builds(ClockPolicy, gap=st.just(Gap.SHIFT_FORWARD), fold=st.sampled_from(Fold))
local_times = st.datetimes(datetime(2024, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001  wall-clock times are naive


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _switches(zone: ZoneInfo) -> list[datetime]:
    """The noons from 2024 to 2037 after which the offset of the zone changes within a day."""
    noons = [datetime(YEARS[0], 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(len(YEARS) * 365)]
    return [before for before, after in pairwise(noons) if _offset(before, zone) != _offset(after, zone)]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/Paris", "2027-01-15 18:00", "2027-01-15 17:00"),
        ("Europe/Paris", "2027-07-15 18:00", "2027-07-15 16:00"),
        ("Indian/Reunion", "2027-07-15 18:00", "2027-07-15 14:00"),
        ("America/Guadeloupe", "2027-07-15 18:00", "2027-07-15 22:00"),
        ("Pacific/Noumea", "2027-07-15 18:00", "2027-07-15 07:00"),
        ("America/Miquelon", "2027-01-15 18:00", "2027-01-15 21:00"),
        ("America/Miquelon", "2027-07-15 18:00", "2027-07-15 20:00"),
    ],
)
def test_six_in_the_evening_is_six_in_the_evening_there(zone: str, local: str, expected: str) -> None:
    """Summer and winter, north and south."""
    assert instant(_local(local), ZoneInfo(zone), DEFAULT) == _local(expected).replace(tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_an_hour_later() -> None:
    """28 March 2027, 2:30 does not exist in Paris: the reminder goes out when clocks show 3:30."""
    assert instant(_local("2027-03-28 02:30"), PARIS, DEFAULT).astimezone(PARIS).hour == 3


def test_a_skipped_time_can_be_refused_by_name() -> None:
    """A town may prefer to be asked."""
    with pytest.raises(NoSuchLocalTime, match=r"^2027-03-28 02:30 does not exist in Europe/Paris$"):
        instant(_local("2027-03-28 02:30"), PARIS, ClockPolicy(gap=Gap.REFUSE))


def test_a_time_that_exists_is_never_refused() -> None:
    """Refusing concerns the gap only."""
    policy = ClockPolicy(gap=Gap.REFUSE)

    assert instant(_local("2027-03-28 03:00"), PARIS, policy) == datetime(2027, 3, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(("fold", "hour"), [(Fold.FIRST, 0), (Fold.SECOND, 1)])
def test_a_time_that_comes_twice_is_the_one_the_policy_says(fold: Fold, hour: int) -> None:
    """31 October 2027, 2:30 comes twice in Paris; one poll must not close twice."""
    at = instant(_local("2027-10-31 02:30"), PARIS, ClockPolicy(fold=fold))

    assert at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


@given(local_times, zones, policies)
def test_an_instant_reads_as_the_time_that_was_meant(local: datetime, zone: ZoneInfo, policy: ClockPolicy) -> None:
    """There and back; only a time in the gap reads later, never earlier."""
    reads = instant(local, zone, policy).astimezone(zone).replace(tzinfo=None, fold=0)

    assert reads == local if exists(local, zone) else reads > local


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_switch_night_to_2037_is_read_as_the_policy_says(zone: ZoneInfo) -> None:
    """Each quarter of an hour around each change of clocks: no time is lost and none goes back."""
    for switch in _switches(zone):
        start = switch.astimezone(zone).replace(tzinfo=None, fold=0)

        for local in (start + timedelta(minutes=15 * quarter) for quarter in range(100)):
            first, second = (instant(local, zone, ClockPolicy(fold=fold)) for fold in Fold)
            reads = first.astimezone(zone).replace(tzinfo=None, fold=0)
            assert second - first in {timedelta(), timedelta(hours=1)}
            assert reads - local == (timedelta() if exists(local, zone) else timedelta(hours=1))


@pytest.mark.parametrize(("zone", "switches"), [*zip(ZONES, (28, 0, 0, 0, 28), strict=True)], ids=str)
def test_the_zones_change_their_clocks_as_often_as_their_law_says(zone: ZoneInfo, switches: int) -> None:
    """Two nights a year in Paris and Miquelon, none under the tropics: else the test above would look at nothing."""
    assert len(_switches(zone)) == switches


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Europe/Paris", ["2027-03-28T01:00", "2027-10-31T01:00"]),
        ("America/Miquelon", ["2027-03-14T05:00", "2027-11-07T04:00"]),
        ("Indian/Reunion", []),
    ],
)
def test_the_nights_when_clocks_change_are_found_to_the_minute(zone: str, changes: list[str]) -> None:
    """A rehearsal wants one in its midst; some zones have none."""
    since, until = datetime(2027, 1, 1, 12, 7, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)

    found = clock_changes(ZoneInfo(zone), since, until)

    assert [f"{at:%Y-%m-%dT%H:%M}" for at in found] == changes
