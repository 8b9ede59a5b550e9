"""Settings of gunicorn, which finds this file on its own: `gunicorn wsgi:app`.

It also reads WEB_CONCURRENCY, PORT, and any other option in GUNICORN_CMD_ARGS.
"""

from plumbing.serving import check_application, json_logs
from plumbing.worker import BufferingWorker

check_application()  # at each start and reload, before there are workers

worker_class = BufferingWorker
threads = 10  # requests at once in a worker: twice its connections, so that other pages get through
graceful_timeout = 30  # seconds for the requests under way when gunicorn stops or reloads
logconfig_dict = json_logs()
forwarder_headers = ""  # PROXY_HOPS says which proxies are trusted
secure_scheme_headers: dict[str, str] = {}
sendfile = False  # it has no end if a client stops reading: see plumbing/worker.py
control_socket_disable = True
