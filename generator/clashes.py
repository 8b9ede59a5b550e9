"""The checks that need the whole declaration: names that clash in a file, in a model or in PostgreSQL."""

from collections.abc import Iterator

from generator import reserved
from generator.model import FLAGS, Group, Model, cut
from generator.word import Word


def check(models: list[Model]) -> None:
    """Raise FailedHookException at the first clash; its message is one line."""
    check_models(models)
    for model in models:
        check_other_sides(model)
    check_postgres_names(models)


def check_models(models: list[Model]) -> None:
    """Check the files of the models, their groups and the schemas of their links."""
    files: dict[str, Model] = {}
    tables = {model.table: model for model in models if not model.schema}
    for model in models:
        other = files.setdefault(model.module, model)
        if other is not model:
            model.word.fail(f"{model.name} and {other.name} share the file {model.module}.py: rename one")
        for group in model.groups:
            check_group(group, model)
        for link in model.links:
            if table := tables.get(model.schema):
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
    if len(group.names) < 2 or len(set(group.names)) < len(group.names):
        word.fail(
            f"{text!r} must name at least two different fields; for one field write a flag: a:text:{group.flag}"
        )
    links = [link.name for link in model.links]
    fields = [field.name for field in model.columns]
    for name in group.names:
        if name in links:
            word.fail(f"{name!r} in {text!r} is many-to-many and has no column: leave it out")
        if name not in fields:
            word.fail(f"{name!r} in {text!r} is not a field of {model.name}", fields, name)


def check_other_sides(model: Model) -> None:
    """Check the attributes that references to a model add to it."""
    taken: dict[str, str] = {}
    for field in model.fields:
        for name in field.attributes:
            taken[name] = field.word.text
    for reference in model.referrers:
        word = reference.word
        name = reference.other_side
        gives = f"{word.text!r} gives {model.name} an attribute {name!r}"
        if reason := reserved.name(name, reserved.COLUMNS):
            word.fail(f"{gives}, which {reason}: rename the field or its model")
        if other := taken.get(name):
            word.fail(f"{gives}, and so does {other!r}: rename a field or a model")
        taken[name] = word.text


def check_postgres_names(models: list[Model]) -> None:
    """Check that no schema has two tables or indexes of one name, and no table two such constraints."""
    taken: dict[tuple[str, str], Word] = {}
    for model in models:
        for namespace, name, word in postgres_names(model):
            key = (namespace, cut(name))
            if other := taken.get(key):
                word.fail(
                    f"{word.text!r} and {other.text!r} both get the name {cut(name)!r} in PostgreSQL:"
                    " rename a field or a table"
                )
            taken[key] = word
    for model in models:
        sequence = f"{model.table[:56]}_id_seq"
        if other := taken.get((model.schema, sequence)):
            other.fail(f"{other.text!r} has the name of the sequence of {model.name}: rename a table")


def postgres_names(model: Model) -> Iterator[tuple[str, str, Word]]:
    """Yield a namespace, a name that must be unique in it, and the word that gives the name.

    Tables and indexes share the namespace of their schema; constraints have that of their table, `table:`.
    """
    schema = model.schema
    table = f"{model.key}:"
    yield schema, model.table, model.word
    yield schema, model.primary_key, model.word
    for name, word in zip(names(model.uniques), words(model, "unique"), strict=True):
        yield schema, name, word
    for name, word in zip(names(model.indexes), words(model, "index"), strict=True):
        yield schema, name, word
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


def names(constraints: list[tuple[str, list[str]]]) -> list[str]:
    return [name for name, _ in constraints]


def words(model: Model, flag: str) -> list[Word]:
    """Return the words that declare the unique constraints or the indexes of a model, in their order."""
    fields = [field.word for field in model.columns if getattr(field, flag)]
    groups = [group.word for group in model.groups if group.flag == flag]
    return fields + groups
