"""Values that are read where some way leads that never set them.

The caller on that way hears nothing in their place, or takes the wrong turn. Results of a step are
there after the outcome that gives them, not after an error.
"""

from __future__ import annotations

from flowlang.checking import Assumption

PROVES = "assigned"
ASSUMES = (
    Assumption(name="services_answer_as_declared"),
    Assumption(name="sums_have_results"),
    Assumption(name="values_fit"),
)

FINDS = ("FL220",)
