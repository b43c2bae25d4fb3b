"""Run by Alembic: one transaction for all steps."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    # Two servers that start at once do not upgrade at once.
    connection.execute(text("SELECT pg_advisory_lock(hashtext('diwi migrations'))"))
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS diwi"))
    connection.commit()
    context.configure(connection=connection, version_table="migration", version_table_schema="diwi")
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(hashtext('diwi migrations'))"))
    connection.commit()
engine.dispose()
