"""Provide the parts of app/api.py: schemas for any model, and responses to PostgreSQL's errors.

Schemas check what they can before a row is written.  PostgreSQL has the last word: if it refuses a
row, the response is a 409 or 422 that names the fields.
"""

# mypy: disallow-subclassing-any=False

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn
from urllib.parse import quote

import flask_smorest  # type: ignore[import-untyped]
from flask import Flask, abort
from marshmallow import Schema, ValidationError, fields, validate
from marshmallow_sqlalchemy import ModelConverter, SQLAlchemyAutoSchema
from marshmallow_sqlalchemy.exceptions import ModelConversionError
from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    cast,
    delete,
    inspect,
    literal,
    select,
    types,
)
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError, StatementError
from sqlalchemy.orm import InstrumentedAttribute, Mapper, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.types import TypeEngine
from webargs.flaskparser import FlaskParser
from webargs.flaskparser import abort as abort_with
from werkzeug.exceptions import BadRequest

from plumbing.current import db, mappers

# Columns that the database sets, besides ids.
READ_ONLY = ("created_at", "updated_at")
LAST_PAGE = 10**9
PAGE_SIZE, LARGEST_PAGE = 20, 100  # rows
MOST_LINKS = 1000  # ids in a many-to-many field

# PostgreSQL's error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
CONFLICTS = ("23001", "23503", "23505", "23P01")  # with another row
REFUSALS = ("22", "23", "428C9", "54")  # of a value: codes or prefixes
ERRORS = (StatementError, ValueError, RecursionError)  # while a value is sent
UNSORTED = (types.JSON, types.UserDefinedType)
METHODS = ("get", "post", "patch", "delete")


# Models


def models(app: Flask) -> list[type[Any]]:
    """Return each model that has its own table, sorted by the name of the table."""
    with app.app_context():
        found = [m for m in mappers() if isinstance(m.local_table, Table) and not m.single]
    return [mapper.class_ for mapper in sorted(found, key=lambda mapper: str(mapper.local_table))]


def path_of(model: type[Any]) -> str:
    """Return the part of a URL that names a model, such as blog/posts."""
    return name_of(model).replace(".", "/")


def name_of(model: type[Any]) -> str:
    """Return the name of a model's table, such as blog.posts, which is unique among models."""
    return table_of(model).fullname


def table_of(model: type[Any]) -> Table:
    table = mapper_of(model).local_table
    assert isinstance(table, Table)
    return table


def key_rule(model: type[Any]) -> str:
    """Return the part of a URL that names a row, with a segment for each primary key column."""
    return "".join(f"/<{attribute.key}>" for attribute in key_of(model))


def key_of(model: type[Any]) -> list[InstrumentedAttribute[Any]]:
    """Return the attributes of a model that are its primary key."""
    mapper = mapper_of(model)
    found = [mapper.get_property_by_column(column) for column in mapper.primary_key]
    return [getattr(model, attribute.key) for attribute in found]


def url_of(row: Any) -> str:
    """Return the URL of a row."""
    parts = [quote(str(getattr(row, key.key)), safe="") for key in key_of(type(row))]
    return "/".join(["/api", path_of(type(row)), *parts])


def mapper_of(model: type[Any]) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(model)
    return mapper


def links_of(model: type[Any]) -> dict[str, type[Any]]:
    """Return the many-to-many relationships of a model, with their target models.

    Each belongs to one side only: to the one that its table names first.
    """
    return {
        relationship.key: relationship.mapper.class_
        for relationship in mapper_of(model).relationships
        if relationship.secondary is not None
        and relationship.synchronize_pairs[0][1] is list(relationship.secondary.columns)[0]
        and len(relationship.mapper.primary_key) == 1
    }


def loaded_with(model: type[Any]) -> list[ORMOption]:
    """Return query options that load the many-to-many relationships of all rows together."""
    return [selectinload(getattr(model, name)) for name in links_of(model)]


# Rows


def order_of(model: type[Any], sort: str) -> list[ColumnElement[Any]]:
    """Return the order that the query string names: title, or -title for descending."""
    column = getattr(model, sort.removeprefix("-"))
    return [column.desc() if sort.startswith("-") else column, *key_of(model)]


def find(rows: Select[Any], model: type[Any], key: dict[str, str]) -> Any:
    """Return the row with a key, or answer 404."""
    try:
        row = db().session.scalar(rows.where(*matches(model, key)))
    except DataError:  # the key is not of the column's type
        db().session.rollback()
        row = None
    if row is None:
        abort(404)
    return row


def matches(model: type[Any], key: dict[str, str]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on the row with a key.  PostgreSQL converts its values from text."""
    for name, text in key.items():
        column = getattr(model, name)
        is_text = isinstance(column.type, types.String) and not isinstance(column.type, types.Enum)
        # A cast to varchar(2) would truncate the text.
        yield column == cast(literal(text, Text), Text() if is_text else column.type)


def remove(row: Any) -> None:
    """Delete a row, including its rows in the tables of inherited models."""
    key = [getattr(row, attribute.key) for attribute in key_of(type(row))]
    for table in reversed(mapper_of(type(row)).tables):
        if isinstance(table, Table):
            pairs = zip(table.primary_key, key, strict=True)
            db().session.execute(delete(table).where(*(column == value for column, value in pairs)))


@contextmanager
def saving(model: type[Any], values: dict[str, Any] | None = None) -> Iterator[None]:
    """Commit the block's changes, or respond with 409 or 422 if PostgreSQL refuses them."""
    session = db().session
    try:
        yield
        written = [row for row in [*session.new, *session.dirty] if has_changed(row)]
        session.flush()
        for row in written:
            session.refresh(row)  # a time in the year 10000 can be written, but not read
        session.commit()
    except ERRORS as error:
        session.rollback()
        answer_refusal(error, model, values or {})
        raise


def has_changed(row: Any) -> bool:
    """Return whether any column of a row has changed; lists of other rows do not count."""
    return db().session.is_modified(row, include_collections=False)


def answer_refusal(error: Exception, model: type[Any], values: dict[str, Any]) -> None:
    """Respond if a row or a value is refused, and return if something else is wrong."""
    cause: Any = getattr(error, "orig", error)
    code = getattr(cause, "sqlstate", None) or ""
    if code in CONFLICTS:
        # Key (title, "order")=(News, 1) already exists.
        message = cause.diag.message_detail or first_line(cause)
        key = re.search(r"\((.+?)\)=\(", message)
        names = key[1].replace('"', "").split(", ") if key else []
        refuse(409, message, {name: [message] for name in names})
    if is_refusal(error, code):
        message = first_line(cause)
        column = cause.diag.column_name if code else None
        refuse(422, message, {column: [message]} if column else refused(model, values))


def is_refusal(error: Exception, code: str) -> bool:
    """Return whether an error is about a value.  Errors from the driver have no code."""
    if code:
        return code.startswith(REFUSALS)
    return not isinstance(error, DBAPIError) or isinstance(error, (DataError, ProgrammingError))


def refused(model: type[Any], values: dict[str, Any]) -> dict[str, list[str]]:
    """Ask PostgreSQL about each value, because the error for a row does not name the column."""
    columns = mapper_of(model).columns
    errors = {}
    for name in values.keys() & columns.keys():
        kind = columns[name].type
        try:
            db().session.scalar(select(cast(literal(values[name], kind), kind)))
        except ERRORS as error:
            db().session.rollback()
            errors[name] = [first_line(getattr(error, "orig", error))]
    return errors


def first_line(error: Any) -> str:
    return next(iter(str(error).splitlines()), "The value is refused.")


def refuse(status: int, message: str, errors: dict[str, Any]) -> NoReturn:
    """Respond with an error that says what is wrong with each field."""
    abort_with(status, message=message, errors=errors)


# Schemas


def schema_of(model: type[Any], hidden: tuple[str, ...] = ()) -> type[Schema]:
    """Return the schema of a row: its columns, and the ids of its many-to-many relationships.

    Fields whose names are in `hidden` are left out.
    """
    options = {
        "model": model,
        "model_converter": Converter,
        "include_fk": True,
        "dump_only": read_only(model),
        "exclude": [name for name in hidden if name in mapper_of(model).attrs],
        "register": False,
    }
    links = {name: Links(target) for name, target in links_of(model).items()}
    parts = {"Meta": type("Meta", (), options), **links}
    return type(name_of(model), (SQLAlchemyAutoSchema,), parts)


def read_only(model: type[Any]) -> list[str]:
    """Return the fields that only the database sets."""
    automatic = table_of(mapper_of(model).base_mapper.class_).autoincrement_column
    keys = [key.key for key in key_of(model) if key.property.columns[-1] is automatic]
    columns = mapper_of(model).columns.items()
    generated = [key for key, column in columns if is_generated(column)]
    return [*keys, *generated, *READ_ONLY]


def is_generated(column: Any) -> bool:
    """Return whether PostgreSQL refuses any value for a column."""
    identity = getattr(column, "identity", None)
    return bool(getattr(column, "computed", None) or (identity and identity.always))


def changes_of(schema: type[Schema]) -> Schema:
    """Return the schema of changes to a row, in which no field is required."""
    changes: type[Schema] = type(f"{schema.__name__}.changes", (schema,), {})
    return changes(partial=True)


def page_of(schema: type[Schema]) -> type[Schema]:
    """Return the schema of a page of rows, in the form of Flask-SQLAlchemy's pagination."""
    page = {name: fields.Integer() for name in ("page", "per_page", "pages", "total")}
    rows = fields.List(fields.Nested(schema))
    return Schema.from_dict({"items": rows, **page}, name=f"{schema.__name__}.page")


def paging_of(model: type[Any], schema: type[Schema]) -> type[Schema]:
    """Return the schema of the query string that chooses a page and its order."""
    columns = mapper_of(model).columns.items()
    sortable = [key for key, column in columns if not isinstance(column.type, UNSORTED)]
    names = [name for name in schema().fields if name in sortable]
    orders = validate.OneOf([*names, *(f"-{name}" for name in names)])
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE))
    size = fields.Integer(load_default=PAGE_SIZE, validate=validate.Range(1, LARGEST_PAGE))
    sort = fields.String(load_default=key_of(model)[0].key, validate=orders)
    options: dict[str, fields.Field[Any]] = {"page": page, "per_page": size, "sort": sort}
    return Schema.from_dict(options, name=f"{name_of(model)}.paging")


def described(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what /api/docs shows of each model: its name, its requests and its fields."""
    for tag in spec.get("tags", []):
        requests = [
            {"method": method.upper(), "path": path, "summary": operation["summary"]}
            for path, operations in spec["paths"].items()
            for method, operation in operations.items()
            if method in METHODS and tag["name"] in operation["tags"]
        ]
        row = spec["components"]["schemas"][tag["name"].replace("/", ".")]
        found = [
            {"name": name, "type": words(field), "rule": rule(name, field, row)}
            for name, field in row["properties"].items()
        ]
        yield {"name": tag["name"], "requests": requests, "fields": found}


def words(field: dict[str, Any]) -> str:
    """Describe the values that a field of a schema accepts."""
    types = field.get("type", "any JSON")
    text = types if isinstance(types, str) else types[0]
    notes = [field[key] for key in ("format", "x-unit") if key in field]
    if "items" in field:
        text = f"array of {words(field['items'])}"
    if "enum" in field:
        notes = [json.dumps(value) for value in field["enum"] if value is not None]
    elif "maxLength" in field:
        notes.append(f"at most {field['maxLength']} characters")
    return ": ".join([text, ", ".join(notes)]) if notes else text


def rule(name: str, field: dict[str, Any], row: dict[str, Any]) -> str:
    """Describe whether a field is read-only, required, or may be null."""
    if field.get("readOnly"):
        return "read only"
    if name in row.get("required", []):
        return "required"
    return "may be null" if "null" in field.get("type", "") else ""


class Base64(fields.Field[bytes]):
    """Bytes, as Base64 text."""

    def _serialize(self, value: bytes | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else b64encode(value).decode()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bytes:
        try:
            return b64decode(value, validate=True)
        except (TypeError, ValueError) as error:
            raise ValidationError("Not valid base 64.") from error


class Decimal(fields.Decimal):
    """A decimal number, as text so that no digit is lost.  PostgreSQL rounds it."""

    def __init__(self, places: int | None = None, **options: Any) -> None:
        super().__init__(as_string=True, **options)


class Links(fields.List[Any]):
    """The rows of a many-to-many relationship, as a list of their ids."""

    def __init__(self, target: type[Any]) -> None:
        (self.key,) = key_of(target)
        super().__init__(Converter().column2field(self.key.expression))

    def _serialize(self, value: Any, *args: Any, **options: Any) -> Any:
        return super()._serialize([getattr(row, self.key.key) for row in value], *args, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> list[Any]:
        ids = set(super()._deserialize(value, *args, **options))
        if len(ids) > MOST_LINKS:
            raise ValidationError(f"More than {MOST_LINKS} rows.")
        try:
            rows = list(db().session.scalars(select(self.key.class_).where(self.key.in_(ids))))
        except (DataError, ValueError):
            db().session.rollback()
            rows = []
        if len(rows) < len(ids):
            raise ValidationError("Some of these rows do not exist.")
        return rows


class JSONParser(FlaskParser):
    """Reads a body as Flask does: 415 if it is not JSON, 400 if it is malformed."""

    def load_json(self, req: Any, schema: Schema) -> Any:
        try:
            return req.get_json()
        except (BadRequest, RecursionError):
            abort(400, "The body is not JSON, or is nested too deeply.")

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        (errors,) = error.messages_dict.values()
        refuse(422, "Some fields are not valid.", errors)


class ErrorSchema(Schema):
    """The JSON of an error, which plumbing/web/errors.py writes."""

    status = fields.Integer()
    error = fields.String()
    message = fields.String()
    errors = fields.Dict()


class Api(flask_smorest.Api):
    """Flask-smorest's API, which leaves errors to the same handlers as other pages."""

    ERROR_SCHEMA = ErrorSchema

    def __init__(self, app: Flask) -> None:
        super().__init__(app, spec_kwargs={"security": [{"token": []}]})
        self.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
        self.register_field(Base64, "string", "byte")
        self.register_field(Decimal, "string", "decimal")

    def _register_error_handlers(self) -> None:
        pass


class Blueprint(flask_smorest.Blueprint):
    """Flask-smorest's blueprint, with the parser above."""

    ARGUMENTS_PARSER = JSONParser()


def array(_: Any, kind: types.ARRAY[Any]) -> Any:
    """Return the field of an array, whose elements are checked like the values of a column."""
    field = Converter().column2field(Column(kind.item_type, nullable=False))
    for _ in range(1, kind.dimensions or 1):
        field = fields.List(field)
    return partial(fields.List, field)


def datetime(_: Any, kind: types.DateTime) -> type[fields.DateTime]:
    """Return the field of a datetime, with or without a time zone."""
    return fields.AwareDateTime if kind.timezone else fields.NaiveDateTime


class Converter(ModelConverter):
    """Chooses the field of a column if marshmallow-sqlalchemy's own is not exact."""

    SQLA_TYPE_MAPPING = ModelConverter.SQLA_TYPE_MAPPING | {
        types.ARRAY: array,
        types.DateTime: datetime,
        types.Enum: lambda _, kind: fields.Enum if kind.enum_class else fields.String,
        types.Float: fields.Float,
        types.Integer: lambda *_: partial(fields.Integer, strict=True),
        types.LargeBinary: Base64,
        types.Numeric: Decimal,
        BIT: fields.String,
    }

    def _get_field_class_for_data_type(self, data_type: TypeEngine[Any]) -> type[fields.Field[Any]]:
        try:
            return super()._get_field_class_for_data_type(data_type)
        except ModelConversionError:  # for example a type of an extension
            return fields.String
