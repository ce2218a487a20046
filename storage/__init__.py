"""What the town remembers: the stores in memory, on SQLite and on PostgreSQL, the vault of keys, backups of both."""
