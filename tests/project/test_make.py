"""Test the Makefile in a copy of the repository with nothing installed."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import termios
import time
import urllib.request
from collections.abc import Callable, Sequence
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
    """It reports what is wrong without changing it; `make fix` fixes it."""
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
    """The names of lessons reach the modules, which write only to build/."""
    (copy / "build").mkdir()
    for name in ("tools", "project"):
        (copy / "build" / name).symlink_to(ROOT / "build" / name)
    assert (
        make(copy, "handouts").stdout
        == f"Ready: build/handouts/index.html, {len(list((ROOT / 'lessons').glob('*.md'))) + 1} pages\n"
    )
    handout = copy / "build/handouts/02-add-a-column.html"
    assert "address_book" in handout.read_text() and "Solution" not in handout.read_text()
    make(copy, "handouts", "SOLUTIONS=yes", "PROJECT_NAME=My Course's")
    assert "my_courses" in handout.read_text() and "Solution" in handout.read_text()
    for target in ("lessons", "lessons-check", "examples", "exercise"):
        result = make(copy, target, "LESSON=2")
        assert result.returncode != 0
        assert result.stderr.startswith(
            "there is no lesson '2'; the lessons are 01-first-migration, 02-add-a-column, "
        )
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
    """One line explains the problem before anything is created."""
    python = copy / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{missing}*) exit 1;; esac\nexec python3 "$@"\n')
    python.chmod(0o755)
    result = make(copy, "demo", f"PYTHON={python}", f"PORT={free_port()}")
    assert result.returncode != 0
    assert result.stdout == f"{message}\n", result.stderr
    assert not (copy / "build" / "tools").exists()


def test_ctrl_c_leaves_no_process() -> None:
    """Even processes that have left their parent and its session end, and a line says so."""
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
    """It stops the servers of the projects in build/, and for root leaves nothing in /var/tmp."""
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
    """Runs `make demo` in its own terminal, which nobody reads."""

    def __init__(self, copy: Path, **variables: str) -> None:
        self.port = free_port()
        self.log = copy / f"demo-{self.port}.log"
        self.started = time.monotonic()
        self.terminal, inside = os.openpty()
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                ["make", "demo", f"PORT={self.port}"],
                cwd=copy,
                env=environment(**variables),
                stdin=inside,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=self.enter_terminal,
            )
        os.close(inside)

    def enter_terminal(self) -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        # In case a shell runs the tests in the background.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def wait_for(self, condition: Callable[[], object]) -> None:
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < self.started + 300, self.log.read_text()
            time.sleep(0.1)

    def page(self) -> str:
        self.wait_for(lambda: answers(self.port))
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}") as response:
            return str(response.read().decode())

    def output(self) -> str:
        """Return its output once it has ended without leaving a process."""
        self.process.wait(300)
        assert not answers(self.port)
        output = self.log.read_text()
        assert "Traceback" not in output
        return output

    def interrupt(self) -> str:
        os.write(self.terminal, b"\x03")  # Ctrl-C
        return self.output()

    def close_terminal(self) -> str:
        """Close the terminal; without a shell in between, only make is told."""
        os.close(self.terminal)
        return self.output()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def is_running(project: Project) -> bool:
    return project.run("python", "db_manage.py", "status").returncode == 0


@pytest.mark.parametrize("port", ["x", "0", "65536", "5000 6000", ""])
def test_demo_with_a_wrong_port(copy: Path, port: str) -> None:
    result = make(copy, "demo", f"PORT={port}")
    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == f"PORT={port} is not a port: make demo PORT=8000"
    assert not (copy / "build").exists()


def test_demo_with_a_port_in_use(copy: Path) -> None:
    """One line suggests another port before anything is created."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = make(copy, "demo", f"PORT={port}")
        assert result.returncode != 0 and result.stdout == ""
        line = result.stderr.splitlines()[0]
        assert re.fullmatch(rf"Port {port} is in use: make demo PORT=(8\d\d\d|9000)", line), line
        assert not (copy / "build" / "tools").exists()


@pytest.mark.long
def test_demo(copy: Path, deep: bool) -> None:
    """The README's single command leaves nothing running, however it ends."""
    project = Project(copy / "build" / "demo" / "flask_project")
    with server_removed(project):
        whole(copy, project)
        ended_otherwise(copy, project, [signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT][: 3 if deep else 1])
        two_at_once(copy, project)
        with_a_server_that_was_running(copy, project)


@pytest.mark.deep
def test_demo_interrupted_while_it_installs(copy: Path) -> None:
    """Whether cookiecutter or the project's packages are being installed, the next run is as good as new."""
    project = Project(copy / "build" / "demo" / "flask_project")
    with server_removed(project):
        interrupt_the_installation(copy)
        whole(
            copy,
            project,
            done=[
                "Creating: build/tools",
                "Installing: uv",
                "Installing: cookiecutter",
                "Generating: build/demo/flask_project",
            ],
        )


def interrupt_the_installation(copy: Path) -> None:
    slowly = {"PIP_COMPILE": "1"}  # this pip option keeps it from handing over to uv
    demo = Demo(copy, **slowly)
    demo.wait_for(lambda: list((copy / "build/tools").glob("lib/*/site-packages/rich*")))
    assert "Installing: cookiecutter" in demo.interrupt()
    demo = Demo(copy, **slowly)
    packages = copy / "build/demo/flask_project/.venv"
    demo.wait_for(lambda: list(packages.glob("lib/*/site-packages/sqlalchemy*")))
    assert "Installing: build/demo/flask_project/requirements-dev.txt" in demo.interrupt()
    assert not (packages / "installed").exists()


def whole(copy: Path, project: Project, done: Sequence[str] = ()) -> None:
    first = Demo(copy)
    page = first.page()
    output = first.interrupt()
    assert "0001_initial" in page and "User" in page and "Post" in page
    expected = [
        "Creating: build/tools",
        "Installing: uv",
        "Installing: cookiecutter",
        "Generating: build/demo/flask_project",
        "Installing: build/demo/flask_project/requirements-dev.txt",
        "Starting: local PostgreSQL",
        "Creating: database flask_project_dev",
        "Applying: 0001_initial",
        "Creating: schema users",
        "Creating: schema blog",
        " * Debugger PIN: ...",
        f"Serving: http://127.0.0.1:{first.port} until Ctrl-C",
    ]
    before, _, after = re.sub(r"PIN: [\d-]+", "PIN: ...", output).partition("127.0.0.1 - - ")
    assert before.splitlines() == [line for line in expected if line not in done]
    assert "GET / HTTP/1.1" in after
    assert "Stopping: local PostgreSQL" in output
    assert not is_running(project)


def ended_otherwise(copy: Path, project: Project, numbers: list[signal.Signals]) -> None:
    """End it with a signal to make alone or to all processes, or by closing the terminal."""
    demo = Demo(copy)
    assert "0001_initial" in demo.page()
    demo.process.terminate()
    output = demo.output()
    assert output.startswith("Starting: local PostgreSQL\nExists: database flask_project_dev\n")
    assert "Stopping: local PostgreSQL" in output
    assert not is_running(project)
    for number in numbers:
        demo = Demo(copy)
        demo.page()
        os.killpg(demo.process.pid, number)
        assert "Stopping: local PostgreSQL" in demo.output(), number
        assert not is_running(project)
    demo = Demo(copy)
    demo.page()
    demo.close_terminal()
    assert not is_running(project)


def two_at_once(copy: Path, project: Project) -> None:
    """The server runs until both have ended."""
    first, second = Demo(copy), Demo(copy)
    first.page()
    second.page()
    third = make(copy, "demo", f"PORT={first.port}")
    assert third.returncode != 0 and f"Port {first.port} is in use: make demo PORT=8" in third.stderr
    assert "Stopping" not in first.interrupt()
    assert is_running(project) and "0001_initial" in second.page()
    assert "Stopping: local PostgreSQL" in second.interrupt()
    assert not is_running(project)


def with_a_server_that_was_running(copy: Path, project: Project) -> None:
    project.ok("python", "db_manage.py", "start")
    demo = Demo(copy)
    demo.page()
    assert "Stopping" not in demo.interrupt()
    assert is_running(project)
