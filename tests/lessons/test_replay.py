"""Test the runner of the lessons on small texts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.record import version
from lessons import replay
from lessons.projects import example, exercise
from lessons.replay import PROGRAMS, Block, LessonError, blocks, commands, replayed, session
from tests.support.bake import ROOT, Project, environment
from tests.support.servers import server_removed
from tests.support.template import SETTINGS


def recorded(text: str) -> str:
    with replayed(text) as (new, _):
        return new


def console(*lines: str) -> str:
    return "\n".join(["", "```console", *lines, "```", ""])


def test_blocks() -> None:
    text = "<!-- not run: why -->\n```console\n$ a\n```\nIn a list:\n   ```console\n   $ b\n   c\n   [2]\n   $ d\n   ```\n\n`app/x.py`\n```python\n1\n```\n"
    first, second, third = blocks(text)
    assert (first.language, first.body, first.mark, first.file) == ("console", "$ a\n", "not run: why", None)
    assert commands(second.body) == [("b", "c\n", 2), ("d", "", 0)]
    assert (third.file, third.body, third.mark) == ("app/x.py", "1\n", "")
    assert Block("python", "", "`app/x.py`:").file == "app/x.py"
    assert Block("python", "", "In `app/x.py`:").file is None


def test_session_is_the_reverse_of_commands() -> None:
    text = "$ a\n> more\n> and more\nx\n\n  > y\n[1]\n$ b\n$ c\n[2]\n"
    found = commands(text)
    assert found == [("a\nmore\nand more", "x\n\n  > y\n", 1), ("b", "", 0), ("c", "", 2)]
    assert session(found) == text


def test_replay() -> None:
    """Everything a lesson may contain works, and new output replaces the old."""
    text = f"""
`folder/a.txt`
```text
one
two
three
four
five
```

`b.txt`:
```text
x
```

```diff
--- a/folder/a.txt
+++ b/folder/a.txt
@@ -9,9 +9,9 @@
 four
+four and a half
 five
--- a/b.txt
+++ b/b.txt
@@ -1 +1 @@
-x
+y
```

```text
$ not run
```

* In a list:

  ```console
  $ echo a
  ```
{console("$ cd folder && export NAME=x", "$ pwd && echo $NAME >&2", "old", "$ cat", "$ cat a.txt", "$ (exit 3)", "[1]", "$ false")}"""
    new = recorded(text)
    assert "@@ -2,4 +2,5 @@\n two\n three\n four\n+four and a half\n five\n--- a/b.txt\n" in new
    assert "```text\n$ not run\n```" in new
    assert "* In a list:\n\n  ```console\n  $ echo a\n  a\n  ```\n" in new
    assert new.endswith(
        console(
            *["$ cd folder && export NAME=x", "$ pwd && echo $NAME >&2", "~/folder", "x", "$ cat"],
            *["$ cat a.txt", "one", "two", "three", "four", "four and a half", "five"],
            *["$ (exit 3)", "[3]", "$ false", "[1]"],
        )
    )
    assert recorded(new) == new


def test_knows_nothing_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = console(
        "$ date -d @0",
        "$ env | grep -Ev '^(PATH|_|OLDPWD|PWD)=' | sort",
        "$ pwd",
        "$ git config -l",
        "$ ls zzz",
    )
    first = recorded(text)
    foreign = {"TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "COLUMNS": "33"}
    foreign |= {
        "DATABASE_URL": "x",
        "FLASK_ENV": "production",
        "CI": "true",
        "GIT_AUTHOR_NAME": "Anna",
        "PGHOST": "x",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    second = recorded(text)
    assert second == first
    assert "Thu Jan  1 00:00:00 UTC 1970" in second
    assert "COLUMNS=80\n" in second


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n```python\n1\n```\n", "the line above this block names no file:\n1\n"),
        ("\n```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```\n", "a diff changes x, which does not exist"),
        (
            "\n`x`\n```text\nz\n```\n\n```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```\n",
            "patch does not apply",
        ),
        (
            console("$ echo before && exit 3"),
            "`echo before && exit 3` ended the shell or took over 300 s:\nbefore\n",
        ),
        (console("$ echo '$ x'"), "prints what a console block cannot contain:\n$ x\n"),
        (console("$ echo '```'"), "prints what a console block cannot contain:\n```\n"),
        (console("$ echo '> x'"), "prints what a console block cannot contain:\n> x\n"),
        ("cookiecutter . --no-input models=x\ncd ../x\n", "models:1:1: model 'x' must match"),
    ],
)
def test_faults(text: str, message: str) -> None:
    with pytest.raises(LessonError, match=re.escape(message)):
        recorded(text)


def test_command_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "SECONDS", 1)
    with pytest.raises(LessonError, match="`sleep 300` ended the shell or took over 1 s"):
        recorded(console("$ sleep 300"))


def run(lessons: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the runner as make does, on this test's own lessons."""
    code = f"import sys, pathlib, lessons.replay as r; r.LESSONS = pathlib.Path({str(lessons)!r}); r.main()"
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)


def test_check_and_write(tmp_path: Path) -> None:
    """Drift is shown and is an error; it is written only without --check."""
    old, new = console("$ echo new", "old"), console("$ echo new", "new")
    (tmp_path / "01-a.md").write_text(old)
    (tmp_path / "02-b.md").write_text(new)
    checked = run(tmp_path, "--check")
    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        *["--- lessons/01-a.md", "+++ lessons/01-a.md, replayed", "@@ -1,5 +1,5 @@", " ", " ```console"],
        *[" $ echo new", "-old", "+new", " ```", "2 lessons replayed, 1 changed"],
    ]
    assert (tmp_path / "01-a.md").read_text() == old
    assert run(tmp_path, "--check", "02-b").returncode == 0
    assert run(tmp_path).returncode == 0
    assert (tmp_path / "01-a.md").read_text() == new
    assert run(tmp_path, "--check").stdout == "2 lessons replayed, 0 changed\n"


def test_errors_are_lines(tmp_path: Path) -> None:
    (tmp_path / "01-a.md").write_text("\n```python\n1\n```\n")
    unknown = run(tmp_path, "1")
    assert (unknown.returncode, unknown.stderr) == (1, "there is no lesson '1'; the lessons are 01-a\n")
    broken = run(tmp_path)
    assert (broken.returncode, broken.stdout) == (1, "")
    assert broken.stderr == "lessons/01-a.md: the line above this block names no file:\n1\n\n"


PROJECT = 'cookiecutter . --no-input project_name="Small Shop" models=""\ncd ../small_shop\n'
COMMIT = console("$ git add .", '$ git commit -qm "Say so"')
DECLARE = console(
    '$ python db_manage.py declare --template ../cookiecutter-flask-postgres "Tag name:string(40)"',
    "Changing: app/models/__init__.py",
)
NOTE = "\n`docs/note.md`\n```text\nA note.\n```\n"
FAILING = "\n`tests/test_exercise.py`\n```python\ndef test_it() -> None:\n    assert 0\n```\n"


def test_step_must_be_whole() -> None:
    with pytest.raises(LessonError, match=r"step-1 has uncommitted changes:\n\?\? docs/note.md\n"):
        recorded(PROJECT + NOTE + console('$ git commit --allow-empty -qm "Nothing"'))
    with pytest.raises(LessonError, match=r"(?s)`ruff check .*F401"):
        recorded(PROJECT + FAILING.replace("def", "import os\n\n\ndef") + COMMIT)


def test_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit ids are reproducible anywhere and at any time, including the merges of `declare`.

    Each step is tagged, and nothing else is left behind.
    """
    lesson = tmp_path / "01-a.md"
    lesson.write_text(PROJECT + NOTE + COMMIT + DECLARE + NOTE.replace("A note", "Another") + COMMIT)
    settings = tmp_path / "settings"
    settings.write_text(SETTINGS)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    found = []
    for name, mask, zone in (
        ("first", 0o022, "UTC"),
        ("second", 0o077, "Asia/Tokyo"),
        ("second", 0o022, "UTC"),
    ):
        monkeypatch.setenv("TZ", zone)
        folder = tmp_path / name / "01-a"
        before = os.umask(mask)
        try:
            assert example(lesson, folder) == f"Ready: {folder}"
        finally:
            os.umask(before)
        found.append(git(folder, "log", "--format=%H %an %ad %D%n%s"))
        assert not {path.name for path in folder.iterdir()} & {".env", ".postgres", ".pytest_cache"}
    assert found[0] == found[1] == found[2]
    expected = "Learner Thu Jan 1 00:00:00 2026 +0000 "
    lines = [line.partition(" ")[2] for line in found[0].splitlines() if expected in line]
    assert sorted(lines) == [
        *[expected, expected],  # the fresh project and its merge
        f"{expected}HEAD -> main, tag: step-2",
        f"{expected}tag: step-0",
        f"{expected}tag: step-1",
    ]
    assert git(folder, "log", "--graph", "--format=%s").splitlines() == [
        *["* Say so", "*   Declare: add tags", "|\\  ", f"| * Template {version()}: fresh project"],
        *["* | Say so", "|/  ", "* Start"],
    ]
    files = git(folder, "diff", "--name-only", "step-1", "step-2").splitlines()
    assert {"docs/note.md", "app/models/tag.py"} < set(files)


def git(folder: Path, *words: str) -> str:
    command, variables = ["git", *words], os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        command, cwd=folder, env=variables, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def test_exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops before the solution, says what to do, and never overwrites work in progress."""
    lesson = tmp_path / "01-a.md"
    clone = tmp_path / "my course's $x"
    folder = clone / "01-a"
    python = clone / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {PROGRAMS}/python "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr("lessons.projects.PROGRAMS", python.parent)
    lesson.write_text(PROJECT + NOTE + COMMIT + FAILING)
    with pytest.raises(LessonError, match="its exercise has no solution"):
        exercise(lesson, folder)
    task = "\n## Exercise\n\nMake it pass.\n" + FAILING
    solution = "\n<details>\n<summary>Solution</summary>\n" + console(
        "$ echo 'assert 1' > tests/test_exercise.py"
    )
    lesson.write_text(lesson.read_text().replace("A note.", "A note.\n```\n\n```diff\n--- a/x") + solution)
    with pytest.raises(LessonError):
        exercise(lesson, folder)
    assert not folder.exists()
    setup = console("$ python db_manage.py setup")
    lesson.write_text("# A Note\n" + PROJECT + setup + NOTE + COMMIT + task + solution)
    project = folder / "notes"
    ready, _, typed = exercise(lesson, folder, "Notes").partition("\n\n")
    assert ready == f"Ready: {folder}. The task is in EXERCISE.md:"
    assert git(project, "describe", "--tags") == "step-1\n"
    assert git(project, "status", "--porcelain") == "?? tests/test_exercise.py\n"
    assert "assert 0" in (project / "tests/test_exercise.py").read_text()
    with server_removed(Project(project)):
        done = subprocess.run(
            ["bash", "-e"], input=typed, env=environment(), stdout=subprocess.PIPE, text=True
        )
        started, _, text = done.stdout.partition("\n")
        assert (done.returncode, started) == (0, "Starting: local PostgreSQL")
        assert text.startswith(f"# Exercise: A Note\n\nMake it pass.\n{FAILING}")
        assert f"{typed.removesuffix('    cat EXERCISE.md')}\n" in text
        assert "assert 1" not in text
        assert "[x] 0001_initial" in Project(project).ok("python", "db_manage.py", "status", "--check")
    with pytest.raises(
        LessonError, match=re.escape(f"{folder} already exists. Continue there, or remove it first")
    ):
        exercise(lesson, folder)


@pytest.mark.deep
def test_lessons_elsewhere(tmp_path: Path) -> None:
    """Other folders, time zones, languages and terminal widths give the same bytes."""
    for columns, zone, language in (
        ("40", "Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("250", "America/St_Johns", "C"),
    ):
        (tmp_path / columns).mkdir()
        variables = {"TMPDIR": str(tmp_path / columns), "TZ": zone, "LC_ALL": language, "COLUMNS": columns}
        command = [sys.executable, "-m", "lessons.replay", "--check"]
        replayed = subprocess.run(
            command, cwd=ROOT, env=environment(**variables), stdout=subprocess.PIPE, text=True
        )
        assert replayed.stdout.endswith(" lessons replayed, 0 changed\n"), replayed.stdout
