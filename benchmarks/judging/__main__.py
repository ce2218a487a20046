"""``python -m benchmarks.judging``: messages a second on one core with the default charter, and the dearest message.

Processor time, the median of five rounds; ordinary messages, and hostile ones as long as the longest network allows.
Exit code 1: an aim is missed.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from app.charter import charter
from benchmarks.machine import commit, machine
from core.moderation import Rule, judge

CHARTER = Path(__file__).parents[2] / "campaigns" / "samples" / "charter.toml"
AIM, BUDGET_MS = 10_000, 10.0
LONGEST = 4096
_ROUNDS, _REPEATED = 5, 1000
ORDINARY = (
    "Bonjour, la halle doit rester ouverte le samedi matin : c’est là que je fais mon marché depuis 20 ans !",
    "D’accord avec Paul.",
    "Pourquoi fermer à 18 h ? Les gens travaillent, et 1/3 des commerçants n’ont pas été consultés…",
    "Voir https://www.example.fr/conseil-municipal/compte-rendu-2026.pdf, page 12.",
    "Quel abruti, celui qui a décidé ça.",
)
HOSTILE = {
    "stretched pieces": "aaa-1aaa ",
    "single letters": "i ",
    "pieces": "a-1.",
    "figures": "1d1o7$",
    "letters that unfold": "\ufdfa",
    "marks out of order": "\u0301\u0316",
    "almost an expression": "bande de ",
}


def main() -> int:
    """Measure, tell, and judge by the aims."""
    rules = charter(CHARTER).rules
    speed = median(len(ORDINARY) * _REPEATED / _spent(ORDINARY * _REPEATED, rules) for _ in range(_ROUNDS))
    print(f"{machine()}, commit {commit()}")
    print(f"ordinary messages: {speed:,.0f} a second (aim: {AIM:,})")
    dearest = 0.0
    for name, unit in HOSTILE.items():
        text = (unit * LONGEST)[:LONGEST]
        cost = median(_spent([text], rules) * 1000 for _ in range(_ROUNDS))
        dearest = max(dearest, cost)
        print(f"{name}: {cost:.2f} ms (aim: below {BUDGET_MS:.0f})")
    return int(speed < AIM or dearest >= BUDGET_MS)


def _spent(messages: Sequence[str], rules: tuple[Rule, ...]) -> float:
    begun = time.process_time()
    for message in messages:
        judge(message, rules)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
