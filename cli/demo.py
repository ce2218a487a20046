"""``parvis demo``: a town at work, on this machine alone."""

import asyncio
import sys

import click


@click.command(epilog="Example: parvis demo --citizens 200")
@click.option("--once", is_flag=True, help="Play the story without a visitor, then say whether the count is right.")
@click.option("--port", default=8642, show_default=True, help="Where the page is served (0: any free port).")
@click.option("--citizens", default=60, show_default=True, help="How many citizens the sandbox plays.")
@click.option("--pace", default=6.0, show_default=True, help="Seconds between two events, so that people can follow.")
def demo(*, once: bool, port: int, citizens: int, pace: float) -> None:
    """Play the sample campaign in a sandbox: open the page, choose a citizen, vote."""
    from app.demo import play

    sys.exit(asyncio.run(play(once=once, port=port, citizens=citizens, pace=pace)))
