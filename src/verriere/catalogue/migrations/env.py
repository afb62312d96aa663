"""What Alembic runs: inside the transaction that `verriere.catalogue.schema.migrate` has opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
