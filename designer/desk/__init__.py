"""The agents' desk."""

from designer.desk.page import mount

__all__ = ["mount"]
