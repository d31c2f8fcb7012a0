import pytest

HANG_UP = "  -> hang_up\n"


def test_otherwise_of_a_question_takes_every_other_answer(checked):
    source = 'start:\n  ask "?"\n    on "1", timeout -> hang_up\n'
    (problem,) = checked(source).problems
    assert (problem.code, problem.arguments["outcomes"]) == ("FL205", ("no_match",))
    assert checked(source + "    otherwise -> hang_up\n").problems == ()


def test_a_section_that_nothing_leads_to(checked):
    (problem,) = checked('start:\n  -> hang_up\n\nlost:\n  play "a"\n  -> hang_up\n').problems
    assert (problem.code, problem.severity, problem.block) == ("FL201", "warning", "lost.play")


def test_steps_behind_one_that_never_goes_on(checked):
    source = (
        'queue q = "Q"\n\nstart:\n  transfer q\n    on full -> hang_up\n'
        '  play "a"\n  play "b"\n  -> hang_up\n'
    )
    (problem,) = checked(source).problems
    assert (problem.code, problem.block) == ("FL201", "start.play")


def test_a_section_that_only_leads_on_is_no_step(codes):
    assert codes("start:\n  -> later\n\nlater:\n  -> hang_up\n") == []


def test_waiting_flows_need_no_way_out(codes):
    body = 'start:\n  ask "?"\n    on timeout, no_match, error -> start\n'
    inbound = f"flow x\n\n{body}"
    waiting = f"flow x\n  type customer_queue\n\n{body}"
    assert "FL202" in codes(inbound)
    assert not {"FL202", "FL211"} & set(codes(waiting))


@pytest.mark.parametrize(
    ("target", "suggestion"),
    [("menuu", "menu"), ("hangup", "hang_up"), ("menu.ak", "menu.ask"), ("nextt", "next")],
)
def test_the_target_that_was_meant(checked, target, suggestion):
    source = (
        f'start:\n  play "a"\n    on error -> {target}\n  -> menu\n\n'
        'menu:\n  ask "?"\n    on timeout, no_match -> hang_up\n'
    )
    problem = next(item for item in checked(source).problems if item.code == "FL203")
    assert problem.arguments["suggestion"] == suggestion
    assert problem.fix is not None
    assert problem.fix.edits[0].text == suggestion


def test_targets_of_header_and_section_are_looked_at(codes):
    assert codes("flow x\n  on error -> lost\n\nstart:\n  on error -> gone\n  -> hang_up\n") == [
        "FL203",
        "FL203",
    ]


def test_a_block_that_needs_arguments_is_no_target(checked):
    problem = checked("start:\n  -> transfer\n").problems[0]
    assert (problem.code, problem.arguments["reason"]) == ("FL203", "block")


@pytest.mark.parametrize(
    "body",
    [
        '  play "a"\n',
        '  play "a"\n    on error -> next\n',
        '  ask "?"\n    on timeout, no_match -> next\n',
    ],
)
def test_a_section_that_falls_off_its_end(codes, body):
    assert "FL204" in codes(f"start:\n{body}")


def test_a_section_may_end_with_a_block_that_never_goes_on(codes):
    assert codes('start:\n  play "a"\n  hang_up\n') == []


def test_a_flow_without_sections(codes):
    assert codes("flow x\n") == ["FL209"]


def test_errors_without_a_handler_are_told_once(checked):
    source = (
        'flow x\n\nstart:\n  ask "?"\n    on timeout, no_match -> again\n\n'
        'again:\n  ask "?"\n    on timeout, no_match -> hang_up\n'
    )
    (problem,) = checked(source).problems
    assert (problem.code, problem.outcome) == ("FL205", "error")


@pytest.mark.parametrize(
    "ending", ["-> transfer_agent", 'play "Wait."\n  -> transfer_agent', "transfer_agent"]
)
def test_an_ending_that_can_fail_needs_the_handler_of_the_flow(ending, codes):
    header, rest = "flow x\n  type agent_transfer\n", f"start:\n  {ending}\n"
    assert codes(f"{header}\n{rest}") == ["FL205"]
    assert codes(f"{header}  on error -> hang_up\n\n{rest}") == []


@pytest.mark.parametrize("handler", ["header", "section", "step"])
def test_the_nearest_handler_takes_errors(codes, handler):
    header, section, step = (
        line if handler == name else ""
        for name, line in (
            ("header", "  on error -> hang_up\n"),
            ("section", "  on error -> hang_up\n"),
            ("step", "    on error -> hang_up\n"),
        )
    )
    source = (
        f'flow x\n{header}\nstart:\n{section}  ask "?"\n    on timeout, no_match -> hang_up\n{step}'
    )
    assert codes(source) == []


def test_an_outcome_without_quotes_is_told_to_need_them(checked):
    source = 'attribute t: "a" | "b" = "a"\n\nstart:\n  branch t\n    on a -> hang_up\n'
    problem = next(item for item in checked(source).problems if item.code == "FL206")
    assert problem.arguments["suggestion"] == '"a"'


def test_a_value_that_is_routed_twice(checked):
    source = (
        'start:\n  ask "?"\n    on "1" -> hang_up\n    on "1" -> start\n'
        "    on timeout, no_match -> hang_up\n"
    )
    (problem,) = checked(source).problems
    assert (problem.code, problem.outcome) == ("FL207", '"1"')
    assert problem.related


def test_an_undecided_way_is_told_once_a_line(codes):
    source = 'start:\n  ask "?"\n    on "1", timeout, no_match -> nowhere\n'
    assert codes(source) == ["FL208"]
