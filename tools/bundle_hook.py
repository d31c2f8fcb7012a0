"""Packaging: a wheel holds the designer's bundle, built just before, and the examples."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout builds its bundle itself
            return
        build_data["force_include"][str(Path(self.root, "examples"))] = "flowlang/examples"
        subprocess.run([sys.executable, "-m", "designer.web.build"], cwd=self.root, check=True)
        if not any(Path(self.root, "designer/web/dist").glob("*")):
            raise RuntimeError("designer/web/dist is empty: the bundle was not built")
