"""Conversations as DBOS workflows on a database, in a process of their own: six steps and two waits
each, as its manual would write them. Prints contacts a second."""

from __future__ import annotations

import sys
import time

from dbos import DBOS, DBOSConfig

ANSWER = "answer"


@DBOS.step()
def say(text: str) -> str:
    return text


@DBOS.workflow()
def conversation(name: str) -> str:
    say("Welcome.")
    say("Press 1 for billing.")
    first = DBOS.recv(ANSWER, timeout_seconds=60)
    say(f"You pressed {first}.")
    say("Press 2 to end.")
    second = DBOS.recv(ANSWER, timeout_seconds=60)
    say(f"You pressed {second}.")
    say("Goodbye.")
    return name


def main(database: str, contacts: int) -> None:
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": database,
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)
    DBOS.launch()
    begin = time.perf_counter()
    handles = [DBOS.start_workflow(conversation, f"c{number}") for number in range(contacts)]
    for key in ("1", "2"):
        for handle in handles:
            DBOS.send(handle.workflow_id, key, ANSWER)
    for handle in handles:
        handle.get_result()
    print(contacts / (time.perf_counter() - begin))
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
