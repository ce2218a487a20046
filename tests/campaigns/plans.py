"""A campaign file for a footbridge, right in every respect until a test changes it."""

from pathlib import Path

from campaigns import files
from core.campaign import Campaign
from core.errors import Finding, Misconfigured
from tests.fakes import NOON

CHANNELS = ("square", "hamlet")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b55 0000000a49444154789c63600000000200014863e44c 0000000049454e44ae426082"
)
GOOD = """
[campaign]
id = "bridge"
title.fr = "La passerelle"
title.en = "The footbridge"
zone = "Europe/Paris"
channels = ["square"]

[announcements.news]
title.fr = "Une passerelle"
title.en = "A footbridge"
body.fr = "Les travaux commencent en mai."
body.en = "Works begin in May."
images = [{ file = "bridge.png", alt = { fr = "La passerelle", en = "The footbridge" } }]

[polls.route]
question.fr = "Par où passer ?"
question.en = "Which route?"
options = [{ fr = "Nord", en = "North" }, { fr = "Sud", en = "South" }]

[[steps]]
do = "announce"
announcement = "news"
after = "10 min"

[[steps]]
do = "open_poll"
poll = "route"
at = 2027-03-02T18:00:00
grace = "2 h"

[[steps]]
do = "remind"
poll = "route"
after = "1 day"

[[steps]]
do = "close_poll"
poll = "route"
after = "12 h"

[[steps]]
do = "publish_results"
poll = "route"
after = "0 min"

[[steps]]
do = "thank"
poll = "route"
after = "1 h"
"""


def write(folder: Path, text: str = GOOD) -> Path:
    """The file, beside its picture."""
    (folder / "bridge.png").write_bytes(PIXEL)
    file = folder / "bridge.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str = GOOD) -> Campaign:
    """The campaign of this text, as if it started at noon."""
    return files.read(write(folder, text), channels=CHANNELS, start=NOON)


def mistakes(folder: Path, *changes: tuple[str, str]) -> tuple[Finding, ...]:
    """What is wrong with the good text once each first part is replaced by its second."""
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    try:
        read(folder, text)
    except Misconfigured as error:
        return error.findings
    return ()


def line(text: str, *, of: str = GOOD) -> int:
    """The line on which this stands."""
    return of[: of.index(text)].count("\n") + 1
