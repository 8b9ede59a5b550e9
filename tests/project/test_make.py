"""The Makefile, in a copy of the repository with nothing installed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.bake import ROOT, TOOLS, Baker, Project, environment
from tests.support.servers import server_removed, socket_folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("build", ".git", "*_cache", "__pycache__")
    return shutil.copytree(ROOT, tmp_path / "copy", ignore=ignored)


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["make", *words]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)


def test_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = [line.split()[0] for line in make(ROOT, "help").stdout.splitlines()]
    assert listed == targets
    assert {"demo", "test", "test-deep", "check", "fix"} < set(targets)


def test_check_writes_nothing(copy: Path) -> None:
    """It reports what is wrong and leaves it; fix mends it."""
    (copy / "build").symlink_to(ROOT / "build")
    untidy = copy / "generator" / "layout.py"
    tidy = untidy.read_text()
    untidy.write_text(tidy.replace("WIDTH = 100", "WIDTH  =  100"))
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    assert make(copy, "check").returncode != 0
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before
    assert make(copy, "fix").returncode == 0
    assert untidy.read_text() == tidy
    assert make(copy, "check").returncode == 0


def test_lessons(copy: Path) -> None:
    """The names of lessons reach the modules, and what these make lies in build/."""
    (copy / "build").mkdir()
    for name in ("tools", "project"):
        (copy / "build" / name).symlink_to(ROOT / "build" / name)
    assert (
        make(copy, "handouts").stdout
        == f"Ready: build/handouts, {len(list((ROOT / 'lessons').glob('*.md')))} pages\n"
    )
    assert (copy / "build/handouts/02-add-a-column.html").is_file()
    for target in ("lessons", "lessons-check", "examples", "exercise"):
        result = make(copy, target, "LESSON=2")
        assert result.returncode != 0
        assert result.stderr.startswith("there is no lesson '2', but 01-first-migration, 02-add-a-column, ")
    lesson = copy / "lessons" / "99-x.md"
    lesson.write_text("\n```console\n$ echo new\nold\n```\n")
    assert "-old\n+new\n" in make(copy, "lessons-check", "LESSON=99-x").stdout
    assert "old" in lesson.read_text()
    assert make(copy, "lessons", "LESSON=99-x").returncode == 0
    assert "old" not in lesson.read_text()


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("ensurepip", "Python's venv module is missing: install the package python3-venv"),
        ("version_info", "Python 3.11 or later is needed: make PYTHON=python3.12"),
    ],
)
def test_unfit_python(copy: Path, missing: str, message: str) -> None:
    """One line, before anything is made."""
    python = copy / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{missing}*) exit 1;; esac\nexec python3 "$@"\n')
    python.chmod(0o755)
    result = make(copy, "demo", f"PYTHON={python}")
    assert result.returncode != 0
    assert result.stdout == f"{message}\n"
    assert not (copy / "build" / "tools").exists()


def test_ctrl_c_leaves_no_process() -> None:
    """Those that have left their parent and its session end, too, and a line says so."""
    script = "(setsid sleep 600 & echo $!); sleep 600 & echo $!; wait"
    supervise = [str(TOOLS / "python"), "-m", "tests.support.supervise", "sh", "-c", script]
    with subprocess.Popen(
        supervise, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        numbers = [process.stdout.readline().strip() for _ in range(2)]
        assert all(Path("/proc", number).exists() for number in numbers)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr.read() == "Interrupted.\n"
    assert not any(Path("/proc", number).exists() for number in numbers)


def test_clean(copy: Path) -> None:
    """It stops the servers of the projects in build/; as root, it leaves nothing in /var/tmp either."""
    folder = copy / "build" / "it's a demo"
    folder.mkdir(parents=True)
    (copy / "build" / "demo").mkdir()
    projects = [Baker(folder / "out").bake(), Baker(copy / "build" / "demo" / "out").bake()]
    left = []
    for project in projects:
        project.ok("python", "db_manage.py", "setup")
        data = Path(project.sql("SHOW data_directory"))
        left += [data, data.parents[1], Path(socket_folder(project.path))]
        left.append(Path("/proc", (data / "postmaster.pid").read_text().split()[0]))
    projects[0].ok("python", "db_manage.py", "stop")
    for _ in range(2):
        result = make(copy, "clean")
        assert (result.returncode, result.stdout, result.stderr) == (0, "rm -rf build\n", "")
        assert not (copy / "build").exists()
        assert not [path for path in left if path.exists()]


class Demo:
    """`make demo` in a terminal of its own, until Ctrl-C."""

    def __init__(self, copy: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = copy / "demo.log"
        self.started = time.monotonic()
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                ["make", "demo", f"PORT={self.port}"],
                cwd=copy,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # As in a terminal, also where the tests run in the background of a shell.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def page(self) -> str:
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}") as response:
                    return str(response.read().decode())
            except OSError:
                assert time.monotonic() < self.started + 300, self.log.read_text()
                time.sleep(0.2)

    def interrupt(self) -> str:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(300)
        return self.log.read_text()


def test_demo(copy: Path) -> None:
    """The one command of the README, twice; the second time everything is there."""
    project = Project(copy / "build" / "demo" / "flask_project")
    first = Demo(copy)
    with server_removed(project):
        page = first.page()
        output = first.interrupt()
        assert "0001_initial" in page and "User" in page and "Post" in page
        expected = [
            "Installing: cookiecutter",
            "Generating: build/demo/flask_project",
            "Installing: build/demo/flask_project/requirements-dev.txt",
            "Starting: local PostgreSQL",
            "Creating: database flask_project_dev",
            "Applying: 0001_initial",
            "Creating: schema users",
            "Creating: schema blog",
            "Ready. Next: flask run --debug",
        ]
        lines = [line for line in output.splitlines() if not line.startswith("WARNING")]
        assert lines[: len(expected)] == expected
        assert "Stopping: local PostgreSQL" in output
        assert "Traceback" not in output
        assert project.run("python", "db_manage.py", "status").returncode == 2

        second = Demo(copy)
        assert "0001_initial" in second.page()
        assert "Installing" not in second.interrupt()

        # A server that was running before stays.
        project.ok("python", "db_manage.py", "start")
        third = Demo(copy)
        third.page()
        assert "Stopping" not in third.interrupt()
        assert project.run("python", "db_manage.py", "status").returncode == 0
