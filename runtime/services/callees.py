"""The functions of a project: Python in its folder, and services behind web addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flowlang.project import Project
from runtime.services.endpoints import Endpoints
from runtime.services.environment import UnusableEnvironment
from runtime.services.functions import Callee
from runtime.services.local.functions import LocalFunctions
from runtime.services.web import Allowed, Web, WebhookSigner

SECRETS = ("FLOWLANG_WEBHOOK_SECRET", "FLOWLANG_WEBHOOK_SECRET_PREVIOUS")
"""What requests are signed with: now, and until everybody knows the new one."""


class ProjectFunctions:
    """Those of this side. Close them."""

    def __init__(
        self,
        project: Project,
        folder: Path,
        variables: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self.signer = _signer(variables)
        self.web = Web(Allowed(hosts=project.http.hosts, networks=project.http.private_networks))
        self.local = LocalFunctions(
            folder, {name: item.python for name, item in project.functions.items() if item.python}
        )
        urls = {name: item.url for name, item in project.functions.items() if item.url}
        self.endpoints = Endpoints(self.web, urls, self.signer, clock=clock)

    @property
    def by_name(self) -> dict[str, Callee]:
        return {
            **dict.fromkeys(self.local.targets, self.local),
            **dict.fromkeys(self.endpoints.urls, self.endpoints),
        }

    async def start(self) -> None:
        await self.local.start()

    async def close(self) -> None:
        await self.local.close()
        await self.web.close()


def _signer(variables: Mapping[str, str]) -> WebhookSigner:
    for name in SECRETS:
        try:
            WebhookSigner.of(variables.get(name, ""))
        except ValueError as error:
            raise UnusableEnvironment("secret", variable=name) from error
    return WebhookSigner.of(*(variables.get(name, "") for name in SECRETS))
