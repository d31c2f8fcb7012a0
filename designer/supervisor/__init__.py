"""What supervisors see."""

from designer.supervisor.page import mount

__all__ = ["mount"]
