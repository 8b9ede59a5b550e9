"""Ask tests/support/agreement.py about projects."""

import json
import subprocess
from collections.abc import Callable

from tests.support.bake import PROJECT_ENVIRONMENT, ROOT, Project, environment
from tests.support.servers import drop_database


class Judge:
    """Asserts that every part of a fresh project agrees; one process and one server serve many projects."""

    def __init__(self, database: Callable[[], str]) -> None:
        self.database = database
        self.process = subprocess.Popen(
            [PROJECT_ENVIRONMENT / "bin" / "python", ROOT / "tests" / "support" / "agreement.py"],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, project: Project) -> None:
        assert self.process.stdin and self.process.stdout
        project.passes_quality()
        url = self.database()
        self.process.stdin.write(f"{project.path} {url}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        drop_database(url)
        assert answer == "ok", answer

    def close(self) -> None:
        self.process.communicate()
