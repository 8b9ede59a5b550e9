"""Protects the pages for developers from websites whose names point to this machine."""

import ipaddress
from urllib.parse import urlsplit

from flask import abort, current_app, request


def refuse_foreign_names() -> None:
    """Refuse a host name that is not this machine's, unless TRUSTED_HOSTS has it.

    Any website can let its own name point to this machine; a browser would then show it these pages.
    """
    host = urlsplit(request.host_url).hostname or ""
    if current_app.config["TRUSTED_HOSTS"] or is_local_name(host):
        return
    abort(403, f'To open this page at this address, set TRUSTED_HOSTS="localhost {host}" in .env.')


def is_local_name(host: str) -> bool:
    """Return whether a host is localhost or an IP address, which no website can have for a name."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
