"""What the rows of all tables share: the metadata, numbers that are given once, instants, partial indexes."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData, text
from sqlmodel import Field, SQLModel

from storage.instants import Instant

NUMBER = BigInteger().with_variant(Integer, "sqlite")
COUNTED: dict[str, Any] = {"sqlite_autoincrement": True}


class Row(SQLModel):
    """What all rows share."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
        }
    )


def numbered() -> Any:
    """The number of a row."""
    return Field(primary_key=True, sa_type=NUMBER)


def instant(*, nullable: bool = False) -> Any:
    """An instant."""
    return Field(sa_type=Instant, nullable=nullable)


def where(condition: str) -> dict[str, Any]:
    """Which rows an index is about."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
