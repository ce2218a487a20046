"""What every forked process begins with: all code is read, the tables are mapped, the words of the story compiled and
its values have once been written.

Nothing of it is looked at again by the collector of garbage, which would copy it all into each process.
"""

import gc

from sqlalchemy.orm import configure_mappers

from adapters.discord import adapter as discord
from adapters.mastodon import adapter as mastodon
from adapters.telegram import adapter as telegram
from app.accounts import introduction
from core.identifiers import Locale
from core.messages import BallotCounted, PollOpened, ResultsPublished
from storage.bodies import written
from tests.crash import sandboxes, townhall, victim
from tests.templates.examples import MASTODON, ORDINARY, POLL

READ_AHEAD = (telegram, discord, mastodon, sandboxes, townhall, victim)  # a town imports the first when it starts

configure_mappers()
introduction()
for _message in ORDINARY:
    if isinstance(_message, PollOpened | BallotCounted | ResultsPublished):
        victim.WORDS.post(_message, Locale.FR, MASTODON)
        written(_message)
written(townhall.campaign())
written(POLL)
gc.collect()
gc.freeze()
