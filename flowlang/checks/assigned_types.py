"""Values that an attribute or variable cannot hold, and things that cannot be set.

What a declaration promises holds wherever the name is read: in branches, in prompts, for agents.
"""

from __future__ import annotations

from flowlang.checking import Assumption

PROVES = "types"
ASSUMES = (Assumption(name="unknown_fits"), Assumption(name="sums_have_results"))

BROKEN_BY = frozenset({"FL106", "FL112", "FL118", "FL119", "FL120", "FL230", "FL306"})
FINDS = ("FL111", "FL113", "FL116")
