"""Where a project's files and the context between contacts are kept, in each environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowlang.project import Environment
from runtime.services.environment import UnusableEnvironment
from runtime.services.local.storage import FileStorage, RowStorage
from runtime.services.storage import Storage

BUCKET = "FLOWLANG_FILES_BUCKET"
"""`acorn-files/live`: a bucket, and what the names in it begin with."""
TABLE = "FLOWLANG_CONTEXT_TABLE"
"""A table of DynamoDB with the keys `area` and `name`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    files: Storage
    """For transcripts, audio and whatever else is large."""
    context: Storage
    """For what one contact leaves to the next: small, and read often."""


def stores_of(environment: Environment, variables: Mapping[str, str], own: Path) -> Stores:
    """`own`: the folder for what is kept on this machine."""
    if environment.side("files") == "local":
        own.mkdir(parents=True, exist_ok=True)
        return Stores(files=FileStorage(own / "files"), context=RowStorage(own / "context.db"))
    for name in (BUCKET, TABLE):
        if not variables.get(name):
            raise UnusableEnvironment("variable", service="files", variable=name)
    from runtime.services.aws.clients import Clients
    from runtime.services.aws.storage import DynamoStorage, S3Storage

    clients = Clients(variables)
    bucket, _, prefix = variables[BUCKET].partition("/")
    return Stores(
        files=S3Storage(clients, bucket, prefix),
        context=DynamoStorage(clients, variables[TABLE], prefix or "context"),
    )
