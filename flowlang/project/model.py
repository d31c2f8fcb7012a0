"""What `flowlang.toml` can say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from posixpath import normpath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from flowlang.channels import CHANNELS
from flowlang.project.hours import Hours, Zone, is_list_of, is_zone
from flowlang.project.people import Permission

FUNCTION_TIMEOUT_S_MAX = 8.0
_FUNCTION = re.compile(r"(?P<file>[^:\\]+\.py):(?P<name>\w+)")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?")
_HOST = re.compile(r"((\*\.(?=[\w-]+\.))?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\])(:\d{1,5})?", re.ASCII)
SlotType = Literal[
    "text", "integer", "number", "boolean", "duration", "date", "time", "phone", "email"
]
ColumnType = SlotType


def _texts(value: Any) -> Any:
    """A text for every language may stand alone."""
    return {"": value} if isinstance(value, str) else value


def _phrases(value: Any) -> Any:
    return {"": value} if isinstance(value, list) else value


def _synonyms(value: Any) -> Any:
    """A list of values is a table of values without other words for them."""
    return dict.fromkeys(value, ()) if is_list_of(str, value) else value


def _channel(value: Any) -> Any:
    if not (isinstance(value, str) and value in CHANNELS):
        raise PydanticCustomError("channel", "not a channel")
    return value


def _phone(value: Any) -> Any:
    if not (isinstance(value, str) and re.fullmatch(r"\+[1-9]\d{6,14}", value)):
        raise PydanticCustomError("phone", "not a phone number")
    return value


def _target(value: Any) -> Any:
    if not (isinstance(value, str) and (not value or _FUNCTION.fullmatch(value))):
        raise PydanticCustomError("function", "not a file and a function")
    return value


def _url(value: Any) -> Any:
    if not (isinstance(value, str) and (not value or re.match(r"https?://[^/\s]", value))):
        raise PydanticCustomError("url", "not a web address")
    return value


def _bucket(value: Any) -> Any:
    if not (isinstance(value, str) and (not value or _BUCKET.fullmatch(value))):
        raise PydanticCustomError("bucket", "not a bucket")
    return value


def _host(value: Any) -> Any:
    if not (isinstance(value, str) and _HOST.fullmatch(value)):
        raise PydanticCustomError("host", "not a host")
    return value


def _network(value: Any) -> Any:
    try:
        return str(ip_network(value))
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("network", "not a network") from error


def _language(value: Any) -> Any:
    if not (isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", value)):
        raise PydanticCustomError("language", "not a language")
    return value


def _word(value: Any) -> Any:
    if not (isinstance(value, str) and value.isidentifier()):
        raise PydanticCustomError("resource_word", "not a word")
    return value


PerLanguage = Annotated[dict[str, str], BeforeValidator(_texts)]
Phone = Annotated[str, BeforeValidator(_phone)]
ChannelName = Annotated[str, BeforeValidator(_channel)]
Language = Annotated[str, BeforeValidator(_language)]
Word = Annotated[str, BeforeValidator(_word)]
Service = Literal[
    "bots",
    "cases",
    "files",
    "functions",
    "hours",
    "metrics",
    "profiles",
    "sentiment",
    "speech",
    "tables",
    "tasks",
    "voice_identity",
]
Side = Literal["local", "aws"]
"""Who does the work: this machine, or Amazon."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Part):
    """Where customers come in, and which flow receives them."""

    flow: str = Field(min_length=1)
    """The file of the flow, with or without `.flow`."""
    channels: tuple[ChannelName, ...] = Field(min_length=1)
    number: Phone | None = None
    """What customers dial or write to."""
    accounts: dict[ChannelName, str] = {}
    """Who we are on messengers without numbers: the name of a bot, the id of a page."""
    templates: dict[ChannelName, str] = {}
    """The approved message by which we may begin, where a channel asks for one. It has one place
    for a text."""
    title: PerLanguage = {}
    language: Language | None = None

    @property
    def flow_file(self) -> str:
        return normpath(self.flow if self.flow.endswith(".flow") else f"{self.flow}.flow")


class Queue(Part):
    title: PerLanguage = {}
    hours: str = ""
    capacity: int = Field(100, ge=0, le=100_000)
    """How many may wait."""
    ring_s: float = Field(20, gt=0, le=600)
    """How long a contact rings at one agent."""
    outbound_number: Phone | None = None
    """What customers see when agents of this queue call them."""
    outbound_entry: str = ""
    """Whose flow a customer hears first whom an agent of this queue calls."""
    wrap_up_s: float = Field(0, ge=0, le=3_600)
    """How long an agent has after a conversation to say how it went."""
    answer_within_s: float = Field(20, gt=0, le=86_400)
    """Who gets an agent within this time counts as served well."""
    service_level: float = Field(0.8, ge=0, le=1)
    """Which share of them ought to be."""
    group: str = ""
    """Whose contacts wait here."""


class Slot(Part):
    """Something that a bot asks for before it knows what is wanted."""

    type: SlotType = "text"
    values: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_synonyms)] = {}
    """The values it can have, with other words for each."""
    prompt: PerLanguage = {}
    again: PerLanguage = {}
    """What is asked when the answer was none; else the same once more."""
    required: bool = True


class Intent(Part):
    """Something that customers want, and how they say it."""

    utterances: Annotated[
        dict[str, tuple[str, ...]], BeforeValidator(_phrases), Field(min_length=1)
    ]
    """By language. A slot stands in braces: `잔액 알려줘`, `balance of my {account} account`."""
    slots: dict[str, Slot] = {}
    confirm: PerLanguage = {}
    """What is asked before it is done: `{amount} to {to}. Is that right?`"""
    declined: PerLanguage = {}
    """What is said when it is not right."""
    reply: PerLanguage = {}
    """What the bot says when it has understood."""


class Bot(Part):
    intents: dict[str, Intent] = Field(min_length=1)
    fallback: PerLanguage = {}
    """What it says when it did not understand."""
    confidence: float | None = Field(None, ge=0, le=1)
    """What it takes to count as understood; None: what the service thinks right."""


class Function(Part):
    python: Annotated[str, BeforeValidator(_target)] = ""
    """`functions/crm.py:lookup`: a function in a file of the project."""
    url: Annotated[str, BeforeValidator(_url)] = ""
    """A service that is posted the arguments as JSON and answers in JSON."""
    timeout_s: float = Field(3, gt=0, le=FUNCTION_TIMEOUT_S_MAX)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Function:
        if bool(self.python) == bool(self.url):
            raise PydanticCustomError("one_of", "python or url")
        return self

    @property
    def file(self) -> str:
        return self.python.partition(":")[0]


class Prompt(Part):
    """Words that flows share by name: `prompt welcome = "Welcome"`."""

    text: PerLanguage = Field(min_length=1)
    audio: PerLanguage = {}
    """Recordings, by language: files of the project. Without one a voice reads the text."""


class Table(Part):
    """Data that flows look up and write."""

    columns: dict[str, ColumnType] = Field(min_length=1)
    key: tuple[str, ...] = Field(min_length=1)
    """The columns that tell one row from another."""
    rows: tuple[dict[str, Any], ...] = ()
    """What it holds in the beginning; or in `file`."""
    file: str = ""
    """A CSV file of the project. Its first line names the columns."""

    @model_validator(mode="after")
    def _is_one_place(self) -> Table:
        if self.rows and self.file:
            raise PydanticCustomError("rows_or_file", "rows or file")
        return self


class Environment(Part):
    """Where a project runs: on whose services, and what its resources are called there."""

    services: dict[Service, Side] = {}
    names: dict[Word, dict[str, str]] = {}
    """By the word of the resource and its name in flows: its ARN, id or alias there."""

    def side(self, service: Service) -> Side:
        return self.services.get(service, "local")


class Served(Part):
    """A queue in a profile."""

    priority: int = Field(1, ge=1, le=99)
    """Who waits in a queue of a lower number is served first."""
    delay_s: float = Field(0, ge=0, le=86_400)
    """How long others of the queue have before agents of this profile are asked."""


class Concurrency(Part):
    """How many conversations at a time. During a call nothing else rings."""

    voice: int = Field(1, ge=0, le=1)
    chat: int = Field(3, ge=0, le=20)
    """Whatever is written."""
    task: int = Field(1, ge=0, le=20)


class Profile(Part):
    """What the agents who have it serve."""

    queues: dict[str, Served] = {}
    concurrency: Concurrency = Concurrency()


class State(Part):
    """A reason why an agent is not available: lunch, a meeting."""

    title: PerLanguage = {}


class Disposition(Part):
    """How a conversation can have gone, for the agent to choose from."""

    title: PerLanguage = {}


class Reply(Part):
    """What agents often write: they choose it, and may change it before they send it."""

    title: PerLanguage = {}
    text: PerLanguage = Field(min_length=1)


class Agent(Part):
    name: str = Field(min_length=1)
    profile: str = ""
    """What they serve and how much of it, in place of `queues` and `chats_max`."""
    queues: tuple[str, ...] = ()
    chats_max: int = Field(3, ge=0, le=20)
    """How many written conversations at a time; a call is always alone."""
    skills: dict[str, dict[str, Annotated[float, Field(ge=1, le=5)]]] = {}
    """What they know, and how well: `skills.language.Korean = 5`."""
    phone: Phone | None = None
    """Where calls reach them."""
    group: str = ""

    @model_validator(mode="after")
    def _has_one_way(self) -> Agent:
        if self.profile and self.queues:
            raise PydanticCustomError("profile_or_queues", "profile or queues")
        return self


class Group(Part):
    """A branch of the company. What somebody may do holds in their group and those below."""

    title: PerLanguage = {}
    above: str = ""


class Role(Part):
    may: tuple[Permission, ...] = Field(min_length=1)


class Person(Part):
    """Somebody who signs in and is no agent, or an agent who may do more."""

    name: str = Field(min_length=1)
    roles: tuple[str, ...] = Field(min_length=1)
    group: str = ""


class Customers(Part):
    """How contacts of one customer are told. The same number always is the same customer."""

    attributes: tuple[str, ...] = ()
    """Attributes of flows that name a customer, such as the id of a profile."""


class Retention(Part):
    days: int = Field(365, ge=1, le=3_650)
    """How long what customers said and did is kept after the end of their contact."""


class Records(Part):
    """Where the record of every contact that ends goes, besides the store."""

    file: str = ""
    """A file of the project that gets a line of JSON for each."""
    s3: Annotated[str, BeforeValidator(_bucket)] = ""
    """A bucket, and what the names in it begin with: `acorn-records/live`."""


class Http(Part):
    """Where requests over the web may go: to nobody else."""

    hosts: tuple[Annotated[str, BeforeValidator(_host)], ...] = ()
    """`api.example.com`, `*.example.com`, `crm.example.com:8443`."""
    private_networks: tuple[Annotated[str, BeforeValidator(_network)], ...] = ()
    """Addresses that are not public and may be reached nevertheless: `10.1.0.0/16`."""


class Project(Part):
    name: str = Field(min_length=1)
    languages: tuple[Language, ...] = Field(("en-US",), min_length=1)
    timezone: Zone = "UTC"
    """Where its days begin and end."""
    default_entry: str = ""
    outbound_numbers: tuple[Phone, ...] = ()
    """What customers may see when they are called, besides the numbers of entries."""
    entries: dict[str, Entry] = {}
    queues: dict[str, Queue] = {}
    hours: dict[str, Hours] = {}
    bots: dict[str, Bot] = {}
    functions: dict[str, Function] = {}
    http: Http = Http()
    prompts: dict[str, Prompt] = {}
    tables: dict[str, Table] = {}
    agents: dict[str, Agent] = {}
    profiles: dict[str, Profile] = {}
    states: dict[str, State] = {}
    """Reasons to be away, besides being away."""
    dispositions: dict[str, Disposition] = {}
    replies: dict[str, Reply] = {}
    people: dict[str, Person] = {}
    roles: dict[str, Role] = {}
    groups: dict[str, Group] = {}
    customers: Customers = Customers()
    environments: dict[str, Environment] = {}
    retention: Retention = Retention()
    records: Records = Records()

    @model_validator(mode="before")
    @classmethod
    def _lend_time_zone(cls, data: Any) -> Any:
        """Opening hours are in the project's time zone unless they say otherwise."""
        if not isinstance(data, dict) or not isinstance(data.get("hours"), dict):
            return data
        zone = {"timezone": data["timezone"]} if is_zone(data.get("timezone")) else {}
        tables = {
            name: {**zone, **table} if isinstance(table, dict) else table
            for name, table in data["hours"].items()
        }
        return {**data, "hours": tables}

    def queues_of(self, agent: str) -> dict[str, Served]:
        """What an agent serves, and how."""
        found = self.agents.get(agent)
        if found is None:
            return {}
        if found.profile in self.profiles:
            return self.profiles[found.profile].queues
        return {name: Served() for name in found.queues}

    def concurrency_of(self, agent: str) -> Concurrency:
        found = self.agents.get(agent)
        if found is not None and found.profile in self.profiles:
            return self.profiles[found.profile].concurrency
        chats_max = found.chats_max if found else 0
        return Concurrency(chat=chats_max, task=chats_max)

    def group_of(self, queue: str, agent: str = "") -> str:
        """Whose a contact is: its queue's, which may be an agent's own, else its agent's."""
        if queue in self.queues:
            return self.queues[queue].group
        name = queue.removeprefix("@") if queue.startswith("@") else agent
        return self.agents[name].group if name in self.agents else ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """What customers may see when they are called."""
        ours = (entry.number for entry in self.entries.values() if entry.number)
        return tuple(dict.fromkeys((*ours, *self.outbound_numbers)))

    def prompt(self, name: str, language: str) -> str | None:
        """The words of a prompt in a language."""
        found = self.prompts.get(name)
        return said(found.text, language) if found else None

    def entry(self, name: str = "") -> Entry | None:
        """An entry by name; without one, the default."""
        wanted = name or self.default_entry or next(iter(self.entries), "")
        return self.entries.get(wanted)

    def bot(self, name: str) -> Bot | None:
        """A bot by name. That may end in a version which only other bots know: `FaqBot/live`."""
        return self.bots.get(name) or self.bots.get(name.partition("/")[0])

    def entry_at(self, channel: str, number: str) -> tuple[str, Entry] | None:
        """The entry that customers reach on a channel under a number."""
        for name, entry in self.entries.items():
            if channel in entry.channels and entry.number == number:
                return name, entry
        return None


def said(texts: Mapping[str, str], language: str) -> str:
    """The text for a language: for exactly that, for its family, for all, or any."""
    family = language.partition("-")[0]
    for key in (language, family, ""):
        if key in texts:
            return texts[key]
    relatives = (text for key, text in texts.items() if key.partition("-")[0] == family)
    return next(relatives, next(iter(texts.values()), ""))
