"""The generated tree: what is in it, what is not, and how it reads."""

import ast
import re
import sys
from pathlib import Path

import jinja2
import pytest
from conftest import ROOT, TEMPLATE, Baker, Project
from jinja2 import nodes

TREE = """
.dockerignore .env .env.example .github/workflows/ci.yml .gitignore Dockerfile README.md compose.yaml db_manage.py gunicorn.conf.py local_postgres.py one_line.py
pyproject.toml requirements-dev.txt requirements.txt wsgi.py
app/__init__.py app/autogenerate.py app/config.py app/database.py app/diagram.py app/extensions.py app/faults.py app/revisions.py app/seeds.py app/tables.py
app/views.py app/web.py docs/models.md
app/models/__init__.py app/models/base.py app/models/post.py app/models/user.py
app/static/style.css app/templates/error.html app/templates/index.html
migrations/alembic.ini migrations/env.py migrations/script.py.mako
migrations/versions/0001_initial.py
tests/__init__.py tests/conftest.py tests/test_migrations.py tests/test_models.py tests/test_views.py
"""
TOP_LEVEL = """
.ci .editorconfig .gitattributes .github .gitignore <<cookiecutter.project_slug>> CHANGELOG.md
CONTRIBUTING.md DECISIONS.md LICENSE Makefile README.md benchmarks cookiecutter.json docs examples
generator hooks lessons pyproject.toml tests
"""
TOOLS = Path(sys.executable).parent
LEFT_BY_TOOLS = {".git", "build", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}

# The longest names that the rules allow, and neighbours that sort differently as text and number.
LONG = "a" + "b" * 62
DECLARATIONS = {
    "none": "",
    "no fields": "Thing; shop.Order thing:Thing",
    "every type": "every.Type b:string c:text d:smallint e:integer f:bigint g:float h:numeric(9,2) j:numeric(10) k:numeric i:boolean"
    " date:date time:time datetime:datetime m:interval uuid:uuid o:bytes text:text? q:string(3):index r:string?:unique s:numeric( 5, 0 )?",
    "long names": f"{LONG}.{'A' * 60} {LONG}:string(64):unique {LONG[:60]}:numeric(10,2)?;"
    f" {LONG}.B{'b' * 60} {LONG[:59]}:{'A' * 60} {LONG[:58]}:{'A' * 60}?",
    "one to one, to itself, twice": "users.User name:text parent:User?; users.Profile user:User:unique mentor:User?:unique;"
    " blog.Post author:User editor:User? next:Post?",
    "delete rules": "hr.Person(people) name:text boss:Person?:setnull; hr.Badge person:Person:cascade:unique;"
    " hr.Desk person:Person:restrict; hr.Bill person:Person?:cascade payer:Person:restrict",
    "reserved words": "users.Order name:text group:text; select.Desk order:Order? user:text; Item2; Item10",
    "defaults": "Thing a:string=new b:text='it''s # 100% ; a:b=c?|\\d {} \N{PARTY POPPER}' c:text='' d:smallint=-5 e:integer=007 f:bigint=+9"
    " g:float=1e-9 h:numeric(9,2)=0.50 i:numeric=1.5 j:boolean=true k:date=now ll:date=2026-01-31 m:time=now n:time='23:59'"
    " o:datetime=now p:datetime='2026-01-31 23:59:59.5+02:00' q:interval='1 day 2 hours' r:uuid=uuid"
    " s:uuid=01234567-89AB-cdef-0123-456789abcdef t:json='{\"b\": [1, 2.50, \"it''s\"], \"a\": null}' u:json?='[]' v:bytes=abc"
    " w:bytes='\\x0aFF' x:text='''quoted''' y:enum(a|'b c')='b c':unique z:string?=x:index",
    "enums": "Thing state:enum(draft|'on sale'|'it''s, 100%: \"x\" \\ | ; #') size:enum(s|m|l)?=m:index"
    " long:enum(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb):unique one:enum(only)",
    "arrays": "Thing a:text[] b:string(20)[]='{}' c:numeric(9,2)[]?='{1.50,-2}' d:integer[]='{1,2}':index e:uuid[] f:datetime[] g:bytes[]"
    " h:boolean[]='{true,false}' i:interval[] j:time[] k:date[]='{2026-01-31}' ll:float[]='{0.5}' m:text[]='{red,Green}' n:json",
    "groups": "shop.Thing a:text b:integer? c:boolean unique(a,b) index(b,a) owner:Thing? unique(owner,c) index(c,owner,a)",
    "many to many": "shop.Tag name:text; blog.Post tags:shop.Tag[] also:Post[] author:Tag; Note tags:Tag[] posts:Post[] main:Post? friends:Note[]",
}


def test_tree(baker: Baker) -> None:
    project = baker.bake()
    files = [path for path in project.path.rglob("*") if path.is_file()]
    assert {path.relative_to(project.path).as_posix() for path in files} == set(TREE.split())
    assert len(files) <= 45
    python = [path.read_text() for path in files if path.suffix == ".py"]
    assert sum(text.count("\n") for text in python) <= 2200


def test_top_level() -> None:
    assert {path.name for path in ROOT.iterdir()} - LEFT_BY_TOOLS == set(TOP_LEVEL.split())


def test_no_delimiter_is_left(baker: Baker) -> None:
    project = baker.bake()
    for name, content in project.files().items():
        assert not re.search(rb"<<|>>(?!>)|<%|%>|<#|#>", content), name


def template_files() -> list[Path]:
    return sorted(path for path in TEMPLATE.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", template_files(), ids=lambda p: p.name)
def test_template_has_no_accidental_expression(path: Path) -> None:
    """`1 << 3 >> 2` in a file would become 3 without a word: every expression must name something."""
    environment = jinja2.Environment(
        "<%", "%>", "<<", ">>", "<#", "#>", extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters.update(dict.fromkeys(("python", "markdown"), str))
    for output in environment.parse(path.read_text()).find_all(nodes.Output):
        for part in output.nodes:
            named = isinstance(part, nodes.Name) or any(part.find_all(nodes.Name))
            assert isinstance(part, nodes.TemplateData) or named, part


@pytest.mark.parametrize("path", template_files(), ids=lambda p: p.name)
def test_no_if_within_an_if(path: Path) -> None:
    """What has to be decided at such length is decided in generator/."""
    environment = jinja2.Environment("<%", "%>", "<<", ">>", "<#", "#>")
    environment.filters.update(dict.fromkeys(("python", "markdown"), str))
    for condition in environment.parse(path.read_text()).find_all(nodes.If):
        assert not list(condition.find_all(nodes.If)), f"{path}:{condition.lineno}"


def test_every_function_says_what_it_does(baker: Baker) -> None:
    """Every public function and class of the application has a docstring."""
    project = baker.bake()
    for name in (
        "local_postgres.py",
        "app/autogenerate.py",
        "app/config.py",
        "app/database.py",
        "app/diagram.py",
        "app/faults.py",
        "app/revisions.py",
        "app/tables.py",
        "one_line.py",
        "app/views.py",
        "app/web.py",
    ):
        for node in ast.parse((project.path / name).read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}: {node.name}"


def test_bandit(baker: Baker) -> None:
    """The code as a stranger's tool sees it; `pip-audit` needs a network, and is run by hand."""
    project = baker.bake()
    result = project.run(str(TOOLS / "bandit"), "-q", "-c", "pyproject.toml", "-r", ".")
    assert result.returncode == 0, result.stdout
    (project.path / "app/views.py").write_text("import subprocess\nsubprocess.run('ls', shell=True)\n")
    assert project.run(str(TOOLS / "bandit"), "-q", "-c", "pyproject.toml", "-r", ".").returncode == 1


def test_own_tests_pass(project: Project) -> None:
    """The tests of the default project, in two processes and from another folder."""
    project.variables["TEST_DATABASE_URL"] = project.variables.pop("DATABASE_URL")
    output = project.ok("sh", "-c", 'root=$PWD; cd /; pytest -q -n 2 -p no:cacheprovider "$root"')
    assert re.search(r"\d+ passed", output)
    assert "skipped" not in output
