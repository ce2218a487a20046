"""The proof that the harness can fail: faults, each a patch to a copy of the tree, and a scenario showing it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.crash.harness import ROOT, findings_in

FOLDER = Path(__file__).parent / "faults"
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "docs", "benchmarks", "node_modules", "var")


@dataclass(frozen=True, slots=True)
class Fault:
    """A patch, the scenario that shows what it breaks, and the property that is then broken."""

    patch: str
    scenario: str
    broken: str

    @property
    def name(self) -> str:
        """The fault, and the network on which it shows."""
        return f"{self.patch}@{self.scenario.partition('/')[0]}"


FAULTS = (
    Fault("01-acknowledge-before-commit", "telegram/opening/cast:commit:before#1", "P1"),
    Fault("02-confirm-before-storing", "telegram/opening/take_in:commit:before#1", "P2"),
    Fault("03-send-before-claim", "telegram/opening/send:after#1", "P3"),
    Fault("04-claim-without-compare-and-set", "race/two_senders", "P3"),
    Fault("05-resend-uncertain", "telegram/opening/receipt:commit:before#2", "P3"),
    Fault("06-intake-forgotten-apart", "telegram/opening/cast:commit:before#1", "P2"),
    Fault("07-stale-vote-wins", "race/old_vote", "P1"),
    Fault("08-closing-outside-the-vote", "race/vote_after_closing", "P2"),
    Fault("09-lease-ignored", "race/slow_sender", "P3"),
    Fault("10-cancel-ignored", "telegram/opening/claim:statement#1/cancelled", "P4"),
    Fault("01-acknowledge-before-commit", "discord/opening/cast:commit:before#1", "P1"),
    Fault("01-acknowledge-before-commit", "mastodon/opening/cast:commit:before#1", "P1"),
    Fault("03-send-before-claim", "gotosocial/opening/send:after#1", "P3"),
    Fault("11-fresh-nonce-each-time", "discord/opening/send:after#1", "P3"),
    Fault("12-fresh-key-each-time", "mastodon/opening/send:lost#1", "P3"),
    Fault("13-every-server-thought-to-know-keys", "gotosocial/opening/send:after#1", "P3"),
    Fault("14-cursor-moved-before-the-effect", "mastodon/opening/take_in:commit:before#1", "P2"),
    Fault("16-fence-open-for-everyone", "race/thawed", "P8"),
    Fault("17-doubt-left-out-of-the-results", "telegram/public/opening/send:lost#1", "P7"),
    Fault("15-repeated-when-forgotten", "discord/opening/send:after#1+sweep:commit:after#1/forgotten", "P3"),
)


def applies(fault: Fault) -> bool:
    """Whether the patch fits the present tree."""
    patch = FOLDER / f"{fault.patch}.patch"
    checked = subprocess.run(["git", "apply", "--check", str(patch)], cwd=ROOT, check=False)
    return checked.returncode == 0


def shown(fault: Fault, folder: Path) -> list[str]:
    """What the harness finds in a copy of the tree that has the fault. Raises CalledProcessError."""
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
    patch = FOLDER / f"{fault.patch}.patch"
    subprocess.run(["git", "apply", "--unsafe-paths", f"--directory={tree}", str(patch)], cwd="/", check=True)
    return findings_in(tree, fault.scenario)
