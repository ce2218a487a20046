"""Links in the town's texts, followed as a citizen would and never to a place inside."""
