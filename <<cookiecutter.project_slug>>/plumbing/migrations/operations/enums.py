"""op.create_enum(), op.drop_enum(), op.add_enum_value() and op.replace_enum().

They work on PostgreSQL enums, and do nothing in any other database.
"""

from collections.abc import Iterable

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import DDL

from plumbing.enums import drop_enum, enum_sql, literal, stored_enums
from plumbing.errors import UserError
from plumbing.migrations.operations.replacement import replace_sql


class EnumOp(MigrateOperation):
    """The base of the operations: the name of an enum and its schema."""

    def __init__(self, name: str, schema: str | None) -> None:
        self.name = name
        self.schema = schema

    def sql(self) -> str:
        """Return the name of the enum for SQL."""
        return enum_sql(self.schema, self.name)

    def render(self, operation: str, *arguments: object, **options: object) -> str:
        """Return a call of an operation on this enum, as a migration has it."""
        values = [repr(argument) for argument in (self.name, *arguments)]
        options["schema"] = self.schema
        values += [f"{key}={value!r}" for key, value in options.items() if value is not None]
        return f"op.{operation}({', '.join(values)})"


@Operations.register_operation("create_enum")
class CreateEnumOp(EnumOp):
    """Creates an enum: op.create_enum("mood", ["sad", "ok"], schema="blog")."""

    def __init__(self, name: str, values: Iterable[str], schema: str | None = None) -> None:
        super().__init__(name, schema)
        self.values = list(values)

    @classmethod
    def create_enum(
        cls, operations: Operations, name: str, values: Iterable[str], *, schema: str | None = None
    ) -> None:
        operations.invoke(cls(name, values, schema))

    def reverse(self) -> "DropEnumOp":
        return DropEnumOp(self.name, self.schema, self.values)

    def to_diff_tuple(self) -> tuple[str, str, list[str]]:
        return "create_enum", self.sql(), self.values


@Operations.register_operation("drop_enum")
class DropEnumOp(EnumOp):
    """Drops an enum, unless something still uses it: op.drop_enum("mood", schema="blog")."""

    def __init__(self, name: str, schema: str | None = None, values: Iterable[str] = ()) -> None:
        super().__init__(name, schema)
        self.values = list(values)

    @classmethod
    def drop_enum(cls, operations: Operations, name: str, *, schema: str | None = None) -> None:
        operations.invoke(cls(name, schema))

    def reverse(self) -> CreateEnumOp:
        return CreateEnumOp(self.name, self.values, self.schema)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "drop_enum", self.sql()


@Operations.register_operation("add_enum_value")
class AddEnumValueOp(EnumOp):
    """Adds a value to an enum: op.add_enum_value("mood", "great", after="ok", schema="blog").

    Without `after` or `before`, the value is added at the end.  A transaction cannot use a value that
    it has added, so this commits: first what the migration did before, then the value.
    """

    def __init__(
        self,
        name: str,
        value: str,
        after: str | None = None,
        before: str | None = None,
        schema: str | None = None,
    ) -> None:
        super().__init__(name, schema)
        self.value = value
        self.after = after
        self.before = before

    @classmethod
    def add_enum_value(
        cls,
        operations: Operations,
        name: str,
        value: str,
        *,
        after: str | None = None,
        before: str | None = None,
        schema: str | None = None,
    ) -> None:
        operations.invoke(cls(name, value, after, before, schema))

    def rendered(self) -> str:
        """Return the call, as a migration has it."""
        return self.render("add_enum_value", self.value, after=self.after, before=self.before)


class ChangeEnumOp(EnumOp):
    """The base of the operations that change the values; both are reverted by replacing the enum."""

    def __init__(
        self,
        name: str,
        values: Iterable[str],
        schema: str | None = None,
        old_values: Iterable[str] = (),
    ) -> None:
        super().__init__(name, schema)
        self.values = list(values)
        self.old_values = list(old_values)

    def reverse(self) -> "ReplaceEnumOp":
        return ReplaceEnumOp(self.name, self.old_values, self.schema, self.values)


@Operations.register_operation("replace_enum")
class ReplaceEnumOp(ChangeEnumOp):
    """Gives an enum other values: op.replace_enum("mood", ["ok", "great"], schema="blog").

    It fails, and names the column, if a row has a value that is removed.
    """

    @classmethod
    def replace_enum(
        cls, operations: Operations, name: str, values: Iterable[str], *, schema: str | None = None
    ) -> None:
        operations.invoke(cls(name, values, schema))

    def to_diff_tuple(self) -> tuple[str, str, list[str]]:
        return "replace_enum", self.sql(), self.values


class ExtendEnumOp(ChangeEnumOp):
    """Adds values to an enum; a migration has an op.add_enum_value() for each."""

    def additions(self) -> list[AddEnumValueOp]:
        """Return an operation for each value that is new."""
        present = [value for value in self.values if value in self.old_values]
        operations = []
        previous: str | None = None
        for value in self.values:
            if value not in present:
                place = present.index(previous) + 1 if previous is not None else 0
                is_last = place == len(present)
                after = None if is_last else previous
                before = present[0] if place == 0 and not is_last else None
                operations.append(AddEnumValueOp(self.name, value, after, before, self.schema))
                present.insert(place, value)
            previous = value
        return operations

    def to_diff_tuple(self) -> tuple[str, str, list[str]]:
        return "add_enum_values", self.sql(), [added.value for added in self.additions()]


@renderers.dispatch_for(CreateEnumOp)
def render_create_enum(context: AutogenContext, operation: CreateEnumOp) -> str:
    return operation.render("create_enum", operation.values)


@renderers.dispatch_for(DropEnumOp)
def render_drop_enum(context: AutogenContext, operation: DropEnumOp) -> str:
    return operation.render("drop_enum")


@renderers.dispatch_for(ReplaceEnumOp)
def render_replace_enum(context: AutogenContext, operation: ReplaceEnumOp) -> str:
    return operation.render("replace_enum", operation.values)


@renderers.dispatch_for(ExtendEnumOp)
def render_extend_enum(context: AutogenContext, operation: ExtendEnumOp) -> list[str]:
    return [added.rendered() for added in operation.additions()]


@Operations.implementation_for(CreateEnumOp)
def run_create_enum(operations: Operations, operation: CreateEnumOp) -> None:
    if not is_postgresql(operations):
        return
    if not operations.migration_context.as_sql:
        connection = operations.get_bind()
        schema = operation.schema or connection.dialect.default_schema_name or ""
        stored = stored_enums(connection).get((schema, operation.name))
        if stored and stored.values != operation.values:
            raise UserError(
                f"Enum {operation.sql()} already exists, with the values {stored.values}."
                f" If nothing needs it: DROP TYPE {operation.sql()}"
            )
        if stored:
            return
    values = ", ".join(literal(value) for value in operation.values)
    execute(operations, f"CREATE TYPE {operation.sql()} AS ENUM ({values})")


@Operations.implementation_for(DropEnumOp)
def run_drop_enum(operations: Operations, operation: DropEnumOp) -> None:
    if not is_postgresql(operations):
        return
    if operations.migration_context.as_sql:
        execute(operations, f"DROP TYPE IF EXISTS {operation.sql()}")
    else:
        drop_enum(operations.get_bind(), operation.schema, operation.name)


@Operations.implementation_for(AddEnumValueOp)
def run_add_enum_value(operations: Operations, operation: AddEnumValueOp) -> None:
    if not is_postgresql(operations):
        return
    statement = f"ALTER TYPE {operation.sql()} ADD VALUE IF NOT EXISTS {literal(operation.value)}"
    if operation.after is not None:
        statement += f" AFTER {literal(operation.after)}"
    elif operation.before is not None:
        statement += f" BEFORE {literal(operation.before)}"
    with operations.get_context().autocommit_block():
        execute(operations, statement)


@Operations.implementation_for(ReplaceEnumOp)
def run_replace_enum(operations: Operations, operation: ReplaceEnumOp) -> None:
    if is_postgresql(operations):
        execute(operations, replace_sql(operation.schema, operation.name, operation.values))


def is_postgresql(operations: Operations) -> bool:
    """Return whether a migration runs on PostgreSQL."""
    return operations.migration_context.dialect.name == "postgresql"


def execute(operations: Operations, statement: str) -> None:
    """Run a statement as it is: DDL() would fill in what follows a %, text() what follows a colon."""
    operations.execute(DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
