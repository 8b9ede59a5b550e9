"""Keeps enums that are strings with a check constraint apart from PostgreSQL's own."""

from typing import Any

from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Enum, String

enums_as_strings = Rewriter()


@enums_as_strings.rewrites(ops.AlterColumnOp)
def alter_string(
    context: MigrationContext, revision: Any, operation: ops.AlterColumnOp
) -> ops.AlterColumnOp:
    """Change the length of an enum's column, and leave its check constraint alone."""
    operation.modify_type = string_type(operation.modify_type)
    operation.existing_type = string_type(operation.existing_type)
    return operation


def string_type(type_: Any) -> Any:
    """Return the string under an enum that is not PostgreSQL's own; other types as they are."""
    if isinstance(type_, Enum) and not type_.native_enum:
        return String(type_.length)
    return type_
