"""Test the generated tree: what is in it, and what is not."""

import re
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from tests.support import pins
from tests.support.bake import ROOT, TEMPLATE, TOOLS, Baker, Project

TREE = """
.dockerignore .env .env.example .github/dependabot.yml .github/workflows/ci.yml .gitignore .pre-commit-config.yaml .template.files
.template.json AGENTS.md Dockerfile README.md compose.yaml db_manage.py gunicorn.conf.py pyproject.toml requirements-dev.txt requirements.txt wsgi.py
app/__init__.py app/config.py app/extensions.py app/seeds.py app/views.py app/models/__init__.py app/models/base.py
app/models/post.py app/models/user.py app/static/favicon.svg app/static/style.css app/templates/base.html
app/templates/posts.html docs/application.md docs/database.md docs/glossary.md docs/models.md docs/production.md
docs/updates.md
migrations/alembic.ini migrations/env.py migrations/script.py.mako migrations/versions/0001_initial.py
plumbing/__init__.py plumbing/binds.py plumbing/current.py plumbing/database.py plumbing/diagnostics.py
plumbing/discovery.py plumbing/enums.py plumbing/errors.py plumbing/explanations.py plumbing/inserting.py
plumbing/labels.py plumbing/migration_files.py plumbing/names.py plumbing/naming.py plumbing/nouns.py plumbing/pool.py
plumbing/queries.py plumbing/remedies.py plumbing/roles.py plumbing/rows.py plumbing/schemas.py plumbing/serving.py
plumbing/settings.py plumbing/shell.py plumbing/status.py plumbing/target.py plumbing/urls.py plumbing/worker.py
plumbing/commands/__init__.py plumbing/commands/database.py plumbing/commands/group.py plumbing/commands/help.py
plumbing/commands/inspection.py plumbing/commands/migrations.py plumbing/commands/output.py plumbing/commands/project.py
plumbing/commands/questions.py plumbing/commands/reflection.py plumbing/commands/rows.py plumbing/commands/server.py plumbing/commands/setup.py
plumbing/commands/template.py
plumbing/diagram/__init__.py plumbing/diagram/columns.py plumbing/diagram/layers.py
plumbing/diagram/mermaid.py plumbing/diagram/picture.py
plumbing/local_postgres/__init__.py plumbing/local_postgres/files.py plumbing/local_postgres/instance.py
plumbing/local_postgres/processes.py plumbing/local_postgres/programs.py plumbing/local_postgres/server.py
plumbing/merging/__init__.py plumbing/merging/__main__.py plumbing/merging/diagram.py plumbing/merging/elements.py
plumbing/merging/expressions.py plumbing/merging/fields.py plumbing/merging/import_lines.py
plumbing/merging/imports.py plumbing/merging/markdown.py plumbing/merging/names.py plumbing/merging/python.py
plumbing/merging/reading.py plumbing/merging/requirements.py plumbing/merging/seeds.py plumbing/merging/sequence.py
plumbing/merging/source.py plumbing/merging/spacing.py plumbing/merging/text.py
plumbing/migrations/__init__.py plumbing/migrations/environment.py plumbing/migrations/history.py
plumbing/migrations/lock.py plumbing/migrations/losses.py plumbing/migrations/ownership.py
plumbing/migrations/progress.py plumbing/migrations/types.py
plumbing/migrations/autogenerate/__init__.py plumbing/migrations/autogenerate/conversions.py
plumbing/migrations/autogenerate/defaults.py plumbing/migrations/autogenerate/elements.py
plumbing/migrations/autogenerate/enums.py plumbing/migrations/autogenerate/lookup.py
plumbing/migrations/autogenerate/order.py
plumbing/migrations/autogenerate/printed.py plumbing/migrations/autogenerate/renames.py
plumbing/migrations/autogenerate/rendering.py plumbing/migrations/autogenerate/schemas.py
plumbing/migrations/autogenerate/sequences.py plumbing/migrations/autogenerate/statements.py
plumbing/migrations/autogenerate/strings.py plumbing/migrations/autogenerate/types.py
plumbing/migrations/operations/__init__.py plumbing/migrations/operations/enums.py
plumbing/migrations/operations/replacement.py plumbing/migrations/operations/schemas.py
plumbing/mistakes/__init__.py plumbing/mistakes/kinds.py plumbing/mistakes/page.py plumbing/mistakes/places.py
plumbing/reflection/__init__.py plumbing/reflection/building.py plumbing/reflection/catalogue.py
plumbing/reflection/columns.py plumbing/reflection/constraints.py plumbing/reflection/defaults.py
plumbing/reflection/expressions.py plumbing/reflection/keys.py plumbing/reflection/models.py
plumbing/reflection/names.py plumbing/reflection/notes.py plumbing/reflection/reading.py plumbing/reflection/relations.py
plumbing/reflection/script.py plumbing/reflection/source.py plumbing/reflection/text.py
plumbing/reflection/types.py
plumbing/testing/__init__.py plumbing/testing/constraints.py plumbing/testing/fixtures.py plumbing/testing/rules.py
plumbing/testing/targets.py plumbing/testing/times.py
plumbing/updating/__init__.py plumbing/updating/baking.py plumbing/updating/base.py plumbing/updating/declared.py
plumbing/updating/git.py plumbing/updating/record.py plumbing/updating/workspace.py
plumbing/web/__init__.py plumbing/web/csrf.py plumbing/web/errors.py plumbing/web/health.py plumbing/web/requests.py
plumbing/web/sessions.py
plumbing/web/development/__init__.py plumbing/web/development/hosts.py plumbing/web/development/overview.py
plumbing/web/development/queries.py plumbing/web/development/rows.py plumbing/web/development/values.py
plumbing/web/development/welcome.py
plumbing/web/static/icon.svg plumbing/web/static/plumbing.css plumbing/web/static/rows.css
plumbing/web/templates/plumbing/base.html plumbing/web/templates/plumbing/diagram.svg
plumbing/web/templates/plumbing/error.html plumbing/web/templates/plumbing/error_message.html
plumbing/web/templates/plumbing/mistake.html plumbing/web/templates/plumbing/plain_error.html
plumbing/web/templates/plumbing/row.html plumbing/web/templates/plumbing/rows.html
plumbing/web/templates/plumbing/rows_index.html plumbing/web/templates/plumbing/rows_macros.html
plumbing/web/templates/plumbing/welcome.html
tests/__init__.py tests/conftest.py tests/test_health.py tests/test_migrations.py tests/test_models.py
tests/test_views.py
"""
TOP_LEVEL = """
.ci .editorconfig .gitattributes .github .gitignore <<cookiecutter.project_slug>> CHANGELOG.md
CONTRIBUTING.md DECISIONS.md LICENSE Makefile README.md benchmarks cookiecutter.json docs examples
generator hooks lessons pyproject.toml releases templates tests update.py
"""
WITH_API = "app/api.py app/static/api.css app/templates/api.html plumbing/api.py tests/test_api.py"
LEFT_BY_TOOLS = {".git", "build", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}


def test_tree(baker: Baker) -> None:
    project = baker.bake()
    files = [path for path in project.path.rglob("*") if path.is_file()]
    assert {path.relative_to(project.path).as_posix() for path in files} == set(TREE.split())


def test_tree_with_the_api(tmp_path: Path) -> None:
    """The answer adds five files, changes those that must name them, and leaves no other trace."""
    files = Baker(tmp_path / "no").bake().files()
    more = Baker(tmp_path / "yes").bake(api="yes").files()
    assert set(more) - set(files) == set(WITH_API.split())
    assert {name for name in files if more[name] != files[name]} == {
        ".env.example",
        ".template.files",
        ".template.json",
        "README.md",
        "app/__init__.py",
        "compose.yaml",
        "docs/application.md",
        "docs/production.md",
        "pyproject.toml",
        "requirements-dev.txt",
        "requirements.txt",
    }
    for name, content in files.items():
        assert not re.search(b"smorest|marshmallow|app.api|api.py", content), name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pins(tmp_path: Path, name: str) -> None:
    """The template's file is what `make pins` merges: each project gets its packages in uv's order."""
    without, with_api = (Baker(tmp_path / api).bake(api=api).files()[name].decode() for api in ("no", "yes"))
    assert "flask-smorest==" in with_api and "flask-smorest==" not in without
    assert pins.merged(without, with_api) == (TEMPLATE / name).read_text()
    with pytest.raises(SystemExit, match="flask: the two projects pin different versions"):
        pins.merged(without.replace("flask==3", "flask==4"), with_api)


def test_top_level() -> None:
    assert {path.name for path in ROOT.iterdir()} - LEFT_BY_TOOLS == set(TOP_LEVEL.split())


def test_no_test_imports_another() -> None:
    """Code that two test files share is in tests/support."""
    for path in (ROOT / "tests").rglob("*.py"):
        for line in path.read_text().splitlines():
            assert not re.match(r"(from|import) .*\b(test_\w+|conftest)\b", line), f"{path}: {line}"


def test_no_delimiter_is_left(baker: Baker) -> None:
    project = baker.bake()
    for name, content in project.files().items():
        assert not re.search(rb"<<|>>(?!>)|<%|%>|<#|#>", content), name


def template_files() -> list[Path]:
    paths = [*TEMPLATE.rglob("*"), *(ROOT / "templates").rglob("*")]
    return sorted(path for path in paths if path.is_file())


@pytest.mark.parametrize("path", template_files(), ids=lambda p: p.name)
def test_template_has_no_accidental_expression(path: Path) -> None:
    """`1 << 3 >> 2` in a file would silently become 3, so every expression must name something."""
    environment = jinja2.Environment(
        "<%", "%>", "<<", ">>", "<#", "#>", extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters.update(dict.fromkeys(("python", "markdown"), str))
    for output in environment.parse(path.read_text()).find_all(nodes.Output):
        for part in output.nodes:
            named = isinstance(part, nodes.Name) or any(part.find_all(nodes.Name))
            assert isinstance(part, nodes.TemplateData) or named, part


def test_bandit(baker: Baker) -> None:
    """bandit sees the code as an outsider would; `pip-audit` needs a network, so it is run by hand."""
    project = baker.bake()
    result = project.run(str(TOOLS / "bandit"), "-q", "-c", "pyproject.toml", "-r", ".")
    assert result.returncode == 0, result.stdout
    for path in project.path.rglob("*.py"):
        for line in path.read_text().splitlines():
            assert "nosec" not in line or re.search(r"# nosec B\d{3} # \w+ \w+", line), line
    (project.path / "app/views.py").write_text("import subprocess\nsubprocess.run('ls', shell=True)\n")
    assert project.run(str(TOOLS / "bandit"), "-q", "-c", "pyproject.toml", "-r", ".").returncode == 1


@pytest.mark.long
def test_own_tests_pass(project: Project) -> None:
    """The tests of the default project pass, in two processes and from another folder."""
    project.variables["TEST_DATABASE_URL"] = project.variables.pop("DATABASE_URL")
    output = project.ok("sh", "-c", 'root=$PWD; cd /; pytest -q -n 2 -p no:cacheprovider "$root"')
    assert re.search(r"\d+ passed", output)
    assert "skipped" not in output


def test_places_in_contributing() -> None:
    """What CONTRIBUTING.md and tests/README.md name is there."""
    folders = (ROOT, TEMPLATE, ROOT / "generator", ROOT / "lessons", ROOT / "tests", ROOT / "plumbing")
    for page in ("CONTRIBUTING.md", "tests/README.md"):
        text = (ROOT / page).read_text()
        named = set(re.findall(r"`([\w./-]+(?:/|\.py|\.md|\.json|\.toml|\.zip))`", text))
        assert len(named) > 20
        for name in named - {"lessons/16-its-name.md", "app/x.py", "tests/test_exercise.py", "EXERCISE.md"}:
            assert any((folder / name).exists() for folder in (*folders, TEMPLATE / "plumbing")), (page, name)
