"""A broadcast on a network that enforces its limits: how near the pace allowed, and what a killed program leaves."""
