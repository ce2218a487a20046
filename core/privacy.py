"""What is held about people: every table that touches a person, why, for how long, and what /forgetme does to it.

The test suite compares this map with the real tables: a new table without a line here fails.
"""

from dataclasses import dataclass
from datetime import timedelta

from core.admission import KEPT as REQUESTS_KEPT
from core.arrivals import KEPT as ARRIVALS_KEPT
from core.journal import KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of thing held. ``purpose`` is the key of its sentence in ``templates``; ``kept`` None: while it serves.

    ``erased_on_request`` is what /forgetme does; when it stays, ``templates`` says why under the same key.
    """

    table: str
    purpose: str
    kept: timedelta | None
    erased_on_request: bool


CASES_KEPT = timedelta(days=90)  # longer for an appeal and for a measure that stands: core.appealing.still_needed

HOLDINGS: tuple[Holding, ...] = (
    Holding(table="citizens", purpose="subscription", kept=None, erased_on_request=True),
    Holding(table="bonds", purpose="bonds", kept=None, erased_on_request=True),
    Holding(table="link_codes", purpose="link_codes", kept=timedelta(minutes=10), erased_on_request=True),
    Holding(table="link_tries", purpose="link_tries", kept=timedelta(minutes=10), erased_on_request=True),
    Holding(table="ballots", purpose="open_ballots", kept=timedelta(days=7), erased_on_request=True),
    Holding(table="ballots", purpose="closed_ballots", kept=None, erased_on_request=False),
    Holding(table="replies", purpose="replies", kept=timedelta(days=395), erased_on_request=True),
    Holding(table="cases", purpose="cases", kept=CASES_KEPT, erased_on_request=False),
    Holding(table="case_words", purpose="case_words", kept=CASES_KEPT, erased_on_request=False),
    Holding(table="case_messages", purpose="joined", kept=CASES_KEPT, erased_on_request=False),
    Holding(table="reports", purpose="reports", kept=CASES_KEPT, erased_on_request=True),
    Holding(table="sanctions", purpose="sanctions", kept=timedelta(days=90), erased_on_request=False),
    Holding(table="arrivals", purpose="arrivals", kept=ARRIVALS_KEPT, erased_on_request=True),
    Holding(table="join_requests", purpose="join_requests", kept=REQUESTS_KEPT, erased_on_request=True),
    Holding(table="journal", purpose="journal", kept=KEPT, erased_on_request=True),
    Holding(table="inbox", purpose="inbox", kept=timedelta(minutes=10), erased_on_request=True),
    Holding(table="quarantine", purpose="quarantine", kept=timedelta(days=30), erased_on_request=False),
    Holding(table="deliveries", purpose="private_deliveries", kept=timedelta(days=30), erased_on_request=True),
)

KEY_KEPT_AFTER_CLOSE = timedelta(days=7)  # contest delay: then nothing links a ballot to an account any more
