"""What is handed to systemd fits what the service does."""

import re
import subprocess
from pathlib import Path

from app.lifetime import LAST_CALLS

UNIT = Path(__file__).parents[2] / "deploy" / "parvis.service"


def test_systemd_waits_for_the_last_calls_and_as_long_again_for_the_rest() -> None:
    """Ticks under way, the platforms and the database have to be closed too; then nothing is killed halfway."""
    (waits,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)

    assert int(waits) >= 2 * LAST_CALLS.total_seconds()


def test_commands_beside_the_service_are_given_by_its_user_in_its_place() -> None:
    """As another user, or without its folder, they would not find the database and the keys."""
    unit, beside = UNIT.read_text(encoding="utf-8"), UNIT.with_name("parvis-beside").read_text(encoding="utf-8")
    settings = ("DynamicUser", "UMask", "StateDirectory", "StateDirectoryMode")
    program, _ = re.findall(r"^ExecStart=(.*) (run)$", unit, re.MULTILINE)[0]

    wanted = [line for name in settings for line in re.findall(rf"^{name}=.*$", unit, re.MULTILINE)]

    assert [f"--property={line}" in beside for line in wanted] == [True] * len(settings)
    assert (f"--uid={UNIT.stem}" in beside, f'-- {program} "$@"' in beside) == (True, True)


def test_commands_reach_the_program_as_they_were_typed(tmp_path: Path) -> None:
    """Also words with spaces."""
    sudo = tmp_path / "sudo"
    sudo.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    sudo.chmod(0o755)

    done = subprocess.run(
        [str(UNIT.with_name("parvis-beside")), "hold", "wrong date"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.splitlines()[-2:] == ["hold", "wrong date"]
