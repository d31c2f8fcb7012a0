"""Operators on values that they are not made for, comparisons that are never true, and conditions
that are none."""

from __future__ import annotations

FINDS = ("FL112", "FL115", "FL119")
