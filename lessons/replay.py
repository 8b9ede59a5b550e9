"""Run the lessons: write their files, apply their diffs, run their commands and record the output.

    python -m lessons.replay            rewrite the lessons whose output has changed
    python -m lessons.replay --check    show what would change, and exit with 1

A lesson is Markdown. The first command at its head, `cookiecutter . ...`, generates its project, which becomes a
git repository. A `console` block is a session: below each `$ command` stands what it prints at a terminal, without
colors, and `[1]` for an exit status. A block below a line that is a file's name in backquotes is that file. A
`diff` block is applied. Each `git commit` ends a step: it is tagged `step-1`, `step-2` and so on. The repository is
left in build/examples.
"""

import argparse
import contextlib
import difflib
import fcntl
import os
import pty
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"
EXAMPLES = ROOT / "build" / "examples"
PROGRAMS = ROOT / "build" / "project" / "bin"
TOOLS = ROOT / "build" / "tools" / "bin"  # where cookiecutter is installed
CLONE = "cookiecutter-flask-postgres"  # the folder of the template, next to the project
FRONT = re.compile(r"^(cookiecutter \. .*?)\n+cd \.\./", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(
    r"^(?P<above>[^\n]*)\n(?P<indent> *)```(?P<language>\w+)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
SHOWN = ("text", "mermaid")  # languages of blocks that are only shown
MARK = "--- end of command, status"
COLORS = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[(]B)")
SECONDS = 300  # for one command

# All that a lesson's commands know about the machine. Fixed names and dates give fixed commit ids.
VARIABLES = {
    "PATH": os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath), str(TOOLS)]),
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm",
    "COLUMNS": "80",
    "PAGER": "cat",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "MYPY_CACHE_DIR": str(PROGRAMS.parent / "mypy_cache"),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Learner",
    "GIT_AUTHOR_EMAIL": "learner@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Learner",
    "GIT_COMMITTER_EMAIL": "learner@example.org",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


class LessonError(Exception):
    """A lesson that cannot be replayed; the message says where and why."""


@dataclass
class Block:
    """A fenced block of Markdown, and the line above it."""

    language: str
    body: str
    above: str

    @property
    def file(self) -> str | None:
        """The name of the file whose content the block is, or None."""
        name = re.fullmatch(r"`(\S+)`:?", self.above)
        return name[1] if name else None

    @property
    def mark(self) -> str:
        """The comment above the block, or ''."""
        comment = re.fullmatch(r" *<!-- (.*) -->", self.above)
        return comment[1] if comment else ""


def as_block(match: re.Match[str]) -> Block:
    """Return the block of a match of BLOCK, without its indentation."""
    body = re.sub(f"^{match['indent']}", "", match["body"], flags=re.MULTILINE)
    return Block(match["language"], body, match["above"])


def blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text."""
    return [as_block(match) for match in BLOCK.finditer(text)]


def commands(session: str) -> list[tuple[str, str, int]]:
    """Return each command of a console block, with the output and exit status shown below it.

    Lines directly below a command that begin with `> ` continue it.
    """
    result = []
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, output = re.findall(r"\A(.*\n(?:> .*\n)*)((?s:.*))", part)[0]
        status = re.search(r"^\[(\d+)\]\n\Z", output, re.MULTILINE)
        output = output[: status.start()] if status else output
        result.append((command[:-1].replace("\n> ", "\n"), output, int(status[1]) if status else 0))
    return result


def session(recorded: list[tuple[str, str, int]]) -> str:
    """Return the console block for commands with output and exit status: the reverse of commands()."""
    lines = []
    for command, output, status in recorded:
        if re.search(r"\A> |^\$ |^```", output, re.MULTILINE):
            raise LessonError(f"`{command}` prints what a console block cannot contain:\n{output}")
        lines += ["$ " + command.replace("\n", "\n> "), *map(str.rstrip, output.rstrip().splitlines())]
        lines += [f"[{status}]"] if status else []
    return "".join(f"{line}\n" for line in lines)


class Shell:
    """A bash at a terminal, as the reader has it: directory and variables persist; nothing can be typed."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        terminal, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        settings = termios.tcgetattr(screen)
        settings[1] &= ~termios.OPOST  # keep line endings as they are written
        termios.tcsetattr(screen, termios.TCSANOW, settings)
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=screen,
            stderr=screen,
            text=True,
            start_new_session=True,
        )
        os.close(screen)
        self.output = os.fdopen(terminal, newline="\n")

    def run(self, command: str) -> tuple[str, int]:
        """Return the output of a command, on stdout and stderr, and its exit status.

        Raise LessonError if it ends the shell or takes longer than SECONDS.
        """
        assert self.process.stdin
        timer = threading.Timer(SECONDS, os.killpg, [self.process.pid, signal.SIGKILL])
        timer.start()
        self.process.stdin.write(f"{{ {command}\n}} </dev/null; echo '{MARK}' $?\n")
        self.process.stdin.flush()
        output = ""
        try:
            for line in self.output:
                before, mark, status = COLORS.sub("", line).partition(MARK)
                output += before
                if mark:
                    return output, int(status)
        except OSError:
            pass  # how Linux says that the other side of the terminal is closed
        finally:
            timer.cancel()
        raise LessonError(f"`{command}` ended the shell or took over {SECONDS} s:\n{output}")

    def close(self) -> None:
        self.process.communicate()
        self.output.close()


class Replay:
    """A lesson and its project, with their own home folder."""

    stay = False  # whether to keep the database afterwards

    def __init__(self, text: str, home: Path, programs: tuple[Path, ...] = ()) -> None:
        """Generate the project that the text asks for; if it asks for none, everything happens in `home`.

        The template is next to the project, as it is for a reader who generates it in a clone.  Commands
        are looked up in the folders `programs` before those of the project.
        """
        self.text, self.home, self.project, self.steps = text, home, home, 0
        path = os.pathsep.join([*map(str, programs), VARIABLES["PATH"]])
        self.variables = VARIABLES | {"HOME": str(home), "PATH": path}
        if front := FRONT.search(text):
            words = shlex.split(front[1].replace("\\\n", ""))
            # Don't use the reader's own, if there is one on PATH.
            path = os.pathsep.join([*map(str, programs), str(TOOLS)])
            cookiecutter = shutil.which(words[0], path=path) or words[0]
            self.run(cookiecutter, *words[1:], "--output-dir", str(home), folder=ROOT)
            (self.project,) = (path for path in home.iterdir() if path.name[0] != ".")
            home.joinpath(CLONE).symlink_to(ROOT)
            self.run("git", "init", "-q", "-b", "main")
            self.run("git", "add", ".")
            self.run("git", "commit", "-qm", "Start")
            self.run("git", "tag", "step-0")
        self.shell = Shell(self.project, self.variables)

    def run(self, *command: str, folder: Path | None = None, stdin: str = "") -> str:
        """Run a command in the project, outside the shell; return its output.  Raises LessonError."""
        result = subprocess.run(
            command,
            cwd=folder or self.project,
            env=self.variables,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode:
            raise LessonError(f"`{shlex.join(command)}` failed:\n{result.stdout}")
        return result.stdout

    def recorded(self) -> str:
        """Process the blocks in order; return the text with the current output."""
        return BLOCK.sub(self.visit, self.text)

    def visit(self, match: re.Match[str]) -> str:
        block = as_block(match)
        body = block.body
        if block.language == "console":
            body = session([self.command(command) for command, _, _ in commands(body)])
        elif block.language == "diff":
            body = self.apply(body)
        elif block.file:
            path = self.project / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
        elif block.language not in SHOWN:
            raise LessonError(f"the line above this block names no file:\n{body}")
        fenced = textwrap.indent(f"```{block.language}\n{body}```", match["indent"])
        return f"{block.above}\n{fenced}"

    def command(self, command: str) -> tuple[str, str, int]:
        output, status = self.shell.run(command)
        if command.startswith("git commit") and self.project != self.home:
            self.end_step()
        return command, output.replace(str(self.home), "~"), status

    def apply(self, diff: str) -> str:
        """Apply a diff; return it with current line numbers."""
        paths = {name: self.project / name for name in re.findall(r"^\+\+\+ b/(\S+)", diff, re.MULTILINE)}
        for name, path in paths.items():
            if not path.is_file():
                raise LessonError(f"a diff changes {name}, which does not exist")
        before = {name: path.read_text().splitlines() for name, path in paths.items()}
        for part in re.split(r"^(?=--- a/)", diff, flags=re.MULTILINE)[1:]:
            self.run("git", "apply", "--recount", stdin=part)
        lines: list[str] = []
        for name, path in paths.items():
            after = path.read_text().splitlines()
            lines += difflib.unified_diff(before[name], after, f"a/{name}", f"b/{name}", lineterm="")
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def end_step(self) -> None:
        """Tag a commit, which must leave nothing uncommitted."""
        self.steps += 1
        if left := self.run("git", "status", "--porcelain"):
            raise LessonError(f"step-{self.steps} has uncommitted changes:\n{left}")
        self.run("git", "tag", f"step-{self.steps}")
        self.run("ruff", "check", "--no-cache", ".")

    def close(self) -> None:
        """End the shell and stop the local PostgreSQL; remove it too, unless it should stay."""
        self.shell.close()
        if self.stay:
            self.run("python", "db_manage.py", "stop")
        else:
            remove_server(self.project, self.run)


def remove_server(project: Path, run: Callable[..., str]) -> None:
    """Stop the local PostgreSQL of a project and remove its files; `run` runs a command in the project."""
    code = "from pathlib import Path; from plumbing.local_postgres import LocalPostgres; LocalPostgres(Path()).remove()"
    if (project / ".postgres").exists():
        run("python", "-c", code)


@contextlib.contextmanager
def replayed(text: str, programs: tuple[Path, ...] = ()) -> Iterator[tuple[str, Path]]:
    """Yield the text with the current output of its commands, and its project without a database."""
    with tempfile.TemporaryDirectory() as folder:
        replay = Replay(text, Path(folder).resolve(), programs)
        with contextlib.closing(replay):
            new = replay.recorded()
        yield new, replay.project


def keep(project: Path, folder: Path) -> None:
    """Move a project to a folder, replacing what was there, so that it looks like a clone."""
    subprocess.run(["git", "clean", "-fdxq"], cwd=project, check=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(project, folder)


def each(names: list[str], work: Callable[[Path], str]) -> list[str]:
    """Call a function for these lessons, or for all; return the results.  Raises LessonError."""
    lessons = {path.stem: path for path in sorted(LESSONS.glob("*.md"))}
    for name in names:
        if name not in lessons:
            raise LessonError(f"there is no lesson {name!r}; the lessons are {', '.join(lessons)}")

    def with_place(lesson: Path) -> str:
        try:
            return work(lesson)
        except LessonError as error:
            raise LessonError(f"lessons/{lesson.name}: {error}") from None

    # Lessons wait now and then, so run one more than there are processors.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        return list(pool.map(with_place, [lessons[name] for name in names or lessons]))


def refresh(lesson: Path, check: bool) -> str:
    """Replay a lesson, write it if it has changed and `check` is not set, and return the change as a diff."""
    old = lesson.read_text()
    with replayed(old) as (new, project):
        if FRONT.search(old):
            keep(project, EXAMPLES / lesson.stem)
    if not check and new != old:
        lesson.write_text(new)
    name = f"lessons/{lesson.name}"
    return "".join(
        difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, f"{name}, replayed")
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lessons.replay", description="Replay the lessons.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a lesson would change"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="for example 02-add-a-column; default: all")
    arguments = parser.parse_args()
    try:
        changes = each(arguments.names, lambda lesson: refresh(lesson, arguments.check))
    except LessonError as error:
        sys.exit(str(error))
    changed = sum(map(bool, changes))
    print(f"{''.join(changes)}{len(changes)} lessons replayed, {changed} changed")
    sys.exit(1 if changed and arguments.check else 0)


if __name__ == "__main__":
    main()
