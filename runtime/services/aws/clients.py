"""Clients of the SDK. Its calls block, so they run on threads of their own; a call that would do
its work twice is never repeated by itself. Who we are comes from the environment, never from a
project."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

CONNECT_S = 2.0
THREADS_MAX = 32
Kind = Literal["timeout", "not_found", "invalid", "conflict", "failed"]
_KINDS: dict[str, Kind] = {
    "ResourceNotFoundException": "not_found",
    "NotFoundException": "not_found",
    "NoSuchKey": "not_found",
    "NoSuchBucket": "not_found",
    "404": "not_found",
    "ValidationException": "invalid",
    "InvalidRequestException": "invalid",
    "InvalidParameterException": "invalid",
    "InvalidParameterValueException": "invalid",
    "BadRequestException": "invalid",
    "InvalidSsmlException": "invalid",
    "TextLengthExceededException": "invalid",
    "TextSizeLimitExceededException": "invalid",
    "UnsupportedLanguageException": "invalid",
    "ConditionalCheckFailedException": "conflict",
    "PreconditionFailed": "conflict",
    "ConditionalRequestConflict": "conflict",
    "ConflictException": "conflict",
    "412": "conflict",
    "409": "conflict",
}


class Trouble(Exception):
    """What the SDK raised, in one word and in its own words."""

    def __init__(self, kind: Kind, detail: str, code: str = "") -> None:
        super().__init__(detail)
        self.kind: Kind = kind
        self.detail = detail
        self.code = code


class Clients:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._made: dict[tuple[str, float, int], Any] = {}
        self._making = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="aws")

    @property
    def region(self) -> str:
        found = self.variables.get("AWS_REGION") or self.variables.get("AWS_DEFAULT_REGION")
        return found or "us-east-1"

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def call(
        self,
        service: str,
        operation: Callable[[Any], Any],
        *,
        timeout_s: float,
        repeatable: bool = False,
    ) -> Any:
        """What an operation of a client gives, or `Trouble`. What is `repeatable` is tried three
        times in all."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(
            self._threads, self._work, service, operation, timeout_s, 3 if repeatable else 1
        )
        try:
            async with asyncio.timeout(timeout_s):
                return await work
        except TimeoutError:
            raise Trouble("timeout", f"no answer within {timeout_s:g} s") from None

    def _work(
        self, service: str, operation: Callable[[Any], Any], timeout_s: float, attempts: int
    ) -> Any:
        from botocore import exceptions

        try:
            return operation(self.client(service, timeout_s, attempts))
        except (exceptions.ReadTimeoutError, exceptions.ConnectTimeoutError) as error:
            raise Trouble("timeout", str(error)) from error
        except exceptions.ClientError as error:
            told = error.response.get("Error", {})
            code = str(told.get("Code", ""))
            detail = f"{code}: {told.get('Message', '')}"
            raise Trouble(_KINDS.get(code, "failed"), detail, code) from error
        except exceptions.ParamValidationError as error:
            raise Trouble("invalid", str(error)) from error
        except (exceptions.BotoCoreError, exceptions.HTTPClientError, OSError) as error:
            raise Trouble("failed", str(error)) from error

    def client(self, service: str, timeout_s: float, attempts: int) -> Any:
        # The thread has to end at about the time that its caller does.
        read_s = float(math.ceil(timeout_s))
        key = (service, read_s, attempts)
        with self._making:
            if key not in self._made:
                self._made[key] = self._make(service, read_s, attempts)
            return self._made[key]

    def _make(self, service: str, read_s: float, attempts: int) -> Any:
        import boto3
        from botocore.config import Config

        session = boto3.Session(
            aws_access_key_id=self.variables.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=self.variables.get("AWS_SECRET_ACCESS_KEY"),
            aws_session_token=self.variables.get("AWS_SESSION_TOKEN"),
            region_name=self.region,
        )
        config = Config(
            connect_timeout=min(CONNECT_S, read_s),
            read_timeout=read_s,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            max_pool_connections=THREADS_MAX,
        )
        endpoint = self.variables.get("AWS_ENDPOINT_URL") or None
        return session.client(service, config=config, endpoint_url=endpoint)  # type: ignore[call-overload]
