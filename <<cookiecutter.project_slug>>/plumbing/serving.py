"""What gunicorn.conf.py takes from here: a worker, a check before the start, JSON logs.

gunicorn's master loads this module once, so it imports nothing else of this package: after a
`kill -HUP` the new workers then load new code.
"""

import os
import re
import select
import subprocess
import sys
import traceback
from types import TracebackType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker
from structlog import contextvars, processors, stdlib

# The methods of gunicorn's worker that DrainingWorker overrides or calls.
METHODS = ("set_accept_enabled", "accept")

# The first line of a database error, as far as it names no values, and the rest of it.
DATABASE_ERROR = re.compile(
    r'^((?:psycopg|sqlalchemy)[\w.]*:?)([^:]*? (?:column|constraint|relation) "\w+")?'
    r".*?(?=\n\n(?:The above|During) |\Z)",
    re.MULTILINE | re.DOTALL,
)


def check_application() -> None:
    """End gunicorn in one line if the application cannot start with its configuration.

    A worker that cannot start would be started again for ever.  The check runs in another process,
    so that it sees new code when gunicorn reloads.  Under gunicorn, a FLASK_ENV that is not set
    means production.
    """
    os.environ.setdefault("FLASK_ENV", "production")
    missing = [name for name in METHODS if not hasattr(ThreadWorker, name)]
    if missing:
        names = ", ".join(missing)
        sys.exit(
            f"Error: this gunicorn's ThreadWorker has no {names}, which plumbing/serving.py needs:"
            " install the gunicorn that requirements.txt pins."
        )
    result = subprocess.run([sys.executable, "wsgi.py"])
    if result.returncode:
        sys.exit(1)


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """A worker that, told to stop, answers the clients that are connected and refuses others.

    gunicorn's own resets the connections that it has not accepted yet.  Its pull request
    https://github.com/benoitc/gunicorn/pull/3612 would replace this class.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        is_serving = self.alive and self.ppid == os.getppid()
        if enabled or is_serving:
            return
        for listener in self.sockets:
            while is_readable(listener):
                self.accept(listener)
            listener.close()


def is_readable(listener: Any) -> bool:
    """Return whether a connection waits to be accepted."""
    readable, _, _ = select.select([listener], [], [], 0)
    return bool(readable)


def json_logs() -> dict[str, Any]:
    """Return a `logconfig_dict` that makes each line of the log a JSON object, including those of other libraries.

    plumbing/web/requests.py adds the fields of a request.
    """
    fields = [
        contextvars.merge_contextvars,
        stdlib.ExtraAdder(["status", "ms"]),
        stdlib.add_log_level,
        stdlib.add_logger_name,
        processors.TimeStamper("iso", key="time"),
        processors.ExceptionRenderer(format_exception),
        processors.EventRenamer("message"),
    ]
    formatter = {
        "()": stdlib.ProcessorFormatter,
        "processor": processors.JSONRenderer(),
        "foreign_pre_chain": fields,
    }
    return {
        "formatters": {"json": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"gunicorn.error": {"propagate": True}, "alembic": {"level": "WARNING"}},
    }


def format_exception(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
) -> str:
    """Return a traceback with only the kind and the name in database errors: these quote rows."""
    lines = "".join(traceback.format_exception(*exc_info)).rstrip()
    return DATABASE_ERROR.sub(r"\1\2", lines)
