"""Fails when a test was skipped that no line of the list allows."""

import sys
from fnmatch import fnmatchcase
from pathlib import Path


def unlisted(skips: str, allowed: str) -> list[str]:
    """The lines of `skips` (test, tab, reason) that no line of `allowed` matches."""
    rules = [
        tuple(part.strip() for part in line.split("|", 1))
        for line in allowed.splitlines()
        if line.strip() and not line.startswith("#")
    ]
    if wrong := [rule for rule in rules if len(rule) != 2]:
        raise SystemExit(f"a line of the list has no reason: {wrong[0][0]}")
    found = []
    for line in sorted(set(skips.splitlines())):
        test, _, reason = line.partition("\t")
        test = test.partition("[")[0]  # whatever its parameters
        if not any(fnmatchcase(test, name) and fnmatchcase(reason, why) for name, why in rules):
            found.append(line)
    return found


if __name__ == "__main__":
    found = unlisted(*(Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3]))
    for line in found:
        print("skipped, and not allowed to be: " + line.replace("\t", ": "), file=sys.stderr)
    sys.exit(1 if found else 0)
