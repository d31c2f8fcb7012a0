"""Names that are also words of a parameter.

`analytics: realtime` says the word, whatever a value of that name holds; whoever declared the name
may mean the value.
"""

from __future__ import annotations

FINDS = ("FL108",)
