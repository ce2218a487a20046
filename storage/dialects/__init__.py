"""Where SQLite and PostgreSQL differ: a file each, behind ``storage.dialects.base``."""
