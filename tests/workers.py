"""`pytest --workers 3`: run the tests in copies of this process.

Everything is imported, every test is found and every probe is planted once, before the copies are made: they share it.
Each takes module after module from one heap until none is left, and tells this process how each test went.
"""

import os
import time
from collections.abc import Iterator
from itertools import groupby, pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest

from tests.rows import in_tables

WIDTH = 2  # bytes of a ticket
LONGEST_NAME = 1000  # bytes that are said of the name of a test
OFTEN = 0.1  # seconds between two tellings: one for each test would cost as much as many a test
_FORK = get_context("fork")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how many."""
    parser.addoption("--workers", type=int, default=0, help="run the tests in so many copies of this process")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Make one test of each table, where many are run."""
    if config.getoption("--workers"):
        items[:] = in_tables(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Let the copies do the work, if there are to be any and something is to be done."""
    count = session.config.getoption("--workers")
    if not count or session.testsfailed or session.config.getoption("collectonly"):
        return None
    heap = _Heap(session.items)
    workers = [_Worker(session, heap) for _ in range(count)]
    try:
        done = _listen(session, {worker.told: worker for worker in workers})
    finally:
        for worker in workers:
            worker.stop()
    _demand(session, done)
    return True


def _demand(session: pytest.Session, done: set[str]) -> None:
    """Fail when a test was never done to its end, however quietly its copy went."""
    missed = [item.nodeid for item in session.items if item.nodeid not in done]
    if missed:
        raise session.Failed(f"{len(missed)} tests were never done to their end: {', '.join(missed[:5])}")


class _Heap:
    """The modules that nobody has taken yet, as tickets in a pipe: whoever reads one has it alone."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self._modules = [list(module) for _, module in groupby(items, key=lambda item: item.path)]
        self._tickets, desk = os.pipe()
        os.set_blocking(desk, False)  # more modules than a pipe holds are an error, not a standstill
        os.write(desk, b"".join(rank.to_bytes(WIDTH, "big") for rank in range(len(self._modules))))
        os.close(desk)

    def take(self) -> Iterator[pytest.Item | None]:
        """One test after the other, and None behind the last. A module is taken before the one before it ends."""
        while ticket := os.read(self._tickets, WIDTH):
            yield from self._modules[int.from_bytes(ticket, "big")]
        yield None


class _Worker:
    """A copy at work: what it tells, and at which test it is."""

    def __init__(self, session: pytest.Session, heap: _Heap) -> None:
        self._at = _FORK.RawArray("c", LONGEST_NAME)  # not among what it tells: it may die before it tells that
        self.told, tells = _FORK.Pipe(duplex=False)
        folder = _folders(session.config).mktemp("worker")
        self._process = _FORK.Process(target=_work, args=(session, heap, _Teller(tells, self._at), folder))
        self._process.start()
        tells.close()

    def end(self) -> str | None:
        """Wait until it has ended, after its last word; how it died otherwise."""
        self._process.join()
        return (
            f"a worker died ({self._process.exitcode}) at {self._at.value.decode()}" if self._process.exitcode else None
        )

    def stop(self) -> None:
        """End it wherever it is."""
        self._process.terminate()
        self._process.join()


def _listen(session: pytest.Session, at_work: dict[Connection, _Worker]) -> set[str]:
    """Pass on what the copies tell until each has said its last word; the tests that were done to their end."""
    done: set[str] = set()
    while at_work and not session.shouldfail:
        for told in wait(list(at_work)):
            assert isinstance(told, Connection)
            try:
                reports: list[pytest.TestReport] = told.recv()
            except EOFError:
                session.shouldfail = at_work.pop(told).end() or session.shouldfail
            else:
                done |= {report.nodeid for report in reports if report.when == "teardown"}
                _pass_on(session.config, reports)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return done


def _pass_on(config: pytest.Config, reports: list[pytest.TestReport]) -> None:
    """Let whoever writes to the terminal hear them."""
    for report in reports:
        config.hook.pytest_runtest_logreport(report=report)
        if report.when == "teardown":
            config.hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)


class _Teller:
    """Sits in a copy and tells how each test went, now and then."""

    def __init__(self, tells: Connection, at: Any) -> None:
        self._tells, self._at = tells, at
        self._untold: list[pytest.TestReport] = []
        self._last = time.monotonic()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Show where it is, whatever becomes of it."""
        self._at.value = nodeid.encode()[:LONGEST_NAME]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep it, and tell what is kept once it is time."""
        self._untold.append(report)
        if report.failed or time.monotonic() - self._last > OFTEN:
            self.tell()

    def tell(self) -> None:
        """Tell all that is kept."""
        self._tells.send(self._untold)
        self._untold, self._last = [], time.monotonic()


def _work(session: pytest.Session, heap: _Heap, teller: _Teller, folder: Path) -> None:
    """Be a copy: with output and a folder of its own, silent on the terminal."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(teller)
    capture = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    _folders(session.config)._basetemp = folder  # noqa: SLF001  pytest has no other way
    for item, following in pairwise(heap.take()):
        assert item is not None
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    teller.tell()
    session.config.hook.pytest_unconfigure(config=session.config)  # what threads and garbage still had to say
    session.config._cleanup_stack.close()  # noqa: SLF001  as above: it dies of what they say


def _folders(config: pytest.Config) -> pytest.TempPathFactory:
    found: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]  # noqa: SLF001  as above
    return found
