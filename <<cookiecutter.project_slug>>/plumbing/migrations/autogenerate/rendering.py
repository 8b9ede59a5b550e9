"""How `migrate` writes what Alembic would write wrongly."""

import re
from typing import Any

import sqlalchemy
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _render_server_default, _repr_type
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations.ops import AlterColumnOp, CreatePrimaryKeyOp
from sqlalchemy import ClauseElement, Identity, TypeDecorator, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import NullType, TypeEngine

from plumbing.migrations.autogenerate.enums import render_enum
from plumbing.migrations.autogenerate.printed import full_name
from plumbing.migrations.types import SqlType

TYPE_NAME = text("""
    SELECT format_type(atttypid, atttypmod)
    FROM pg_attribute
    WHERE attrelid = CAST(:table AS regclass) AND attname = :column
""")


class PostgresqlWriter(PostgresqlImpl):
    """Alembic's PostgreSQL, with SQL that a migration can run as it is written.

    Alembic writes each % twice and forgets the backslash before a colon.  The migration would then
    store %%, and take :name for a parameter.
    """

    __dialect__ = "postgresql"

    def render_ddl_sql_expr(
        self,
        expr: ClauseElement,
        is_server_default: bool = False,
        is_index: bool = False,
        **options: Any,
    ) -> str:
        sql = super().render_ddl_sql_expr(expr, is_server_default, is_index, **options)
        sql = sql.replace("%%", "%")
        return sql if is_index else escaped(sql)  # an index has a literal_column(), not a text()

    def autogen_column_reflect(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Describe a type that SQLAlchemy does not know, such as that of an extension."""
        super().autogen_column_reflect(  # type: ignore[no-untyped-call]
            inspector, table, column_info
        )
        type_ = getattr(column_info["type"], "item_type", column_info["type"])
        if isinstance(type_, NullType):
            assert self.connection is not None
            where = {"table": full_name(table), "column": column_info["name"]}
            column_info["type"] = SqlType(str(self.connection.scalar(TYPE_NAME, where)))


def escaped(sql: str) -> str:
    """Return SQL for text(), which takes :name for a parameter unless a backslash precedes it."""
    return re.sub(r"(?<=\\):\w*(?![:\w])|(?<![:\w\\]):\w+(?![:\w])", r"\\\g<0>", sql)


def render_item(kind: str, item: Any, context: AutogenContext) -> str | bool:
    """Return how a default or a type is written, or False to leave that to Alembic."""
    if kind == "server_default":
        literal = getattr(item, "arg", None)
        if isinstance(literal, str):  # Alembic would cut off a quote at its ends
            return repr(literal)
    if kind == "type":
        return render_enum(item, context) or render_type(item, context)
    return False


def render_type(type_: TypeEngine[Any], context: AutogenContext) -> str | bool:
    """Return how a type is written that is not one of SQLAlchemy's own, else False.

    A TypeDecorator is written as the type that it stands for, so that the migration still runs when
    the code has changed.  For any other type, the migration imports the module.
    """
    module = type(type_).__module__
    if isinstance(type_, SqlType):
        context.imports.add(f"from {module} import SqlType")
        return repr(type_)
    if module.startswith("sqlalchemy."):
        return False
    assert context.migration_context.impl is not None and context.dialect is not None
    if isinstance(type_, TypeDecorator):
        implementation = type_.load_dialect_impl(context.dialect)
        return _repr_type(as_public(implementation), context)
    context.imports.add(f"import {module}")
    return False


def as_public(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a type as one of the classes that SQLAlchemy names; a driver's classes stand below."""
    for class_ in type(type_).__mro__:
        names = (getattr(module, class_.__name__, None) for module in (sqlalchemy, postgresql))
        if class_ in names:
            return type_.adapt(class_)
    return type_


alter_column_of_alembic = renderers.dispatch(AlterColumnOp)


@renderers.dispatch_for(AlterColumnOp, replace=True)
def render_alter_column(context: AutogenContext, operation: AlterColumnOp) -> str:
    """Write postgresql_using, too, and an identity that is changed, which else would be added."""
    written: str = alter_column_of_alembic(context, operation)
    more = []
    using = operation.kw.get("postgresql_using")
    if using is not None:
        more.append(f"postgresql_using={using!r}")
    old, new = operation.existing_server_default, operation.modify_server_default
    if isinstance(old, Identity) and new is not False:
        more.append(f"existing_server_default={_render_server_default(old, context)}")
    return ",\n           ".join([written[:-1], *more]) + ")"


@renderers.dispatch_for(CreatePrimaryKeyOp, replace=True)
def render_create_primary_key(context: AutogenContext, operation: CreatePrimaryKeyOp) -> str:
    schema = f", schema={operation.schema!r}" if operation.schema else ""
    columns = [str(name) for name in operation.columns]
    name = operation.constraint_name
    return f"op.create_primary_key({name!r}, {operation.table_name!r}, {columns!r}{schema})"
