"""Secrets: the keys that separate who votes from what was voted, kept outside the database."""

from typing import Protocol

from core.identifiers import PersonRef, PollId, VoterKey


class Vault(Protocol):
    """Keyed hashes and sealed texts. Synchronous, fast, never blocks after a key has been read once."""

    def create_poll_key(self, poll: PollId) -> None:
        """Make the poll's key durable before its first ballot; nothing when it exists already."""
        ...

    def destroy_poll_key(self, poll: PollId) -> None:
        """Make the poll's ballots impossible to link to anyone, for ever; nothing when the key is gone already."""
        ...

    def has_poll_key(self, poll: PollId) -> bool:
        """Whether ballots of this poll can still be linked to the person asking."""
        ...

    def voter(self, poll: PollId, person: PersonRef) -> VoterKey:
        """The person's pseudonym in this poll, and in no other. Raises UnknownPoll when the key is gone."""
        ...

    def blind(self, person: PersonRef) -> bytes:
        """16 bytes that find the person again without naming them."""
        ...

    def seal(self, text: str) -> bytes:
        """The text, unreadable without the town's key."""
        ...

    def unseal(self, sealed: bytes) -> str:
        """The text again. Raises StorageError when it was altered or the key is another."""
        ...
