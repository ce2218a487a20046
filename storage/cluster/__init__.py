"""Several hosts, one town: which process runs which lane, by jobs of PgQueuer in the town's own PostgreSQL."""
