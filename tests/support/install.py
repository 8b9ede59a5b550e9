"""Install pinned packages into a virtual environment with uv, or with pip if uv cannot.

    python tests/support/install.py [--compile] ENVIRONMENT REQUIREMENTS...

uv needs a fraction of pip's time but does not read pip's settings, so this passes on those that say where
packages come from.  If a setting has no equivalent in uv, or if uv fails, pip installs instead and has the
last word on any error.  Both check every hash.  Nothing is printed unless pip fails.  uv and pip themselves
are in build/tools.  This file must run on a bare Python 3.11, because it installs the very first package.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path("build/tools/bin")
PIP = [str(TOOLS / "python"), "-m", "pip", "--disable-pip-version-check"]
# uv's variable for each of pip's options that say where packages come from, and what separates its words.
EQUIVALENTS = {
    "cert": ("SSL_CERT_FILE", ""),
    "client-cert": ("SSL_CLIENT_CERT", ""),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "index-url": ("UV_DEFAULT_INDEX", ""),
    "proxy": ("ALL_PROXY", ""),
    "trusted-host": ("UV_INSECURE_HOST", " "),
}
# pip options that do not matter; a constraint, for example, selects no version if all are pinned.
IRRELEVANT = {
    "break-system-packages",
    "cache-dir",
    "config-file",
    "constraint",
    "default-timeout",
    "disable-pip-version-check",
    "no-cache-dir",
    "no-color",
    "no-input",
    "no-warn-script-location",
    "prefer-binary",
    "progress-bar",
    "quiet",
    "require-virtualenv",
    "retries",
    "root-user-action",
    "timeout",
    "verbose",
}


def settings(listed: str) -> dict[str, str] | None:
    """Return uv's variables for the output of `pip config list`, or None if only pip can honor it."""
    options = {}
    for section in ("global", "install", ":env:"):  # later ones take precedence
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(f"{section}."):
                options[name.removeprefix(f"{section}.")] = str(ast.literal_eval(value))
    if not options.keys() <= EQUIVALENTS.keys() | IRRELEVANT:
        return None
    # pip considers the versions of all indexes, which is safe because of the hashes.
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for name in options.keys() & EQUIVALENTS.keys():
        variable, separator = EQUIVALENTS[name]
        found[variable] = separator.join(options[name].split()) if separator else options[name]
    return found


def run(command: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def installed_by_uv(arguments: list[str]) -> bool:
    """Install with uv if it is available; return whether everything is installed."""
    uv = TOOLS / "uv"
    listed = run([*PIP, "config", "list"])
    variables = settings(listed.stdout) if uv.exists() and listed.returncode == 0 else None
    if variables is None:
        return False
    # uv's own settings could turn off the check of the hashes.
    inherited = {
        name: value for name, value in os.environ.items() if name[:3] != "UV_" or name == "UV_CACHE_DIR"
    }
    command = [str(uv), "--no-config", "pip", "install", *arguments]
    return run(command, inherited | variables).returncode == 0


def main() -> int:
    compiling = ["--compile-bytecode"] if sys.argv[1] == "--compile" else []
    environment, *files = sys.argv[1 + len(compiling) :]
    # Installed scripts name this path in their first line.
    python = ["--python", str(Path(environment).resolve() / "bin" / "python")]
    arguments = ["--require-hashes", *(f"--requirement={file}" for file in files)]
    if installed_by_uv([*python, *compiling, *arguments]):
        return 0
    result = run([*PIP, *python, "install", *arguments])
    if result.returncode:
        print(result.stdout, end="")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
