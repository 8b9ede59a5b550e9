"""Alembic runs this file for each command that has to do with migrations."""

from plumbing.migrations.environment import run

run()  # arguments of Alembic's context.configure() can be added here
