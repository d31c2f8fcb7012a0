import pytest

MENU = 'menu:\n  ask "?"\n    on "1" -> hang_up\n    on timeout, no_match -> {again}\n'


def loop_facts(checked, source):
    return [fact for fact in checked(source).facts if fact.check == "loop"]


def test_repeat_bounds_a_loop(checked, facts):
    source = MENU.format(again="retry") + (
        "\nretry:\n  repeat 2\n    on again -> menu\n    on done -> hang_up\n"
    )
    (fact,) = loop_facts(checked, source)
    assert (fact.limit, fact.blocks) == (2, ("menu.ask", "retry.repeat"))
    assert facts(source)["loops"] == "proved"


def test_nested_counters_multiply(checked):
    source = MENU.format(again="inner") + (
        "\ninner:\n  repeat 2\n    on again -> menu\n    on done -> outer\n"
        "\nouter:\n  repeat 3\n    on again -> menu\n    on done -> hang_up\n"
    )
    (fact,) = loop_facts(checked, source)
    assert fact.limit == 3 * 4 - 1


def test_a_counter_that_begins_anew_bounds_nothing(codes):
    source = MENU.format(again="retry") + (
        "\nretry:\n  repeat 2\n    on again -> menu\n    on done -> menu\n"
    )
    assert codes(source) == ["FL211"]


def test_a_counter_beside_the_loop_bounds_nothing(codes):
    source = (
        'menu:\n  ask "?"\n    on "1" -> hang_up\n    on timeout -> retry\n'
        "    on no_match -> menu\n"
        "\nretry:\n  repeat 2\n    on again -> menu\n    on done -> hang_up\n"
    )
    assert codes(source) == ["FL211"]


def test_only_patience_ends_it(checked):
    (problem,) = checked(MENU.format(again="menu")).problems
    assert (problem.code, problem.severity, problem.path) == ("FL211", "warning", ("menu.ask",))


def test_a_variable_counts(codes, checked):
    source = (
        "variable wrong: integer = 0\n\n"
        + MENU.format(again="mistaken")
        + (
            "\nmistaken:\n  set wrong: wrong + 1\n  branch wrong >= 3\n"
            "    on true -> hang_up\n    otherwise -> menu\n"
        )
    )
    assert codes(source) == []
    assert codes(source.replace("wrong + 1", "wrong - 1")) == ["FL211"]
    assert codes(source.replace("on true -> hang_up", "on true -> menu")) == ["FL211"]
    assert codes(source.replace("wrong: integer = 0", "wrong: integer?")) != []


COUNTED = (
    "{declared}\n\nstart:\n  set n: n + {step}\n{between}  branch n\n"
    "    on > {limit} -> hang_up\n    otherwise -> start\n"
)


@pytest.mark.parametrize(
    ("declared", "step", "limit", "between", "expected"),
    [
        ("variable n = 0", "1", "5", "", []),
        ("variable n: number = -2.5", "0.1", "5", "", []),
        ("attribute n = 0", "1", "5", "", []),
        # What is no number never grows above one.
        ('variable n: any = "x"', "1", "5", "", ["FL210"]),
        ("variable n: any = 0", "1", '"x"', "", ["FL210"]),
        # In rounding it is lost.
        ("variable n: number = 900000000000000", "0.01", "900000000000009", "", ["FL210"]),
        # A module can set an attribute back.
        ('variable n = 0\nmodule m = "m.flow"', "1", "5", "  m\n", []),
        ('attribute n = 0\nmodule m = "m.flow"', "1", "5", "  m\n", ["FL211"]),
    ],
)
def test_what_counts(codes, declared, step, limit, between, expected):
    source = COUNTED.format(declared=declared, step=step, limit=limit, between=between)
    assert codes(source) == expected


@pytest.mark.parametrize(("looping", "code"), [("undeliverable", "FL210"), ("declined", "FL211")])
def test_an_offer_that_cannot_be_sent_does_not_wait(codes, looping, code):
    others = {"accepted", "timeout", "declined", "undeliverable"} - {looping}
    source = (
        'start:\n  offer_messenger "?", channels: [sms]\n'
        f"    on {', '.join(sorted(others))} -> hang_up\n    on {looping} -> start\n"
    )
    assert codes(source) == [code]


def test_a_variable_that_is_set_back_counts_nothing(codes):
    source = (
        "variable wrong: integer = 0\n\n"
        + MENU.format(again="mistaken")
        + (
            "\nmistaken:\n  set wrong: wrong + 1\n  branch wrong\n"
            "    on >= 3 -> hang_up\n    otherwise -> back\n"
            "\nback:\n  set wrong: 0\n  -> menu\n"
        )
    )
    assert codes(source) == ["FL211"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('start:\n  play "a"\n    on error -> start\n  -> hang_up\n', ""),
        ('start:\n  play "a"\n  -> start\n', ""),
        ('start:\n  ask "?"\n    on timeout, no_match -> hang_up\n    on error -> start\n', ""),
        (
            'function f = "f" (a: text) -> (b: text)\n\n'
            'start:\n  f a: "x"\n    on error -> start\n  -> hang_up\n',
            "service",
        ),
    ],
)
def test_what_turns_without_waiting(checked, source, reason):
    problem = next(item for item in checked(source).problems if item.code == "FL210")
    assert problem.arguments["reason"] == reason
    assert problem.path


def test_the_hot_part_of_a_larger_loop_is_shown(checked):
    source = (
        'menu:\n  ask "?"\n    on "1" -> hang_up\n    on timeout, no_match -> spin\n\n'
        'spin:\n  branch caller.name\n    on "a" -> spin\n    otherwise -> menu\n'
    )
    problems = [item for item in checked(source).problems if item.code.startswith("FL21")]
    assert [(item.code, item.path) for item in problems] == [("FL210", ("spin.branch",))]


def test_what_is_not_known_is_not_proved(facts):
    source = "start:\n  unheard_of\n  -> hang_up\n"
    assert set(facts(source).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("branch", "is_counted"),
    [
        ("  branch\n    when n > 3 -> hang_up\n    otherwise -> start\n", True),
        ("  branch\n    when n >= 3 -> hang_up\n    otherwise -> start\n", True),
        ("  branch\n    when n < 3 -> hang_up\n    otherwise -> start\n", False),
        ("  branch\n    when n > 3 -> start\n    otherwise -> start\n", False),
        ("  branch\n    when n > 3 and vip -> hang_up\n    otherwise -> start\n", False),
        (
            "  branch\n    when vip -> start\n    when n > 3 -> hang_up\n    otherwise -> start\n",
            False,
        ),
    ],
)
def test_a_counter_may_be_compared_in_a_condition(codes, branch, is_counted):
    source = (
        "variable n = 0\nattribute vip: boolean = false\n\n"
        f"start:\n  set n: n + 1, vip: true\n{branch}"
    )
    assert ("FL210" not in codes(source)) == is_counted


def test_a_loop_over_a_module_is_proved_for_modules_that_wait(checked):
    source = (
        'flow a\n  type customer_queue\n  on error -> end_flow\n\nmodule m = "m.flow"\n\n'
        "start:\n  m\n    on error -> end_flow\n  -> start\n"
    )
    (fact,) = (fact for fact in checked(source).facts if fact.check == "loops")
    assert "modules_wait" in [item.name for item in fact.assumes]
