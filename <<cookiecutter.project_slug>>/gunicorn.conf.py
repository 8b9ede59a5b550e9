"""Settings of gunicorn, which reads this file by itself: `gunicorn wsgi:app`.

From the environment it takes WEB_CONCURRENCY, PORT, and in GUNICORN_CMD_ARGS any other option.
"""

import os
import re
import select
import subprocess
import sys
import traceback
from typing import Any

from gunicorn.workers.gthread import ThreadWorker
from structlog import contextvars, processors, stdlib

os.environ.setdefault("FLASK_ENV", "production")  # who forgets it does not mean development
# A worker that cannot start is started again for ever, so look at the configuration
# once, before there are workers; in another process, so that a reload reads new code.
if subprocess.run([sys.executable, "wsgi.py"]).returncode:
    sys.exit(1)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Told to stop, it serves who has connected, and refuses others; gunicorn's cuts them off."""

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        serving = self.alive and self.ppid == os.getppid()
        for listener in [] if enabled or serving else self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()


worker_class = Worker
threads = 10  # requests at once in a worker: twice its connections, for /healthz when these hang
forwarder_headers = ""  # what proxies say is for PROXY_HOPS
secure_scheme_headers: dict[str, str] = {}
graceful_timeout = 30  # seconds that requests have to end, when it stops or reloads
control_socket_disable = True


def without_values(exc_info: Any) -> str:
    """Return a traceback without what the database said, but for a name: it may quote rows."""
    named = r'(?ms)^((?:psycopg|sqlalchemy)[\w.]*:?)([^:]*? (?:column|constraint|relation) "\w+")?'
    lines = "".join(traceback.format_exception(*exc_info)).rstrip()
    return re.sub(rf"{named}.*?(?=\n\n(?:The above|During) |\Z)", r"\1\2", lines)


# Each line of the log is a JSON object, whoever wrote it; app/web.py adds the fields of a request.
fields = [
    contextvars.merge_contextvars,
    stdlib.ExtraAdder(["status", "ms"]),
    stdlib.add_log_level,
    stdlib.add_logger_name,
    processors.TimeStamper("iso", key="time"),
    processors.ExceptionRenderer(without_values),
    processors.EventRenamer("message"),
]
json = {"()": stdlib.ProcessorFormatter, "processor": processors.JSONRenderer()}
logconfig_dict = {
    "formatters": {"json": {**json, "foreign_pre_chain": fields}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"gunicorn.error": {"propagate": True}, "alembic": {"level": "WARNING"}},
}
