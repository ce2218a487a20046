"""Looking whether something is due, however much is planned ahead."""
