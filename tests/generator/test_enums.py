"""Test the types of enums in the models: their names, and which columns share one."""

import pytest

from generator import answers, model_file, reserved

LONG = "A" * 60

# A declaration, and for each file the names of its enum types, with their values.
NAMES = r"""
Order status:enum(new|paid)  =>  OrderStatus: new paid
blog.PostComment in_transit:enum(a)  =>  PostCommentInTransit: a
Order a:enum(x|y) b:enum(x|y)? c:enum(x|z)  =>  OrderA: x y; OrderC: x z
Order a:enum(x|y) b:enum(y|x)  =>  OrderA: x y; OrderB: y x
Order a1:enum(x) a_1:enum(y)  =>  OrderA1: x; OrderA1Value: y
Order state:enum(x) state_value:enum(z); OrderState  =>  OrderStateValue: x; OrderStateValueValue: z
OrderState; Order state:enum(x)  =>  OrderStateValue: x
Foreign key:enum(a)  =>  ForeignKeyValue: a
A(a) b:enum(a|b); Word b:enum(a|b)  =>  AB: a b; WordB: a b
LONG state:enum(x) text:enum(y)  =>  State: x; TextValue: y
LONG id:bigint identity:enum(x) timestamped:enum(y)  =>  IdentityValue: x; TimestampedValue: y
"""


def rows() -> list[list[str]]:
    return [row.replace("LONG", LONG).split("  =>  ") for row in NAMES.splitlines() if row]


@pytest.mark.parametrize(("text", "expected"), rows())
def test_names(text: str, expected: str) -> None:
    models = answers.declared(text)
    names = model_file.class_names(models)
    found = [model_file.enum_aliases(model, names) for model in models]
    shown = [f"{name}: {' '.join(values)}" for aliases in found for values, name in aliases.items()]
    assert "; ".join(shown) == expected


SPELLED = ("Big Integer", "Foreign Key", "Large Binary", "Small Integer", "Unique Constraint")


@pytest.mark.parametrize("words", SPELLED)
def test_names_of_imports(words: str) -> None:
    """A model or field may have a name that its file imports, or will import with one more column."""
    model, field = words.split()
    assert model + field in reserved.MODELS
    models = answers.declared(f"{model} {field.lower()}:enum(a|b)")
    assert list(model_file.enum_aliases(models[0], {model}).values()) == [f"{model}{field}Value"]
