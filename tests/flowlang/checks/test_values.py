import pytest

CRM = (
    'function crm = "crm" (phone: phone)'
    ' -> (tier: "gold" | "silver", name: text?, balance: number)\n'
    'function other = "other" (phone: phone) -> (name: text)\n'
    'attribute tier: "gold" | "silver" = "silver"\n'
    "attribute nick: text?\n"
    "attribute city: text\n"
    "variable count: integer = 0\n"
)


@pytest.fixture
def values(codes):
    """Codes of a body of steps, among the declarations above; what is unused is no matter."""

    def run(steps: str, more: str = "") -> list[str]:
        found = codes(f"{CRM}\nstart:\n{steps}  -> hang_up\n{more}")
        return [code for code in found if code != "FL104"]

    return run


CALL = "  crm phone: caller.number\n"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # what calls give
        (f'{CALL}  play "{{crm.balance}}"\n', []),
        ('  play "{crm.balance}"\n', ["FL220"]),
        ('  play "{crm.balance else 0}"\n', []),
        (f'{CALL}    on error -> next\n  play "{{crm.balance}}"\n', ["FL220"]),
        (f'{CALL}  play "{{crm.nothing}}"\n', ["FL106"]),
        ('  a = crm phone: caller.number\n  play "{a.balance} {crm.balance}"\n', []),
        (f'{CALL}  play "{{function.balance}}"\n', []),
        (f"{CALL}  set tier: crm.tier\n", []),
        (f"{CALL}  set tier: crm.balance\n", ["FL113"]),
        # what may be absent
        (f'{CALL}  play "{{crm.name}}"\n', ["FL118"]),
        (f'{CALL}  play "{{crm.name else \'friend\'}}"\n', []),
        ('  play "{nick}"\n', ["FL118"]),
        ('  set nick: "a"\n  play "{nick}"\n', []),
        (f'{CALL}  set nick: crm.name\n  play "{{nick}}"\n', ["FL118"]),
        (f'{CALL}  set nick: crm.name else "a"\n  play "{{nick}}"\n', []),
        ("  set city: nick\n", ["FL118"]),
        # what is never set
        ('  play "{city}"\n', ["FL220"]),
        ('  set city: "Seoul"\n  play "{city}"\n', []),
        ('  set city: "Seoul", nick: city\n', ["FL220"]),
        # types
        ("  set count: count + 1\n", []),
        ('  set count: "one"\n', ["FL113"]),
        ("  set count: 1.5\n", ["FL113"]),
        ('  set tier: "glod"\n', ["FL113"]),
        ("  set nothing: 1\n", ["FL101"]),
        ("  set crm: 1\n", ["FL116"]),
        ('  crm phone: "+82212345678"\n', []),
        ("  crm phone: 5\n", ["FL306"]),
        ("  crm\n", ["FL303"]),
        ("  crm phone: caller.number, fax: 1\n", ["FL302"]),
        ('  play "{caller.nmae}"\n', ["FL106"]),
        ('  play "{connect.Whatever.x}"\n', []),
        ("  play count\n", ["FL306"]),
        ('  branch\n    when count == "a" -> hang_up\n    otherwise -> next\n', ["FL115"]),
        ("  branch\n    when tier == 'nope' -> hang_up\n    otherwise -> next\n", ["FL115"]),
        ("  branch\n    when tier in ['gold', 'x'] -> hang_up\n    otherwise -> next\n", []),
        ("  branch\n    when tier in ['x'] -> hang_up\n    otherwise -> next\n", ["FL115"]),
        ("  branch\n    when not count -> hang_up\n    otherwise -> next\n", ["FL119"]),
        ("  branch\n    when tier < 3 -> hang_up\n    otherwise -> next\n", ["FL115"]),
        ("  branch count\n    on > 3 -> hang_up\n    otherwise -> next\n", []),
        ("  branch count\n    on > 3s -> hang_up\n    otherwise -> next\n", ["FL115"]),
        ("  branch count\n    on contains \"a\" -> hang_up\n    otherwise -> next\n", ["FL112"]),
        # branches
        ('  branch tier\n    on "gold" -> next\n    on "silver" -> hang_up\n', []),
        ('  branch tier\n    on "gold" -> next\n', ["FL222"]),
        ('  branch tier\n    on "glod" -> next\n    otherwise -> next\n', ["FL223"]),
        ("  branch count\n    on 1 -> next\n", ["FL222"]),
        ("  branch count > 1\n    on true -> next\n    on false -> hang_up\n", []),
        ("  branch count > 1\n    on true -> next\n", ["FL222"]),
        ('  branch nick\n    on "a" -> next\n    otherwise -> hang_up\n', []),
    ],
)  # fmt: skip
def test_values(values, steps, expected):
    assert values(steps) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('    on "a" -> known\n    otherwise -> hang_up\n', []),
        ('    on starts_with "a" -> known\n    otherwise -> hang_up\n', []),
        ('    on "a" -> hang_up\n    otherwise -> known\n', ["FL118"]),
        ('    on != "a" -> known\n    otherwise -> hang_up\n', ["FL118"]),
    ],
)
def test_an_outcome_that_compared_a_value_shows_that_it_is_there(values, line, expected):
    more = '\nknown:\n  play "{nick}"\n  -> hang_up\n'
    steps = f"  branch nick\n{line}\nrest:\n"
    assert [code for code in values(steps, more) if code != "FL201"] == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('nick == "a"', []),
        ('nick == "a" and count > 1', []),
        ('nick == "a" or count > 1', ["FL118"]),
        ('nick != "a"', ["FL118"]),
    ],
)
def test_a_condition_shows_what_is_there(values, condition, expected):
    more = '\nknown:\n  play "{nick}"\n  -> hang_up\n'
    steps = f"  branch\n    when {condition} -> known\n    otherwise -> hang_up\n\nrest:\n"
    assert [code for code in values(steps, more) if code != "FL201"] == expected


def test_an_intent_gives_its_own_slots_only(codes):
    source = (
        'bot b = "B" (Check(account: text), Speak)\n\nstart:\n  talk b\n    on Check -> check\n'
        "    on Speak, no_match -> speak\n\n"
        'check:\n  play "{b.account}"\n  -> hang_up\n\n'
        'speak:\n  play "{b.account}"\n  -> hang_up\n'
    )
    assert codes(source) == ["FL220"]


def test_ways_that_meet_must_both_have_set_it(values):
    more = (
        '\nleft:\n  set city: "a"\n  -> both\n\nright:\n  play "b"\n  -> both\n'
        '\nboth:\n  play "{city}"\n  -> hang_up\n'
    )
    steps = "  branch count\n    on > 1 -> left\n    otherwise -> right\n\nrest:\n"
    assert [code for code in values(steps, more) if code != "FL201"] == ["FL220"]
    fixed = more.replace('play "b"', 'set city: "b"')
    assert [code for code in values(steps, fixed) if code != "FL201"] == []


def test_a_loop_does_not_set_what_it_reads_first(values):
    steps = (
        '  play "{city}"\n  ask "?"\n    on "1" -> hang_up\n    on timeout, no_match -> next\n'
        '  set city: "a"\n  -> start\n\nrest:\n'
    )
    assert "FL220" in values(steps)


def test_what_is_not_declared_only_warns(checked):
    source = (
        'function f = "f"\n\nstart:\n  f a: 1\n    on error -> next\n  play "{f.x}"\n  -> hang_up\n'
    )
    (problem,) = checked(source).problems
    assert (problem.code, problem.severity) == ("FL220", "warning")


@pytest.mark.parametrize(("routes", "found"), [
    ('    on "a" -> hang_up\n    otherwise -> hang_up\n', []),
    ('    on "a" -> hang_up\n    on no_match -> hang_up\n', ["FL220"]),
])  # fmt: skip
def test_otherwise_takes_what_nobody_set_and_nobody_declared(codes, routes, found):
    start = "start:\n  f a: 1\n    on error -> next\n  branch f.x\n" + routes
    assert [code for code in codes('function f = "f"\n\n' + start) if code == "FL220"] == found


def test_otherwise_is_no_excuse_for_what_was_declared(codes):
    start = "start:\n  f a: 1\n    on error -> next\n  branch f.x\n    otherwise -> hang_up\n"
    assert "FL220" in codes('function f = "f" (a: number) -> (x: text)\n\n' + start)


def test_results_of_an_unknown_block_are_not_blamed(codes):
    source = 'start:\n  x = unheard_of\n  play "{x.anything}"\n  -> hang_up\n'
    assert codes(source) == ["FL301"]


def test_what_a_module_takes_can_be_read(codes):
    source = (
        "module m (pin: text, name: text?)\n  on error -> hang_up\n\n"
        'start:\n  play "{pin}"\n  play "{name}"\n  return\n'
    )
    assert codes(source) == ["FL118"]


def test_a_later_call_makes_the_earlier_one_stale(codes):
    source = (
        f"{CRM}\nstart:\n  branch count\n    on > 1 -> one\n    otherwise -> two\n\n"
        "one:\n  crm phone: caller.number\n  -> both\n\n"
        "two:\n  b = crm phone: caller.number\n  -> both\n\n"
        'both:\n  play "{crm.balance}"\n  -> hang_up\n'
    )
    found = [code for code in codes(source) if code != "FL104"]
    assert found == ["FL221"]
    found = [code for code in codes(source.replace("{crm.b", "{function.b")) if code != "FL104"]
    assert found == []


SECRET = 'attribute pin: sensitive text = ""\nattribute open: text = ""\n'


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ('  play "{pin}"\n', ["FL140"]),
        ('  play "{pin else open}"\n', ["FL140"]),
        ("  set open: pin\n", ["FL140"]),
        ("  set pin: open\n", []),
        ("  f a: pin\n", []),
        ("  f b: pin\n", ["FL140"]),
        ('  play "Your PIN is " + pin\n', ["FL140"]),
        ('  play "{code + 1}"\n', ["FL140"]),
        ('  play "{-code}"\n', ["FL140"]),
        ("  set anything: pin\n", ["FL140"]),
        ("  tag pin: pin\n", ["FL140"]),
        ("  tag pins: [pin]\n", ["FL140"]),
        ("  g a: (b: [pin])\n", ["FL140"]),
        ('  branch pin\n    on "1" -> next\n    otherwise -> hang_up\n', []),
    ],
)
def test_sensitive_values_are_not_shown(codes, step, expected):
    function = 'function f = "f" (a: sensitive text?, b: text?) -> (c: text)\n'
    function += 'function g = "g"\nattribute anything: any\nattribute code: sensitive number = 1\n'
    found = codes(f"{SECRET}{function}\nstart:\n{step}  -> hang_up\n")
    assert [code for code in found if code != "FL104"] == expected


def test_a_module_can_leave_an_attribute_absent(codes):
    """What may be absent in one flow may be in all; what may not, is in none."""
    source = (
        "attribute name: text?\nattribute city: text\nvariable own: text?\n"
        'module other = "other.flow"\n\nstart:\n'
        '  set name: "a", city: "b", own: "c"\n{between}'
        '  play "{{name}} {{city}} {{own}}"\n  -> hang_up\n'
    )
    assert codes(source.format(between="  other\n")) == ["FL118"]
    assert "FL118" not in codes(source.format(between=""))


def test_a_branch_over_all_values_counts_on_what_nobody_knows(checked):
    source = (
        'attribute tier: "a" | "b" = "a"\nfunction f = "f" () -> json\n\nstart:\n  f\n'
        '  set tier: f.tier\n  branch tier\n    on "a", "b" -> hang_up\n'
    )
    for name in ("exhaustive", "types"):
        (fact,) = (fact for fact in checked(source).facts if fact.check == name)
        assert fact.status == "proved"
        assert "unknown_fits" in [each.name for each in fact.assumes]


@pytest.mark.parametrize(
    "line",
    [
        "play name",
        'play "a", ssml: 3',
        "set count: count + name",
        "set count: not 3",
        'play "{caller.age}"',
    ],
)
def test_types_are_not_proved_where_anything_does_not_fit(facts, line):
    """Not only what is set: what a block takes, what is read and what is compared too."""
    source = "attribute name: text?\nattribute count: integer = 0\n\nstart:\n  {}\n  -> hang_up\n"
    assert facts(source.format('play "a"'))["types"] == "proved"
    assert facts(source.format(line))["types"] == "broken"
