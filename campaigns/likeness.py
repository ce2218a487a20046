"""How alike two texts are: the share of their runs of three words that both hold (Broder 1997, «resemblance»)."""

from core.folding import words

ALIKE = 0.6
_RUN = 3  # words


def alike(one: str, other: str) -> bool:
    """Whether a reader takes the two for the same: but for accents, capitals, punctuation and a word here or there."""
    return resemblance(one, other) >= ALIKE


def resemblance(one: str, other: str) -> float:
    """From 0, nothing in common, to 1, the same words in the same order."""
    runs, others = _runs(one), _runs(other)
    both = runs | others
    return len(runs & others) / len(both) if both else 0.0


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    said = words(text)
    return frozenset(said[start : start + _RUN] for start in range(max(len(said) - _RUN + 1, min(len(said), 1))))
