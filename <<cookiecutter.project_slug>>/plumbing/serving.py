"""Parts of gunicorn.conf.py: a check of the configuration, and JSON logs.

gunicorn's master loads this module once, so of this package it imports only the worker: after a
`kill -HUP` the new workers then load new code.
"""

import json
import logging
import os
import re
import signal
import subprocess  # nosec B404 # it runs wsgi.py, without a shell
import sys
import traceback
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from plumbing.worker import missing_methods

CHECK_WITHIN = 60  # seconds
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

EXTRA_FIELDS = ("status", "ms")  # of the line that plumbing/web/requests.py writes for each request
encode = json.JSONEncoder().encode

# The first line of a database error, as far as it names no values, and the rest of it.
DATABASE_ERROR = re.compile(
    r'^((?:psycopg|sqlalchemy)[\w.]*:?)([^:]*? (?:column|constraint|relation) "\w+")?'
    r".*?(?=\n\n(?:The above|During) |\Z)",
    re.MULTILINE | re.DOTALL,
)


def check_application() -> None:
    """End gunicorn with one line if the application cannot start with its configuration.

    gunicorn would restart a worker that cannot start, again and again.  The check runs in another process,
    so that it sees new code when gunicorn reloads.  Under gunicorn, a FLASK_ENV that is not set
    means production.
    """
    os.environ.setdefault("FLASK_ENV", "production")
    missing = missing_methods()
    if missing:
        names = ", ".join(missing)
        sys.exit(
            f"Error: this gunicorn's ThreadWorker has no {names}, which plumbing/worker.py needs:"
            " install the gunicorn that requirements.txt pins."
        )
    if run_check([sys.executable, "wsgi.py"]) != 0:
        sys.exit(1)


def run_check(command: list[str]) -> int:
    """Return the exit status of a command.

    A signal to stop ends the command and gunicorn; a command that hangs ends gunicorn with one line.
    """
    processes: list[subprocess.Popen[bytes]] = []
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        received.append(number)
        for process in processes:
            process.kill()

    handlers = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    watched = [number for number in STOP_SIGNALS if handlers[number] != signal.SIG_IGN]
    for number in watched:
        signal.signal(number, stop)
    try:
        process = subprocess.Popen(command)  # nosec B603 # the words are ours
        processes.append(process)
        if received:
            process.kill()
        status = process.wait(CHECK_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        sys.exit(f"Error: `python wsgi.py` has not ended after {CHECK_WITHIN} seconds.")
    finally:
        for number in watched:
            signal.signal(number, handlers[number])
    if received:
        signal.raise_signal(received[0])  # ends a gunicorn that has not started yet
        raise KeyboardInterrupt  # ends one that is reloading, once its workers have finished
    return status


# The log


def json_logs() -> dict[str, Any]:
    """Return a `logconfig_dict` that makes each line of the log a JSON object, also those of libraries."""
    return {
        "formatters": {"json": {"()": JSONFormatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"gunicorn.error": {"propagate": True}, "alembic": {"level": "WARNING"}},
    }


class JSONFormatter(logging.Formatter):
    """Writes a record as a JSON object, with the fields of the request in which it was made."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat()
        fields = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **request_fields(),
        }
        for name in EXTRA_FIELDS:
            if name in record.__dict__:
                fields[name] = record.__dict__[name]
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = format_exception(record.exc_info)
        return encode(fields)


def request_fields() -> dict[str, str]:
    """Return the id, the method and the path of the current request, if there is one.

    The module is not imported, so that gunicorn's master never loads Flask.
    """
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return {}
    request = flask.request
    return {
        "request_id": request.environ.get("request_id", ""),
        "method": request.method,
        "path": request.path,
    }


def format_exception(exc_info: Any) -> str:
    """Return a traceback in which database errors have only their class and a name: they quote rows."""
    lines = "".join(traceback.format_exception(*exc_info)).rstrip()
    return DATABASE_ERROR.sub(r"\1\2", lines)
