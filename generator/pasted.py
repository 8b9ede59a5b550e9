"""Fields with spaces in them, and models in SQL, Prisma, JHipster, Django or Rails.

What is found here is a mistake, and the message shows what to write instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator import hints, synonyms
from generator.hints import Draft, Hint, Tables, key_of, shown
from generator.model import DELETE_RULES, FLAGS, snake
from generator.nouns import plural, singular
from generator.scalars import TYPES

NAME = re.compile(r"[\"`\[]?([A-Za-z_][\w-]*)[\"`\]]?")
KIND = re.compile(r"\[?([A-Za-z_][\w.]*)!?\]?(<\w+[?!]?>)?((\(.*\))?(\[\d*\])?[?!]?)*,?$")
LONG_TYPES = (
    "timestamp with time zone",
    "timestamp without time zone",
    "time with time zone",
    "time without time zone",
    "double precision",
    "character varying",
    "national varchar",
    "bit varying",
    "binary varying",
    "long varchar",
)
NAMES = [
    "attachment",
    "byte",
    "checkbox",
    "choice",
    "choices",
    "color",
    "currency",
    "digest",
    "dict",
    "duration",
    "email",
    "file",
    "fixed",
    "hash",
    "html",
    "image",
    "instant",
    "ip",
    "key",
    "map",
    "markdown",
    "mixed",
    "money",
    "monetary",
    "name",
    "number",
    "object",
    "password",
    "path",
    "period",
    "phone",
    "raw",
    "select",
    "short",
    "signed",
    "single",
    "slug",
    "struct",
    "tel",
    "timestamps",
    "token",
    "unsigned",
    "uri",
    "url",
    "xml",
    "year",
]
"""Types of others that are names of fields, too: only behind a colon do they mean a type."""
PARTS = re.compile(
    r"""(?:'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^\s(])+|\S"""
)
WIDTH = 160
"""The greatest width of a message."""


# Fields of several words


def gather(texts: list[str], start: int, models: Tables) -> tuple[Draft, int] | None:
    """Read one field that begins with a word; return it with the number of its words."""
    first = texts[start] if start < len(texts) else ""
    following = texts[start + 1 : start + 3]
    if re.fullmatch(r"[\w-]+:", first) and following:
        text, place = first + following[0], start + 2
    elif NAME.fullmatch(first) and following[:1] == [":"] and len(following) > 1:
        text, place = f"{first}:{following[1]}", start + 3
    elif NAME.fullmatch(first) and following and re.match(r":\w", following[0]):
        text, place = first + following[0], start + 2
    elif NAME.fullmatch(first) and following and is_type(following[0], models):
        text, place = f"{first}:{following[0]}", start + 2
    elif re.match(r"[\w-]+:\w", first):
        text, place = first, start + 1
    elif is_type(first, models) and following and NAME.fullmatch(following[0].rstrip(",")):
        text, place = f"{following[0].rstrip(',')}:{first}", start + 2
    else:
        return None
    text, place = with_open_end(text, texts, place)
    ends = text.endswith(",")
    draft = hints.draft_of(text.rstrip(",;"))
    if draft is None:
        return None
    while place < len(texts) and not ends:
        count = add_words(draft, texts[place:], models)
        if not count:
            break
        place += count
        ends = texts[place - 1].endswith(",")
    return draft, place - start


def with_open_end(text: str, texts: list[str], place: int) -> tuple[str, int]:
    """Return a text together with the words that belong to it: a type of several words, a value after =."""
    for name in LONG_TYPES:
        words = name.split()
        head, _, last = text.rpartition(":")
        joined = [
            last,
            *(word.rstrip(",").partition("(")[0] for word in texts[place : place + len(words) - 1]),
        ]
        if [word.partition("(")[0].lower() for word in joined] == words:
            ends = texts[place : place + len(words) - 1]
            brackets = "".join(re.findall(r"\(.*?\)", "".join([last, *ends])))
            comma = "," if ends[-1].endswith(",") else ""
            kind = key_of(name)
            return f"{head}:{kind}{brackets}{comma}", place + len(words) - 1
    if text.endswith("=") and place < len(texts):
        return text + texts[place], place + 1
    return text, place


def is_type(text: str, models: Tables) -> bool:
    """Return whether a word is a type in any of these languages, or a model."""
    match = KIND.match(text)
    if not match:
        return False
    kind = match[1].split(".")[-1]
    if kind in NAMES and kind not in models:
        return False
    return (
        kind.lower() in TYPES
        or key_of(kind) in synonyms.TYPES
        or key_of(kind) in synonyms.REFERENCES
        or kind in models
        or key_of(kind) in models
        or key_of(kind) in ("list", "set", "array")
        or text.lower().startswith(("double", "character", "national", "timestamp", "time"))
    )


def add_words(draft: Draft, texts: list[str], models: Tables) -> int:
    """Add the next words to a field; return their number, or 0 if they are something else."""
    word = texts[0].rstrip(",")
    upper = [text.rstrip(",").upper() for text in texts[:3]] + ["", "", ""]
    following = texts[1].rstrip(",") if len(texts) > 1 else ""
    if re.fullmatch(r"\(.*\)", word) and not draft.arguments:
        draft.arguments = word[1:-1]
        return 1
    if word in ("?", "[]", "!"):
        draft.null |= word == "?"
        draft.array |= word == "[]"
        return 1
    if word == "=" and following:
        draft.default = following
        return 2
    if re.match(r"=.", word):
        draft.default = word[1:]
        return 1
    if word.startswith("["):
        return add_settings(draft, texts)
    if word.startswith("@@"):
        return 0
    if word.startswith("@"):
        flag, _, value = word.partition("(")
        draft.flags.append((flag, value.removesuffix(")")))
        return 1
    if upper[0] == "DEFAULT" and following:
        draft.default = None if following.lower().startswith("nextval(") else following
        return 2
    if upper[0] == "REFERENCES" and following:
        draft.flags.append(("fk", following))
        return 3 if len(texts) > 2 and texts[2].startswith("(") else 2
    if upper[:2] == ["ON", "DELETE"] or upper[:2] == ["ON", "UPDATE"]:
        rule = {"SET": "setnull", "NO": "restrict"}.get(upper[2], upper[2].lower())
        if upper[1] == "DELETE" and rule in DELETE_RULES and upper[2] != "NO":
            draft.flags.append((rule, ""))
        return 4 if upper[2] in ("SET", "NO") else 3
    for pair, flag in PAIRS.items():
        if " ".join(upper[:2]) == pair:
            draft.flags.append((flag, ""))
            return 2
    if upper[0] in ("CHECK", "COLLATE", "COMMENT", "CONSTRAINT") and following:
        return 2
    if upper[0] == "GENERATED":
        draft.flags.append(("primarykey", ""))
        return len(texts)
    bare, _, value = word.partition("(")
    is_group = hints.flag_of(bare) in FLAGS and (value or following.startswith("("))
    is_flag = not is_group and (key_of(bare) in synonyms.FLAGS if value else is_flag_alone(bare))
    is_name = len(texts) > 1 and (is_type(following, models) or following.startswith(":"))
    if is_flag and not is_name:
        if len(texts) > 1 and not value and re.fullmatch(r"\(.*\)", following):
            draft.flags.append((bare, following[1:-1]))
            return 2
        draft.flags.append((bare, value.removesuffix(")")))
        return 1
    return 0


def is_flag_alone(word: str) -> bool:
    """Return whether a word without a value is a flag in any of these languages, not a field without a type."""
    meaning = synonyms.FLAGS.get(key_of(word), "")
    alone = ("unique", "index", "required", "null", "key", *DELETE_RULES)
    names = (
        "key",
        "id",
        "auto",
        "identity",
        "serial",
        "increment",
        "generated",
        "delete",
        "nothing",
        "deny",
        "maybe",
    )
    return meaning in alone and (word not in names)


PAIRS = {
    "NOT NULL": "notnull",
    "PRIMARY KEY": "primarykey",
    "UNIQUE KEY": "unique",
    "AUTO_INCREMENT PRIMARY": "primarykey",
    "UNSIGNED ZEROFILL": "unsigned",
}


def add_settings(draft: Draft, texts: list[str]) -> int:
    """Add the settings in brackets of DBML: [not null, default: 0]."""
    count = next((number for number, text in enumerate(texts, 1) if text.rstrip(",").endswith("]")), 0)
    inner = " ".join(texts[:count]).rstrip(",")[1:-1]
    for setting in re.findall(r"(?:'[^']*'|`[^`]*`|[^,'`])+", inner):
        name, _, value = setting.strip().partition(":")
        value = value.strip().strip("`")
        if key_of(name) == "default":
            draft.default = value
        elif key_of(name) == "ref":
            draft.flags.append(("fk", value.lstrip("<>- ")))
        elif key_of(name) != "note":
            draft.flags.append((key_of(name), value))
    return count


def corrected(texts: list[str], start: int, model: str, models: Tables) -> tuple[Hint, int] | None:
    """Return what to write instead of a field that begins with a word, and the number of its words."""
    if texts[start] in FLAGS and re.fullmatch(r"\(.*\)", "".join(texts[start + 1 : start + 2])):
        text = f"{texts[start]} {texts[start + 1]}"
        return Hint(f"{shown(text)} has a space in it", text.replace(" ", ""), is_sure=True), 2
    if group := re.fullmatch(r"@@(\w+)\(\[?([\w, ]*)\]?.*\)", texts[start]):
        text = f"{group[1]}({group[2].replace(' ', '')})"
        is_ours = group[1] in FLAGS and "," in text
        return Hint(f"{shown(texts[start])} is not a field", text if is_ours else "", is_sure=True), 1
    found = gather(texts, start, models)
    if not found:
        return None
    draft, count = found
    if count == 1:
        return None
    text = " ".join(texts[start : start + count])
    draft.errors = [""]
    hint = hints.finished(draft, text, model, models)
    if hint is None:
        return None
    if not hint.text:
        return hint, count
    return Hint(f"{shown(text)} {reason(text)}", hint.text, hint.is_sure), count


def reason(text: str) -> str:
    upper = text.upper()
    if "NOT NULL" in upper:
        return f"is not a field; {synonyms.MEANINGS['required']}"
    if re.search(r"\sNULL\b", upper):
        return f"is not a field; {synonyms.MEANINGS['null']}"
    if re.fullmatch(r"[\w-]+\s*:\s*\S+|\S+\s*\(.*\)|\S+\s*=\s*\S+", text):
        return "has a space in it"
    return "is not a field"


# Whole models


@dataclass(frozen=True)
class Block:
    """A model in another language: where it is in the source, and how it is written here."""

    start: int
    end: int
    what: str
    name: str
    text: str

    def message(self) -> str:
        return f"this is {self.what}: write {cut(self.text, WIDTH - len(self.what))}"


def cut(text: str, width: int) -> str:
    """Return a model with as many fields as there is room for."""
    if len(text) <= width:
        return text
    return text[: text.rindex(" ", 0, width)] + " ..."


HEADS = {
    "SQL": r"CREATE\s+(?:TEMP\w*\s+|UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.\"`\[\]]+)\s*\(",
    "Prisma": r"model\s+(?P<name>\w+)\s*\{",
    "JHipster's JDL": r"entity\s+(?P<name>\w+)(?:\s*\(\w+\))?\s*\{",
    "DBML": r"Table\s+(?P<name>[\w.\"]+)[^\n{]*\{",
    "GraphQL": r"(?:type|input|interface)\s+(?P<name>\w+)[^\n{=]*\{",
    "Python": r"class\s+(?P<name>\w+)\([\w., =\[\]]*\):",
    "Ruby": r"class\s+(?P<name>\w+)\s*<\s*[\w:.\[\]]+",
    "a class": r"(?:@\w+[^\n]*\s+)*(?:(?:export|default|public|abstract|final|data)\s+)*class\s+(?P<name>\w+)[^\n{(]*[{(]",
    "JavaScript": r"(?:const|let|var)\s+(?P<name>\w+?)(?:Schema)?\s*=[^\n]*\(\{",
    "Rails": r"create_table\s*\(?\s*[:\"'](?P<name>[\w.]+)[^\n]*\|t\|",
    "Laravel": r"Schema::create\(\s*['\"](?P<name>\w+)['\"][^\n]*\{",
    "a command": r"(?:\$\s*)?(?:\w+/)?(?:rails|sails|mix|npx|hanami|nest)\s[^\n]*?"
    r"(?:model|scaffold|resource|schema|html|json)\s+(?:\w+\.)?(?P<name>[A-Z]\w*)",
}
ENDS = {
    "Rails": r"^[ \t]*end\b[ \t]*$",
    "Ruby": r"^end\b[ \t]*$",
    "Laravel": r"^[ \t]*\}\s*\)?\s*;?",
    "Django": r"^(?=\S)",
    "Python": r"^(?=\S)",
}
REST = re.compile(
    r"^[ \t]*(?:enum|relationship|generator|datasource|class\s+Meta|ref)\b[^\n{]*\{|^[ \t]*(?:import|from|use|package|@)[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
STATEMENTS = re.compile(
    r"^(?:CREATE|ALTER|SET|SELECT|INSERT|COMMENT|DROP|GRANT|USE|BEGIN|COMMIT)\b[^;]*(?:;|\Z)",
    re.MULTILINE | re.IGNORECASE,
)
ENUMS = (
    re.compile(
        r"CREATE\s+TYPE\s+(?:\w+\.)?\"?(?P<name>\w+)\"?\s+AS\s+ENUM\s*\((?P<values>[^)]*)\)", re.IGNORECASE
    ),
    re.compile(r"^[ \t]*enum\s+(?P<name>\w+)\s*\{(?P<values>[^}]*)\}", re.IGNORECASE | re.MULTILINE),
)
CLOSERS = re.compile(r"^[ \t]*(?:[\])}]+;?|end)[ \t]*$", re.MULTILINE)
"""What is left of what was around the models."""
NULLABLE = ("SQL", "DBML", "JHipster's JDL", "Rails", "GraphQL")
TABLE_NAMES = ("SQL", "DBML", "Rails", "Laravel")
CLAUSES = re.compile(
    r"(?:CONSTRAINT\s+\S+\s+)?(?P<clause>PRIMARY\s+KEY|UNIQUE(?:\s+(?:KEY|INDEX))?|FOREIGN\s+KEY|KEY|INDEX|CHECK|EXCLUDE|LIKE)"
    r"\s*(?:\w+\s*)?\((?P<columns>[^)]*)\)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


def without_blocks(source: str) -> tuple[str, list[Block]]:
    """Return a text with blanks in the place of models that are in another language, and these."""
    found = list(blocks(source))
    for block in found:
        source = blanked(source, block.start, block.end)
    if found:
        for rest in REST.finditer(source):
            end = closing(source, rest.end()) if rest[0].endswith("{") else rest.end()
            source = blanked(source, rest.start(), end)
        for rest in [*STATEMENTS.finditer(source), *CLOSERS.finditer(source)]:
            source = blanked(source, rest.start(), rest.end())
    return source, found


def blanked(source: str, start: int, end: int) -> str:
    """Return a text with blanks in the place of a part of it, and with the same lines."""
    return source[:start] + re.sub(r"[^\n]", " ", source[start:end]) + source[end:]


def blocks(source: str) -> Iterator[Block]:
    """Yield the models of a text that are in another language."""
    heads: list[tuple[str, re.Match[str]]] = []
    for what, pattern in HEADS.items():
        flags = re.MULTILINE | (re.IGNORECASE if what == "SQL" else 0)
        for match in re.finditer(rf"(?:^|;)[ \t]*(?P<head>{pattern})", source, flags):
            if not any(match.start("head") == other.start("head") for _, other in heads):
                heads.append((what, match))
    names = {(name := model_name(what, match["name"])): plural(snake(name)) for what, match in heads}
    enums = {
        key_of(match["name"]): ",".join(re.findall(r"'(?:[^']|'')*'|\w+", match["values"]))
        for pattern in ENUMS
        for match in pattern.finditer(source)
    }
    for what, match in heads:
        start = match.start("head")
        end, body = body_of(what, match, source)
        name = model_name(what, match["name"])
        fields = [
            field for part in parts_of(what, body) if (field := field_of(what, part, name, names, enums))
        ]
        yield Block(
            start, end, what, name, " ".join([written_head(what, match["name"], name), *joined(fields)])
        )


def joined(fields: list[str]) -> list[str]:
    """Return the fields, without a column that a reference of a later clause stands for."""
    columns = {f"{field.split(':')[0]}_id" for field in fields if re.search(r":[A-Z]", field)}
    nullable = {field.split(":")[0] for field in fields if field.endswith("?")}
    kept = [field for field in dict.fromkeys(fields) if field.split(":")[0] not in columns]
    return [with_null(field) if f"{field.split(':')[0]}_id" in nullable else field for field in kept]


def model_name(what: str, name: str) -> str:
    """Return the name of a model, of which `name` may be the table."""
    bare = re.sub(r"[\"`\[\]]", "", name).split(".")[-1]
    return hints.camel(singular(snake(bare))) if what in TABLE_NAMES else hints.camel(bare)


def written_head(what: str, given: str, name: str) -> str:
    """Return how a model begins, with its schema and with a table that is not the usual plural."""
    *schema, table = re.sub(r"[\"`\[\]]", "", given).split(".")
    head = f"{schema[0]}.{name}" if schema and schema[0] != "public" else name
    has_usual = what not in TABLE_NAMES or table == plural(snake(name))
    return head if has_usual else f"{head}({snake(table)})"


def body_of(what: str, match: re.Match[str], source: str) -> tuple[int, str]:
    """Return where a model ends, and what is in it."""
    start = match.end("head")
    if what == "a command":
        return (source + "\n").index("\n", start), source[start:].split("\n")[0]
    if what in ENDS:
        found = re.compile(ENDS[what], re.MULTILINE).search(source, start + 1)
        return (found.end(), source[start : found.start()]) if found else (len(source), source[start:])
    end = closing(source, start)
    body = source[start : max(start, end - 1)]
    line = source[end:].partition("\n")[0]
    ending = line.partition(";")[0]
    return end + len(ending) + (";" in line), body


def closing(source: str, start: int) -> int:
    """Return where the bracket is closed that is opened before a place, or the end of the text."""
    depth = 1
    for token in re.finditer(r"'(?:[^']|'')*'|\"[^\"\n]*\"|--[^\n]*|//[^\n]*|[(){}]", source[start:]):
        depth += (token[0] in "({") - (token[0] in ")}")
        if depth == 0:
            return start + token.end()
    return len(source)


def parts_of(what: str, body: str) -> list[str]:
    """Return the fields of a model, each a text."""
    body = re.sub(
        r"(?<![:'\"])(?:--|//)[^\n]*|/\*.*?\*/|^\s*#[^\n]*", "", body, flags=re.MULTILINE | re.DOTALL
    )
    if what == "SQL":
        parts = re.findall(rf"(?:{hints.QUOTED}|\((?:[^()]|\([^()]*\))*\)|[^,'\"(])+", body)
    elif what == "a command":
        parts = body.split()
    else:
        parts = whole_lines(body)
    return [part.strip() for part in parts if part.strip()]


def whole_lines(body: str) -> list[str]:
    """Return the lines of a text, and those together that a bracket spans."""
    lines: list[str] = []
    for line in body.split("\n"):
        if lines and lines[-1].count("(") > lines[-1].count(")"):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def field_of(what: str, part: str, model: str, names: Tables, enums: Tables) -> str:
    """Return one part of a model as a field or a group, or nothing."""
    draft: Draft | None = None
    if what == "SQL" and (clause := CLAUSES.match(part)):
        return clause_of(clause, names)
    if group := GROUP.match(part):
        columns = [hints.snake_name(column.strip()) for column in group["columns"].split(",")]
        return grouped(group["flag"], columns)
    if what == "Python":
        draft = draft_of_python(part)
    elif what == "Ruby":
        draft = draft_of_ruby(part)
    elif what in ("a class", "JavaScript"):
        draft = draft_of_class(part, {**names, **enums})
    elif what == "Rails":
        draft = draft_of_rails(part)
    elif what == "Laravel":
        draft = draft_of_laravel(part)
    elif what == "a command":
        draft = hints.draft_of(part if ":" in part else f"{part}:string")
    else:
        found = gather(PARTS.findall(part.rstrip(",;")), 0, {**names, **enums})
        draft = found[0] if found else None
    if draft is None:
        return ""
    draft.errors.append("")
    if key_of(draft.kind) in enums:
        draft.kind, draft.arguments = "enum", enums[key_of(draft.kind)]
    hint = hints.finished(draft, part, model, names)
    if hint is None or (hint.is_sure and synonyms.REFERENCES.get(key_of(draft.kind)) == "other"):
        return ""
    text = hint.text.partition(", or ")[0]
    is_link = text.endswith("[]") and re.search(r":[A-Z]", text)
    if what == "Prisma" and (is_link or any(flag.startswith("@relation") for flag, _ in draft.flags)):
        return "" if is_link else text
    may_be_null = what in NULLABLE and not draft.required and not text.startswith("id:")
    return with_null(text) if text and may_be_null and not text.endswith("[]") else text


def with_null(text: str) -> str:
    """Return a field that may be NULL."""
    match = re.match(r"\w+:[\w.]+(?:\((?:'(?:[^']|'')*'|[^()'])*\))?(?:\[\])?", text)
    if not match or text[match.end() : match.end() + 1] == "?":
        return text
    return f"{text[: match.end()]}?{text[match.end() :]}"


def clause_of(clause: re.Match[str], names: Tables) -> str:
    """Return a clause of CREATE TABLE as a group or a reference."""
    kind = clause["clause"].upper()
    columns = [re.sub(r"[\"`\s]", "", column) for column in clause["columns"].split(",")]
    if kind.startswith("FOREIGN"):
        draft = Draft(columns[0], "integer", errors=[""])
        draft.flags.append(
            (
                "fk",
                "".join(re.findall(r"REFERENCES\s+([\w.]+)", clause["rest"], re.IGNORECASE)).split(".")[-1],
            )
        )
        if rule := re.search(r"ON\s+DELETE\s+(CASCADE|RESTRICT)", clause["rest"], re.IGNORECASE):
            draft.flags.append((rule[1].lower(), ""))
        hint = hints.finished(draft, clause[0], "", names)
        return hint.text if hint else ""
    flag = "unique" if kind.startswith("UNIQUE") else "index" if kind in ("KEY", "INDEX") else ""
    return grouped(flag, columns) if flag else ""


def grouped(flag: str, columns: list[str]) -> str:
    """Return a group of fields, which names a reference without the _id of its column."""
    return f"{flag}({','.join(column.removesuffix('_id') for column in columns)})" if len(columns) > 1 else ""


# Lines of Python, Ruby and PHP

PYTHON = re.compile(
    r"(?P<name>\w+)\s*(?::\s*(?:\w+\.)?Mapped\[(?P<mapped>[^=]*)\]\s*)?(?::\s*[\w.\[\]| ]+)?=\s*"
    r"(?:\w+\.)*(?P<function>\w+)\((?P<arguments>.*)\)",
    re.DOTALL,
)
RUBY = re.compile(r"t\.(?P<function>\w+)\s*\(?\s*[:\"'](?P<name>\w+)[\"']?(?P<arguments>.*)")
PHP = re.compile(
    r"\$table->(?P<function>\w+)\(\s*(?:['\"](?P<name>\w+)['\"])?(?P<arguments>[^)]*)\)(?P<rest>.*)"
)
OPTION = re.compile(
    rf"(?P<name>\w+)\s*[=:]>?\s*(?P<value>{hints.QUOTED}|\{{[^}}]*\}}|\[[^\]]*\]|[\w.:+-]+(?:\(\))?)"
)
POSITIONAL = re.compile(
    r"\s*(?:\w+\.)*(?P<kind>\w+)(?:\((?P<arguments>[^()]*)\))?|\s*['\"](?P<target>[\w.]+)['\"]"
)


GROUP = re.compile(r"@@(?P<flag>unique|index)\(\[(?P<columns>[^\]]*)\]")
ANNOTATED = re.compile(
    r"(?P<name>\w+)\s*:\s*(?:\w+\.)?(?:Mapped\[)?(?P<annotation>[^=]*?)\]?\s*(?:=\s*(?P<value>.*))?$",
    re.DOTALL,
)
MODIFIERS = re.compile(
    r"^(?:@\w+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*)*"
    r"(?:(?:private|public|protected|readonly|static|final|val|var|let|const|lateinit|override|declare)\s+)*"
)


def draft_of_python(line: str) -> Draft | None:
    """Read an attribute of a model in Django or SQLAlchemy."""
    match = PYTHON.match(line)
    function = match["function"] if match else ""
    known = key_of(function) in (*synonyms.TYPES, *synonyms.REFERENCES) or function.lower() in TYPES
    if not match or not (known or function in ("Column", "mapped_column", "relationship")):
        return draft_of_annotation(line)
    draft = Draft(match["name"], function)
    first = POSITIONAL.match(match["arguments"])
    target = (first["target"] or first["kind"]).split(".") if first else []
    if match["function"] in ("Column", "mapped_column"):
        draft.null = "None" in (match["mapped"] or "")
        draft.required = match["function"] == "mapped_column" and not draft.null
        if key := re.search(r"ForeignKey\(\s*['\"]([\w.]+)['\"]", match["arguments"]):
            draft.kind, draft.flags = "integer", [("fk", key[1].split(".")[-2])]
        elif first and first["kind"] and "=" not in line[match.start("arguments") + first.end() :][:1]:
            draft.kind, draft.arguments = first["kind"], first["arguments"] or ""
        else:
            draft.kind = (match["mapped"] or "").split(" |")[0]
    elif key_of(match["function"]) in synonyms.REFERENCES and target:
        draft.arguments = target[-1]
    elif match["function"] == "relationship":
        return None
    add_options(draft, match["arguments"])
    if match["function"] == "Column" and not draft.required:
        draft.null = not any(key_of(flag) in ("primarykey",) for flag, _ in draft.flags)
    return draft


def draft_of_annotation(line: str) -> Draft | None:
    """Read an attribute of which the annotation says all, as in SQLModel."""
    match = ANNOTATED.match(line)
    if not match:
        return None
    kind = re.sub(r"\bOptional\[(.*)\]|\s*\|\s*None\b", r"\1", match["annotation"]).strip()
    if not re.fullmatch(r"[\w.]+", kind):
        return None
    draft = Draft(match["name"], kind)
    draft.null = kind != match["annotation"].strip()
    add_options(draft, match["value"] or "")
    return draft


def draft_of_ruby(line: str) -> Draft | None:
    """Read an association of a model in Rails."""
    match = re.match(
        r"(?P<function>belongs_to|has_and_belongs_to_many)\s+:(?P<name>\w+)(?P<options>.*)", line
    )
    if not match:
        return None
    draft = Draft(match["name"], match["function"])
    draft.null = "optional: true" in match["options"]
    return draft


def draft_of_class(line: str, models: Tables) -> Draft | None:
    """Read an attribute in TypeScript, Java or Kotlin, or in an object of JavaScript."""
    line = MODIFIERS.sub("", line.strip().rstrip(",;"))
    if nested := re.match(
        r"(?P<name>\w+)\s*:\s*\{\s*type\s*:\s*(?:\w+\.)?(?P<kind>\w+)(?P<options>.*)\}", line
    ):
        draft = Draft(nested["name"], nested["kind"])
        add_options(draft, nested["options"])
        draft.required = bool(re.search(r"required\s*:\s*true|allowNull\s*:\s*false", nested["options"]))
        return draft
    line = line.split(" = ")[0]
    if swapped := re.fullmatch(r"(?P<kind>[\w.]+(?:<[\w?]+>)?(?:\[\])?)\s+(?P<name>\w+)", line):
        line = f"{swapped['name']}: {swapped['kind']}"
    line = re.sub(r"^(\w+)[?!]\s*:\s*(.*)", r"\1: \2?" if re.match(r"\w+\?", line) else r"\1: \2", line)
    found = gather(PARTS.findall(line), 0, models)
    return found[0] if found else None


def add_options(draft: Draft, text: str) -> None:
    """Add the options of a call: null=True, max_length=80, null: false."""
    options = {match["name"]: match["value"] for match in OPTION.finditer(text)}
    digits = [
        options[name] for name in ("max_digits", "precision", "decimal_places", "scale") if name in options
    ]
    if digits:
        draft.arguments = ",".join(digits)
    for name, value in options.items():
        is_on = value.lower() == "true"
        match key_of(name):
            case "null" | "nullable":
                draft.null, draft.required = is_on, not is_on
            case "unique" | "primarykey" if is_on:
                draft.flags.append((name, ""))
            case "index" | "dbindex" if value.lower() not in ("false", "none"):
                draft.flags.append(("unique" if "unique" in value else "index", ""))
            case "maxlength" | "limit" if not draft.arguments:
                draft.arguments = value
            case "default" | "serverdefault" | "dbdefault":
                draft.default = value
            case "autonowadd" | "autonow" if is_on:
                draft.default = "now"
            case "ondelete":
                rule = synonyms.FLAGS.get(
                    key_of(value.split(".")[-1].strip("'\"")), value.split(".")[-1].strip("'\"").lower()
                )
                rule = key_of(rule)
                draft.flags += [(rule, "")] if rule in DELETE_RULES else []
    if "array" in options and options["array"] == "true":
        draft.array = True


def draft_of_rails(line: str) -> Draft | None:
    """Read a column of create_table."""
    match = RUBY.match(line)
    if not match or match["function"] in ("index", "check_constraint", "foreign_key"):
        return None
    draft = Draft(match["name"], match["function"])
    add_options(draft, match["arguments"])
    return draft


def draft_of_laravel(line: str) -> Draft | None:
    """Read a column of Schema::create."""
    match = PHP.match(line)
    if not match or not match["name"] or match["function"] in ("index", "unique", "foreign", "primary"):
        return None
    draft = Draft(match["name"], match["function"], match["arguments"].strip(" ,[]"))
    if key_of(match["function"]).startswith("foreign"):
        draft.arguments = ""
    for flag, value in re.findall(r"->(\w+)\(([^)]*)\)", match["rest"]):
        if flag == "default":
            draft.default = value
        elif flag == "nullable" or key_of(flag) in synonyms.FLAGS:
            draft.flags.append((flag, value))
    draft.flags = [flag for flag in draft.flags if flag[0] != "constrained"]
    return draft
