"""Text to model and back: `parse` and `to_text`."""

from flowlang.syntax.parser import Chunk, Tree, parse
from flowlang.syntax.printer import to_text

__all__ = ["Chunk", "Tree", "parse", "to_text"]
