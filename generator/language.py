"""The declaration language: reads one text and returns the models that it declares.

    [schema.]Model[(table)]  field:type[(arguments)][[]][?][=default][:flag...] ...  then ; or a line break

A line that begins with a blank continues the model above.  docs/declaration.md explains the language to users.
All mistakes are collected, then cookiecutter stops with a line for each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NoReturn

from generator import hints, pasted, reserved, scalars, synonyms
from generator.model import DELETE_RULES, FLAGS, GIN_TYPES, NAME_LENGTH, Field, Group, Model, snake
from generator.nouns import plural, singular
from generator.scalars import KEY_TYPES, TYPES
from generator.word import Consequence, Mistake, Mistakes, Word

QUOTED = r"'(?:[^'\n]|'')*'"
VALUE = rf"(?:{QUOTED}|[A-Za-z0-9_.+-]+)"
TOKEN = re.compile(
    rf"""
    \#[^\n]*                                  # a comment
    | ;                                       # the end of a model
    | (?:                                     # a word, which may hold quotes and brackets
        {QUOTED}
        | \( (?:{QUOTED}|[^()'\n;\#])* \)
        | [^\s;\#']
    )+
    | '                                       # a quote that is not closed
    """,
    re.VERBOSE,
)
COMMENTS = ("--", "//", "/*")
"""What begins a comment in other languages."""
MODEL_HEAD = re.compile(r"(?:\w+\.)?([A-Z]\w*)(?:\(\w*\))?")
"""What begins a model even on an indented line, as the first edition had it."""
HIDDEN_MODEL = re.compile(r"\#.*?[\w;.)'] *\s(?P<found>(?:\w+\.)?[A-Z]\w*(?:\(\w+\))?\s+\w+:[A-Za-z]\w*)")
"""In a comment: a model and a field, behind something else."""
HIDDEN_FIELD = re.compile(r"\#.*?\b(?P<found>\w+:[A-Za-z]\w*|;)")
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


@dataclass
class Statement:
    """The words of one model, or of the line with the key of all models."""

    head: Word
    words: list[Word] = field(default_factory=list)


@dataclass
class Declaration:
    """The declared models, and the key of those that declare none."""

    id: Field
    by_name: dict[str, Model] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """The lower-case names of models with mistakes: a reference to one is not a mistake as well."""

    @property
    def models(self) -> list[Model]:
        """The models in the order of the declaration."""
        return list(self.by_name.values())

    @property
    def tables(self) -> dict[str, str]:
        """The table of each model, by its name."""
        return {name: model.table for name, model in self.by_name.items()}


def parse(source: str, mistakes: Mistakes) -> Declaration:
    """Return the declared models, each checked by itself; add the mistakes to the others.

    clashes.check() then compares the models with each other.
    """
    declaration = Declaration(key_of_all(source))
    source = without_blocks(source, declaration, mistakes)
    statements = list(split(source, mistakes))
    read: list[tuple[Model, Statement]] = []
    for number, statement in enumerate(statements):
        with mistakes:
            if is_key(statement.head):
                read_key_of_all(statement, declaration, is_first=number == 0)
            else:
                read.append((add_model(statement.head, declaration, mistakes), statement))
    for model, statement in read:
        statement.words = list(corrected_words(statement.words, model, declaration, mistakes))
    for statement in statements:
        with mistakes:
            cut_off_model(statement, declaration)
    for model, statement in read:
        model.id = replace(declaration.id, model=model)
        for word in statement.words:
            with mistakes:
                read_word(word, model, declaration)
    return declaration


def read_word(word: Word, model: Model, declaration: Declaration) -> None:
    """Add the key, field or group that a word declares to a model."""
    try:
        if group := GROUP.fullmatch(word.text):
            flag = hints.flag_of(group["flag"])
            if flag != group["flag"]:
                word.fail(f"{word.text!r} is not a field: write {flag}({group['names']})")
            names = re.split(r"\s*,\s*", group["names"].strip())
            model.groups.append(Group(word, group["flag"], names))
        elif is_key(word):
            if model.has_own_id:
                word.fail(f"{model.name} has two keys: keep one")
            model.id = parse_key(word, model)
            model.has_own_id = True
        else:
            model.add(parse_field(word, model, declaration))
    except Consequence:
        model.broken.add(word.text.partition(":")[0])
        raise
    except Mistake as mistake:
        model.broken.add(word.text.partition(":")[0])
        hint = hints.hint(word.text, model.name, declaration.tables)
        if hint and hint.text != word.text:
            fail_with_hint(hint, word, model, declaration)
        raise mistake


# Hints


def without_blocks(source: str, declaration: Declaration, mistakes: Mistakes) -> str:
    """Report models that are in another language, as SQL is; return the text without them."""
    rest, blocks = pasted.without_blocks(source)
    for block in blocks:
        declaration.broken.add(lower_name(block.name))
        with mistakes:
            Word(source[block.start : block.end], source, block.start).fail(block.message())
    return rest


def corrected_words(
    words: list[Word], model: Model, declaration: Declaration, mistakes: Mistakes
) -> Iterator[Word]:
    """Report fields with blanks in them; yield the words with what they should be."""
    texts = [word.text for word in words]
    if all(is_whole(text) for text in texts):
        yield from words
        return
    tables = declaration.tables
    place = 0
    while place < len(words):
        word = words[place]
        found = pasted.corrected(texts, place, model.name, tables)
        place += 1
        if found:
            hint, count = found
            reported = len(mistakes.found)
            with mistakes:
                fail_with_hint(hint, word, model, declaration)
            if len(mistakes.found) > reported:
                place += count - 1
                word = replace(word, text=hint.text, is_corrected=True)
        if word.text:
            yield word


def is_whole(text: str) -> bool:
    """Return whether a word has the form of a field or a group."""
    group = GROUP.fullmatch(text)
    return FIELD.fullmatch(text) is not None or (group is not None and group["flag"] in FLAGS)


def fail_with_hint(hint: hints.Hint, word: Word, model: Model, declaration: Declaration) -> None:
    """Raise Mistake with a hint, unless what it says to write cannot be read either."""
    if hint.is_sure or can_be_read(hint.text, word, model, declaration):
        word.fail(hint.message())


def can_be_read(text: str, word: Word, model: Model, declaration: Declaration) -> bool:
    """Return whether a text is a field, or follows from another mistake."""
    alone = Model(word, model.schema, model.name, model.table)
    word = Word(text, word.source, word.offset)
    try:
        if is_key(word):
            parse_key(word, alone)
        else:
            parse_field(word, alone, declaration)
    except Consequence:
        return True
    except Mistake:
        return False
    return True


# Lines and words


def split(source: str, mistakes: Mistakes) -> Iterator[Statement]:
    """Yield the models of a declaration with their words, without comments."""
    comments: list[Word] = []
    lines = [words for words in split_lines(source, comments, mistakes) if words]
    with mistakes:
        check_comments(comments, lines)
    least = min((indentation(words[0]) for words in lines), default=0)
    statement: Statement | None = None
    for words in lines:
        continues = indentation(words[0]) > least and not MODEL_HEAD.fullmatch(words[0].text)
        if statement and not continues:
            yield statement
            statement = None
        for word in words:
            if word.text == ";":
                if statement:
                    yield statement
                statement = None
            elif statement:
                statement.words.append(word)
            else:
                statement = Statement(word)
    if statement:
        yield statement


def indentation(word: Word) -> int:
    """Return how many blanks are before the first word of a line."""
    line = word.source[word.line_start : word.offset]
    return len(line) if not line.strip() else 0


def split_lines(source: str, comments: list[Word], mistakes: Mistakes) -> Iterator[list[Word]]:
    """Yield the words and the separators of each line; add the comments to the others."""
    offset = 0
    for line in source.split("\n"):
        words: list[Word] = []
        for match in TOKEN.finditer(line):
            word = Word(match[0], source, offset + match.start())
            with mistakes:
                if word.text == "'":
                    if words and words[-1].offset + len(words[-1].text) == word.offset:
                        words.pop()  # the part of the word before the quote
                    word.fail("this quote is not closed on its line; a quote inside is written ''")
                if word.text.startswith("#"):
                    comments.append(word)
                    continue
                if word.text.startswith(COMMENTS):
                    word.fail(f"{hints.shown(line[match.start() :])} is not a comment: begin it with #")
                if hidden := unprintable(word.text):
                    word.fail(f"{word.text!r} has U+{ord(hidden):04X}, which cannot be printed: remove it")
                words.append(word)
            if word.text == "'" or word.text.startswith(COMMENTS):
                break
        yield words
        offset += len(line) + 1


def check_comments(comments: list[Word], lines: list[list[Word]]) -> None:
    """Report a comment that hides models.  In YAML, a text behind > is one line, up to an empty one."""
    for word in comments:
        is_all = len(lines) < 2 and "\n" not in word.source.strip()
        is_behind_words = bool(word.source[word.line_start : word.offset].strip())
        hidden = None
        if is_behind_words or not lines:
            hidden = HIDDEN_MODEL.match(word.text)
        if is_all and not hidden:
            hidden = HIDDEN_FIELD.match(word.text)
        if hidden:
            word.fail(
                f"this comment reaches to the end of the line, and so hides {hidden['found']!r}:"
                " in YAML write models: | instead of models: >"
            )


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


def add_model(word: Word, declaration: Declaration, mistakes: Mistakes) -> Model:
    """Return a model, and add it to the declaration even if its name has to be changed."""
    match = MODEL.fullmatch(word.text)
    if not match:
        fail_as_model(word)
    name = match["name"]
    table = match["table"] or plural(snake(name))
    model = Model(word, match["schema"] or "", name, table, given_table=match["table"] is not None)
    with mistakes:
        check_model(model)
        if name in declaration.by_name:
            word.fail(f"model {name!r} is declared twice: rename one, even if their schemas differ")
        declaration.by_name[name] = model
        return model
    declaration.broken.add(lower_name(name))
    return model


def cut_off_model(statement: Statement, declaration: Declaration) -> None:
    """Report a model in the middle of a line; what follows it is not read."""
    for number, word in enumerate(statement.words):
        if MODEL_HEAD.fullmatch(word.text):
            del statement.words[number:]
            declaration.broken.add(lower_name(MODEL_HEAD.sub(r"\1", word.text)))
            word.fail(
                f"{word.text!r} is a model in the middle of a line: begin a new line, or write ; before it"
            )


def lower_name(name: str) -> str:
    """Return a model's name without case and separators, to compare ways to write it."""
    return name.replace("_", "").lower()


def fail_as_model(word: Word) -> NoReturn:
    """Report a word that does not begin a model."""
    is_field = FIELD.match(word.text) and word.text[0].islower()
    above = re.sub("#.*", "", word.source[: word.offset]).rstrip()
    if above and above[-1] != ";" and (is_field or GROUP.fullmatch(word.text)):
        word.fail(f"{word.text!r} is at the start of a line: indent it, to continue the model above")
    if is_field:
        word.fail(f"{word.text!r} is a field, but no model is above it: begin with schema.Model or Model")
    if call := re.fullmatch(r"((?:\w+\.)?[A-Z]\w*)\((\w+:.*)\)", word.text):
        fields = re.sub(r"[,\s]+", " ", call[2])
        word.fail(f"{word.text!r} is not a model: write {call[1]} {fields}")
    if not re.search(r"\w", word.text):
        word.fail(f"{word.text!r} is not a model: leave it out")
    bare = word.text.rstrip(":,{(")
    if bare != word.text and NAME.fullmatch(bare):
        bare = hints.camel(singular(bare))
    is_model = bare[:1].isupper() and MODEL.fullmatch(bare)
    form = bare if is_model else "schema.Model, Model or Model(table)"
    word.fail(f"{word.text!r} is not a model: write {form}")


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
        word.fail(f"model {name!r} {reason}: choose another name, as in {reserved.free_model(name)}")
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


# Keys


def is_key(word: Word) -> bool:
    return word.text.startswith("id:")


def key_of_all(source: str) -> Field:
    """Return the key that models have if the declaration does not say another one."""
    word = Word("id:integer", source, 0)
    return parse_key(word, Model(word, "", "BaseModel", ""))


def read_key_of_all(statement: Statement, declaration: Declaration, is_first: bool) -> None:
    word = statement.head
    if not is_first:
        word.fail(
            f"{word.text!r} sets the key of all models, so it is the first line; in a model it follows its name"
        )
    declaration.id = parse_key(word, declaration.id.model)
    for other in statement.words:
        if not MODEL_HEAD.fullmatch(other.text):  # which cut_off_model() reports
            other.fail(
                f"{other.text!r} is on the line of the key of all models: begin a model on the next line"
            )
        return


def parse_key(word: Word, model: Model) -> Field:
    """Return the key of a model, or of all models."""
    match = FIELD.fullmatch(word.text)
    forms = "id:integer, id:bigint, id:uuid=uuid or id:string(26)"
    if not match or match["type"] not in KEY_TYPES or match["array"] or match["null"] or match["flags"]:
        word.fail(f"{word.text!r} is not a key: write {forms}")
    default = match["default"]
    if default not in (None, *KEY_TYPES[match["type"]]):
        word.fail(f"{word.text!r} has a default that a key cannot have: write {forms}")
    arguments = parse_arguments(word, match["type"], match["arguments"] or "")
    if fault := scalars.fault(match["type"], arguments, array=False, default=default):
        word.fail(f"{word.text!r} {fault}")
    return Field(
        word=word,
        model=model,
        name="id",
        type=match["type"],
        target=None,
        arguments=arguments,
        array=False,
        nullable=False,
        default=default,
        flags=[],
    )


# Fields


def parse_field(word: Word, model: Model, declaration: Declaration) -> Field:
    match = FIELD.match(word.text)
    if not match:
        fail_as_field(word)
    check_rest(word, rest=word.text[match.end() :])
    kind = match["type"]
    target = None if kind in TYPES else find_model(word, kind, declaration)
    arguments = [] if target else parse_arguments(word, kind, match["arguments"] or "")
    if (match["default"] or "").lower() == "null" and match["default"] not in arguments:
        word.fail(f"{word.text!r} says NULL, which needs no default: write {kind}?")
    field = Field(
        word=word,
        model=model,
        name=match["name"],
        type=kind,
        target=target,
        arguments=arguments,
        array=match["array"] is not None,
        nullable=match["null"] is not None,
        default=None if match["default"] is None else unquoted(match["default"]),
        flags=match["flags"].split(":")[1:],
        given_other_side=parse_other_side(word, kind, match["arguments"]) if target else None,
    )
    check_field(field)
    if target and declaration.by_name.get(model.name) is model:
        target.referrers.append(field)
    return field


def parse_other_side(word: Word, kind: str, arguments: str | None) -> str | None:
    """Return the name in `user:User(posts)`, which the relationship of User gets."""
    if arguments is None:
        return None
    name = arguments[1:-1].strip()
    if not NAME.fullmatch(name) or "__" in name:
        word.fail(
            f"{arguments!r} in {word.text!r} is not a name for the other side, which must match [a-z][a-z0-9_]*:"
            f" write {kind}(name), as in author:User(posts)"
        )
    return name


def fail_as_field(word: Word) -> NoReturn:
    """Report a word that is neither a field nor a group."""
    text = word.text
    if not re.search(r"\w", text):
        word.fail(f"{text!r} is not a field: leave it out")
    form = "name:type"
    if NAME.fullmatch(text):
        form = f"{text}:text, or another type"
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


def find_model(word: Word, name: str, declaration: Declaration) -> Model:
    """Return the model that a reference names, as `Model` or as `schema.Model`."""
    schema, _, class_name = name.rpartition(".")
    found = declaration.by_name.get(class_name)
    if found and schema in ("", found.schema):
        return found
    if lower_name(class_name) in declaration.broken:
        raise Consequence(word)
    fail_as_type(word, name, declaration)


def fail_as_type(word: Word, name: str, declaration: Declaration) -> NoReturn:
    """Report a name that is neither a type nor a model."""
    lower = name.lower()
    wrong = lower if lower in TYPES else synonyms.TYPES.get(hints.key_of(name), name)
    what = f"{name!r} in {word.text!r}"
    looks_like_a_type = wrong == lower and "." not in wrong
    if wrong in TYPES or looks_like_a_type:
        word.fail(f"type {what} is unknown", [*TYPES, *declaration.by_name], wrong)
    qualified = [model.full_name for model in declaration.models]
    word.fail(f"model {what} is not declared", [*qualified, *declaration.by_name], wrong)


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
    if field.unique and field.type in GIN_TYPES:
        word.fail(
            f"{word.text!r} cannot be unique, since no such index can search json: leave out unique, or write index"
            " for a GIN index"
        )


def check_link(field: Field) -> None:
    word = field.word
    text = word.text
    if field.nullable or field.default is not None or field.flags:
        form = f"{field.name}:{field.type}[]"
        word.fail(f"{text!r} is many-to-many, which takes no ?, default or flag: write {form}")
    check_name(word, f"the table of {text!r},", field.link_table, reserved.LINK_TABLES)
    for column in field.link_columns:
        check_name(word, f"in the table of {text!r}, column", column, {})


def check_reference(field: Field) -> None:
    word = field.word
    text = word.text
    if field.default is not None:
        word.fail(f"{text!r} is a reference, which takes no default: leave out ={field.default}")
    if field.name.endswith("_id"):
        word.fail(f"{text!r} would make a column {field.column}: leave out _id")
    rules = [flag for flag in field.flags if flag in DELETE_RULES]
    if len(rules) > 1:
        word.fail(f"{text!r} has two delete rules: keep one")
    if field.delete_rule == "SET NULL" and not field.nullable:
        word.fail(f"{text!r} sets NULL, so it must be nullable: write {field.type}?")
    if field.target is field.model and not field.nullable:
        word.fail(f"{text!r} refers to its own model, so it must be nullable: write {field.type}?")
