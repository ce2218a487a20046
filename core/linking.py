"""One person, several accounts: a code given on one network and typed on another within minutes makes them one voter.

Linked accounts share a *bond*. In every open poll they then have one ballot, the latest of theirs; in a closed one
nothing changes, for its count is frozen. An account that leaves votes for itself again; the ballot stays with those who
remain, and goes with whoever leaves last: there are never more ballots than accounts. Cases stay with the account that
they are about: linking hides no sanction, and spreads none.
"""

import secrets
from datetime import timedelta

from core.folding import fold
from core.identifiers import PersonRef

CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 5  # wrong codes that one person may give in the life of a code

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another
_LENGTH = 8


def new_code() -> str:
    """A code as people read it: ``K7QM-3XPA``; one of 650,000 million."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def code_in(typed: str) -> str | None:
    """The code that was typed, with or without its hyphen, in any case; None when it can be none."""
    signs = "".join(sign for sign in fold(typed).upper() if sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == _LENGTH and set(signs) <= set(_SIGNS) else None


def new_bond() -> PersonRef:
    """What linked accounts are called together; it names nobody."""
    return PersonRef(f"bond:{secrets.token_hex(16)}")


def secret_of(code: str) -> PersonRef:
    """What the keyed hash of a code is made of: the code itself is never stored."""
    return PersonRef(f"code:{code}")
