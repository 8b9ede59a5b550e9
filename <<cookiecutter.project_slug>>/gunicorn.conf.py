"""Settings of gunicorn, which reads this file by itself: `gunicorn wsgi:app`."""

import subprocess
import sys

# A worker that cannot start is started again for ever, so look at the configuration
# once, before there are workers; in another process, so that a reload reads new code.
if subprocess.run([sys.executable, "wsgi.py"]).returncode:
    sys.exit(1)
