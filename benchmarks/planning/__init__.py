"""A step falls due: one delivery for each subscriber, in one transaction."""
