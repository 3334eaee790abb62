"""Alembic's entry: runs the migrations on the connection that ``migrate`` holds."""

from alembic import context

from cx_desktop.service.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
