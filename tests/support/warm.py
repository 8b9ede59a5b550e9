"""Runs commands of a project in forks of a process that has loaded the libraries, which take most of a second.

    python tests/support/warm.py DESCRIPTOR

runs with the packages of a project (build/project).  Each message on the socket is a command with its folder
and its variables as JSON, and comes with four files: stdin, stdout, stderr, and a pipe for the exit status.
What is loaded before is of libraries only, and nothing has been done with it.
"""

import json
import os
import runpy
import signal
import socket
import sys
from typing import Any

import alembic.command
import dotenv
import flask.cli
import flask_migrate.cli
import flask_sqlalchemy
import mako.template
import psycopg
import sqlalchemy.dialects.postgresql.psycopg

LOADED = [alembic, dotenv, flask_migrate, flask_sqlalchemy, mako, psycopg, sqlalchemy]


def next_command(server: socket.socket) -> dict[str, Any]:
    """Fork at each message; return in the fork only."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while True:
        message, files, _, _ = socket.recv_fds(server, 1 << 20, 4)
        if not message:  # the tests have ended
            os._exit(0)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            *streams, report = files
            if child := os.fork():
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                os.write(report, str(status).encode())
                os._exit(0)
            server.close()
            for target, file in enumerate(streams):
                os.dup2(file, target)
            for file in files:
                os.close(file)
            return json.loads(message)
        for file in files:
            os.close(file)


def main() -> None:
    request = next_command(socket.socket(fileno=int(sys.argv[1])))
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["variables"])
    program, *arguments = request["command"]
    if program == "flask":
        path = os.path.join(os.path.dirname(sys.executable), program)
        sys.argv, sys.path[0] = [path, *arguments], os.path.dirname(path)
        flask.cli.main()
    else:  # python db_manage.py ...
        sys.argv, sys.path[0] = arguments, os.getcwd()
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main()
