"""``scripts/recount``, read once and called: a process for each of a hundred cases would be slow."""

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from subprocess import CompletedProcess

RECOUNT = Path(__file__).parents[2] / "scripts" / "recount"


def _program() -> Callable[[list[str]], int]:
    sys.path.insert(0, str(RECOUNT.parent))  # as when it is started
    loader = SourceFileLoader("recount", str(RECOUNT))
    module = module_from_spec(spec_from_loader("recount", loader))  # type: ignore[arg-type]  # the loader gives one
    sys.modules["recount"] = module
    loader.exec_module(module)
    main: Callable[[list[str]], int] = module.main
    return main


MAIN = _program()


def judged(*journals: Path) -> CompletedProcess[str]:
    """What it answers about these journals, as a process would."""
    command = [str(journal) for journal in journals]
    with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()) as complained:
        code = MAIN(command)
    return CompletedProcess(command, code, said.getvalue(), complained.getvalue())
