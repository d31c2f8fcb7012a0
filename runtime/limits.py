"""The limits of a running contact. (What a text may hold stands in `flowlang.limits`.)"""

from __future__ import annotations

STEPS_WITHOUT_WAIT_MAX = 1_000
STEPS_PER_CONTACT_MAX = 100_000
VALUES_BYTES_MAX = 32_768
MEMORY_BYTES_MAX = 4_096
TYPED_AHEAD_MAX = 10
FRAMES_MAX = 16
"""How many modules may be inside of each other."""
FUNCTION_TIMEOUT_S_MAX = 8.0
FUNCTION_ANSWER_BYTES_MAX = 32_768
MOVES_KEPT_MAX = 64
"""For how many channels and languages a step's first move is remembered."""
MESSAGE_BYTES_MAX = 4_096
MESSAGES_MAX = 10
MESSAGES_WINDOW_S = 10.0
"""How many messages a visitor of the chat may send in how long."""
STARTS_PER_ADDRESS_MAX = 30
STARTS_WINDOW_S = 10.0
"""How many conversations browsers at one address may begin in how long."""
SOCKETS_PER_ADDRESS_MAX = 500
"""How many browsers at one address may be on a socket."""
VOICE_AGE_MAX_S = 24 * 3_600
CHAT_AGE_MAX_S = 30 * 86_400
"""How long a contact may live; a timer ends it."""
FILE_BYTES_MAX = 10 * 1_048_576
"""The largest file in a chat."""
FILES_MAX = 20
"""How many files a contact may hold."""
NEW_CONTACTS_MAX = 100
"""How many contacts may begin in a second."""
WEBHOOK_BYTES_MAX = 3_000_000
API_BYTES_MAX = 65_536
"""What a program or a browser may send in one request, files aside."""
SEEN_EVENT_S = 8 * 86_400
"""How long an event's id is remembered."""
