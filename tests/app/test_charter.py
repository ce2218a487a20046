"""What a charter file says beside its articles: of reports, and of people who come at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.charter import charter
from core.admission import Requests
from core.arrivals import Waves
from core.citizen_report import Reporting
from core.errors import Misconfigured
from core.moderation import Charter, Enforcement


def read(folder: Path, text: str) -> Charter:
    """A charter without articles, with this in it."""
    file = folder / "charter.toml"
    file.write_text(f'version = "1"\narticles = []\n{text}', encoding="utf-8")
    return charter(file)


def test_a_charter_that_says_nothing_hides_nothing_and_looks_out_for_nothing(tmp_path: Path) -> None:
    """One of yesterday stays what it was."""
    silent = read(tmp_path, "")

    assert (silent.reporting, silent.waves) == (Reporting(), Waves())


def test_reports_and_waves_are_read(tmp_path: Path) -> None:
    """In the units of people."""
    text = (
        '[reports]\nhide_after = 3\nwithin = "30 min"\n[joins]\nenforcement = "enforce"\nmost = 30\npause = "1 min"\n'
        'requests = "rules"\n'
    )

    said = read(tmp_path, text)

    assert said.reporting == Reporting(hide_after=3, within=timedelta(minutes=30))
    assert said.waves == Waves(
        enforcement=Enforcement.ENFORCE, most=30, pause=timedelta(minutes=1), requests=Requests.RULES
    )


@pytest.mark.parametrize(
    "text",
    ["[reports]\nhide_after = 1\n", '[joins]\nlasts = "25 h"\n', '[joins]\nwithin = "0 s"\n'],
    ids=["one person alone", "more than a day by rule", "no time"],
)
def test_what_a_rule_may_not_do_is_refused(tmp_path: Path, text: str) -> None:
    """With the place in the file."""
    with pytest.raises(Misconfigured):
        read(tmp_path, text)
