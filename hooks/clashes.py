"""What can be told only of the whole declaration: names that meet, in a file, a model or PostgreSQL."""

from collections.abc import Iterator

from hooks import reserved
from hooks.declaration import FLAGS, Group, Model, Word, cut


def check(models: list[Model]) -> None:
    """Raise FailedHookException, which is one line, at the first thing that is wrong."""
    files: dict[str, Model] = {}
    tables = {model.table: model for model in models if not model.schema}
    for model in models:
        if (other := files.setdefault(model.module, model)) is not model:
            model.word.fail(f"{model.name} and {other.name} share the file {model.module}.py: rename one")
        for group in model.groups:
            check_group(group, model)
        for link in model.links:
            if table := tables.get(model.schema):
                link.word.fail(
                    f"{link.word.text!r} is in schema {model.schema!r}, which SQLAlchemy would confuse with the"
                    f" table of {table.name}: rename one"
                )
    for model in models:
        check_sides(model)
    check_relations(models)


def check_group(group: Group, model: Model) -> None:
    word, text = group.word, group.word.text
    fields = [f.name for f in model.columns]
    if group.flag not in FLAGS:
        word.fail(
            f"{text!r} is no field: write name:type, unique(a,b) or index(a,b)",
            ("unique", "index"),
            group.flag,
        )
    if len(group.names) < 2 or len(set(group.names)) < len(group.names):
        word.fail(
            f"{text!r} must name two fields or more, each once; for one write a flag: a:text:{group.flag}"
        )
    for name in group.names:
        if name in [f.name for f in model.links]:
            word.fail(f"{name!r} in {text!r} is many-to-many and has no column: leave it out")
        if name not in fields:
            word.fail(f"{name!r} in {text!r} is no field of {model.name}", fields, name)


def check_sides(model: Model) -> None:
    """Check the other sides of the references to a model."""
    taken = {name: f.word.text for f in model.fields for name in f.names}
    for reference in model.referrers:
        text, side = reference.word.text, reference.other_side
        gives = f"{text!r} gives {model.name} an attribute {side!r}"
        if reason := reserved.name(side, reserved.COLUMNS):
            reference.word.fail(f"{gives}, which {reason}: rename the field or its model")
        if other := taken.get(side):
            reference.word.fail(f"{gives}, and so does {other!r}: rename a field or a model")
        taken[side] = text


def check_relations(models: list[Model]) -> None:
    """Check that PostgreSQL sees no name twice: of tables and indexes in a schema, of constraints in a table."""
    taken: dict[tuple[str, str], Word] = {}
    for model in models:
        for place, name, word in postgres_names(model):
            if other := taken.get((place, cut(name))):
                word.fail(
                    f"{word.text!r} and {other.text!r} both get the name {cut(name)!r} in PostgreSQL:"
                    " rename a field or a table"
                )
            taken[place, cut(name)] = word
    for model in models:
        sequence = f"{model.table[:56]}_id_seq"
        if other := taken.get((model.schema, sequence)):
            other.fail(f"{other.text!r} has the name of the sequence of {model.name}: rename a table")


def postgres_names(model: Model) -> Iterator[tuple[str, str, Word]]:
    """Yield what has a name, where it must be the only one: a schema, or `schema.table:`."""
    schema, constraints = model.schema, f"{model.key}:"
    yield schema, model.table, model.word
    yield schema, f"pk_{model.table}", model.word
    for flag, names in (("unique", model.uniques), ("index", model.indexes)):
        words = [f.word for f in model.columns if getattr(f, flag)]
        words += [group.word for group in model.groups if group.flag == flag]
        yield from ((schema, name, word) for (name, _), word in zip(names, words, strict=True))
    yield from ((constraints, name, f.word) for name, f in model.foreign_keys)
    yield from (
        (constraints, f"ck_{model.table}_{f.name}", f.word) for f in model.columns if f.type == "enum"
    )
    for link in model.links:
        yield from ((schema, name, link.word) for name in link.link_names)
        yield from ((f"{schema}.{link.link_table}:", name, link.word) for name in link.link_keys)
