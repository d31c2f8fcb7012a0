"""The HTTP interface: what customers, vendors and programs reach."""

from runtime.http.app import create_app

__all__ = ["create_app"]
