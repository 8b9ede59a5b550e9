"""Test what gunicorn.conf.py takes from plumbing."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gunicorn.workers.gthread import ThreadWorker
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from plumbing import serving, worker


def test_a_gunicorn_that_lacks_a_method_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise the worker would be dead code and requests would be lost silently."""
    monkeypatch.setenv("FLASK_ENV", "production")
    monkeypatch.delattr(ThreadWorker, "set_accept_enabled")
    with pytest.raises(SystemExit) as ended:
        serving.check_application()
    assert str(ended.value).startswith("Error: this gunicorn's ThreadWorker has no set_accept_enabled")
    assert "\n" not in str(ended.value)


def test_every_method_that_is_overridden_is_looked_for() -> None:
    own = {name for name in vars(worker.BufferingWorker) if hasattr(ThreadWorker, name)}
    assert {name for name in own if not name.startswith("__")} <= set(worker.METHODS)
    assert all(hasattr(ThreadWorker, name) for name in worker.METHODS)


HANGS = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
CHECK = "from plumbing.serving import check_application; check_application(); print('checked')"


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() or subprocess.run(["ps", "-p", str(pid)]).returncode == 0


def test_a_check_that_hangs_ends_in_one_line(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("wsgi.py").write_text(HANGS)
    monkeypatch.setenv("FLASK_ENV", "production")
    monkeypatch.setattr(serving, "CHECK_WITHIN", 2)
    handlers = [signal.getsignal(number) for number in serving.STOP_SIGNALS]
    with pytest.raises(SystemExit) as ended:
        serving.check_application()
    assert str(ended.value) == "Error: `python wsgi.py` has not ended after 2 seconds."
    assert not is_running(int(Path("pid").read_text()))
    assert [signal.getsignal(number) for number in serving.STOP_SIGNALS] == handlers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_a_check(empty_folder: Path, number: signal.Signals) -> None:
    """Before gunicorn has started, a signal works as if there were no check."""
    Path("wsgi.py").write_text(HANGS)
    path = os.pathsep.join(sys.path)
    process = subprocess.Popen(
        [sys.executable, "-c", CHECK],
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A command started by a shell in the background would ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not (Path("pid").exists() and Path("pid").read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (-number, b"")
    assert not is_running(int(Path("pid").read_text()))


def test_tracebacks_quote_no_values() -> None:
    try:
        try:
            raise UniqueViolation('duplicate key violates unique constraint "uq_a"\nDETAIL: (s3cret)')
        except UniqueViolation as error:
            raise IntegrityError("INSERT s3cret", {"name": "s3cret"}, error) from error
    except IntegrityError:
        kind, value, trace = sys.exc_info()
    assert kind is not None and value is not None
    lines = serving.format_exception((kind, value, trace))
    assert "s3cret" not in lines.replace(
        'raise IntegrityError("INSERT s3cret", {"name": "s3cret"}', ""
    ).replace("(s3cret)')", "")
    assert 'unique constraint "uq_a"' in lines
    assert "IntegrityError" in lines


def test_line_of_the_log() -> None:
    """It is one line of JSON, whatever the message; a request id is left out if there is none."""
    record = logging.LogRecord(
        "some.library", logging.WARNING, "", 0, 'two\nlines, "%s" \ud800', ("é",), None
    )
    record.created = 1767225600.25
    line = serving.JSONFormatter().format(record)
    assert line.isascii() and "\n" not in line
    assert json.loads(line) == {
        "time": "2026-01-01T00:00:00.250000Z",
        "level": "warning",
        "logger": "some.library",
        "message": 'two\nlines, "é" \ud800',
    }


def test_log_of_the_server_loads_no_flask() -> None:
    """Otherwise its workers would keep the old version of Flask after a reload."""
    code = "import sys, plumbing.serving as s; s.JSONFormatter(); assert 'flask' not in sys.modules"
    variables = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], env=variables, check=True)
