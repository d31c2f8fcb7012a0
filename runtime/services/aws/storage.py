"""Storage at Amazon: S3, or DynamoDB for what is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from mimetypes import guess_type
from typing import Any

from runtime.services.aws.clients import Clients, Trouble
from runtime.services.storage import (
    ANY,
    LIST_MAX,
    NOTHING,
    Changed,
    StorageFailed,
    Stored,
    check,
    hash_of,
)

TIMEOUT_S = 10.0
OBJECT_BYTES_MAX = 100_000_000
ITEM_BYTES_MAX = 390_000
HASH = "content-sha256"
NOT_THERE = ("NoSuchKey", "404", "NotFound")


class S3Storage:
    """An object for each name, in a bucket that exists."""

    def __init__(self, clients: Clients, bucket: str, prefix: str = "") -> None:
        self.clients = clients
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    async def put(self, name: str, data: bytes, *, expected: str = ANY) -> str:
        check(name, data, OBJECT_BYTES_MAX)
        found = hash_of(data)
        request: dict[str, Any] = {
            **self._object(name), "Body": data, "Metadata": {HASH: found},
            "ContentType": guess_type(name)[0] or "application/octet-stream",
        }  # fmt: skip
        if expected == NOTHING:
            request["IfNoneMatch"] = "*"
        elif expected != ANY:
            request["IfMatch"] = await self._tag(name, expected)
        await self._call(name, lambda client: client.put_object(**request))
        return found

    async def get(self, name: str) -> Stored | None:
        check(name)

        def read(client: Any) -> bytes | None:
            try:
                body: bytes = client.get_object(**self._object(name))["Body"].read()
            except client.exceptions.NoSuchKey:
                return None
            return body

        data = await self._call(name, read)
        return None if data is None else Stored(data, hash_of(data))

    async def delete(self, name: str) -> None:
        check(name)
        await self._call(name, lambda client: client.delete_object(**self._object(name)))

    async def names(self, prefix: str = "") -> Sequence[str]:
        page = await self._call(
            prefix,
            lambda client: client.list_objects_v2(
                Bucket=self.bucket, Prefix=self.prefix + prefix, MaxKeys=LIST_MAX
            ),
        )
        return sorted(item["Key"].removeprefix(self.prefix) for item in page.get("Contents", ()))

    async def _tag(self, name: str, expected: str) -> str:
        """What S3 calls the version that has the expected content."""
        try:
            head = await self._call(name, lambda client: client.head_object(**self._object(name)))
        except StorageFailed as failure:
            cause = failure.__cause__
            if isinstance(cause, Trouble) and cause.code in NOT_THERE:
                raise Changed(name) from failure
            raise
        if head["Metadata"].get(HASH) != expected:
            raise Changed(name)
        tag: str = head["ETag"]
        return tag

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    async def _call(self, name: str, operation: Callable[[Any], Any]) -> Any:
        return await _call(self.clients, "s3", name, operation)


class DynamoStorage:
    """An item for each name, in a table that exists, with the key `area` and `name`."""

    def __init__(self, clients: Clients, table: str, area: str) -> None:
        self.clients = clients
        self.table = table
        self.area = area

    async def put(self, name: str, data: bytes, *, expected: str = ANY) -> str:
        check(name, data, ITEM_BYTES_MAX)
        found = hash_of(data)
        item = {**self._key(name), "hash": {"S": found}, "data": {"B": data}}
        request: dict[str, Any] = {"TableName": self.table, "Item": item}
        if expected != ANY:
            request |= {"ExpressionAttributeNames": {"#hash": "hash"}}
            request["ConditionExpression"] = "attribute_not_exists(#hash)"
        if expected not in (ANY, NOTHING):
            request["ConditionExpression"] = "#hash = :hash"
            request["ExpressionAttributeValues"] = {":hash": {"S": expected}}
        await self._call(name, lambda client: client.put_item(**request))
        return found

    async def get(self, name: str) -> Stored | None:
        check(name)
        answer = await self._call(
            name,
            lambda client: client.get_item(
                TableName=self.table, Key=self._key(name), ConsistentRead=True
            ),
        )
        item = answer.get("Item")
        return Stored(bytes(item["data"]["B"]), item["hash"]["S"]) if item else None

    async def delete(self, name: str) -> None:
        check(name)
        await self._call(
            name, lambda client: client.delete_item(TableName=self.table, Key=self._key(name))
        )

    async def names(self, prefix: str = "") -> Sequence[str]:
        names = {"#area": "area", "#name": "name"}
        condition, values = "#area = :area", {":area": {"S": self.area}}
        if prefix:
            condition += " and begins_with(#name, :prefix)"
            values[":prefix"] = {"S": prefix}

        def query(client: Any) -> list[str]:
            found: list[str] = []
            pages = client.get_paginator("query").paginate(
                TableName=self.table, KeyConditionExpression=condition, ConsistentRead=True,
                ExpressionAttributeNames=names, ExpressionAttributeValues=values,
                ProjectionExpression="#name",
            )  # fmt: skip
            for page in pages:
                found += [item["name"]["S"] for item in page["Items"]]
                if len(found) >= LIST_MAX:
                    break
            return found[:LIST_MAX]

        listed: list[str] = await self._call(prefix, query)
        return listed

    def _key(self, name: str) -> dict[str, Any]:
        return {"area": {"S": self.area}, "name": {"S": name}}

    async def _call(self, name: str, operation: Callable[[Any], Any]) -> Any:
        return await _call(self.clients, "dynamodb", name, operation)


async def _call(clients: Clients, service: str, name: str, operation: Callable[[Any], Any]) -> Any:
    try:
        # A conditional put that worked and was not heard of would be told as changed.
        return await clients.call(service, operation, timeout_s=TIMEOUT_S)
    except Trouble as trouble:
        if trouble.kind == "conflict":
            raise Changed(name) from trouble
        raise StorageFailed(trouble.detail) from trouble
