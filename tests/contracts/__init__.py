"""One suite per port, run against everything that implements it."""
