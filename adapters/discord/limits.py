"""Discord's numbers, each with its source and the date it was read.

[docs] docs.discord.com/developers/docs, github.com/discord/discord-api-docs, 2026-08-06.
[oas] Discord's OpenAPI document, github.com/discord/discord-api-spec, 2026-07-18. [lib] discord.py 2.7.1.
"""

from datetime import timedelta

from adapters.pacing import Pace, Window
from core.capabilities import Capabilities
from core.identifiers import Address
from core.native import NativePoll

LONGEST_TEXT = 2000  # [docs] create-message content; the unit is not documented: we count UTF-16 units
LONGEST_LABEL = 80  # [docs] button label
LONGEST_OPTION = 100  # [docs] select option label
LONGEST_ID = 100  # [docs] custom_id
LONGEST_DESCRIPTION = 1024  # [oas] attachment description
LONGEST_THREAD_NAME = 100  # [docs] start thread from message
LONGEST_COMMAND_DESCRIPTION = 100  # [docs] application command
LONGEST_REASON = 512  # [docs] audit log, X-Audit-Log-Reason
MOST_DELETED = 100  # [docs] bulk delete messages: 2 to 100
BULK_FOR = timedelta(days=14, minutes=-5)  # [docs] same place: two weeks; some minutes of margin
LONGEST_TIME_OUT = timedelta(days=28, minutes=-5)  # [docs] communication_disabled_until: 28 days; same margin
LONGEST_PAUSE = timedelta(seconds=21_600)  # [docs] rate_limit_per_user
MOST_RULES = 6  # [docs] AutoMod, rules with keywords in a server; the next five too, 2026-08-06
MOST_WORDS = 1000  # keywords of a rule
LONGEST_WORD = 60
LONGEST_NOTICE = 150  # custom_message of a blocked message; [oas] has 300
MOST_SPARED_ROLES = 20  # exempt_roles
MOST_SPARED_CHANNELS = 50  # exempt_channels
MOST_ROWS = 5  # [docs] action rows in a message
MOST_BUTTONS_IN_A_ROW = 5  # [docs] action row
MOST_OPTIONS = 25  # [docs] select menu
MOST_FILES = 10  # [docs] attachments of a message
LARGEST_FILE = 10 << 20  # [docs] without a boosted server
NONCE = 25  # [docs] create-message nonce, in characters
THREAD_SLEEPS_AFTER = 10080  # [docs] auto_archive_duration, in minutes: a week, the longest

DEDUPES_FOR = timedelta(minutes=3)  # [docs] enforce_nonce: «in the past few minutes»
ANSWER_WITHIN = timedelta(seconds=3)  # [docs] first response to an interaction
DEFER_AFTER = timedelta(seconds=1.5)  # ours: half of it
ANSWERABLE_FOR = timedelta(minutes=15)  # [docs] life of an interaction's token
LONGEST_RATE_LIMIT = 10.0  # ours, in seconds: longer waits are the ledger's; discord.py may wait five times in a call
SHORTEST_PAUSE = 1.0  # ours, in seconds, when nobody knows how long to wait
LONGEST_CALL = timedelta(seconds=80)  # ours: shorter than core.delivery.LEASE, so that nobody else makes it meanwhile
HISTORY = 100  # [docs] messages a page
GRACE = timedelta(seconds=30)  # ours: messages of several channels may come in another order than their numbers

NATIVE_POLL = NativePoll(  # [docs] poll resource, «poll create request»; the unit of the lengths is not documented
    most_options=10,
    longest_question=300,
    longest_option=55,
    shortest=timedelta(hours=1),
    longest=timedelta(hours=768),
    granularity=timedelta(hours=1),
    secret=False,
    several=True,
    ends_early=True,
    hides=False,
)

# [docs] 50 requests a second for a bot; 5 messages in 5 seconds in one channel, seen by many: one is left over for
# whatever Discord counts a little earlier or later than we do.
PACE = Pace(
    overall=Window(calls=8, period=timedelta(milliseconds=200)),
    gap=timedelta(0),
    crowd=Window(calls=4, period=timedelta(seconds=5)),
    kept=1,
)

CAPABILITIES = Capabilities(
    title="Discord",
    presses=True,
    longest_text=LONGEST_TEXT,
    longest_caption=LONGEST_TEXT,
    longest_button=LONGEST_LABEL,
    most_buttons=MOST_ROWS * MOST_BUTTONS_IN_A_ROW,
    most_pictures_together=MOST_FILES,
    longest_toast=LONGEST_TEXT,
    dedupes_for=DEDUPES_FOR,
    private_answers=True,
    longest_description=LONGEST_DESCRIPTION,
    largest_picture=LARGEST_FILE,
    edits=True,
    comes_again=False,  # what is said over the gateway is said to one session
    native_poll=NATIVE_POLL,
    looks_back=True,
    somebody=Address("@1"),
)
