"""``parvis calendar``: what is still to come, and the file for calendar programs."""

from tests.cli.office import Terminal


def test_everything_to_come_is_listed_in_the_order_of_time(ready: Terminal) -> None:
    """Of all campaigns, in the language one reads."""
    empty = ready.types("calendar")
    ready.types("campaign", "start", ready.campaign)

    lines = ready.types("calendar", "--language", "fr").out.splitlines()

    assert empty.out == "Nothing to come.\n"
    assert "Ouverture de la consultation" in lines[4]
    assert all(" halle " in line for line in lines[4:] if line)


def test_the_calendar_is_written_where_one_says(ready: Terminal) -> None:
    """And left as it is where it says so already."""
    ready.types("campaign", "start", ready.campaign)
    target = ready.folder / "calendar.ics"

    first = ready.types("calendar", "export", "--out", str(target))
    again = ready.types("calendar", "export", "--out", str(target))

    assert (first.out, again.out) == (
        f"The calendar is in {target}.\n",
        f"The calendar in {target} is as it should be.\n",
    )
    assert target.read_bytes().count(b"BEGIN:VEVENT") > 3


def test_a_service_that_is_told_where_keeps_the_file_fresh(ready: Terminal) -> None:
    """The setting alone is enough."""
    ready.writes('# file = "var/calendar.ics"', 'file = "web/calendar.ics"')

    assert (ready.settings.calendar, ready.settings.calendar_language) == (ready.folder / "web/calendar.ics", "fr")
