"""The smallest whole campaign, about a bench on the square, and the charter of its town."""

from datetime import datetime
from pathlib import Path

from campaigns import files
from core.campaign import Campaign
from core.identifiers import PollId

POLL = PollId("banc_bois")
OPTIONS = "Chêne", "Pin", "Frêne"
NEWS, QUESTION = "Un banc sur la place", "Quel bois"
CLOSED, RESULTS = "On ne peut plus voter", f"Résultats\u00a0: {QUESTION}"
INSULT = "fripouille"

CHARTER = f"""
version = "1"
[[articles]]
number = "1"
text.fr = "Pas d’insulte."
text.en = "No insult."
forbidden = ["{INSULT}"]
"""

CAMPAIGN = """
[campaign]
id = "banc"
title.fr = "Un banc"
title.en = "A bench"
zone = "Europe/Paris"
channels = ["place"]

[announcements.annonce]
title.fr = "Un banc sur la place"
title.en = "A bench on the square"
body.fr = "Le vote ouvre dans une minute."
body.en = "Voting opens in a minute."

[polls.bois]
question.fr = "Quel bois ?"
question.en = "Which wood?"
options = [{ fr = "Chêne", en = "Oak" }, { fr = "Pin", en = "Pine" }, { fr = "Frêne", en = "Ash" }]

[[steps]]
do = "announce"
announcement = "annonce"
after = "0 min"

[[steps]]
do = "open_poll"
poll = "bois"
after = "1 min"

[[steps]]
do = "close_poll"
poll = "bois"
after = "2 h"

[[steps]]
do = "publish_results"
poll = "bois"
after = "0 min"
"""


def campaign(folder: Path, start: datetime) -> Campaign:
    """The campaign, read from a file in this folder; its one channel is the «place»."""
    file = folder / "campaign.toml"
    file.write_text(CAMPAIGN, encoding="utf-8")
    return files.read(file, channels=["place"], start=start)
