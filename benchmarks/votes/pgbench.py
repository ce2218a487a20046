"""PostgreSQL's own load generator doing one upsert and one delete a commit: a C program with 16 connections."""

import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.places import pgbench
from benchmarks.rounds import Measures
from benchmarks.votes.town import POLL, Prepared

_CONNECTIONS = 16
_SCRIPT = f"""\\set citizen random(1, :citizens)
BEGIN;
INSERT INTO ballots (poll, voter, options, "order", via)
 VALUES ('{POLL}', decode(md5((:citizen)::text), 'hex'), '1', 1, 'telegram')
 ON CONFLICT (poll, voter) DO UPDATE SET options = excluded.options, "order" = excluded."order";
DELETE FROM inbox WHERE id = (SELECT min(id) FROM inbox WHERE id % {_CONNECTIONS} = :client_id);
COMMIT;
"""


def commit_each(town: Prepared) -> Measures:
    """As many votes, each its own transaction, prepared statements."""
    each = max(len(town.votes) // _CONNECTIONS, 1)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "vote.sql"
        script.write_text(_SCRIPT, encoding="utf-8")
        command = [str(pgbench()), "--no-vacuum", "--protocol=prepared", f"--file={script}", "--jobs=2"]
        command += [f"--client={_CONNECTIONS}", f"--transactions={each}", f"--define=citizens={len(town.votes)}"]
        done = subprocess.run([*command, town.url], capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise ValueError(done.stdout)
    return {"votes/s": float(found[1]), "votes/commit": 1.0}
