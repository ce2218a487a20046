"""The same rate-limited work on one, two and four workers."""
