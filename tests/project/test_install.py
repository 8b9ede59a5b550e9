"""Test tests/support/install.py with packages from an index that only pip's configuration names."""

import functools
import hashlib
import http.server
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bake import ROOT, environment
from tests.support.install import settings

NAME = "probe_of_the_tests"
WHEEL = f"{NAME}-1-py3-none-any.whl"


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """The folder of an index with one package, named in a pip configuration file."""
    folder = tmp_path / "index" / "simple" / NAME.replace("_", "-")
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        about = f"{NAME}-1.dist-info"
        wheel.writestr(f"{NAME}.py", "")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        files = (f"{NAME}.py", f"{about}/METADATA", f"{about}/WHEEL", f"{about}/RECORD")
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in files))
    (folder / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    handler = functools.partial(Handler, directory=tmp_path / "index")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        configuration = f"[global]\nindex-url = http://127.0.0.1:{server.server_port}/simple\n"
        (tmp_path / "pip.conf").write_text(configuration)
        yield folder
        server.shutdown()


def install(
    folder: Path, index: Path, hash: str = "", **variables: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Install the package into a new environment; return the result, and the program that installed it."""
    digest = hash or hashlib.sha256((index / WHEEL).read_bytes()).hexdigest()
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{NAME}==1 --hash=sha256:{digest}\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    result = subprocess.run(
        [sys.executable, "tests/support/install.py", folder / "venv", requirements],
        cwd=ROOT,
        env=environment(
            **{"PIP_CONFIG_FILE": str(folder / "pip.conf"), "UV_CACHE_DIR": str(folder / "cache")} | variables
        ),
        capture_output=True,
        text=True,
    )
    found = [path.read_text() for path in folder.glob("venv/lib/*/site-packages/*.dist-info/INSTALLER")]
    return result, "".join(found).strip()


@pytest.mark.parametrize(
    ("variables", "installer"),
    [
        ({}, "uv"),
        ({"UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple", "UV_OFFLINE": "1"}, "uv"),
        ({"PIP_NO_BINARY": ":none:"}, "pip"),
        ({"UV_CACHE_DIR": "/dev/null/no folder"}, "pip"),
    ],
    ids=["pip.conf", "settings of uv's", "an option that only pip has", "uv fails"],
)
def test_installer(tmp_path: Path, index: Path, variables: dict[str, str], installer: str) -> None:
    result, found = install(tmp_path, index, **variables)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert found == installer


def test_wrong_hash(tmp_path: Path, index: Path) -> None:
    """Nothing is installed, whatever uv is told, and pip's message is shown."""
    result, found = install(tmp_path, index, hash="0" * 64, UV_NO_VERIFY_HASHES="1")
    assert result.returncode != 0 and not found
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in result.stdout
    assert "0" * 64 in result.stdout


def test_settings() -> None:
    """A later section takes precedence; a single option that uv lacks leaves everything to pip."""
    listed = (
        ":env:.find-links='/b /c'\n"
        "global.index-url='https://user:it=1@host/simple'\n"
        "global.find-links='/a'\n"
        "install.timeout='9'\n"
        "download.no-binary='x'\n"
    )
    assert settings(listed) == {
        "UV_DEFAULT_INDEX": "https://user:it=1@host/simple",
        "UV_FIND_LINKS": "/b,/c",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert settings(listed + "install.no-index='true'\n") is None
