"""Values that an attribute or variable cannot hold, and things that cannot be set.

What a declaration promises holds wherever the name is read: in branches, in prompts, for agents.
"""

from __future__ import annotations

from flowlang.checking import Assumption

PROVES = "types"
ASSUMES = (Assumption(name="unknown_fits"),)

FINDS = ("FL111", "FL113", "FL116")
