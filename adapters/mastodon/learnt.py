"""What is remembered of an account that was open: since when it is listened to, and what its server allowed then."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adapters.mastodon.limits import Limits

_BEFORE = "heard:"  # what was remembered once: the notification alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """``since`` is the last notification before the first opening; empty while there was none."""

    since: str = ""
    limits: Limits | None = None

    @classmethod
    def read(cls, known: str | None) -> "Learnt":
        """What was written; nothing of what cannot be read."""
        if known is None or known.startswith(_BEFORE):
            return cls(since=(known or "").removeprefix(_BEFORE))
        try:
            told = json.loads(known)
            return cls(since=str(told["since"]), limits=_limits(told["limits"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def written(self) -> str:
        """As text; the same for the same."""
        return json.dumps(asdict(self), sort_keys=True)


def _limits(told: Mapping[str, Any]) -> Limits:
    """As far as figures are there: a later Parvis may know others."""
    usual = asdict(Limits())
    known: dict[str, Any] = {name: value for name, value in told.items() if type(value) is type(usual.get(name))}
    return Limits(**known)
