"""Values that may be absent, read where one must be there.

A type that ends with `?` says that there may be nothing. `else` gives what is to stand in its
place; behind an outcome line that compared it with something, it is there. In a text, nothing is
written in its place, which is only a warning.
"""

from __future__ import annotations

FINDS = ("FL118",)
