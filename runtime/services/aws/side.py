"""What an environment takes from Amazon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from flowlang.project import Environment
from runtime.host import Performer
from runtime.services.asked import Service
from runtime.services.aws.bots import LexBots
from runtime.services.aws.cases import ConnectCases
from runtime.services.aws.clients import Clients
from runtime.services.aws.functions import ContactOf, Lambdas
from runtime.services.aws.profiles import ConnectProfiles
from runtime.services.aws.sentiment import Comprehend
from runtime.services.aws.speech import Polly
from runtime.services.aws.voice_identity import VoiceId
from runtime.services.environment import UnusableEnvironment
from runtime.services.functions import Callee
from runtime.services.voice_identity import VoiceIdentity

PROFILES_DOMAIN = "FLOWLANG_PROFILES_DOMAIN"
CASES_DOMAIN = "FLOWLANG_CASES_DOMAIN"
CASES_TEMPLATE = "FLOWLANG_CASES_TEMPLATE"


class AmazonSide:
    def __init__(
        self,
        environment: Environment,
        variables: Mapping[str, str],
        *,
        contact_of: ContactOf,
        audio: Path,
    ) -> None:
        """`audio`: the folder for what was spoken."""
        if find_spec("boto3") is None:
            raise UnusableEnvironment("sdk")
        self.environment = environment
        self.variables = variables
        self.contact_of = contact_of
        self.clients = Clients(variables)
        makers: dict[str, Callable[[], Service]] = {
            "cases": lambda: (
                ConnectCases(
                    self.clients,
                    self._variable("cases", CASES_DOMAIN),
                    self._variable("cases", CASES_TEMPLATE),
                ).answer
            ),
            "profiles": lambda: (
                ConnectProfiles(self.clients, self._variable("profiles", PROFILES_DOMAIN)).answer
            ),
            "sentiment": lambda: Comprehend(self.clients).answer,
            "speech": lambda: Polly(self.clients, audio).answer,
            "voice_identity": lambda: VoiceIdentity(VoiceId()).answer,
        }
        wanted: set[str] = {n for n, side in environment.services.items() if side == "aws"}
        for name in sorted(wanted - makers.keys() - {"bots", "files", "functions"}):
            raise UnusableEnvironment("side", service=name)
        self.services: dict[str, Service] = {
            name: make() for name, make in makers.items() if name in wanted
        }

    def callees(self, functions: Iterable[str]) -> dict[str, Callee]:
        """Those of the functions that run at Amazon."""
        if self.environment.side("functions") != "aws":
            return {}
        names = self.environment.names.get("function", {})
        lambdas = Lambdas(self.clients, names, self.contact_of)
        return dict.fromkeys([*functions, *names], lambdas)

    @property
    def ask_bot(self) -> Performer | None:
        if self.environment.side("bots") != "aws":
            return None
        return LexBots(self.clients, self.environment.names.get("bot", {})).perform

    def close(self) -> None:
        self.clients.close()

    def _variable(self, service: str, name: str) -> str:
        found = self.variables.get(name, "")
        if not found:
            raise UnusableEnvironment("variable", service=service, variable=name)
        return found
