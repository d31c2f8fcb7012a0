"""The hosts that a project lists, and functions that lead elsewhere."""

from __future__ import annotations

import pytest

from flowlang import project
from flowlang.project.hosts import is_listed


@pytest.mark.parametrize(
    ("entry", "scheme", "host", "port"),
    [
        ("crm.test", "https", "CRM.test.", None),
        ("crm.test", "https", "crm.test", 443),
        ("crm.test", "http", "crm.test", 80),
        ("crm.test:8443", "https", "crm.test", 8443),
        ("*.example.com", "https", "api.example.com", None),
        ("*.example.com:81", "http", "a.b.example.com", 81),
        ("[::1]:9000", "http", "::1", 9000),
        ("10.0.0.1", "http", "10.0.0.1", None),
    ],
)
def test_what_is_listed(entry: str, scheme: str, host: str, port: int | None) -> None:
    assert is_listed((entry,), scheme, host, port)


@pytest.mark.parametrize(
    ("entry", "host", "port"),
    [
        ("crm.test", "xcrm.test", None),
        ("crm.test", "crm.test.evil.test", None),
        ("crm.test", "crm.test", 8443),
        ("crm.test:8443", "crm.test", None),
        ("*.example.com", "example.com", None),
        ("*.example.com", "evilexample.com", None),
    ],
)
def test_what_is_not(entry: str, host: str, port: int | None) -> None:
    assert not is_listed((entry,), "https", host, port)


def codes(text: str) -> list[tuple[str, object]]:
    _, problems = project.read(f'name = "x"\n{text}')
    return [(problem.code, problem.arguments.get("reason")) for problem in problems]


CRM = '[functions.crm]\nurl = "https://crm.test/lookup"\n'


def test_a_function_leads_to_a_listed_host() -> None:
    assert codes(f'{CRM}[http]\nhosts = ["crm.test"]') == []
    assert codes(CRM) == [("FL580", None)]
    assert codes(f'{CRM}[http]\nhosts = ["crm.test:8443"]') == [("FL580", None)]


@pytest.mark.parametrize("host", ["a b", "https://crm.test", "*.com", "*", "", "crm.test/x", "a@b"])
def test_a_host_is_a_name(host: str) -> None:
    assert codes(f'[http]\nhosts = ["{host}"]') == [("FL356", "host")]


@pytest.mark.parametrize(
    ("network", "fits"),
    [("10.1.0.0/16", True), ("::1/128", True), ("10.1.2.3/16", False), ("home", False)],
)
def test_a_network_is_one(network: str, fits: bool) -> None:
    wrong = [] if fits else [("FL356", "network")]
    assert codes(f'[http]\nprivate_networks = ["{network}"]') == wrong
