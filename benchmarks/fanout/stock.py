"""The usual ways with python-telegram-bot: ``python -m benchmarks.fanout.stock WAY URL FIRST NUMBER PACE``.

``limiter`` sends to all at once through its ``AIORateLimiter``, which tries again what was refused; ``jobs`` gives its
``JobQueue`` (APScheduler) a job for each message, spread over time. Neither remembers anything: started again, they
begin again.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from telegram.ext import AIORateLimiter, Application, ContextTypes

from benchmarks.fanout.network import FIRST, TOKEN
from benchmarks.fanout.outcome import Key
from benchmarks.fanout.town import Broadcast, said

_TRIES = 20
_TEXT = said(0).announcement.title.fr


class Stock:
    """See ``benchmarks.fanout.running.Program``."""

    def __init__(self, way: str, pace: float) -> None:
        self._way, self._pace = way, pace

    def prepare(self, folder: Path, url: str, broadcast: Broadcast) -> None:
        """Write down what its command line says."""
        arguments = [self._way, url, str(FIRST), str(broadcast.places), str(self._pace)]
        (folder / "arguments").write_text(json.dumps(arguments), encoding="utf-8")

    def command(self, folder: Path) -> Sequence[str]:
        """This module as a program."""
        arguments: list[str] = json.loads((folder / "arguments").read_text(encoding="utf-8"))
        return (sys.executable, "-m", "benchmarks.fanout.stock", *arguments)

    def is_over(self, folder: Path, process: "subprocess.Popen[bytes]") -> bool:
        """Whether it ended. Raises ValueError when it failed."""
        if process.poll() not in {None, 0}:
            raise ValueError((folder / "said").read_text(encoding="utf-8"))
        return process.poll() is not None

    def shown(self, folder: Path) -> Collection[Key]:  # noqa: ARG002  of the protocol
        """Nothing."""
        return ()


async def _limited(url: str, people: range, pace: float) -> None:
    limiter = AIORateLimiter(overall_max_rate=pace, overall_time_period=1, max_retries=_TRIES)
    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").rate_limiter(limiter).build()
    async with application:
        await asyncio.gather(*(application.bot.send_message(person, _TEXT) for person in people))


async def _by_jobs(url: str, people: range, pace: float) -> None:
    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    left, over = {*people}, asyncio.Event()

    async def send(context: ContextTypes.DEFAULT_TYPE) -> None:
        assert context.job is not None
        person = context.job.data
        assert isinstance(person, int)
        await context.bot.send_message(person, _TEXT)
        left.discard(person)
        if not left:
            over.set()

    async with application:
        await application.start()
        assert application.job_queue is not None
        for rank, person in enumerate(people):
            application.job_queue.run_once(send, when=1 + rank / pace, data=person)
        await over.wait()
        await application.stop()


if __name__ == "__main__":
    way, url, first, number, pace = sys.argv[1:]
    asyncio.run(
        {"limiter": _limited, "jobs": _by_jobs}[way](url, range(int(first), int(first) + int(number)), float(pace))
    )
