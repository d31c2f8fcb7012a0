"""What a flow and the modules that it runs know of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

Found = Callable[[Mapping[str, str]], list[tuple[str, str]]]

TOML = 'name = "Bank"\n\n[entries.phone]\nflow = "main"\nchannels = ["voice"]\n'
VERIFY = """\
module verify (pin: text, tries: integer?) -> (verified: boolean, note: text?)
  outcomes locked

start:
  branch pin
    on "1" -> fine
    otherwise -> over

fine:
  return verified: true

over:
  return locked
"""
MAIN = """\
flow main

module verify = "verify"

start:
  verify {arguments}
    on error -> hang_up{routes}
  play "{read}"
  -> hang_up
"""


def files(
    arguments: str = 'pin: "1"',
    routes: str = "\n    on locked -> hang_up",
    read: str = "{verify.verified}",
    module: str = VERIFY,
) -> dict[str, str]:
    main = MAIN.format(arguments=arguments, routes=routes, read=read)
    return {"flowlang.toml": TOML, "main.flow": main, "verify.flow": module}


def test_a_call_that_fits_is_clean(found: Found) -> None:
    assert found(files()) == []
    read = "{verify.note else 'none'}"
    assert found(files('pin: "1", tries: 2', read=read)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"arguments": ""}, "FL303"),
        ({"arguments": "pin: 1"}, "FL306"),
        ({"arguments": 'pin: "1", tires: 2'}, "FL302"),
        ({"routes": ""}, "FL205"),
        ({"routes": "\n    on locked, lost -> hang_up"}, "FL206"),
        ({"read": "{verify.name}"}, "FL106"),
        ({"read": "{verify.note}"}, "FL118"),
    ],
)
def test_a_call_that_does_not(found: Found, changed: dict[str, str], code: str) -> None:
    assert found(files(**changed)) == [("main.flow", code)]


def test_results_are_there_only_where_it_simply_went_on(found: Found) -> None:
    main = MAIN.format(arguments='pin: "1"', routes="\n    on locked -> told", read="Hi.")
    main += '\ntold:\n  play "{verify.verified}"\n  -> hang_up\n'
    texts = {**files(), "main.flow": main}
    assert found(texts) == [("main.flow", "FL220")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("return verified: true", "return", "FL303"),
        ("return verified: true", 'return verified: "yes"', "FL306"),
        ("return verified: true", "return verified: true, by: pin", "FL302"),
        ("return locked", "return looked", "FL225"),
        ('on "1" -> fine', 'on "1" -> return', "FL229"),
    ],
)
def test_a_module_that_does_not_keep_its_word(found: Found, old: str, new: str, code: str) -> None:
    texts = files(module=VERIFY.replace(old, new))
    assert {each for path, each in found(texts) if path == "verify.flow"} >= {code}
    assert not [each for path, each in found(texts) if path == "main.flow"]


@pytest.mark.parametrize("end", ["  return\n", "  -> return\n"])
def test_only_a_module_returns(found: Found, end: str) -> None:
    main = f'flow main\n\nstart:\n  play "Hi."\n{end}'
    assert found({"flowlang.toml": TOML, "main.flow": main}) == [("main.flow", "FL502")]


def test_an_attribute_of_other_flows_has_one_name(found: Found) -> None:
    module = VERIFY.replace("\nstart", '\nattribute t "tier": text = ""\n\nstart').replace(
        "  return locked", '  set t: "x"\n  return locked'
    )
    texts = files(module=module)
    texts["main.flow"] = (
        texts["main.flow"]
        .replace("\nstart", '\nattribute tier: text = ""\n\nstart')
        .replace("{verify.verified}", "{tier}")
    )
    assert found(texts) == [("main.flow", "FL230")]
