"""Run one command in a fork of tests/support/warm.py, as if it were this process.

    python -IS tests/support/client.py SOCKET COMMAND...

The command takes over input and output, working directory and environment; its exit status is returned.
"""

import json
import os
import signal
import socket
import sys


def main() -> int:
    place, *command = sys.argv[1:]
    os.umask(mask := os.umask(0))
    request = {"folder": os.getcwd(), "command": command, "variables": dict(os.environ), "umask": mask}
    report, its_report = os.pipe()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.connect(place)
        socket.send_fds(server, [json.dumps(request).encode()], [0, 1, 2, its_report])
    os.close(its_report)
    with open(report) as lines:
        number = int(lines.readline())
        for forwarded in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(forwarded, lambda signum, _: os.kill(number, signum))
        status = int(lines.readline())
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
