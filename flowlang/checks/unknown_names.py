"""Names that nothing declares, fields that are not there, resources of another kind.

What they stand for is nothing, and nothing is what the caller hears.
"""

from __future__ import annotations

FINDS = ("FL101", "FL102", "FL106", "FL120")
