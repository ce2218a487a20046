"""The story that every kill point interrupts: one campaign, two places, six citizens, one poll, on any network.

The clock begins at ``START`` and leaps when it is told to, so that a lease ends, or a poll closes, without anybody
waiting for it. Opening: the poll goes out to two places, six citizens vote, three of them
again. Closing: the poll closes, its result goes out to the same places.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.wording import Wording
from tests.crash.networks import Network

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
OPEN_FOR = timedelta(minutes=50)  # a poll of Discord's lasts whole hours: it is ended before its own
A_MOMENT = timedelta(seconds=1)
AFTER_A_LEASE = timedelta(seconds=100)
GRACE = timedelta(minutes=30)
TOO_LATE = GRACE + timedelta(minutes=5)  # for the opening; the poll is still open
FORGOTTEN = timedelta(minutes=10)  # Discord recognises no repeated call any more; the opening is not yet late
CLOSING = START + OPEN_FOR + A_MOMENT

# Those who do not vote again come first: a first vote that is lost is not covered by a second.
FIRST_VOTES = {104: 0, 105: 1, 106: 2, 101: 0, 102: 1, 103: 2}
SECOND_VOTES = {101: 1, 102: 2, 103: 2}
POLL = "essai_banc"
OURS, PUBLIC = "ours", "public"  # the towns laid out: whose poll asks the question
A_WHILE = timedelta(minutes=6)  # after which an open poll of the network is looked at again
TOWN = Wording(fr="Ville", en="Town")
OPTIONS = ("Chêne", "Tilleul", "Frêne")


def point_at(folder: Path, network: Network, url: str) -> None:
    """Write the configuration, with this server."""
    channels = "".join(
        f'[[channels]]\nname = "{name}"\naccount = "town"\naddress = {json.dumps(address)}\n'
        for name, address in network.channels.items()
    )
    (folder / "config.toml").write_text(
        f'[town]\nname.fr = "{TOWN.fr}"\nname.en = "{TOWN.en}"\n[charter]\nfile = "charter.toml"\n'
        f'[[accounts]]\nname = "town"\nplatform = "{network.platform}"\ntoken_file = "token"\nbase_url = "{url}"\n'
        f'{channels}[store]\nurl = "sqlite:///parvis.db"\nkeys = "keys"\n[logs]\nformat = "json"\n',
        encoding="utf-8",
    )
