"""Hold PostgreSQL sessions open next to a command's, and check what the command says about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.bake import Project, psql

SESSIONS = """
SELECT pid, state, query FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@contextmanager
def session(project: Project, script: str) -> Iterator[None]:
    """Hold open a session that has run a script; the server ends it if a test hangs."""
    with project.start(psql(), "-XAtq", project.variables["DATABASE_URL"]) as process:
        assert process.stdin and process.stdout
        process.stdin.write("SET idle_session_timeout TO '300s';")
        process.stdin.write("SET idle_in_transaction_session_timeout TO '300s';")
        process.stdin.write(f"{script}; SELECT 'ready';\n")
        process.stdin.flush()
        while process.stdout.readline() != "ready\n":
            assert process.poll() is None
        yield
        process.communicate()


def assert_one_error(project: Project, command: str, message: str) -> None:
    """Assert that a command's stderr ends with this line and contains nothing else but progress."""
    result = project.run(*command.split())
    assert result.returncode == (1 if command.startswith("flask") else 2), result.stdout + result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.startswith(("Applying: ", "Waiting: "))]
    assert lines == [f"Error: {message}"]
