"""Values that a parameter does not take: out of bounds, of another type, an unknown word.

The form of the designer knows the same bounds; at run time such a step takes its error outcome.
"""

from __future__ import annotations

FINDS = ("FL305", "FL306", "FL307", "FL308")
