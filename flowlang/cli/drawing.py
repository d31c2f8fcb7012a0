"""Draws a graph with the program `dot`, else with the libraries that pygraphviz brings."""

from __future__ import annotations

import subprocess
import sys

DRAWING_S_MAX = 120
_CHILD = """
import sys
import pygraphviz
dot = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(pygraphviz.AGraph(string=dot).draw(format="svg", prog="dot"))
"""
_NO_LIBRARY = "ModuleNotFoundError"


class NotDrawn(Exception):
    """No detail: there is nothing to draw with."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


def to_svg(dot: str) -> str:
    # A process of its own: the libraries may crash on what they do not like.
    for command in (["dot", "-Tsvg"], [sys.executable, "-c", _CHILD]):
        try:
            done = subprocess.run(
                command, input=dot.encode(), capture_output=True, timeout=DRAWING_S_MAX, check=False
            )
        except OSError:
            continue
        except subprocess.TimeoutExpired:
            raise NotDrawn(f"> {DRAWING_S_MAX} s") from None
        error = done.stderr.decode(errors="replace").strip()
        if done.returncode == 0:
            return done.stdout.decode()
        if _NO_LIBRARY not in error:
            raise NotDrawn(error.splitlines()[-1] if error else str(done.returncode))
    raise NotDrawn
