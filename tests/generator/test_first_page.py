"""Test which rows the first page of a project lists, and under which names."""

import pytest

from generator.answers import declared
from generator.first_page import FirstPage, Form, first_page

CHOSEN = {
    "no models": ("", None),
    "the last required text": ("Ann x:string y:text; Ben x:integer z:text; Cid n:integer", "Ben.z"),
    "a required text, rather than a later one": ("Ann x:string; Ben y:string?", "Ann.x"),
    "an optional text, rather than none": ("Ann x:string?; Ben n:integer", "Ann.x"),
    "a name, rather than a later text": ("Ann name:string; Ben y:string", "Ann.name"),
    "a title, rather than an earlier text": ("Ann slug:string title:string", "Ann.title"),
    "a text, rather than an optional title": ("Ann slug:string title:string?", "Ann.slug"),
    "no text": ("Ann n:integer; Ben x:text[] y:enum(a|b) a:Ann", "Ben.id"),
    "no columns": ("Ann; Ben", "Ben.id"),
    "a class that the view imports": (
        "Ann n:integer; Blueprint name:string; DataError name:string",
        "Ann.id",
    ),
    "only such a class": ("Blueprint name:string", None),
    "a long class": (f"{'A' * 41} name:string; {'B' * 40} x:string?", f"{'B' * 40}.x"),
    "a long column": (f"Ann {'x' * 29}:string {'y' * 28}:string?", f"Ann.{'y' * 28}"),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_choice(name: str) -> None:
    text, expected = CHOSEN[name]
    page = first_page(declared(text))
    assert (page and f"{page.model.name}.{page.column}") == expected


NAMES = {
    "Post": ("posts", "post", "post", "posts"),
    "OrderItem": ("order_items", "order_item", "order_item", "order items"),
    "ShoppingTrolley": ("shopping_trolleys", "shopping_trolley", "row", "shopping trolleys"),
    "Request": ("requests", "request", "row", "requests"),
    "Page": ("pages", "page", "row", "pages"),
    "Loop": ("loops", "loop", "row", "loops"),
    "A": ("rows", "a", "a", "as"),  # a keyword
    "A" + 28 * "b": ("a" + 28 * "b" + "s", "a" + 28 * "b", "row", "a" + 28 * "b" + "s"),
    "A" + 29 * "b": ("rows", "row", "row", "rows"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    page = first_page(declared(f"{name}(people) name:string"))
    assert isinstance(page, FirstPage)
    assert (page.view, page.thing, page.row, page.plural) == NAMES[name]


FORMS = {
    "x:string(200)": (
        "Must be at most 200 characters long.",
        '"New"',
        '"x" * 201',
        ' required maxlength="200"',
    ),
    "x:string(2):unique": (
        "Must be unique, and at most 2 characters long.",
        '"Ne"',
        '"x" * 3',
        ' required maxlength="2"',
    ),
    "x:text unique(x,n)": ("Must be unique.", '"New"', r'"\0"', " required"),
    "x:text?": ("Must not contain a NUL character.", '"New"', r'"\0"', ""),
    "x:string(10000)": (
        "Must be at most 10000 characters long.",
        '"New"',
        r'"\0"',
        ' required maxlength="10000"',
    ),
}


@pytest.mark.parametrize("field", FORMS)
def test_forms(field: str) -> None:
    page = first_page(declared(f"Ann {field} n:integer"))
    assert page and isinstance(form := page.form, Form)
    assert (form.rule, form.accepted, form.refused, form.attributes) == FORMS[field]


def test_no_value() -> None:
    """A missing value is a word in the list, and empty in the form."""
    page = first_page(declared("Ann x:text?"))
    assert page and page.form
    assert page.item == '{{ ann.x or "(none)" }}'
    assert page.form.value == 'ann.x or ""'
    assert page.form.given == 'request.form["x"] or None'
