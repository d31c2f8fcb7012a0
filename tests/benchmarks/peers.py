"""The menu flow in other state machines, written as their manuals would."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

KEYS = "982"
XSTATE = "xstate@5.33.3"


class Caller:
    """What both Python machines do at their states."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.retries = 0
        self.values = {"name": "Ann"}
        self.found: dict[str, Any] = {}
        self.queue = ""

    def is_known(self, key: str) -> bool:
        return key in ("1", "2")

    def may_retry(self, key: str) -> bool:
        return self.retries < 2

    def count(self, key: str) -> None:
        self.retries += 1

    def is_open(self) -> bool:
        return True

    def is_gold(self) -> bool:
        return self.found.get("tier") == "gold"

    def on_enter_menu(self, *_: str) -> None:
        self.out.append("Press 1, 2 or 3")

    def on_enter_known(self, key: str) -> None:
        self.values |= {"choice": key, "lang": "en-US"}

    def on_enter_lookup(self) -> None:
        self.found = {"tier": "gold", "id": 7}

    def on_enter_transfer(self) -> None:
        self.queue = "sales"


class WithTransitions:
    """`transitions`: one machine, every caller a model of it."""

    def __init__(self) -> None:
        from transitions import Machine

        self.machine = Machine(
            model=None,
            states=["start", "welcome", "menu", "known", "hours", "lookup", "branch", "transfer",
                    "bye"],
            transitions=[
                ["go", "start", "welcome"],
                ["go", "welcome", "menu"],
                {"trigger": "key", "source": "menu", "dest": "known", "conditions": "is_known"},
                {"trigger": "key", "source": "menu", "dest": "=", "conditions": "may_retry",
                 "after": "count"},
                {"trigger": "key", "source": "menu", "dest": "bye"},
                ["go", "known", "hours"],
                {"trigger": "go", "source": "hours", "dest": "lookup", "conditions": "is_open"},
                ["go", "hours", "bye"],
                ["go", "lookup", "branch"],
                {"trigger": "go", "source": "branch", "dest": "transfer",
                 "conditions": "is_gold"},
                ["go", "branch", "transfer"],
                ["go", "transfer", "bye"],
            ],
            initial="start",
            auto_transitions=False,
        )  # fmt: skip

    def talk(self) -> None:
        caller: Any = Caller()
        self.machine.add_model(caller)
        caller.go()
        caller.out.append("Welcome " + caller.values["name"])
        caller.go()
        for key in KEYS:
            caller.key(key)
        for _ in range(5):
            caller.go()
        self.machine.remove_model(caller)
        assert (caller.state, caller.queue) == ("bye", "sales")


class WithStateMachine:
    """`python-statemachine`: a class of states, every caller an object of it."""

    def __init__(self) -> None:
        from statemachine import State, StateMachine

        class Menu(Caller, StateMachine):
            welcome = State(initial=True)
            menu = State()
            known = State()
            hours = State()
            lookup = State()
            branch = State()
            transfer = State()
            bye = State(final=True)
            go = (
                welcome.to(menu)
                | known.to(hours)
                | hours.to(lookup, cond="is_open")
                | hours.to(bye)
                | lookup.to(branch)
                | branch.to(transfer, cond="is_gold")
                | branch.to(transfer)
                | transfer.to(bye)
            )
            key = (
                menu.to(known, cond="is_known")
                | menu.to(menu, cond="may_retry", on="count")
                | menu.to(bye)
            )

            def __init__(self) -> None:
                Caller.__init__(self)
                StateMachine.__init__(self)

        self.machine = Menu

    def talk(self) -> None:
        caller: Any = self.machine()
        caller.out.append("Welcome " + caller.values["name"])
        caller.go()
        for key in KEYS:
            caller.key(key)
        for _ in range(5):
            caller.go()
        assert caller.queue == "sales"


class WithXState:
    """XState in a Node process of its own, which tells how long it took."""

    def __init__(self, folder: Path) -> None:
        shutil.copy(Path(__file__).with_name("menu.mjs"), folder)
        self.process = subprocess.Popen(
            ["node", "menu.mjs"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.communicate(timeout=10)

    def talk(self, way: str, times: int) -> float:
        """Seconds for a conversation; `way` is `kept` or `plain`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{way} {times}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def install_xstate(folder: Path) -> str:
    return install(folder, XSTATE)


def install(folder: Path, *packages: str) -> str:
    """Why they cannot be had here; nothing if they are there."""
    if not (shutil.which("node") and (npm := shutil.which("npm"))):
        return "no node with npm"
    done = subprocess.run(
        [npm, "install", "--silent", "--no-fund", "--no-audit", *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "" if done.returncode == 0 else f"npm cannot install {' '.join(packages)}"
