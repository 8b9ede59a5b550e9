"""The declaration language: reads one text and returns the models that it declares.

    [schema.]Model[(table)]  field:type[(arguments)][[]][?][=default][:flag...] ...  then ; or a line break

docs/declaration.md explains the language to users.  A mistake raises FailedHookException, and cookiecutter
stops with its message, which is one line.
"""

import re
from collections.abc import Iterator
from typing import NoReturn

from generator import reserved, scalars
from generator.model import DELETE_RULES, FLAGS, NAME_LENGTH, Field, Group, Model, snake
from generator.nouns import plural
from generator.scalars import OTHER_NAMES, TYPES
from generator.word import Word

QUOTED = r"'(?:[^'\n]|'')*'"
VALUE = rf"(?:{QUOTED}|[A-Za-z0-9_.+-]+)"
TOKEN = re.compile(
    rf"""
    \#[^\n]*                                  # a comment
    | [;\n]                                   # the end of a model
    | (?:                                     # a word, which may hold quotes and brackets
        {QUOTED}
        | \( (?:{QUOTED}|[^()'\n;\#])* \)
        | [^\s;\#']
    )+
    | '                                       # a quote that is not closed
    """,
    re.VERBOSE,
)
MODEL = re.compile(r"(?:(?P<schema>\w+)\.)?(?P<name>\w+)(?:\((?P<table>\w+)\))?")
FIELD = re.compile(
    rf"""
    (?P<name>\w+)
    : (?P<type>(?:\w+\.)?\w+)
    (?P<arguments>\((?:{QUOTED}|[^()'])*\))?
    (?P<array>\[\])?
    (?P<null>\?)?
    (?:=(?P<default>{VALUE}))?
    (?P<flags>(?::\w+)*)
    """,
    re.VERBOSE,
)
GROUP = re.compile(r"(?P<flag>\w+)\((?P<names>[^()']*)\)")
NAME = re.compile(r"[a-z][a-z0-9_]*")
MODEL_NAME = re.compile(rf"[A-Z][A-Za-z0-9]{{,{NAME_LENGTH - 1}}}")


def parse(source: str) -> list[Model]:
    """Return the declared models in the order of the declaration, each checked alone.

    clashes.check() then compares them with each other.
    """
    models: dict[str, Model] = {}
    model = None
    words = list(tokens(source))  # an unclosed quote is reported before anything else
    for word in words:
        if word.text in (";", "\n"):
            model = None
        elif model is None:
            model = parse_model(word, models)
            models[model.name] = model
        elif group := GROUP.fullmatch(word.text):
            names = re.split(r"\s*,\s*", group["names"].strip())
            model.groups.append(Group(word, group["flag"], names))
        else:
            model.fields.append(parse_field(word, model, models))
    return list(models.values())


# Tokens


def tokens(source: str) -> Iterator[Word]:
    """Yield the words and the separators of a declaration, without comments."""
    for match in TOKEN.finditer(source):
        word = Word(match[0], source, match.start())
        if word.text.startswith("#"):
            continue
        if word.text == "'":
            word.fail("this quote is not closed on its line; a quote inside is written ''")
        if hidden := unprintable(word.text):
            word.fail(f"{word.text!r} has U+{ord(hidden):04X}, which cannot be printed: remove it")
        yield word


def unprintable(text: str) -> str | None:
    """Return the first character that cannot be printed; any white space is allowed outside quotes."""
    if text.isprintable():
        return None
    quoted = re.findall(QUOTED, text)
    unquoted = re.sub(QUOTED, "", text).split()
    for character in "".join(quoted + unquoted):
        if not character.isprintable():
            return character
    return None


def unquoted(value: str) -> str:
    if value.startswith("'"):
        return value[1:-1].replace("''", "'")
    return value


# Models


def parse_model(word: Word, models: dict[str, Model]) -> Model:
    match = MODEL.fullmatch(word.text)
    if not match:
        word.fail(f"{word.text!r} is not a model: write schema.Model, Model or Model(table)")
    name = match["name"]
    table = match["table"] or plural(snake(name))
    model = Model(word, match["schema"] or "", name, table)
    check_model(model)
    if name in models:
        word.fail(f"model {name!r} is declared twice: rename one, even if their schemas differ")
    return model


def check_model(model: Model) -> None:
    word = model.word
    name = model.name
    if not MODEL_NAME.fullmatch(name):
        message = f"model {name!r} must match [A-Z][A-Za-z0-9]*, with at most {NAME_LENGTH} characters"
        camel_case = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
        choices = [camel_case] if MODEL_NAME.fullmatch(camel_case) else []
        word.fail(message, choices)
    if model.schema:
        check_name(word, "schema", model.schema, reserved.SCHEMAS)
    if reason := reserved.model(name, model.module):
        word.fail(f"model {name!r} {reason}: choose another name")
    check_name(word, "table", model.table, reserved.TABLES, hint=f"name the table, as in {name}(name)")


def check_name(
    word: Word,
    what: str,
    name: str,
    reasons: dict[str, str],
    hint: str = "choose another name",
) -> None:
    """Check a name of PostgreSQL; `reasons` holds the reserved names."""
    if not NAME.fullmatch(name) or "__" in name:
        word.fail(f"{what} {name!r} must match [a-z][a-z0-9_]*, without __")
    if len(name) > NAME_LENGTH:
        word.fail(f"{what} {name!r} has {len(name)} characters; PostgreSQL allows {NAME_LENGTH}: {hint}")
    if reason := reserved.name(name, reasons):
        word.fail(f"{what} {name!r} {reason}: {hint}")


# Fields


def parse_field(word: Word, model: Model, models: dict[str, Model]) -> Field:
    match = FIELD.match(word.text)
    if not match:
        fail_as_field(word)
    check_rest(word, rest=word.text[match.end() :])
    kind = match["type"]
    target = None if kind in TYPES else find_model(word, kind, models)
    field = Field(
        word=word,
        model=model,
        name=match["name"],
        type=kind,
        target=target,
        arguments=parse_arguments(word, kind, match["arguments"] or ""),
        array=match["array"] is not None,
        nullable=match["null"] is not None,
        default=None if match["default"] is None else unquoted(match["default"]),
        flags=match["flags"].split(":")[1:],
    )
    if target:
        target.referrers.append(field)
    check_field(field)
    return field


def fail_as_field(word: Word) -> NoReturn:
    """Report a word that is neither a field nor a group."""
    text = word.text
    form = "name:type"
    if text in FLAGS:
        form = f"{text}(a,b)"
    if text.startswith(":") or text.endswith(":"):
        form += ", without a space"
    word.fail(f"{text!r} is not a field: write {form}")


def check_rest(word: Word, rest: str) -> None:
    """Report what follows the last part of a field that could be read."""
    text = word.text
    if not rest:
        return
    if rest.startswith("(") and ")" not in rest:
        word.fail(f"the bracket in {text!r} is not closed: ; and # inside go in quotes")
    if rest.startswith('="'):
        word.fail(f"{rest!r} in {text!r} has the wrong quotes: write ='...'")
    word.fail(
        f"{rest!r} is out of place in {text!r}: the order is name:type(arguments)[]?=default:flags,"
        " and a value with any character but A-Z a-z 0-9 _ . + - needs quotes"
    )


def find_model(word: Word, name: str, models: dict[str, Model]) -> Model:
    """Return the model that a reference names, as `Model` or as `schema.Model`."""
    schema, _, class_name = name.rpartition(".")
    found = models.get(class_name)
    if found and schema in ("", found.schema):
        return found
    fail_as_type(word, name, models)


def fail_as_type(word: Word, name: str, models: dict[str, Model]) -> NoReturn:
    """Report a name that is neither a type nor a model."""
    lower = name.lower()
    wrong = lower if lower in TYPES else OTHER_NAMES.get(lower, name)
    what = f"{name!r} in {word.text!r}"
    looks_like_a_type = wrong == lower and "." not in wrong
    if wrong in TYPES or looks_like_a_type:
        word.fail(f"type {what} is unknown", [*TYPES, *models], wrong)
    qualified = [model.full_name for model in models.values()]
    word.fail(f"model {what} must be declared above", [*qualified, *models], wrong)


def parse_arguments(word: Word, kind: str, text: str) -> list[str]:
    """Return the values of `(10,2)` or of `(a|'b c')`."""
    separator = "|" if kind == "enum" else ","
    if text and not re.fullmatch(rf"\(\s*{VALUE}(\s*[{separator}]\s*{VALUE})*\s*\)", text):
        form = scalars.form(kind) if kind in TYPES else kind
        word.fail(f"{word.text!r} has wrong arguments: write {form}")
    return [unquoted(value) for value in re.findall(VALUE, text)]


def check_field(field: Field) -> None:
    """Check a field by itself and beside the fields before it."""
    word = field.word
    check_name(word, "field", field.name, reserved.COLUMNS)
    check_name(word, "column", field.column, reserved.COLUMNS)
    check_attributes(field)
    check_flags(field)
    if field.is_link:
        check_link(field)
    elif field.target:
        check_reference(field)
    elif fault := scalars.fault(field.type, field.arguments, field.array, field.default):
        word.fail(f"{word.text!r} {fault}")


def check_attributes(field: Field) -> None:
    """Check that the fields before it give the model other attributes."""
    text = field.word.text
    for other in field.model.fields:
        for name in sorted(field.attributes & other.attributes):
            field.word.fail(
                f"{text!r} and {other.word.text!r} both define {name!r} in {field.model.name}: rename one"
            )


def check_flags(field: Field) -> None:
    word = field.word
    known = [*FLAGS]
    if field.target:
        known += DELETE_RULES
    for flag in field.flags:
        if flag in DELETE_RULES and not field.target:
            word.fail(f"flag {flag!r} is only for references, and {word.text!r} is not one")
        if flag not in known:
            word.fail(f"flag {flag!r} in {word.text!r} is not one of {', '.join(known)}", known, flag)
        if field.flags.count(flag) > 1:
            word.fail(f"flag {flag!r} is given twice in {word.text!r}: keep one")


def check_link(field: Field) -> None:
    word = field.word
    text = word.text
    if field.arguments or field.nullable or field.default is not None or field.flags:
        form = f"{field.name}:{field.type}[]"
        word.fail(f"{text!r} is many-to-many, which takes no arguments, ?, default or flag: write {form}")
    check_name(word, f"the table of {text!r},", field.link_table, reserved.LINK_TABLES)
    for column in field.link_columns:
        check_name(word, f"in the table of {text!r}, column", column, {})


def check_reference(field: Field) -> None:
    word = field.word
    text = word.text
    if field.arguments or field.default is not None:
        word.fail(f"{text!r} is a reference, which takes no arguments and no default")
    rules = [flag for flag in field.flags if flag in DELETE_RULES]
    if len(rules) > 1:
        word.fail(f"{text!r} has two delete rules: keep one")
    if field.delete_rule == "SET NULL" and not field.nullable:
        word.fail(f"{text!r} sets NULL, so it must be nullable: write {field.type}?")
    if field.target is field.model and not field.nullable:
        word.fail(f"{text!r} refers to its own model, so it must be nullable: write {field.type}?")
