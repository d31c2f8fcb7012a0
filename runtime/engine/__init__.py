"""The engine: a pure function from a contact and an event to the contact's next state.

`advance` decides one turn: it runs blocks from the event to the next wait and says what is to be
done outside. It never raises for what a flow, a customer or a service does; what a guard stops
leaves by an outcome or by the flow's `on error`.

From an event inwards: `turns` (what it means), `agents` and `handing`, `steps` (the loop), `plans`
(what is decided once for all), `behaviour` (asking a block), `moves`, `leaving` and `flows` (where
its answer leads), `doing` (effects); `turn` is what all of them work on.
"""

from runtime.engine.reading import readable, system_values
from runtime.engine.turn import Turn
from runtime.engine.turns import advance, new_contact
from runtime.engine.watcher import Watcher
from runtime.engine.world import World

__all__ = [
    "Turn",
    "Watcher",
    "World",
    "advance",
    "new_contact",
    "readable",
    "system_values",
]
