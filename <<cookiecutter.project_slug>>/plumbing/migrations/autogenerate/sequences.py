"""Creates the sequences of the models, which Alembic leaves out."""

import logging
from collections.abc import Collection, Iterable

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.util import PriorityDispatchResult
from sqlalchemy import DefaultClause, Sequence, Table
from sqlalchemy.schema import CreateSequence
from sqlalchemy.sql.functions import next_value

from plumbing.migrations.autogenerate.statements import Statement, sql_name

logger = logging.getLogger("alembic.autogenerate.plumbing")


class SequenceStatement(Statement):
    """Creates a sequence before the tables whose columns it numbers."""


def compare_sequences(
    context: AutogenContext, upgrade: UpgradeOps, schemas: Collection[str | None]
) -> PriorityDispatchResult:
    """Add the sequences that the models name and the database lacks.

    One that no model names any more stays: nobody can tell whether something else uses it.
    """
    assert context.dialect is not None
    for sequence in declared_sequences(context.sorted_tables):
        if context.inspector.has_sequence(sequence.name, schema=sequence.schema):
            continue
        name = sql_name(sequence.schema, sequence.name)
        create = str(CreateSequence(sequence).compile(dialect=context.dialect))
        logger.info("Detected added sequence %s", name)
        upgrade.ops.append(
            SequenceStatement(create.replace("%%", "%"), f"DROP SEQUENCE IF EXISTS {name}")
        )
    return PriorityDispatchResult.CONTINUE


def declared_sequences(tables: Iterable[Table]) -> list[Sequence]:
    """Return the sequences that number the columns of tables, each once."""
    found = {}
    for table in tables:
        for column in table.columns:
            for default in (column.default, column.server_default):
                if isinstance(default, DefaultClause) and isinstance(default.arg, next_value):
                    default = default.arg.sequence
                if isinstance(default, Sequence) and not default.optional:
                    found[default.schema, default.name] = default
    return [found[key] for key in sorted(found, key=str)]
