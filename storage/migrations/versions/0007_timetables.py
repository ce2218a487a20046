"""Timetables: steps go by their names, and an occurrence keeps the wall-clock time that the plan gave it.

Revision: 0007
"""

import json
from collections import Counter
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    connection = op.get_bind()
    plans = {
        name: json.loads(body) for name, body in connection.execute(sa.text("SELECT id, body FROM campaigns")).all()
    }
    for name, plan in plans.items():
        _name(plan["steps"])
        body = json.dumps(plan, ensure_ascii=False, separators=(",", ":"))
        connection.execute(sa.text("UPDATE campaigns SET body = :body WHERE id = :id").bindparams(body=body, id=name))
    op.execute("DELETE FROM facts WHERE name LIKE 'preflight:%'")  # they name steps by rank; the service looks again
    old = sa.table(
        "occurrences", *(sa.column(name) for name in ("id", "campaign", "step", "state")), sa.column("due_at", _INSTANT)
    )
    rows = [_renewed(dict(row), plans[row["campaign"]]) for row in connection.execute(sa.select(old)).mappings()]
    if connection.dialect.name == "sqlite":
        _make_anew(rows)
    else:
        _change(rows)


def _name(steps: list[dict[str, Any]]) -> None:
    times: Counter[str] = Counter()
    for step in steps:
        own = f"{step['kind']}-{step['subject'].partition('_')[2]}"
        times[own] += 1
        step["name"] = f"{own}-{times[own]}" if times[own] > 1 else own


def _renewed(row: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    due_at = row["due_at"] if row["due_at"].tzinfo else row["due_at"].replace(tzinfo=UTC)
    local = due_at.astimezone(ZoneInfo(plan["zone"])).replace(tzinfo=None)
    return {**row, "step": plan["steps"][row["step"]]["name"], "local": local.isoformat(), "moved": False}


def _make_anew(rows: list[dict[str, Any]]) -> None:
    """SQLite changes no constraint of a table; the deliveries find their occurrences again before the commit."""
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.drop_table("occurrences")
    table = op.create_table(
        "occurrences",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("local", sa.String(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_occurrences_campaign"),
        sa.PrimaryKeyConstraint("id", name="pk_occurrences"),
        sa.UniqueConstraint("campaign", "step", "local", name="uq_occurrences_campaign"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_occurrences_due", "occurrences", ["due_at"], sqlite_where=sa.text("state = 'planned'"))
    op.bulk_insert(table, rows)


def _change(rows: list[dict[str, Any]]) -> None:
    op.drop_constraint("uq_occurrences_campaign", "occurrences")
    op.alter_column("occurrences", "step", type_=sa.String(), postgresql_using="step::varchar")
    op.add_column("occurrences", sa.Column("local", sa.String(), nullable=True))
    op.add_column("occurrences", sa.Column("moved", sa.Boolean(), nullable=True))
    if rows:
        change = sa.text("UPDATE occurrences SET step = :step, local = :local, moved = :moved WHERE id = :id")
        op.get_bind().execute(change, rows)
    op.alter_column("occurrences", "local", nullable=False)
    op.alter_column("occurrences", "moved", nullable=False)
    op.create_unique_constraint("uq_occurrences_campaign", "occurrences", ["campaign", "step", "local"])
