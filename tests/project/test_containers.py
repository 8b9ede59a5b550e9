"""Test what a deployment starts with: Dockerfile, compose.yaml, and the workflow on GitHub.

There is no container engine here, so the tests do by hand what these files say.  The Dockerfile's
instructions run below a folder that represents the root of the image.  The commands of the other two run
on the tests' server.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.bake import PROJECT_ENVIRONMENT, ROOT, TOOLS, Baker, Project
from tests.support.declarations import DECLARATIONS
from tests.support.load import until
from tests.support.shared import exclusive

WORKFLOW = ".github/workflows/ci.yml"
SYSTEM = {"PATH": os.defpath, "HOME": "/"}  # what an engine sets for a user that only has a number
ANSWERS = {"POSTGRES_PASSWORD": "x", "APP_PASSWORD": "y", "SECRET_KEY": "0123456789" * 4}
BREAKING = '    op.drop_column("users", "email", schema="users")\n'
ALLOWED = '    op.execute("/* squawk-ignore-file ban-drop-column */")\n'
NOTHING_LOCKED = """\
    op.add_column("users", sa.Column("phone", sa.String(20)), schema="users")
    op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), schema="blog")
    op.create_index("ix_tags_id", "tags", ["id"], schema="blog")
    with op.get_context().autocommit_block():
        arguments = {"schema": "users", "postgresql_concurrently": True}
        op.create_index("ix_users_email", "users", ["email"], **arguments)
"""


@pytest.mark.parametrize("slug", ["flask_project", "null"])
def test_linters(baker: Baker, slug: str) -> None:
    project = baker.bake(project_slug=slug)
    schemas = {"compose-spec": "compose.yaml", "github-workflows": WORKFLOW}
    project.ok(str(TOOLS / "hadolint"), "Dockerfile")
    for schema, file in schemas.items():
        project.ok(str(TOOLS / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}", file)
    assert loaded(project, "compose.yaml")["services"]["db"]["environment"]["POSTGRES_DB"] == slug
    # In an expression, a branch's name could become part of a script.
    assert "${{" not in (project.path / WORKFLOW).read_text()


def test_pre_commit(baker: Baker) -> None:
    """Each hook accepts a fresh project, and refuses a file that is not in order."""
    project = baker.bake()
    wrong = {"ruff": "import os\n", "format": "x=1\n", "mypy": "def f():\n    return 1\n"}
    (repository,) = loaded(project, ".pre-commit-config.yaml")["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == wrong.keys()
    for hook in repository["hooks"]:
        for file, text, accepted in (
            ("app/views.py", None, True),
            ("app/wrong.py", wrong[hook["id"]], False),
        ):
            if text:
                (project.path / file).write_text(text)
            names = [file] if hook.get("pass_filenames", True) else []
            check = ["--check"] if hook["id"] == "format" else []  # pre-commit itself notices a change
            result = project.run(*shlex.split(hook["entry"]), *check, *names)
            assert (result.returncode == 0) == accepted, result.stdout
            (project.path / "app/wrong.py").unlink(missing_ok=True)


def loaded(project: Project, name: str) -> Any:
    return yaml.safe_load((project.path / name).read_text())


def test_one_collation(baker: Baker) -> None:
    """The servers of compose.yaml and of the workflow sort like the local one."""
    project = baker.bake()
    compose = loaded(project, "compose.yaml")["services"]["db"]
    service = loaded(project, WORKFLOW)["jobs"]["test"]["services"]["postgres"]
    options = shlex.split(compose["environment"]["POSTGRES_INITDB_ARGS"])
    assert options == shlex.split(service["env"]["POSTGRES_INITDB_ARGS"])
    assert compose["image"] == service["image"]
    local = (project.path / "plumbing/local_postgres/server.py").read_text()
    assert all(f'"{option}"' in local for option in options)


@dataclass
class Image:
    """The image that a Dockerfile builds; `root` represents its root folder."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def moved(self, text: str) -> str:
        """Return a text with its absolute paths moved below the root."""
        return re.sub(r"(?<![\w./])/(?=(srv|venv|requirements\.txt)\b|$)", f"{self.root}/", text)

    @property
    def here(self) -> Path:
        return self.root / self.folder.lstrip("/")


def build(project: Project, root: Path, install: Callable[[str, Image], None]) -> Image:
    """Follow a Dockerfile; `install` runs the command that asks pip for the packages."""
    text = re.sub(r"^#.*\n", "", (project.path / "Dockerfile").read_text(), flags=re.MULTILINE)
    stages: dict[str, Path] = {}
    for line in filter(None, re.sub(r"\\\n\s*", "", text).splitlines()):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            for name in stages:
                root.rename(stages[name])  # scripts in it name the next stage
            root.mkdir()
            image = Image(root, {**SYSTEM, "PATH": f"{TOOLS}:{os.defpath}"} if " AS " in rest else {**SYSTEM})
            if " AS " in rest:
                name = rest.split()[-1]
                stages[name] = root.with_name(name)
        elif word == "ENV":
            for name, _, value in (pair.partition("=") for pair in shlex.split(rest)):
                path = image.variables["PATH"]
                image.variables[name] = image.moved(value).replace("$PATH", path)
        elif word == "WORKDIR":
            image.folder = rest
            image.here.mkdir()
        elif word == "RUN":
            command = image.moved(rest)
            run = install if command.startswith("pip ") else shell
            run(command, image)
        elif word == "COPY" and rest.startswith("--from="):
            stage, source, target = rest.removeprefix("--from=").split()
            shutil.copytree(stages[stage] / source[1:], image.moved(target), symlinks=True)
        elif word == "COPY":
            source, target = rest.split()
            for name in sent(project):
                if source in (".", name):
                    (image.here / image.moved(target) / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(project.path / name, image.here / image.moved(target) / name)
        elif word == "USER":
            image.user = rest
        elif word == "HEALTHCHECK":
            image.health = json.loads(rest.partition("CMD ")[2])
        elif word == "CMD":
            image.command = json.loads(rest)
        else:
            assert word in ("ARG", "EXPOSE"), line
    return image


def sent(project: Project) -> Iterator[str]:
    """Yield the names of the files that .dockerignore keeps: the last matching pattern wins."""
    lines = (project.path / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if not line.startswith("#")]
    for path in project.path.rglob("*"):
        name, kept = path.relative_to(project.path).as_posix(), True
        for pattern in patterns:
            words = re.escape(pattern.removeprefix("!")).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
            if re.fullmatch(f"{words}(/.*)?", name):
                kept = pattern.startswith("!")
        if kept and path.is_file():
            yield name


def shell(command: str, image: Image) -> None:
    subprocess.run(["sh", "-c", command], cwd=image.here, env=image.variables, check=True)


def copied(command: str, image: Image) -> None:
    """Install by copying build/project, which has the same pins; pip would take longer than all else."""
    assert "--require-hashes -r" in command
    names = re.findall(r"^([\w-]+)==", Path(command.split()[-1]).read_text(), re.MULTILINE)
    (site,) = PROJECT_ENVIRONMENT.glob("lib/python*/site-packages")
    target = image.root / "venv" / site.relative_to(PROJECT_ENVIRONMENT)
    for package in distributions(path=[str(site)]):
        if package.name.lower().replace("_", "-").replace(".", "-") in names:
            for file in package.files or []:
                source = Path(str(package.locate_file(file)))
                if source.is_file():
                    (target / file).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(source, target / file)
    for script in (image.root / "venv" / "bin").glob("[!p]*"):
        if script.read_bytes().startswith(b"#!"):
            script.write_text(f"#!{image.root}/venv/bin/python\n" + script.read_text().partition("\n")[2])


@pytest.mark.parametrize("install", [copied, pytest.param(shell, marks=pytest.mark.deep)])
@pytest.mark.parametrize("models", ["default", pytest.param("none", marks=pytest.mark.deep)])
def test_image(
    baker: Baker,
    tmp_path: Path,
    database: Callable[[], str],
    install: Callable[[str, Image], None],
    models: str,
) -> None:
    """It has what runs and nothing else; compose.yaml migrates with it, and serves as another role."""
    project = baker.bake(**({} if models == "default" else {"models": DECLARATIONS[models]}))
    for name in (".git/config", ".postgres/18/x", "app/__pycache__/x.pyc", "backup.dump", ".env.production"):
        (project.path / name).parent.mkdir(parents=True, exist_ok=True)
        (project.path / name).touch()
    image = build(project, tmp_path / "image", install)
    assert {path.name for path in image.root.iterdir()} == {"srv", "venv"}
    runs = "app migrations plumbing db_manage.py gunicorn.conf.py wsgi.py requirements.txt"
    assert {path.name for path in image.here.iterdir()} == set(runs.split())
    assert not list(image.here.rglob("__pycache__")) and not (image.root / "venv" / "bin" / "pytest").exists()
    assert all(int(number) > 0 for number in image.user.split(":"))

    url = database()
    compose = interpolated((project.path / "compose.yaml").read_text(), url)
    project.variables["DATABASE_URL"] = url
    project.ok("python", "db_manage.py", "create")
    with exclusive("roles"):
        project.sql(compose["configs"]["roles"]["content"])
        try:
            migrate, app = compose["services"]["migrate"], compose["services"]["app"]
            result = container(image, shlex.split(migrate["command"]), migrate).communicate()[0]
            assert "Applying: 0001_initial\n" in result, result
            with read_only(image.root):
                serves(image, app)
        finally:
            project.sql("DROP OWNED BY app", "DROP ROLE app")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, as it is for an image's user, because everything belongs to root."""
    paths = [path for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def interpolated(text: str, url: str) -> Any:
    """Return the file as compose would interpolate it; the host `db` becomes the tests' server."""
    values = re.sub(
        r"\$\{(\w+)(?::\?[^}]*|:-([^}]*))?\}", lambda found: ANSWERS.get(found[1]) or found[2], text
    )
    where = url.partition("@")[2].replace("\\", "\\\\")
    return yaml.safe_load(re.sub(r"@db/\w+", f"@{where}", values))


def container(image: Image, command: list[str], service: dict[str, Any]) -> "subprocess.Popen[str]":
    """Start a command in an image, as its user; under root, this user can read all and write nothing."""
    user, group = image.user.split(":")
    reading = [f"--{kind}-caps=-all,+dac_read_search" for kind in ("inh", "ambient")]
    other = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *reading]
    return subprocess.Popen(
        [*(other if os.getuid() == 0 else []), *command],
        cwd=image.here,
        env=image.variables | {name: str(value) for name, value in service["environment"].items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def serves(image: Image, service: dict[str, Any]) -> None:
    """Assert that the image's command becomes healthy and ready, writes no file, and ends at a signal."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        image.variables["PORT"] = str(free.getsockname()[1])
    before = sorted(image.root.rglob("*"))
    process = container(image, image.command, service)
    try:
        until(lambda: process.poll() is not None or healthy(image, service))
        assert healthy(image, service, "/readyz")
        process.send_signal(signal.SIGTERM)
        assert process.wait(300) == 0
    finally:
        process.kill()
        print(process.communicate()[0])
    assert not healthy(image, service)
    assert sorted(image.root.rglob("*")) == before


def healthy(image: Image, service: dict[str, Any], page: str = "/healthz") -> bool:
    """Return the result of the health check, or of the same check of another page."""
    check = container(image, [word.replace("/healthz", page) for word in image.health], service)
    check.communicate(timeout=300)
    return check.returncode == 0


@dataclass
class Workflow:
    """The steps of a project's workflow, run in a git repository with the tests' server."""

    project: Project
    job: dict[str, Any]
    variables: dict[str, str]

    def run(self, *wanted: str) -> str:
        """Run the steps that have one of these words, as GitHub would; return their output."""
        output = ""
        for step in self.job["steps"]:
            lines = [line for line in step.get("run", "").splitlines() if not line.startswith("pip install ")]
            script = "\n".join(lines)
            if any(word in script for word in wanted):
                output += self.project.ok("bash", "-e", "-c", script, **self.variables)
        return output

    def commit(self, revision: str, body: str) -> None:
        """Commit a migration that follows the first."""
        if body:
            text = f'revision = "{revision}"\ndown_revision = "0001_initial"\n\n'
            text += f"import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n{body}\n\n"
            text += "def downgrade():\n    pass\n"
            (self.project.path / f"migrations/versions/{revision}.py").write_text(text)
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "--allow-empty", "-m", revision]):
            self.project.ok("git", "-c", "user.name=x", "-c", "user.email=x", *command)


@pytest.fixture
def workflow(project: Project, database: Callable[[], str]) -> Workflow:
    job = loaded(project, WORKFLOW)["jobs"]["test"]
    assert set(job["env"]) == {"DATABASE_URL", "TEST_DATABASE_URL"}
    path = f"{PROJECT_ENVIRONMENT / 'bin'}{os.pathsep}{TOOLS}{os.pathsep}{os.environ['PATH']}"
    urls = {"DATABASE_URL": database(), "TEST_DATABASE_URL": database()}
    return Workflow(project, job, {"PATH": path, **urls})


def test_workflow(workflow: Workflow) -> None:
    """The steps on the database run, and squawk checks what a pull request adds."""
    steps = workflow.job["steps"]
    (squawk,) = [step for step in steps if "squawk" in step.get("run", "")]
    assert squawk["if"] == "github.event_name == 'pull_request'"
    pin = re.findall(r"^squawk-cli==\S+", (ROOT / "tests/requirements.txt").read_text(), re.MULTILINE)
    assert re.findall(r"squawk-cli==\S+", squawk["run"]) == pin  # the version tested is the one that runs

    output = workflow.run("db_manage.py setup", "db_manage.py check")
    assert output.count("Applying: 0001_initial\n") == 1
    assert "Checked: one head, nothing pending, models and diagram match\n" in output

    workflow.commit("base", "")
    workflow.commit("nothing new", "")
    assert "Found 0 issues" in workflow.run("squawk")
    workflow.commit("0002_new", NOTHING_LOCKED)
    assert "Found 0 issues" in workflow.run("squawk")
    workflow.project.ok("git", "reset", "-q", "--hard", "HEAD^")
    workflow.commit("0002_breaking", BREAKING)
    with pytest.raises(AssertionError, match="ban-drop-column"):
        workflow.run("squawk")
    workflow.commit("0002_breaking", ALLOWED + BREAKING)
    workflow.project.ok("git", "reset", "-q", "--soft", "HEAD^^")
    workflow.commit("0002_breaking", "")
    assert "Found 0 issues" in workflow.run("squawk")


@pytest.mark.deep
def test_whole_workflow(workflow: Workflow) -> None:
    """Every step runs, in the workflow's order."""
    workflow.commit("base", "")
    workflow.commit("0002_new", "    pass\n")
    output = workflow.run("")
    assert "All checks passed!" in output and "Success: no issues found" in output
    assert re.search(r"\d+ passed", output)
