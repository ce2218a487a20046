"""From the ledger to the platforms: each message at most once, and what nobody knows left to a human."""
