"""The town's memory without a database, for tests and rehearsals: it keeps the promises of the port, then forgets."""

from storage.memory.store import MemoryStore

__all__ = ["MemoryStore"]
