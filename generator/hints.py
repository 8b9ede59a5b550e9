"""Suggests what to write instead of a field in the words of SQL, Django, Rails, Prisma or JHipster.

synonyms.py has their words.  language.py asks for a hint once it has found a mistake, and shows only what it can read itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator import synonyms
from generator.model import DELETE_RULES, FLAGS, snake
from generator.nouns import singular
from generator.scalars import KEY_TYPES, TYPES

QUOTED = r"'(?:[^'\n]|'')*'|\"[^\"\n]*\""
BRACKETS = r"\((?:[^()]|\([^()]*\))*\)"
BARE = re.compile(r"[A-Za-z0-9_.+-]+")
START = re.compile(
    r"""
    ["`\[]? (?P<name>[A-Za-z_][\w-]*) ["`\]]? \s* : \s*
    (?P<kind>\[+\w+!?\]+ | (?i:List|Array|Set|Collection)<[\w?!]+> | ["']?(?:\w+\.)*\w+["']?)
    """,
    re.VERBOSE,
)
PIECE = re.compile(
    rf"""
      (?P<arguments>{BRACKETS} | \{{[\w\s,.|]*\}})
    | (?P<array>\[\d*\])
    | (?P<null>\?)
    | (?P<required>!)
    | = \s* (?P<default>(?:{QUOTED})(?:::\w+)? | \{{[^{{}}]*\}} | \[[^\[\]]*\] | [^\s:()?=,;]+ (?:\(\))?)
    | : (?P<flag>@?\w+) (?P<value>{BRACKETS} | =(?:{QUOTED}|[\w.+-]+))?
    | (?P<comma>[,;])
    """,
    re.VERBOSE,
)
NO_VALUE = "NO VALUE"
"""A default of which nothing is known but that there is one."""
DEFAULTS = {
    **dict.fromkeys(("smallint", "integer", "bigint", "float", "numeric"), "0"),
    **dict.fromkeys(("date", "time", "datetime"), "now"),
    **{"boolean": "false", "interval": "'1 day'", "uuid": "uuid", "json": "'{}'"},
}
"""A default to show for each type; for others, it is `value`."""
WIDTH = 60
"""The greatest width of a part of the declaration that a message repeats."""


Tables = Mapping[str, str]
"""The tables of the declared models, by the models' names."""


@dataclass
class Draft:
    """A field as somebody has written it."""

    name: str
    kind: str
    arguments: str = ""
    array: bool = False
    null: bool = False
    default: str | None = None
    flags: list[tuple[str, str]] = field(default_factory=list)
    """The flags, and what each has in brackets or behind =."""
    required: bool = False
    """Whether it says that it is NOT NULL."""
    errors: list[str] = field(default_factory=list)
    """What is not as it should be, for the message; more than one are too many for it."""


@dataclass(frozen=True)
class Hint:
    """What is wrong with a field, and what to write instead; nothing means that it is left out."""

    error: str
    text: str
    is_sure: bool = False
    """Whether the hint is right even if the text cannot be read as it is."""

    def message(self) -> str:
        if not self.text:
            return f"{self.error}: leave it out"
        return f"{self.error}: write {self.text}"


def shown(text: str) -> str:
    """Return a part of the declaration, for a message."""
    text = " ".join(text.split())
    return repr(text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}...")


def key_of(name: str) -> str:
    """Return a name without case and separators, to compare ways to write it."""
    return re.sub(r"[\s_-]", "", name).lower().lstrip("@")


# Fields


def hint(text: str, model: str, models: Tables) -> Hint | None:
    """Return what to write instead of a field of a model, or None."""
    draft = draft_of(text)
    return finished(draft, text, model, models) if draft else None


def draft_of(text: str) -> Draft | None:
    """Read the parts of a field, which may have another order and other signs."""
    start = START.match(text) or START.match(text.replace("=", ":", 1))
    if not start:
        return None
    kind = start["kind"].strip("\"'")
    draft = Draft(start["name"], kind)
    if not text.startswith(f"{draft.name}:"):
        draft.errors.append(f"{shown(text)} is not a field")
    if inner := re.fullmatch(r"\[+(\w+)!?\]+|\w+<(\w+)[?!]?>", kind):
        draft.kind = inner[1] or inner[2]
        draft.array = True
        draft.errors.append(f"{shown(text)} is not how an array is written")
    place = start.end()
    order = -1
    while place < len(text):
        piece = PIECE.match(text, place)
        if not piece:
            return None
        order = add_piece(draft, piece, order, text)
        place = piece.end()
    return draft


ORDER = ("arguments", "array", "null", "default", "flag")


def add_piece(draft: Draft, piece: re.Match[str], order: int, text: str) -> int:
    """Add a part to a draft; return its place in the order of the language."""
    kind = piece.lastgroup if piece.lastgroup != "value" else "flag"
    assert kind is not None
    if kind == "comma":
        draft.errors.append(f"{shown(text)} has a comma; spaces separate fields")
        return order
    if kind == "required":
        draft.required = True
        draft.errors.append(f"the ! in {shown(text)} is not needed: {synonyms.MEANINGS['required']}")
        return order
    if kind == "array" and piece[0] != "[]":
        draft.errors.append(f"{piece[0]!r} in {shown(text)} is not possible: an array has no fixed length")
    if kind == "array" and draft.array:
        draft.errors.append(f"{shown(text)} has two arrays")
    elif ORDER.index(kind) < order:
        draft.errors.append(f"{piece[0]!r} is out of place in {shown(text)}")
    match kind:
        case "arguments":
            draft.arguments = piece[0][1:-1].strip()
            if piece[0].startswith("{"):
                draft.errors.append(f"{piece[0]!r} in {shown(text)} has the wrong brackets")
        case "array":
            draft.array = True
        case "null":
            draft.null = True
        case "default":
            draft.default = piece["default"]
        case "flag":
            draft.flags.append((piece["flag"], (piece["value"] or "").strip("=()")))
    return max(order, ORDER.index(kind))


def finished(draft: Draft, text: str, model: str, models: Tables) -> Hint | None:
    """Return the hint of a draft, or None if its type is unknown."""
    name = snake_name(draft.name)
    target = model_of(draft.kind, models) if key_of(name) in synonyms.REFERENCES else None
    if target:  # references:user
        return Hint(f"{shown(text)} is not a field", f"{snake(target)}:{target}")
    if name != draft.name:
        draft.errors.append(f"field {draft.name!r} must match [a-z][a-z0-9_]*, without __")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return None
    read_flags(draft, text)
    keys = [flag for flag, _ in draft.flags if flag == "key"]
    if name == "id" and model:
        return hint_of_key(draft, text)
    if name in ("created_at", "updated_at") and model:
        return Hint(f"{shown(text)} is a column of every model", "", is_sure=True)
    if keys:
        draft.flags = [flag for flag in draft.flags if flag[0] != "key"] + [("unique", "")]
        draft.errors.append(f"{shown(text)} is a key, but every model has the key id")
    reference = reference_of(draft, name, models)
    if reference:
        return hint_of_reference(draft, reference, name, text, model, models)
    if key_of(draft.kind) in ("array", "list", "set"):
        if draft.arguments:
            draft.errors.append(f"{shown(text)} is not how an array is written")
        else:
            draft.errors.append(f"{shown(text)} does not name the type of the elements")
        draft.kind, draft.arguments, draft.array = draft.arguments or "text", "", True
    if key_of(draft.kind) == "byte" and draft.array:
        draft.errors.append(f"type 'byte' in {shown(text)} is unknown")
        draft.kind, draft.array = "bytes", False
    kind = type_of(draft, text)
    if not kind:
        return None
    corrected = written(draft, name, kind, text)
    return hint_of(draft, text, corrected)


def hint_of(draft: Draft, text: str, corrected: str, is_sure: bool = False) -> Hint | None:
    """Return the hint with what is wrong: one thing in its words, several things as a whole."""
    errors = list(dict.fromkeys(draft.errors))
    if not errors:
        return None
    return Hint(errors[0] if len(errors) == 1 else f"{shown(text)} is not a field", corrected, is_sure)


def snake_name(name: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]*", name) and "__" not in name:
        return name
    return re.sub(r"_+", "_", snake(name.replace("-", "_"))).strip("_")


# Types

MODULES = (
    "models",
    "db",
    "sa",
    "sqlalchemy",
    "types",
    "datatypes",
    "sequelize",
    "fields",
    "orm",
    "java",
    "postgresql",
    "dt",
)
"""What may come before a type, as in models.CharField."""


def type_of(draft: Draft, text: str) -> str | None:
    """Return our type for that of a draft."""
    *modules, kind = draft.kind.split(".")
    if modules and modules[0].lower() not in MODULES:
        return None
    ours = (
        kind if kind in TYPES else kind.lower() if kind.lower() in TYPES else synonyms.TYPES.get(key_of(kind))
    )
    if ours is None:
        return None
    if key_of(kind) in ("tinyint", "bit", "number") and draft.arguments == "1":
        ours = "boolean"
    if ours != draft.kind:
        draft.errors.append(f"type {draft.kind!r} in {shown(text)} is unknown")
    return ours


def written(draft: Draft, name: str, kind: str, source: str = "") -> str:
    """Return a field as the language has it."""
    text = f"{name}:{kind}{arguments_of(draft, kind, source)}"
    if draft.array and kind in ("enum", "json"):
        text = f"{name}:string[]" if kind == "enum" else text
        draft.errors.append(f"{shown(source)} is not possible: there are no arrays of {kind}")
    elif draft.array:
        text += "[]"
    if draft.default == NO_VALUE:
        draft.default = "'{}'" if draft.array else DEFAULTS.get(kind, "value")
    default = None if draft.default is None else default_of(draft.default, kind, draft.array)
    if default is None and draft.default is not None:
        draft.null = True
        draft.errors.append(f"{shown(source)} says NULL, which needs no default")
    elif default != draft.default and default is not None:
        draft.errors.append(default_error(draft.default or "", default, source))
    text += "?" if draft.null else ""
    text += f"={default}" if default is not None else ""
    flags = dict.fromkeys(flag for flag, _ in draft.flags)
    if "unique" in flags:
        flags.pop("index", None)
    return text + "".join(f":{flag}" for flag in flags)


def default_error(given: str, default: str, source: str) -> str:
    if bare(default) == given:
        return f"the default {shown(given)} in {shown(source)} needs quotes"
    if given.startswith('"'):
        return f"the default {shown(given)} in {shown(source)} has the wrong quotes"
    return f"the default {shown(given)} in {shown(source)} is written differently here"


def arguments_of(draft: Draft, kind: str, source: str) -> str:
    """Return the arguments of a type in brackets, as far as our type takes them."""
    values = [value.strip() for value in re.findall(rf"(?:{QUOTED}|[^,|/'\"])+", draft.arguments)]
    if kind == "enum":
        outside = re.sub(QUOTED, "", draft.arguments).strip()
        if len(values) == 1 and not re.match(r"['\"]", values[0]):
            values = values[0].split()
        if re.search(r"[,/]|[^\s|]\s+[^\s|]", outside):
            draft.errors.append(f"| separates the values in {shown(source)}")
        elif '"' in draft.arguments or not re.fullmatch(r"[\w.+|\s-]*", outside, re.ASCII):
            draft.errors.append(f"a value in {shown(source)} needs the quotes '...'")
        return f"({'|'.join(quoted(bare(value)) for value in values)})" if values else ""
    numbers = [number for value in values if (number := re.sub(r"^\w+\s*=\s*", "", value)).isdecimal()]
    if kind == "string":
        lengths = [value for flag, value in draft.flags if flag == "length" and value.isdecimal()]
        numbers = (numbers or lengths)[:1]
    draft.flags = [flag for flag in draft.flags if flag[0] != "length"]
    wanted = len(TYPES[kind].arguments)
    if not numbers or not wanted:
        return ""
    return f"({','.join(numbers[:wanted])})"


def bare(value: str) -> str:
    """Return a value without its quotes, and without a cast of PostgreSQL's."""
    value = re.sub(r"::[\w\s\[\]]+$", "", value.strip())
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1].replace("''", "'")
    return value


def quoted(value: str) -> str:
    """Return a value as the language has it: in quotes if it needs them."""
    if BARE.fullmatch(value):
        return value
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def default_of(text: str, kind: str, array: bool) -> str | None:
    """Return a default as the language has it; None is NULL."""
    value = bare(text)
    lower = value.lower().removesuffix("()")
    if value == text and lower in synonyms.NOTHING and not (kind in ("string", "text") and lower == "none"):
        return None
    if array and lower in ("[]", "{}", "list", "array[]"):
        return "'{}'"
    if kind == "json" and lower in ("dict", "list"):
        return "'{}'" if lower == "dict" else "'[]'"
    if kind in ("date", "time", "datetime") and lower in synonyms.NOW:
        return "now"
    if kind == "uuid" and lower in synonyms.RANDOM:
        return "uuid"
    if kind == "boolean" and lower in ("true", "false", "1", "0", "yes", "no", "t", "f", "on", "off"):
        return "true" if lower in ("true", "1", "yes", "t", "on") else "false"
    return quoted(value)


# Flags


def read_flags(draft: Draft, text: str) -> None:
    """Give the flags of a draft their names here; what is not a flag here becomes what it is."""
    flags: list[tuple[str, str]] = []
    given = iter(draft.flags)
    for flag, value in given:
        if key_of(flag) in ("ondelete", "dependent", "onupdate") and value:
            flag, value = value, ""
            draft.errors.append(f"a rule is a flag of its own, unlike in {shown(text)}")
        key = key_of(flag)
        if flag in FLAGS or flag in DELETE_RULES:
            if value:
                draft.errors.append(f"flag {flag!r} in {shown(text)} takes no value")
            flags.append((flag, ""))
            continue
        if flag.isdecimal():
            draft.errors.append(f"flag {flag!r} in {shown(text)} is unknown; {synonyms.MEANINGS['length']}")
            flags.append(("length", flag))
            continue
        if key == "true" and flags:
            draft.errors.append(f"flag {flags[-1][0]!r} in {shown(text)} takes no value")
            continue
        meaning = synonyms.FLAGS.get(key) or ("dropped" if key.startswith("db.") else None)
        if key in TYPES or meaning is None:
            flags.append((flag, value))
            continue
        reason = synonyms.MEANINGS.get(meaning)
        if meaning != "key":  # of which finished() says more
            draft.errors.append(
                f"flag {flag!r} in {shown(text)} is unknown" + (f"; {reason}" if reason else "")
            )
        match meaning:
            case "null":
                draft.null = True
            case "array":
                draft.array = True
            case "now":
                draft.default = draft.default or "now"
            case "default":
                draft.default = value or next(given, (NO_VALUE, ""))[0]
            case "required":
                draft.required = True
            case "checked" | "dropped":
                pass
            case "setnull":
                draft.null = True
                flags.append((meaning, ""))
            case _:
                flags.append((meaning, value))
    draft.flags = flags


def flag_of(name: str) -> str:
    """Return our name of a group, or the name itself: uniq and UNIQUE are unique."""
    ours = synonyms.FLAGS.get(key_of(name), name)
    return ours if ours in FLAGS else name


# Keys and references


def hint_of_key(draft: Draft, text: str) -> Hint | None:
    """Return the hint for a field called id."""
    kind = type_of(draft, text)
    is_key = kind == draft.kind and not draft.flags and draft.default in (None, "uuid")
    if is_key or kind not in KEY_TYPES:
        return None
    what = f"{shown(text)} is not a key here"
    if kind == "bigint":
        return Hint(what, "id:bigint")
    if kind == "uuid":
        return Hint(what, "id:uuid=uuid")
    if kind == "string" and draft.arguments.isdecimal():
        return Hint(what, f"id:string({draft.arguments})")
    return Hint(f"{shown(text)} is a column of every model", "", is_sure=True)


def reference_of(draft: Draft, name: str, models: Tables) -> tuple[str, str] | None:
    """Return the target of a draft and what kind of reference it is, or None."""
    kind = draft.kind.split(".")
    flags = [flag for flag, _ in draft.flags]
    names = [part for part in re.split(r"[^\w.]+", draft.arguments) if part and not part.isdecimal()]
    found = synonyms.REFERENCES.get(key_of(kind[-1]))
    if draft.kind in models or (len(kind) > 1 and kind[-1] in models and kind[0].islower()):
        return draft.kind, "many" if draft.array else "one"
    if found:
        given = next((part for part in names if model_of(part.split(".")[0], models)), "")
        wanted = given.split(".")[0] or re.sub(r"_ids?$", "", name)
        known = model_of(wanted, models)
        return known or camel(singular(wanted) if found in ("many", "other") else wanted), found
    if "fk" in flags:
        given = next((value for flag, value in draft.flags if flag == "fk" and value), "")
        target = model_of(re.split(r"[.(]", given)[0] or re.sub(r"_id$", "", name), models)
        return target or camel(name.removesuffix("_id")), "one"
    if len(kind) > 1 or (draft.kind.lower() not in TYPES and key_of(draft.kind) not in synonyms.TYPES):
        target = model_of(kind[0] if kind[-1] in ("id", "uuid", "pk") else kind[-1], models)
        return (target, "many" if draft.array else "one") if target else None
    return None


def model_of(name: str, models: Tables) -> str | None:
    """Return the declared model that a name means: user, users, User or blog_user."""
    wanted = {key_of(name), key_of(singular(snake_name(name)))}
    for model, table in models.items():
        if wanted & {key_of(model), key_of(table)}:
            return model
    return None


def camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_-]", name))


def hint_of_reference(
    draft: Draft, reference: tuple[str, str], name: str, text: str, model: str, models: Tables
) -> Hint | None:
    target, kind = reference
    if kind == "other":
        own = f"{snake(model)}:{model}" if model else "user:User"
        return Hint(f"{shown(text)} is declared on the other side, in {target}", own, is_sure=True)
    if draft.kind != target:
        draft.errors.append(f"the type of {shown(text)} must be a model")
    is_declared = target.split(".")[-1] in models
    unsure = "" if is_declared else ", or the name of another model"
    if kind == "many":
        return hint_of(draft, text, f"{name}:{target}[]{unsure}", is_sure=not is_declared)
    if name.endswith("_id"):
        if draft.kind == target:
            draft.errors.append(f"{shown(text)} would make a column {name}_id")
        name = name.removesuffix("_id")
    flags = [flag for flag, _ in draft.flags if flag in (*FLAGS, *DELETE_RULES) and flag != "index"]
    if kind == "unique":
        flags.insert(0, "unique")
    if draft.default is not None and draft.default.lower() in synonyms.NOTHING:
        draft.null = True
    null = "?" if draft.null or "setnull" in flags else ""
    other_side = (
        f"({draft.arguments})" if draft.arguments and re.fullmatch(r"[a-z_]\w*", draft.arguments) else ""
    )
    if key_of(draft.kind) in synonyms.REFERENCES:
        other_side = ""
    ending = "".join(f":{flag}" for flag in dict.fromkeys(flags))
    corrected = f"{name}:{target}{other_side}{null}{ending}"
    return hint_of(draft, text, f"{corrected}{unsure}", is_sure=not is_declared)
