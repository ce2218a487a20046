"""The databases of the contract suite, for what is particular to one of them."""

from tests.contracts.databases import (
    postgres_server,
    postgres_url,
    pytest_collection_finish,
    shared_postgres,
    sqlite_template,
    sqlite_url,
)

__all__ = [
    "postgres_server",
    "postgres_url",
    "pytest_collection_finish",
    "shared_postgres",
    "sqlite_template",
    "sqlite_url",
]
