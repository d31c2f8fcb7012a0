"""All storages keep the same promises: two on this machine, two at Amazon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from flowlang.project import Environment
from runtime.services.aws.clients import Clients
from runtime.services.aws.storage import DynamoStorage, S3Storage
from runtime.services.environment import UnusableEnvironment
from runtime.services.files import BUCKET, TABLE, stores_of
from runtime.services.local.storage import FILE_BYTES_MAX, FileStorage, RowStorage
from runtime.services.storage import (
    NOTHING,
    Changed,
    Storage,
    StorageFailed,
    Unusable,
    hash_of,
)

WHO = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "ap-northeast-2",
}  # fmt: skip


@pytest.fixture
def amazon() -> Iterator[Clients]:
    with mock_aws():
        region = WHO["AWS_REGION"]
        who: dict[str, Any] = {
            "aws_access_key_id": "testing", "aws_secret_access_key": "testing",
            "region_name": region,
        }  # fmt: skip
        boto3.client("s3", **who).create_bucket(
            Bucket="acorn",
            CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"},
        )
        boto3.client("dynamodb", **who).create_table(
            TableName="acorn",
            KeySchema=[
                {"AttributeName": "area", "KeyType": "HASH"},
                {"AttributeName": "name", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "area", "AttributeType": "S"},
                {"AttributeName": "name", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        clients = Clients(WHO)
        yield clients
        clients.close()


@pytest.fixture(params=["files", "rows", "s3", "dynamodb"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    match request.param:
        case "files":
            return FileStorage(tmp_path / "stored")
        case "rows":
            return RowStorage(tmp_path / "stored.db")
        case "s3":
            return S3Storage(request.getfixturevalue("amazon"), "acorn", "live/")
        case _:
            return DynamoStorage(request.getfixturevalue("amazon"), "acorn", "live")


async def test_what_is_put_is_there_until_it_is_deleted(storage: Storage) -> None:
    assert await storage.get("transcripts/a.json") is None
    found = await storage.put("transcripts/a.json", b"{}")
    assert found == hash_of(b"{}")
    stored = await storage.get("transcripts/a.json")
    assert stored is not None
    assert (stored.data, stored.hash) == (b"{}", found)
    await storage.put("transcripts/a.json", "안녕".encode())
    assert (await storage.get("transcripts/a.json")).data == "안녕".encode()  # type: ignore[union-attr]
    for _ in range(2):
        await storage.delete("transcripts/a.json")
    assert await storage.get("transcripts/a.json") is None


async def test_names_are_listed_by_their_beginning(storage: Storage) -> None:
    for name in ("b/2", "a/1", "a/2", "ab"):
        await storage.put(name, b"x")
    assert list(await storage.names()) == ["a/1", "a/2", "ab", "b/2"]
    assert list(await storage.names("a/")) == ["a/1", "a/2"]
    assert list(await storage.names("c")) == []


async def test_nobody_writes_over_what_they_did_not_read(storage: Storage) -> None:
    first = await storage.put("x", b"1", expected=NOTHING)
    with pytest.raises(Changed):
        await storage.put("x", b"2", expected=NOTHING)
    second = await storage.put("x", b"2", expected=first)
    with pytest.raises(Changed):
        await storage.put("x", b"3", expected=first)
    with pytest.raises(Changed):
        await storage.put("y", b"3", expected=first)
    assert await storage.get("y") is None
    stored = await storage.get("x")
    assert stored is not None
    assert (stored.data, stored.hash) == (b"2", second)


NOT_NAMES = [
    "", "/etc/passwd", "../x", "a/../b", "a//b", ".hidden", "a/.b", "a\x00b", "x" * 513, "a/",
]  # fmt: skip


async def test_a_name_leads_nowhere_else(storage: Storage) -> None:
    for name in NOT_NAMES:
        for act in (storage.get(name), storage.delete(name), storage.put(name, b"")):
            with pytest.raises(Unusable):
                await act


async def test_an_item_has_a_size(tmp_path: Path, amazon: Clients) -> None:
    for small in (RowStorage(tmp_path / "x.db"), DynamoStorage(amazon, "acorn", "live")):
        await small.put("fits", bytes(390_000))
        with pytest.raises(Unusable):
            await small.put("long", bytes(400_001))
    assert FILE_BYTES_MAX > 400_001


async def test_a_bucket_or_table_that_is_not_there_fails(amazon: Clients) -> None:
    for storage in (S3Storage(amazon, "nowhere"), DynamoStorage(amazon, "nowhere", "live")):
        with pytest.raises(StorageFailed):
            await storage.put("x", b"1")


async def test_areas_do_not_see_each_other(amazon: Clients) -> None:
    one, two = DynamoStorage(amazon, "acorn", "one"), DynamoStorage(amazon, "acorn", "two")
    await one.put("x", b"1")
    assert await two.get("x") is None
    assert list(await two.names()) == []


async def test_rows_outlive_the_process(tmp_path: Path) -> None:
    before = RowStorage(tmp_path / "x.db")
    await before.put("x", b"1")
    before.close()
    assert (await RowStorage(tmp_path / "x.db").get("x")) is not None


async def test_an_environment_picks_where_files_are_kept(tmp_path: Path, amazon: Clients) -> None:
    local = stores_of(Environment(), {}, tmp_path / "own")
    await local.files.put("transcripts/c-1.json", b"{}")
    assert (tmp_path / "own/files/transcripts/c-1.json").read_bytes() == b"{}"
    await local.context.put("customer/+8210", b"{}")
    live = Environment(services={"files": "aws"})
    variables = {**WHO, BUCKET: "acorn/live", TABLE: "acorn"}
    stores = stores_of(live, variables, tmp_path)
    await stores.files.put("a", b"1")
    await stores.context.put("a", b"2")
    assert list(await S3Storage(amazon, "acorn").names()) == ["live/a"]
    assert await DynamoStorage(amazon, "acorn", "live").get("a") is not None
    with pytest.raises(UnusableEnvironment):
        stores_of(live, {**variables, TABLE: ""}, tmp_path)
