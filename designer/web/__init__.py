"""The browser's part of the designer: sources, and where the built bundle lies."""

from pathlib import Path

HERE = Path(__file__).parent
DIST = HERE / "dist"
CANVAS = DIST / "canvas"
TEXT = DIST / "text"
STYLE = DIST / "style"
FONTS = DIST / "fonts"
