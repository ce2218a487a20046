"""A recurrence rule of a calendar (RFC 5545, 3.3.10) in the words of a campaign file, where it has such words.

A rule must end, for those of campaigns do. What has no words here is refused with a sentence, never left out.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.imports.clocks import YEARS
from campaigns.repeating import RANKS, WEEKDAYS

_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS, strict=True))
_RANKS = {str(rank): word for word, rank in RANKS.items()}
_KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"}
_HOW = "write its dates one by one, or the rule in a campaign file"


def repeat_of(rule: Mapping[str, Sequence[object]], first: datetime, zone: ZoneInfo) -> dict[str, object]:
    """The table ``repeat`` of a step. ``first`` is the wall-clock time of the first. Raises ValueError."""
    told = {key.upper(): [str(value).upper() for value in values] for key, values in rule.items()}
    further = sorted(set(told) - _KNOWN)
    if further:
        raise ValueError(f"{further[0]} is no part of the rules of campaigns: {_HOW}")
    on, every = _days(told, first)
    interval = int(told.get("INTERVAL", ["1"])[0])
    if interval < 1 or interval > 99 or (interval > 1 and told["FREQ"] == ["DAILY"]):
        raise ValueError(f"INTERVAL={interval} is no part of the rules of campaigns: {_HOW}")
    if interval > 1 and every == "week" and told.get("WKST", ["MO"]) != ["MO"]:
        raise ValueError(f"its weeks do not begin on Monday: {_HOW}")
    return {
        "every": f"{interval} {every}s" if interval > 1 else every,
        "on": on,
        "time": first.time(),
        "from": first.date(),
        **_end(rule, zone),
    }


def _days(told: Mapping[str, Sequence[str]], first: datetime) -> tuple[list[str], str]:
    named, numbered = told.get("BYDAY", []), told.get("BYMONTHDAY", [])
    match told.get("FREQ"):
        case ["DAILY"] if not named and not numbered:
            return ["day"], "week"
        case ["WEEKLY"] if not numbered:
            return [_weekday(each) for each in named] or [WEEKDAYS[first.weekday()]], "week"
        case ["MONTHLY"] if not (named and numbered):
            return [_in_month(each) for each in named] or _numbered(numbered or [str(first.day)]), "month"
        case _:
            raise ValueError(f"is no rule of campaigns, which are by weeks or months: {_HOW}")


def _weekday(said: str) -> str:
    if said not in _DAYS:
        raise ValueError(f"«{said}» is no day of a week: {_HOW}")
    return _DAYS[said]


def _in_month(said: str) -> str:
    rank, name = said[:-2].removeprefix("+"), said[-2:]
    if name not in _DAYS or (rank and rank not in _RANKS):
        raise ValueError(f"«{said}» is no day of a month that campaigns know: {_HOW}")
    return f"{_RANKS[rank]} {_DAYS[name]}" if rank else _DAYS[name]


def _numbered(days: Sequence[str]) -> list[str]:
    found = ["last day" if each == "-1" else f"day {each}" for each in days]
    if any(each.startswith("day -") for each in found):
        raise ValueError(f"days are not counted from the end of the month, but for the last: {_HOW}")
    return found


def _end(rule: Mapping[str, Sequence[object]], zone: ZoneInfo) -> dict[str, object]:
    told = {key.upper(): values[0] for key, values in rule.items()}
    if "COUNT" in told:
        return {"count": int(str(told["COUNT"]))}
    match told.get("UNTIL"):
        case date() as until if until.year not in YEARS:
            raise ValueError("ends far from our time: give it an end that people will see")
        case datetime() as until:
            return {"until": (until.astimezone(zone) if until.tzinfo else until).date()}
        case date() as until:
            return {"until": until}
        case _:
            raise ValueError("goes on for ever: give it an end, UNTIL or COUNT")
