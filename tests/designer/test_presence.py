"""Who has a flow open hears of who else has it."""

from designer.presence import Guest, Room
from designer.visitor import Visitor, initials


def test_those_in_a_room_see_each_other() -> None:
    room, told = Room(), []
    ann = Guest("Ann", lambda: told.append(("Ann", room.others(ann))))
    bob = Guest("Bob", lambda: told.append(("Bob", room.others(bob))))
    room.enter(ann)
    room.enter(bob)
    room.enter(bob)  # comes back by another line
    assert told == [("Ann", []), ("Ann", ["Bob"]), ("Bob", ["Ann"])]
    told.clear()
    room.leave(ann)
    room.leave(ann)
    assert told == [("Bob", [])]


def test_one_person_in_two_windows_is_two() -> None:
    room = Room()
    here, there = Guest("Ann", lambda: None), Guest("Ann", lambda: None)
    room.enter(here)
    room.enter(there)
    assert room.others(here) == ["Ann"]


def test_initials_are_what_people_call_each_other() -> None:
    assert [initials(name) for name in ("한지우", "Ann Lee", "admin", "")] == [
        "지우",
        "AL",
        "A",
        "",
    ]


def test_whose_page_it_is_stands_in_front() -> None:
    both = Visitor(names=("Admin", "Ann"), places=("entrance", "desk"))
    assert both.known_as("Ann").names == ("Ann", "Admin")
    assert both.home == "entrance"
    assert Visitor().home == "designer"
