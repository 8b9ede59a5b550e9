"""Test how a whole declaration is refused: all mistakes in order, and the line with the first one."""

import pytest
from cookiecutter.exceptions import FailedHookException

from generator import answers


def refusal(text: str) -> list[str]:
    """Return the lines with which a declaration is refused."""
    with pytest.raises(FailedHookException) as caught:
        answers.declared(text)
    return str(caught.value).split("\n")


def places(text: str) -> list[str]:
    """Return the line and column of each mistake."""
    return [line.split(": ")[0].removeprefix("models:") for line in refusal(text) if line[:7] == "models:"]


# Several at the same time

SEVERAL = {
    "in the order of the text": (
        "Post author:Usr\n    title:strin\n    unique(titel,author)\nUser id:text2 posts:txt\nPost",
        ["1:6", "2:5", "3:5", "4:6", "4:15", "5:1"],
    ),
    "in models, fields, groups, other sides and circles": (
        "Post\n    author:User(name)\n    main:Comment\n    unique(author,autor)\n"
        "User name:text\nComment\n    post:Post(main_of)",
        ["2:5", "4:5", "7:5"],
    ),
    "one of each kind in one line": (
        "tag_; Post a:strin b:text:uniqe c:integer=x d:string(0) e:numeric(5,9) f:Nobody",
        ["1:1", "1:12", "1:20", "1:33", "1:45", "1:57", "1:72"],
    ),
    "quotes that are not closed": (
        "Tag a:text='b c:strin\nPost b:text='\n  c:strin",
        ["1:12", "2:13", "3:3"],
    ),
    "in a model that is cut off": ("Tag a:strin Post b:strin\nNote c:strin", ["1:5", "1:13", "2:6"]),
}


@pytest.mark.parametrize(("text", "expected"), SEVERAL.values(), ids=SEVERAL)
def test_several(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize("count", [9, 10, 11, 40])
def test_at_most_ten(count: int) -> None:
    lines = refusal("Tag\n" + "".join(f"    f{number}:strin\n" for number in range(count)))
    shown = [
        f"models:{line}:5: type 'strin' in 'f{line - 2}:strin' is unknown" for line in range(2, count + 2)
    ]
    assert [line.split(",")[0] for line in lines[: min(count, 10)]] == shown[:10]
    assert lines[min(count, 10) :] == [
        *([f"and {count - 10} more"] if count > 10 else []),
        "    " + "    f0:strin",
        " " * 8 + "^",
    ]


# Mistakes that only follow from another

CONSEQUENCES = {
    "reference to a model with a mistake in its name": ("post_ a:text; Tag post:Post main:post_?", ["1:1"]),
    "reference to a model whose name is reserved": ("Text a:text; Tag text:Text texts:Text[]", ["1:1"]),
    "reference to a model whose schema is wrong": ("Blog.Post; Tag post:Blog.Post", ["1:1"]),
    "reference to a model in the middle of a line": ("Tag a:text Post b:text\nNote post:Post", ["1:12"]),
    "reference to a model on the line of the key": ("id:bigint Tag a:text\nPost tag:Tag", ["1:11"]),
    "group with a field that has a mistake": ("Tag a:strin b:text unique(a,b) index(b,a)", ["1:5"]),
    "group with a reference that has a mistake": ("Tag a:text b:Nobody unique(a,b)", ["1:12"]),
    "names of constraints where a field is missing": (
        "Tag a:strin a_b:text:index b:text; Word(ix_tags_a_b)",
        ["1:5"],
    ),
    "fields of a model that is declared twice": (
        "Tag a:text\nTag a:text\nPost tag:Tag unique(tag,a) a:text",
        ["2:1"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CONSEQUENCES.values(), ids=CONSEQUENCES)
def test_consequences(text: str, expected: list[str]) -> None:
    """Correcting the reported mistake leaves no other."""
    assert places(text) == expected


FRAGMENTS = {
    "blank behind the colon": ("Tag title: text b:text", 1),
    "blank before the colon": ("Tag title :text b:text", 1),
    "blanks on both sides": ("Tag title : text b:text", 1),
    "blank before a default": ("Tag a:text = b c:text", 1),
    "blank before a group's bracket": ("Tag a:text b:text unique (a,b)", 1),
    "blank before a bracket": ("Tag a:string (64) b:text", 1),
    "a model in brackets apart": ("Tag (words) a:text", 1),
    "a sentence": ("what do I write here", 2),
    "another field behind the fragment": ("Tag title: text b:strin", 2),
    "two such fields": ("Tag title: text body: text", 2),
    "such a field behind a wrong model": ("tag title: text", 2),
    "such fields on two lines": ("Tag\n  title: text\n  body: text", 2),
}


@pytest.mark.parametrize(("text", "count"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_fragments(text: str, count: int) -> None:
    """A field with stray blanks is one mistake, not one for each piece."""
    assert len(places(text)) == count


# The source

LONG = "Tag " + " ".join(f"f{number:02}:text" for number in range(30))
POINTED_OUT = {
    "of the first mistake": ("Tag a:text\n  b:strin\n  c:strin", "  b:strin", "b:strin"),
    "with its indentation": ("  Tag\n      b:strin  # why", "      b:strin  # why", "b:strin"),
    "tabs": ("Tag\ta:text\tb:strin\t\tc:text", "Tag a:text b:strin  c:text", "b:strin"),
    "100 characters": (f"{LONG[:84]} b:strin cc:text", f"{LONG[:84]} b:strin cc:text", "b:strin"),
    "101 characters": (f"{LONG[:84]} b:strin ccc:text", "t f07:text f08:text b:strin ccc:text", "b:strin"),
    "a much longer line": (f"{LONG} b:strin {LONG[4:]}", None, "b:strin"),
    "the start of a longer line": (f"tag {LONG[4:]}", f"tag {LONG[4:100]}", "tag"),
    "the end of a text": ("Tag a:text\n\n\n", None, None),
    "lines of Windows": ("Tag a:text\r\n  b:strin\r\nPost\r\n", "  b:strin", "b:strin"),
    "quotes": ("Tag a:text='it''s' b:strin", "Tag a:text='it''s' b:strin", "b:strin"),
}


@pytest.mark.parametrize(("text", "shown", "word"), POINTED_OUT.values(), ids=POINTED_OUT)
def test_source(text: str, shown: str | None, word: str | None) -> None:
    """The message quotes the line, or 100 characters of it, with a caret below the word's first character."""
    if word is None:
        assert answers.declared(text)
        return
    *_, source, caret = refusal(text)
    assert source.startswith("    ") and source.isprintable() and len(source) <= 104
    assert shown is None or source[4:] == shown
    assert caret == " " * source.index(word) + "^"


WIDE = {
    "wide characters": ("Tag a:text='日本' b:strin", 4 + 18),
    "an accent on its own": ("Tag a:text='e\u0301' b:strin", 4 + 15),
    "an accented letter": ("Tag a:text='é' b:strin", 4 + 15),
}


@pytest.mark.parametrize(("text", "column"), WIDE.values(), ids=WIDE)
def test_width(text: str, column: int) -> None:
    """The caret is below the word at a terminal, where a character can be zero or two columns wide."""
    *_, source, last = refusal(text)
    assert source == f"    {text}"
    assert last == " " * column + "^"
