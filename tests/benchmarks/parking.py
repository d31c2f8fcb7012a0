"""How much memory a process has that parked so many contacts: run as a process of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from pathlib import Path

from tests.benchmarks import live

AT_ONCE = 200


async def main(count: int, path: Path) -> None:
    async with live.running(path) as (host, _):
        for first in range(0, count, AT_ONCE):
            names = [f"c{number}" for number in range(first, min(first + AT_ONCE, count))]
            await asyncio.gather(
                *(host.post(f"contact/{name}", live.started(host, name)) for name in names)
            )
            await host.idle()
        gc.collect()
        print(resident_bytes())


def resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
