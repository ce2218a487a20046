"""What Alembic runs: the revisions, inside the transaction that ``storage.migrations`` has begun."""

from alembic import context

from storage.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
