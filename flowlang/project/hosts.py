"""The hosts that a project lets its functions reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from flowlang.diagnostics import Problem
from flowlang.project.model import Project
from flowlang.project.places import KeyPlaces

USUAL_PORTS = {"https": 443, "http": 80}
_PORT = re.compile(r"(?P<host>[^:]+|\[[^\]]+\]):(?P<port>\d{1,5})")


def is_listed(entries: Iterable[str], scheme: str, host: str, port: int | None) -> bool:
    """Whether a host is one of `api.example.com`, `*.example.com`, `crm.example.com:8443`; without
    a port, an entry means the usual one."""
    usual = USUAL_PORTS.get(scheme)
    name = host.lower().rstrip(".").strip("[]")
    for entry in entries:
        found = _PORT.fullmatch(entry.lower())
        wanted = (found["host"] if found else entry.lower()).strip("[]")
        if (port or usual) != (int(found["port"]) if found else usual):
            continue
        if name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted:
            return True
    return False


def unlisted_hosts(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Functions behind addresses that nobody would let them reach."""
    for name, function in project.functions.items():
        if not function.url:
            continue
        try:
            url = urlsplit(function.url)
            host, port = url.hostname or "", url.port
        except ValueError:
            host, port, url = "", None, urlsplit("")
        if not is_listed(project.http.hosts, url.scheme, host, port):
            yield Problem(
                code="FL580",
                severity="error",
                place=places.nearest(("functions", name, "url")),
                arguments={"name": name, "host": url.netloc.rpartition("@")[2] or function.url,
                           "known": list(project.http.hosts)},
            )  # fmt: skip
