"""What leaves the ledger for the platforms."""
