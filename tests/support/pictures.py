"""Take the pictures in docs/pictures, with a real browser on a real project.

This is `make pictures`, which needs Chromium: make pictures CHROMIUM=/usr/bin/chromium
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.bake import ROOT, Baker, Project
from tests.support.servers import local_server

PICTURES = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "shop.yaml"
PAGES = {  # address, and size in pixels
    "welcome": ("/", "1280,1210"),
    "rows": ("/_rows/catalog.products", "1280,380"),
}
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
DIAGRAM = """
from pathlib import Path
from flask import render_template
from app import create_app
from plumbing.current import metadata
from plumbing.diagram.picture import picture
with create_app().test_request_context():
    picture = picture(metadata())
    svg = render_template("plumbing/diagram.svg", picture=picture, rows_url="#{}".format)
style = Path("plumbing/web/static/plumbing.css").read_text()
start, end = svg.split(">", 1)
print(f"{start}><style>{style}</style>{end}")
"""


def main(chromium: str) -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Baker(Path(folder) / "out").generate("--config-file", str(EXAMPLE))
        with local_server(project):
            for command in ("setup", "seed"):
                project.ok("python", "db_manage.py", command)
            with serving(project) as address:
                for name, (path, size) in PAGES.items():
                    take(chromium, address + path, size, PICTURES / f"{name}.png", Path(folder))
            PICTURES.joinpath("diagram.svg").write_text(project.ok("python", "-c", DIAGRAM).strip() + "\n")


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """Serve a project with `flask run` and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = project.start("python", "-m", "flask", "run", "--port", str(port))
    assert isinstance(process, subprocess.Popen)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urlopen(address).close()
            return
        except URLError:
            time.sleep(0.2)
    sys.exit(f"Nothing answers at {address}")


def take(chromium: str, url: str, size: str, file: Path, folder: Path) -> None:
    """Take a picture of the top of a page."""
    profile = folder / "profile"
    command = [chromium, *OPTIONS, f"--user-data-dir={profile}", f"--window-size={size}"]
    subprocess.run([*command, f"--screenshot={file}", url], check=True, capture_output=True)
    shutil.rmtree(profile, ignore_errors=True)
    print(f"Wrote: {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1])
