"""Run commands in forks of a process that has already loaded the libraries, which takes most of their time.

    python tests/support/warm.py DESCRIPTOR LISTENER

Run it with the packages of a project (build/project) for its commands, or with those of the tests
(build/tools) for cookiecutter.  Requests from the tests arrive on a connected socket, those from
tests/support/client.py on a listening one.  Each message is a command with its folder and variables, as
JSON.  Four files come with it: stdin, stdout, stderr, and a pipe for the process id and the exit
status.  Only libraries are loaded beforehand, and nothing has been done with them.
"""

import _imp
import atexit
import fcntl
import gc
import io
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 1 << 30  # bytes of memory, for the databases of a run
PLUMBING = ROOT / "<<cookiecutter.project_slug>>" / "plumbing"

FOR_PROJECTS = (
    "alembic.command",
    "click.testing",
    "dotenv",
    "flask.cli",
    "flask.testing",
    "flask_migrate.cli",
    "flask_sqlalchemy.cli",
    "logging.config",
    "mako.template",
    "pdb",
    "psycopg",
    "pytest",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "unittest",
    "werkzeug.middleware.proxy_fix",
    "xml.etree.ElementTree",
)
# The rest of cookiecutter looks for the home folder as soon as it is loaded.
FOR_COOKIECUTTER = (
    "arrow",
    "binaryornot.check",
    "click",
    "cookiecutter.extensions",
    "cookiecutter.generate",
    "cookiecutter.replay",
    "cookiecutter.repository",
    "difflib",
    "graphlib",
    "jinja2.ext",
    "requests",
    "rich.prompt",
    "slugify",
    "yaml",
)


def requests(tests: socket.socket, listener: socket.socket) -> Iterator[tuple[bytes, list[int]]]:
    """Yield each message with its files, until the tests have ended."""
    while True:
        for ready in select.select([tests, listener], [], [])[0]:
            source = tests if ready is tests else listener.accept()[0]
            message, files, _, _ = socket.recv_fds(source, 1 << 20, 4)
            if source is not tests:
                source.close()
            elif not message:
                return
            if message:
                yield message, files


def next_command(tests: socket.socket, listener: socket.socket) -> dict[str, Any]:
    """Fork for each message; return only in the fork."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the processes that wait
    for message, files in requests(tests, listener):
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            *streams, report = files
            if child := os.fork():
                os.write(report, f"{child}\n".encode())
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                os.write(report, f"{status}\n".encode())
                os._exit(0)
            tests.close()
            listener.close()
            for target, file in enumerate(streams):
                os.dup2(file, target)
            for file in files:
                os.close(file)
            return json.loads(message)
        for file in files:
            os.close(file)
    os._exit(0)


def program(words: list[str]) -> Callable[[], object]:
    """Set sys.argv and sys.path as the command would; return what it runs."""
    name, *arguments = words
    if name == "python" and arguments[0] == "-c":
        sys.argv, sys.path[0] = ["-c", *arguments[2:]], ""
        return lambda: exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
    if name == "python":  # for example `python db_manage.py ...`
        sys.argv, sys.path[0] = arguments, os.getcwd()
        return lambda: runpy.run_path(arguments[0], run_name="__main__")
    path = os.path.join(os.path.dirname(sys.executable), name)
    sys.argv, sys.path[0] = [path, *arguments], os.path.dirname(path)
    if name == "pytest":
        return lambda: sys.exit(import_module("pytest").main())
    if name == "cookiecutter":
        return lambda: import_module("cookiecutter.cli").main(prog_name="cookiecutter")
    main: Callable[[], object] = import_module("flask.cli").main
    return main


def share_code() -> None:
    """Compile plumbing/ and generator/ only once: their text is the same in every project."""
    paths = [*PLUMBING.rglob("*.py"), *(ROOT / "generator").glob("*.py")]
    known = {path.read_bytes(): path for path in paths}
    codes = {text: compile(text, path, "exec", dont_inherit=True) for text, path in known.items()}
    compiled = SourceFileLoader.source_to_code

    def shared(self: Any, data: Any, path: Any, **options: Any) -> CodeType:
        code = codes.get(data) if isinstance(data, bytes) else None
        if code is None:
            result: CodeType = compiled(self, data, path, **options)
            return result
        _imp._fix_co_filename(code, path)  # as Python does when a file has moved
        return code

    SourceFileLoader.source_to_code = shared  # type: ignore[assignment,method-assign]


def share_templates(folder: str) -> None:
    """Let cookiecutter cache compiled Jinja templates by their text."""
    environment = import_module("cookiecutter.environment").StrictEnvironment
    cache = import_module("jinja2").FileSystemBytecodeCache(folder)
    # Jinja has an option for this, but cookiecutter does not pass it on.
    environment.bytecode_cache = property(lambda self: cache, lambda self, value: None)


def share_clusters(clusters: str, memory: str) -> None:
    """Let a project copy a fresh data folder: initdb takes a second of CPU time.

    Anything unusual, such as other programs, is left to initdb; so are whole processes.  `memory` is a
    folder for the databases, or "".
    """
    if "PG_BIN" in os.environ or not find_spec("plumbing"):
        return
    server = import_module("plumbing.local_postgres.server").Server
    files = import_module("plumbing.local_postgres.files")
    initdb = server.initdb

    def copy(self: Any, data: Path, options: dict[str, Any]) -> None:
        os.makedirs(clusters, exist_ok=True)
        made = Path(clusters, f"{self.data.name}-{os.getuid()}-{self.account.uid}")
        with open(f"{made}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                initdb(self, data, options)
                # Surviving a power failure is not tested.
                with open(data / "postgresql.auto.conf", "a") as settings:
                    settings.write("fsync = off\n")
                os.rename(data, f"{made}.new")
                os.rename(f"{made}.new", made)
            place = room(memory, data.parent)
        beside = shutil.ignore_patterns("base") if place else None
        shutil.copytree(made, data, ignore=beside)
        if place:
            shutil.copytree(made / "base", place / "base")
            (data / "base").symlink_to(place / "base")
            files.give_all(place, self.account)
        files.give_all(data, self.account)

    server.initdb = copy


def room(memory: str, home: Path) -> Path | None:
    """Return a new folder in memory for the databases of the project whose data is in `home`, if it fits.

    Databases of projects that no longer exist are removed to make room.
    """
    if not memory or "ON_DISK" in os.environ:
        return None
    for place in Path(memory).iterdir():
        home_of = place / "home"
        if home_of.is_symlink() and not home_of.exists():
            shutil.rmtree(place, ignore_errors=True)
    if shutil.disk_usage(memory).free < ENOUGH:
        return None
    place = Path(tempfile.mkdtemp(dir=memory))
    (place / "home").symlink_to(home)
    return place


def end_with(run: Callable[[], object]) -> NoReturn:
    """Run a program and end the process as Python does.

    Its objects are not destroyed one by one, because that would copy the memory that all forks share.
    """
    status: object = 0
    try:
        run()
    except SystemExit as ended:
        status = ended.code or 0
        if not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main() -> None:
    clusters, memory = os.environ.pop("CLUSTERS", ""), os.environ.pop("MEMORY", "")
    for name in FOR_COOKIECUTTER if find_spec("cookiecutter") else FOR_PROJECTS:
        import_module(name)
    share_code()
    if templates := os.environ.pop("TEMPLATES", ""):
        share_templates(templates)
    gc.freeze()  # otherwise each collection in a fork would copy all of that memory
    request = next_command(*(socket.socket(fileno=int(number)) for number in sys.argv[1:]))
    os.chdir(request["folder"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["variables"])
    # Alembic keeps the stdout of its import, so its output would otherwise appear only after pytest has
    # ended.
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)
    time.tzset()
    run = program(request["command"])
    if clusters and {"pytest", "setup", "start"} & set(request["command"]):
        sys.path.insert(0, os.getcwd())
        share_clusters(clusters, memory)
        del sys.path[0]
    end_with(run)


if __name__ == "__main__":
    main()
