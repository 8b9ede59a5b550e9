"""Identifies the connected database, in words that fit no other."""

import ipaddress
import socket
from dataclasses import dataclass

from psycopg.pq import Conninfo
from sqlalchemy import URL

LOCAL = "the local PostgreSQL"
THIS_MACHINE = "this machine"
DEFAULT_PORT = "5432"


@dataclass(frozen=True)
class Target:
    """A database and its server."""

    database: str
    server: str
    on_this_machine: bool

    def __str__(self) -> str:
        return f"{self.database} on {self.server}"

    @property
    def name_to_type(self) -> str:
        """The value of --database that means this database and no other.

        Databases of staging and production often share a name, so a server elsewhere is a part of
        it.
        """
        if self.on_this_machine:
            return self.database
        return f"{self.server}/{self.database}"

    def is_named(self, name: str) -> bool:
        """Return whether a value of --database means this database."""
        return name in (self.name_to_type, f"{self.server}/{self.database}")


def find_target(url: URL, is_local_postgres: bool) -> Target:
    """Return the database that a connection with this URL would reach.

    `is_local_postgres` means that the URL is that of the project's own server.
    """
    database = str(url.database)
    if url.get_backend_name() == "sqlite":
        return Target(database, THIS_MACHINE, on_this_machine=True)
    if is_local_postgres:
        return Target(database, LOCAL, on_this_machine=True)
    options = connection_options(url)
    if "service" in options:  # of ~/.pg_service.conf, which may name any server
        return Target(database, f"service {options['service']}", on_this_machine=False)
    hosts = (options.get("hostaddr") or options.get("host") or "").split(",")
    ports = options.get("port", DEFAULT_PORT).split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    servers = [server_name(host, port) for host, port in zip(hosts, ports, strict=False)]
    here = all(is_this_machine(host) for host in hosts)
    return Target(database, ",".join(servers), here)


def connection_options(url: URL) -> dict[str, str]:
    """Return what libpq makes of a URL, with the values that it takes from variables like PGHOST.

    https://www.postgresql.org/docs/current/libpq-envars.html
    """
    found = {}
    for option in Conninfo.get_defaults():
        if option.val:
            found[option.keyword.decode()] = option.val.decode()
    _, options = url.get_dialect()().create_connect_args(url)
    return found | {key: str(value) for key, value in options.items()}


def server_name(host: str, port: str) -> str:
    """Return the name of a server, with its port unless that is the default."""
    name = host or THIS_MACHINE
    return name if port in ("", DEFAULT_PORT) else f"{name}:{port}"


def is_this_machine(host: str) -> bool:
    """Return whether a host is a socket folder, or a name or an address of this machine."""
    if not host or host.startswith(("/", "@")):
        return True
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError:  # the name cannot be resolved, so it is not that of this machine
        return False
    addresses = [str(address[0]) for *_, address in found]
    return all(is_own_address(address) for address in addresses)


def is_own_address(address: str) -> bool:
    """Return whether this machine can listen on an address."""
    number = ipaddress.ip_address(address)
    family = socket.AF_INET if number.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return number.is_loopback  # such as ::1 where IPv6 is switched off
    return True
