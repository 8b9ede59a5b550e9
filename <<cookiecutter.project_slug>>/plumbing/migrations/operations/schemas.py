"""op.create_schema() and op.drop_schema()."""

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from sqlalchemy.schema import CreateSchema, DropSchema

from plumbing.schemas import create_schema, drop_schema, logger


@Operations.register_operation("create_schema")
class CreateSchemaOp(MigrateOperation):
    """Creates a schema unless it exists: op.create_schema("blog")."""

    def __init__(self, schema: str) -> None:
        self.schema = schema

    @classmethod
    def create_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls(schema))

    def reverse(self) -> "DropSchemaOp":
        return DropSchemaOp(self.schema)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "create_schema", self.schema


@Operations.register_operation("drop_schema")
class DropSchemaOp(MigrateOperation):
    """Drops a schema if it is empty: op.drop_schema("blog")."""

    def __init__(self, schema: str) -> None:
        self.schema = schema

    @classmethod
    def drop_schema(cls, operations: Operations, schema: str) -> None:
        operations.invoke(cls(schema))

    def reverse(self) -> CreateSchemaOp:
        return CreateSchemaOp(self.schema)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "drop_schema", self.schema


@renderers.dispatch_for(CreateSchemaOp)
def render_create_schema(context: AutogenContext, operation: CreateSchemaOp) -> str:
    return f"op.create_schema({operation.schema!r})"


@renderers.dispatch_for(DropSchemaOp)
def render_drop_schema(context: AutogenContext, operation: DropSchemaOp) -> str:
    return f"op.drop_schema({operation.schema!r})"


@Operations.implementation_for(CreateSchemaOp)
def run_create_schema(operations: Operations, operation: CreateSchemaOp) -> None:
    if operations.migration_context.as_sql:
        operations.execute(CreateSchema(operation.schema, if_not_exists=True))
    elif create_schema(operations.get_bind(), operation.schema):
        logger.info("Creating: schema %s", operation.schema)


@Operations.implementation_for(DropSchemaOp)
def run_drop_schema(operations: Operations, operation: DropSchemaOp) -> None:
    if operations.migration_context.as_sql:
        operations.execute(DropSchema(operation.schema, if_exists=True))
    else:
        drop_schema(operations.get_bind(), operation.schema)
