"""The checks that need the whole declaration: names that clash in a file, in a model or in PostgreSQL."""

from collections.abc import Iterator

from generator import circles, reserved
from generator.model import BASE_COLUMNS, FLAGS, GIN_TYPES, Field, Group, Model, cut
from generator.word import Mistakes, Word


def check(models: list[Model], mistakes: Mistakes) -> None:
    """Compare the models with each other, and find the circles of references; add the mistakes to the others."""
    check_models(models, mistakes)
    with mistakes:
        circles.mark(models)
    for model in models:
        for group in model.groups:
            with mistakes:
                check_group(group, model)
        check_other_sides(model, mistakes)
        if model.has_own_id:
            with mistakes:
                check_key(model)
    if not mistakes.found:  # the names of constraints need complete models
        check_postgres_names(models, mistakes)


def check_models(models: list[Model], mistakes: Mistakes) -> None:
    """Check the files of the models and the schemas of their links."""
    files: dict[str, Model] = {}
    tables = {model.table: model for model in models if not model.schema}
    for model in models:
        other = files.setdefault(model.module, model)
        with mistakes:
            if other is not model:
                model.word.fail(f"{model.name} and {other.name} share the file {model.module}.py: rename one")
        for link in model.links:
            if table := tables.get(model.schema):
                with mistakes:
                    link.word.fail(
                        f"{link.word.text!r} is in schema {model.schema!r}, which SQLAlchemy would confuse with the"
                        f" table of {table.name}: rename one"
                    )


def check_group(group: Group, model: Model) -> None:
    word = group.word
    text = word.text
    if group.flag not in FLAGS:
        message = f"{text!r} is not a field: write name:type, unique(a,b) or index(a,b)"
        word.fail(message, choices=["unique", "index"], wrong=group.flag)
    if group.names == ["id"] and group.flag == "unique":
        word.fail(f"{text!r} has no use, since a key is unique: leave it out")
    is_of_base = group.names[0] in BASE_COLUMNS
    if len(set(group.names)) < len(group.names) or (len(group.names) < 2 and not is_of_base):
        word.fail(
            f"{text!r} must name at least two different fields; for one field write a flag: a:text:{group.flag}"
        )
    links = [link.name for link in model.links]
    fields = {field.name: field for field in model.columns}
    for name in group.names:
        if name in links:
            word.fail(f"{name!r} in {text!r} is many-to-many and has no column: leave it out")
        if name in BASE_COLUMNS or name in model.broken:
            continue
        if name not in fields:
            word.fail(
                f"{name!r} in {text!r} is not a field of {model.name}", [*fields, *BASE_COLUMNS[1:]], name
            )
        if fields[name].type in GIN_TYPES:
            word.fail(
                f"{name!r} in {text!r} is json, which no such index can search: leave it out, or write"
                f" {name}:json:index for a GIN index of its own"
            )


def check_key(model: Model) -> None:
    """Check that the imports of a model with a key of its own clash with no model in its file."""
    imported = {"Timestamped", "Identity"} if model.id.is_identity else {"Timestamped"}
    targets = [field.target for field in model.fields if field.target]
    for other in [model, *targets, *(field.model for field in model.referrers)]:
        if other.name in imported:
            model.id.word.fail(
                f"{model.id.word.text!r} needs SQLAlchemy's or the template's class {other.name}, and so the file"
                f" {model.module}.py cannot have the model {other.name}: rename the model, or leave out the key"
            )


def check_other_sides(model: Model, mistakes: Mistakes) -> None:
    """Check the attributes that a model gets from references to it."""
    taken: dict[str, str] = {}
    for field in model.fields:
        for name in field.attributes:
            taken[name] = field.word.text
    for reference in model.referrers:
        with mistakes:
            check_other_side(reference, model, taken)
        with mistakes:
            check_columns_beside(reference, model)
        taken[reference.other_side] = reference.word.text


def check_other_side(reference: Field, model: Model, taken: dict[str, str]) -> None:
    """Check the attribute that a reference adds to a model; `taken` has the words that give the others."""
    word = reference.word
    name = reference.other_side
    gives = f"{word.text!r} gives {model.name} an attribute {name!r}"
    remedy = f"name the other side, as in {reference.name}:{reference.type}(another_name)"
    if reason := reserved.name(name, reserved.COLUMNS):
        word.fail(f"{gives}, which {reason}: {remedy}")
    if other := taken.get(name):
        word.fail(f"{gives}, and so does {other!r}: {remedy}")


def check_columns_beside(reference: Field, model: Model) -> None:
    """Check that no plain column `store_id` looks like that of a relationship `store`."""
    name = reference.other_side
    for field in model.columns if reference.unique else ():
        if field.name == f"{name}_id":
            field.word.fail(
                f"{field.word.text!r} is a plain column, beside the relationship {name!r} that"
                f" {reference.word.text!r} gives {model.name}: rename it, or write {name}:{reference.model.name}"
            )


def check_postgres_names(models: list[Model], mistakes: Mistakes) -> None:
    """Check that no schema has two tables or indexes of one name, and no table two such constraints."""
    taken: dict[tuple[str, str], Word] = {}
    reported: set[int] = set()
    for model in models:
        for namespace, name, word in postgres_names(model):
            other = taken.get((namespace, cut(name)))
            taken[namespace, cut(name)] = word
            if other and word.offset not in reported:
                reported.add(word.offset)
                with mistakes:
                    word.fail(
                        f"{word.text!r} and {other.text!r} both get the name {cut(name)!r} in PostgreSQL:"
                        " rename a field or a table"
                    )
    for model in models:
        sequence = f"{model.table[:56]}_id_seq"
        holder = taken.get((model.schema, sequence)) if model.id.is_numbered else None
        with mistakes:
            if holder:
                holder.fail(f"{holder.text!r} has the name of the sequence of {model.name}: rename a table")


def postgres_names(model: Model) -> Iterator[tuple[str, str, Word]]:
    """Yield a namespace, a name that must be unique in it, and the word that gives the name.

    Tables and indexes share the namespace of their schema; constraints have that of their table, `table:`.
    """
    schema = model.schema
    table = f"{model.key}:"
    yield schema, model.table, model.word
    yield schema, model.primary_key, model.word
    for (name, _), word in zip(model.uniques, words(model, "unique"), strict=True):
        yield schema, name, word
    for index, word in zip(model.indexes, words(model, "index"), strict=True):
        yield schema, index.name, word
    for name, field in model.foreign_keys:
        yield table, name, field.word
    for field in model.columns:
        if field.type == "enum":
            yield table, f"ck_{model.table}_{field.name}", field.word
    for link in model.links:
        yield schema, link.link_table, link.word
        yield schema, link.link_primary_key, link.word
        yield schema, link.link_index, link.word
        for name in link.link_foreign_keys:
            yield f"{model.qualified(link.link_table)}:", name, link.word


def words(model: Model, flag: str) -> list[Word]:
    """Return the words that declare the unique constraints or the indexes of a model, in their order."""
    fields = [field.word for field in model.columns if getattr(field, flag)]
    groups = [group.word for group in model.groups if group.flag == flag]
    return fields + groups
