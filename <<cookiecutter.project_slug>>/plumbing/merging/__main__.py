"""The merge driver that git calls."""

import subprocess  # nosec B404 # it runs git, without a shell
import sys

base, ours, theirs, size, path = sys.argv[1:]
labels = ["-L", "yours", "-L", "base", "-L", "template"]
command = ["git", "merge-file", *labels, ours, base, theirs]
sys.exit(min(1, subprocess.run(command).returncode))  # nosec B603 # the words are ours
