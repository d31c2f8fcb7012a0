"""What starting the command line may load: no web framework, no vendor's library."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = "boto3 botocore fastapi httpx moto nicegui pygls pygraphviz starlette twilio uvicorn"
PROBE = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


MODULES = ["flowlang", "flowlang.cli", "flowlang.catalogue", "blocks"]


@pytest.mark.parametrize("module", [name for name in MODULES if find_spec(name)])
def test_nothing_heavy_is_loaded(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, module], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert module.partition(".")[0] in loaded
    assert not loaded & set(HEAVY.split())


def test_serving_needs_no_vendor_that_nobody_has_an_account_with() -> None:
    """Libraries of vendors are extras: a plain installation serves without them."""
    blocked = "import sys\nfor name in ('twilio', 'boto3'): sys.modules[name] = None\n"
    probe = f"{blocked}import runtime.serving, runtime.http, runtime.channels.calls"
    subprocess.run([sys.executable, "-c", probe], check=True)
