"""``parvis demo``: a town at work, on this machine alone."""

import asyncio
import errno
import sys

import click

from cli.terminal import stay_on_this_machine

_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})


@click.command(epilog="Example: parvis demo --citizens 200")
@click.option("--once", is_flag=True, help="Play the story without a visitor, then say whether the count is right.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Where the page is served (0: any free port).",
)
@click.option(
    "--citizens",
    type=click.IntRange(1, 5000),
    default=60,
    show_default=True,
    help="How many citizens the sandbox plays.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0, 3600),
    default=6.0,
    show_default=True,
    help="Seconds between two events, so that people can follow.",
)
def demo(*, once: bool, port: int, citizens: int, pace: float) -> None:
    """Play the sample campaign in a sandbox: open the page, choose a citizen, vote."""
    from app.demo import play
    from app.logs import set_up

    set_up(as_json=False, level="error")
    stay_on_this_machine()
    try:
        code = asyncio.run(play(once=once, port=port, citizens=citizens, pace=pace))
    except OSError as error:
        if error.errno not in _TAKEN or error.filename is not None:
            raise
        raise click.ClickException(f"port {port} is taken: parvis demo --port 0") from error
    sys.exit(code)
