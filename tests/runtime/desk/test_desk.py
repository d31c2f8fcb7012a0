"""Queues and agents, with every order in which their messages can arrive."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.desk.agent import Agent, AgentEntity, AgentSettings, Rank
from runtime.desk.queue import Queue, QueueEntity, QueueSettings, waiting
from runtime.host import Entity

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class Customers:
    """Contacts as the desk sees them: they wait, know an agent, or are gone."""

    def __init__(self) -> None:
        self.status: dict[str, str] = {}
        self.agent: dict[str, str] = {}
        self.heard: dict[str, list[str]] = {}
        self.answers: dict[str, list[str]] = {}
        self.handed: dict[str, list[str]] = {}
        """The places that were asked for while an agent still has them."""

    def talks_with(self, name: str, agent: str) -> bool:
        return self.status[name] == "talks" and self.agent[name] == agent


class Desk:
    """Entities and the lanes between them. Each lane keeps its order; nothing else does."""

    def __init__(
        self, capacity: int = 10, chats_max: int = 2, agents: str = "ab", **more: Any
    ) -> None:
        of_one = {f"@{name}": QueueSettings() for name in agents}
        self.entities: dict[str, Entity] = {
            "queue": QueueEntity({"Q": QueueSettings(capacity=capacity),
                                  "R": QueueSettings(capacity=capacity), **of_one}),
            "agent": AgentEntity({
                name: AgentSettings(name=name.upper(), queues=("Q", "R", f"@{name}"),
                                    chats_max=chats_max, **more)
                for name in agents
            }),
        }  # fmt: skip
        self.states: dict[str, bytes] = {}
        self.timers: dict[str, dict[str, tuple[int, datetime]]] = {}
        self.lanes: dict[tuple[str, str], deque[tuple[str, dict[str, Any]]]] = {}
        self.customers = Customers()
        self.now = START
        self.ids = itertools.count()

    # --- delivery -----------------------------------------------------------------------------

    def post(self, entity: str, **event: Any) -> None:
        kind, _, name = entity.partition("/")
        if kind == "contact":
            self.tell_customer(name, event)
            return
        event = {"id": f"event {next(self.ids)}", "at": self.now.isoformat(), **event}
        decision = self.entities[kind].decide(name, self.states.get(entity), event)
        assert decision is not None
        self.states[entity] = decision.state
        self.timers[entity] = dict(decision.timers)
        for key, to, body in decision.outbox:
            self.lanes.setdefault((entity, to), deque()).append((key, dict(body)))

    def send(self, sender: str, to: str, **body: Any) -> None:
        key = f"mail {next(self.ids)}"
        self.lanes.setdefault((sender, to), deque()).append((key, body))

    def deliver(self, choose: Callable[[list[Any]], Any] = lambda lanes: lanes[0]) -> bool:
        lanes = [lane for lane, mail in self.lanes.items() if mail]
        if not lanes:
            return False
        lane = choose(sorted(lanes))
        key, body = self.lanes[lane].popleft()
        self.post(lane[1], **{**body, "id": key, "sender": lane[0]})
        return True

    def settle(self) -> None:
        while self.deliver():
            pass

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        for entity, timers in list(self.timers.items()):
            for timer, (wait, due) in list(timers.items()):
                if due <= self.now and self.timers[entity].get(timer) == (wait, due):
                    self.post(entity, event="TimerFired", timer=timer, wait=wait)

    # --- people -------------------------------------------------------------------------------

    def tell_customer(self, name: str, event: dict[str, Any]) -> None:
        customers = self.customers
        customers.answers.setdefault(name, []).append(event["event"])
        match event["event"]:
            case "AgentJoined" if customers.status[name] == "waits":
                self.talk_with(name, event["agent"])
            case "AgentJoined" if event["queue"] in customers.handed.get(name, ()):
                self.tell_agent(name, "handed")
                self.talk_with(name, event["agent"])
            case "AgentTransferred" if customers.talks_with(name, event["agent"]):
                queue = f"@{event['target']}"
                if not customers.handed.get(name):
                    customers.handed[name] = [queue]
                    self.send(f"contact/{name}", f"queue/{queue}", event="Join", contact=name,
                              priority=5, since=self.now.isoformat(), channel="chat", name=name,
                              asked_by=event["agent"])  # fmt: skip
            case "QueueRefused" | "HandoverRefused" if customers.handed.get(name):
                customers.handed[name] = []
                self.tell_agent(name, "refused", event["reason"])
            case "AgentSaid" if customers.status[name] == "talks":
                customers.heard.setdefault(name, []).append(event["text"])
            case "AgentLeft" if customers.talks_with(name, event["agent"]):
                customers.status[name] = "gone"
                self.give_back_places(name)
            case "QueueRefused":
                customers.status[name] = "refused"

    def talk_with(self, name: str, agent: str) -> None:
        self.customers.status[name], self.customers.agent[name] = "talks", agent
        self.customers.handed[name] = []
        self.tell_agent(name, "joined")

    def tell_agent(self, name: str, what: str, text: str = "") -> None:
        self.send(f"contact/{name}", f"agent/{self.customers.agent[name]}", event="ContactNews",
                  contact=name, what=what, text=text)  # fmt: skip

    def give_back_places(self, name: str) -> None:
        for queue in self.customers.handed.pop(name, ()):
            self.send(f"contact/{name}", f"queue/{queue}", event="Leave", contact=name)

    def join(self, contact: str, queue: str = "Q", priority: int = 5) -> None:
        self.customers.status[contact] = "waits"
        self.send(f"contact/{contact}", f"queue/{queue}", event="Join", contact=contact,
                  priority=priority, since=self.now.isoformat(), channel="chat",
                  name=contact)  # fmt: skip

    def leave(self, contact: str, queue: str = "Q") -> None:
        match self.customers.status[contact]:
            case "waits":
                self.send(f"contact/{contact}", f"queue/{queue}", event="Leave", contact=contact)
            case "talks":
                self.tell_agent(contact, "left")
                self.give_back_places(contact)
        self.customers.status[contact] = "gone"

    def agent(self, name: str) -> Agent:
        state = self.states.get(f"agent/{name}")
        return Agent.from_bytes(state) if state else Agent()

    def queue(self, name: str = "Q") -> Queue:
        state = self.states.get(f"queue/{name}")
        return Queue.from_bytes(state) if state else Queue()

    def ready(self, agent: str) -> None:
        self.post(f"agent/{agent}", event="SetState", state="available")
        self.settle()

    def accept(self, agent: str) -> None:
        ringing = self.agent(agent).ringing
        assert ringing is not None
        self.post(f"agent/{agent}", event="Accept", offer=ringing.offer)


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- one thing at a time ------------------------------------------------------------------------


def test_who_waits_is_offered_and_joined(desk: Desk) -> None:
    desk.join("c1")
    desk.settle()
    assert desk.customers.answers["c1"] == ["Queued"]
    desk.ready("a")
    assert desk.agent("a").ringing is not None
    desk.accept("a")
    desk.settle()
    assert desk.customers.agent == {"c1": "a"}
    assert desk.agent("a").chats["c1"].state == "open"
    assert desk.queue().places == {}


def test_priority_then_waiting_time_decides(desk: Desk) -> None:
    desk.join("late")
    desk.settle()
    desk.now += timedelta(seconds=5)
    desk.join("later")
    desk.settle()
    desk.join("urgent", priority=1)
    desk.settle()
    state = desk.states["queue/Q"]
    assert [place["contact"] for place in waiting(state)] == ["urgent", "late", "later"]


def test_a_place_that_was_waited_for_elsewhere_counts(desk: Desk) -> None:
    desk.join("first")
    desk.settle()
    desk.send("contact/came", "queue/Q", event="Join", contact="came", priority=5,
              since=(START - timedelta(minutes=5)).isoformat())  # fmt: skip
    desk.customers.status["came"] = "waits"
    desk.settle()
    assert [place["contact"] for place in waiting(desk.states["queue/Q"])] == ["came", "first"]


def test_a_full_queue_refuses() -> None:
    desk = Desk(capacity=1)
    desk.join("c1")
    desk.settle()
    desk.join("c2")
    desk.settle()
    assert desk.customers.status == {"c1": "waits", "c2": "refused"}


def test_an_unknown_queue_refuses(desk: Desk) -> None:
    desk.join("c1", queue="Nowhere")
    desk.settle()
    assert desk.customers.status["c1"] == "refused"


def test_who_has_waited_longest_for_a_conversation_gets_the_next(desk: Desk) -> None:
    desk.ready("b")
    desk.now += timedelta(seconds=1)
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    assert desk.agent("b").ringing is not None
    assert desk.agent("a").ringing is None


def test_who_has_fewer_conversations_gets_the_next(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    desk.now += timedelta(seconds=9)
    desk.ready("b")
    desk.join("c2")
    desk.settle()
    assert desk.agent("b").ringing is not None


def test_a_missed_offer_goes_to_the_next_agent(desk: Desk) -> None:
    desk.ready("a")
    desk.now += timedelta(seconds=1)
    desk.ready("b")
    desk.join("c1")
    desk.settle()
    desk.pass_time(19)
    assert desk.agent("a").ringing is not None
    desk.pass_time(1)
    desk.settle()
    assert desk.agent("a").presence == "missed"
    assert desk.agent("a").ringing is None
    assert desk.agent("b").ringing is not None


def test_whoever_missed_an_offer_gets_it_again_when_they_are_back(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.pass_time(20)
    desk.settle()
    desk.pass_time(100)
    desk.settle()
    assert desk.agent("a").ringing is None
    desk.ready("a")
    assert desk.agent("a").ringing is not None


def test_a_declined_contact_is_not_offered_again_at_once(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.join("c2")
    desk.settle()
    first = desk.agent("a").ringing
    assert first is not None
    desk.post("agent/a", event="Decline", offer=first.offer)
    desk.settle()
    second = desk.agent("a").ringing
    assert second is not None
    assert second.contact != first.contact
    desk.post("agent/a", event="Decline", offer=second.offer)
    desk.settle()
    assert desk.agent("a").ringing is None
    desk.pass_time(61)
    desk.settle()
    again = desk.agent("a").ringing
    assert again is not None
    assert again.contact == first.contact


def test_leaving_the_queue_stops_the_ringing(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.leave("c1")
    desk.settle()
    agent = desk.agent("a")
    assert agent.ringing is None
    assert agent.notice == "left"
    desk.join("c2")
    desk.settle()
    assert desk.agent("a").ringing is not None


def test_an_acceptance_that_crosses_the_time_out_leaves_the_place_as_it_was(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    since = desk.queue().places["c1"].since
    desk.accept("a")
    desk.pass_time(20)
    desk.settle()
    assert desk.agent("a").chats == {}
    # The agent is free again, and so the contact rings once more, from the same place.
    assert desk.agent("a").ringing is not None
    assert desk.queue().places["c1"].since == since


def test_what_is_written_before_the_contact_knows_is_not_lost(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.post("agent/a", event="Say", contact="c1", text="hello")
    desk.post("agent/a", event="Say", contact="c1", text="there")
    desk.settle()
    assert desk.customers.heard["c1"] == ["hello", "there"]


def test_a_conversation_that_is_closed_before_the_contact_knows_ends(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.post("agent/a", event="Close", contact="c1")
    while desk.deliver(lambda lanes: max(lanes, key=lambda lane: lane[0] == "agent/a")):
        pass
    assert desk.customers.status["c1"] == "gone"
    assert desk.queue().taken == {}


def test_the_customer_who_leaves_while_the_agent_accepts_is_shown_as_gone(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.leave("c1")
    while desk.deliver(lambda lanes: max(lanes, key=lambda lane: lane[0] == "agent/a")):
        pass
    assert desk.agent("a").chats["c1"].state == "left"


def test_news_are_counted_until_they_are_read(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    for text in ("one", "two"):
        desk.send("contact/c1", "agent/a", event="ContactNews", contact="c1", what="said",
                  text=text)  # fmt: skip
    desk.settle()
    assert (desk.agent("a").chats["c1"].unread, desk.agent("a").chats["c1"].last) == (2, "two")
    desk.post("agent/a", event="Read", contact="c1")
    assert desk.agent("a").chats["c1"].unread == 0


def test_an_agent_sees_what_a_flow_whispers(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    for text in ("A gold customer.", "Be nice."):
        desk.send("contact/c1", "agent/a", event="ContactNews", contact="c1", what="whispered",
                  text=text)  # fmt: skip
    desk.settle()
    assert desk.agent("a").chats["c1"].whispers == ["A gold customer.", "Be nice."]


def test_an_agent_with_all_hands_full_is_not_asked(desk: Desk) -> None:
    desk.ready("a")
    for number in range(3):
        desk.join(f"c{number}")
    desk.settle()
    desk.accept("a")
    desk.settle()
    desk.accept("a")
    desk.settle()
    assert desk.agent("a").ringing is None
    desk.post("agent/a", event="Close", contact="c0")
    desk.settle()
    assert desk.agent("a").ringing is not None


def test_a_free_agent_is_asked_for_one_contact_at_a_time(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.join("c2")
    while desk.deliver(lambda lanes: max(lanes, key=lambda lane: lane[1] == "queue/Q")):
        offers = sum(bool(place.offer) for place in desk.queue().places.values())
        assert offers <= 1


def test_going_away_gives_the_offer_back(desk: Desk) -> None:
    desk.ready("a")
    desk.now += timedelta(seconds=1)
    desk.ready("b")
    desk.join("c1")
    desk.settle()
    desk.post("agent/a", event="SetState", state="away")
    desk.settle()
    assert desk.agent("b").ringing is not None


def test_who_leaves_the_project_is_asked_by_no_queue(desk: Desk) -> None:
    desk.ready("a")
    desk.entities["agent"] = AgentEntity({})
    desk.post("agent/a", event="Refresh")
    desk.settle()
    assert desk.queue().agents == {}


# --- what an agent serves -----------------------------------------------------------------------


def ranked(**queues: Rank) -> AgentEntity:
    settings = AgentSettings(name="A", queues=tuple(queues), chats_max=2, ranks=queues)
    return AgentEntity({"a": settings})


def test_of_two_queues_the_one_that_comes_first_is_served_first(desk: Desk) -> None:
    desk.entities["agent"] = ranked(Q=Rank(priority=2), R=Rank(priority=1))
    desk.join("earlier", queue="Q")
    desk.settle()
    desk.now += timedelta(seconds=60)
    desk.join("later", queue="R")
    desk.settle()
    desk.ready("a")
    ringing = desk.agent("a").ringing
    assert ringing is not None
    assert ringing.contact == "later"
    desk.accept("a")
    desk.settle()
    following = desk.agent("a").ringing
    assert following is not None
    assert following.contact == "earlier"


def test_who_comes_to_an_idle_agent_is_served_whatever_the_queue(desk: Desk) -> None:
    desk.entities["agent"] = ranked(Q=Rank(priority=9), R=Rank(priority=1))
    desk.ready("a")
    desk.join("c1", queue="Q")
    desk.settle()
    assert desk.agent("a").ringing is not None


def test_a_delay_leaves_a_contact_to_others_first(desk: Desk) -> None:
    desk.entities["agent"] = ranked(Q=Rank(delay_s=30))
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.pass_time(29)
    desk.settle()
    assert desk.agent("a").ringing is None
    desk.pass_time(1)
    desk.settle()
    assert desk.agent("a").ringing is not None


def call(desk: Desk, contact: str) -> None:
    desk.customers.status[contact] = "waits"
    desk.send(f"contact/{contact}", "queue/Q", event="Join", contact=contact, priority=5,
              since=desk.now.isoformat(), channel="voice")  # fmt: skip
    desk.settle()


def test_during_a_call_nothing_rings_and_beside_chats_a_call_may(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    call(desk, "phone")
    desk.accept("a")
    desk.settle()
    assert [chat.channel for chat in desk.agent("a").chats.values()] == ["chat", "voice"]
    desk.join("c2")
    desk.settle()
    assert desk.agent("a").ringing is None
    desk.post("agent/a", event="Close", contact="phone")
    desk.settle()
    assert desk.agent("a").ringing is not None


def test_who_takes_no_calls_is_asked_for_none() -> None:
    desk = Desk(calls_max=0)
    desk.ready("a")
    call(desk, "phone")
    assert desk.agent("a").ringing is None


# --- after a conversation -----------------------------------------------------------------------


@pytest.fixture
def after() -> Desk:
    """An agent with room for one, who just closed a conversation."""
    desk = Desk(chats_max=1, agents="a", wrap_up_s={"Q": 60})
    desk.ready("a")
    for contact in ("c1", "c2"):
        desk.join(contact)
        desk.settle()
        desk.now += timedelta(seconds=10)
    desk.accept("a")
    desk.settle()
    desk.post("agent/a", event="Close", contact="c1")
    desk.settle()
    return desk


def test_what_comes_after_a_conversation_keeps_its_room(after: Desk) -> None:
    assert after.customers.status["c1"] == "gone"
    assert after.agent("a").chats["c1"].state == "wrap_up"
    assert after.agent("a").ringing is None


def test_an_agent_says_how_it_went_and_gets_the_next(after: Desk) -> None:
    after.post("agent/a", event="Finish", contact="c1", disposition="solved", notes="Fine.")
    after.settle()
    assert after.customers.answers["c1"][-1] == "WrappedUp"
    ringing = after.agent("a").ringing
    assert ringing is not None
    assert ringing.contact == "c2"
    assert after.agent("a").today.contacts == 1


def test_the_time_after_a_conversation_ends_by_itself(after: Desk) -> None:
    after.pass_time(59)
    assert after.agent("a").ringing is None
    after.post("agent/a", event="More", contact="c1")
    after.pass_time(1)
    after.settle()
    assert after.agent("a").chats["c1"].state == "wrap_up"
    after.pass_time(60)
    after.settle()
    assert after.agent("a").ringing is not None
    assert after.queue().handled_s == [pytest.approx(120)]


def test_it_is_kept_how_long_somebody_was_what(desk: Desk) -> None:
    desk.ready("a")
    desk.now += timedelta(minutes=30)
    desk.post("agent/a", event="SetState", state="lunch")
    desk.now += timedelta(minutes=45)
    desk.ready("a")
    assert desk.agent("a").today.spent_s == {"available": 1800, "lunch": 2700}
    desk.now += timedelta(days=1)
    desk.post("agent/a", event="SetState", state="away")
    assert desk.agent("a").today.contacts == 0


def test_a_queue_counts_who_was_served_in_time(desk: Desk) -> None:
    desk.join("slow")
    desk.settle()
    desk.now += timedelta(seconds=30)
    desk.join("gone")
    desk.settle()
    desk.ready("a")
    desk.accept("a")
    desk.settle()
    desk.leave("gone")
    desk.settle()
    desk.join("quick")
    desk.settle()
    desk.accept("a")
    desk.settle()
    today = desk.queue().today
    assert (today.came, today.answered, today.in_time, today.left) == (3, 2, 1, 1)
    assert today.service_level == pytest.approx(1 / 3)


# --- from one agent to another ------------------------------------------------------------------


@pytest.fixture
def handing(desk: Desk) -> Desk:
    """Ann has a customer and asks Bob, who is free, to take them."""
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    desk.ready("b")
    hand(desk, "a", "b", "c1")
    return desk


def hand(desk: Desk, agent: str, to: str, contact: str) -> None:
    desk.post(f"agent/{agent}", event="Transfer", contact=contact, to="agent", target=to, note="")
    desk.settle()


def test_a_customer_is_handed_to_whoever_takes_them(handing: Desk) -> None:
    assert handing.agent("a").chats["c1"].handing == "b"
    handing.accept("b")
    handing.settle()
    assert handing.customers.agent["c1"] == "b"
    assert handing.agent("a").chats == {}
    assert handing.agent("b").chats["c1"].state == "open"


@pytest.mark.parametrize("how", ["declined", "missed", "gone"])
def test_who_is_not_taken_stays(handing: Desk, how: str) -> None:
    match how:
        case "declined":
            ringing = handing.agent("b").ringing
            assert ringing is not None
            handing.post("agent/b", event="Decline", offer=ringing.offer)
        case "missed":
            handing.pass_time(20)
        case "gone":
            handing.post("agent/b", event="SetState", state="away")
    handing.settle()
    chat = handing.agent("a").chats["c1"]
    assert (chat.state, chat.handing, chat.refused) == ("open", "", how)
    assert handing.queue("@b").places == {}


def test_nobody_is_handed_to_somebody_who_is_away(desk: Desk) -> None:
    desk.ready("a")
    desk.join("c1")
    desk.settle()
    desk.accept("a")
    desk.settle()
    hand(desk, "a", "b", "c1")
    assert desk.agent("a").chats["c1"].refused == "busy"


# --- calls that an agent places -----------------------------------------------------------------


def dial(desk: Desk) -> str:
    """The contact that a call is to become."""
    desk.entities["telephony"] = Telephony()
    desk.ready("a")
    desk.post("agent/a", event="Dial", number="+82100000000", queue="Q")
    (contact,) = desk.agent("a").chats
    return contact


class Telephony:
    def decide(self, *_: object) -> None:
        raise AssertionError("the test tells how the call goes")


def test_whom_an_agent_reaches_is_theirs(desk: Desk) -> None:
    contact = dial(desk)
    desk.lanes.clear()
    desk.customers.status[contact] = "waits"
    desk.send(f"contact/{contact}", "queue/Q", event="Join", contact=contact, priority=5,
              since=desk.now.isoformat(), channel="voice", dialled_by="a",
              agent_name="A")  # fmt: skip
    desk.settle()
    assert desk.agent("a").chats[contact].state == "open"
    assert desk.agent("a").dialled[0].result == "reached"
    assert desk.queue().taken == {contact: "a"}


def test_whom_an_agent_does_not_reach_can_be_called_again(desk: Desk) -> None:
    contact = dial(desk)
    desk.lanes.clear()
    desk.post("agent/a", event="NotReached", contact=contact, reason="busy")
    assert desk.agent("a").chats == {}
    assert [(call.number, call.result) for call in desk.agent("a").dialled] == [
        ("+82100000000", "busy")
    ]


# --- everything at once -------------------------------------------------------------------------

ACTIONS = (
    "join", "leave", "ready", "away", "accept", "decline", "say", "close", "time", "hand",
)  # fmt: skip


def perform(desk: Desk, action: str, who: int) -> None:
    agent = "ab"[who % 2]
    ringing, chats = desk.agent(agent).ringing, sorted(desk.agent(agent).chats)
    waits = sorted(c for c, status in desk.customers.status.items() if status != "gone")
    match action:
        case "join":
            name = f"c{len(desk.customers.status)}"
            desk.join(name, queue="QR"[who % 2], priority=who % 3)
            desk.now += timedelta(seconds=1)
        case "leave" if waits:
            contact = waits[who % len(waits)]
            joined = [lane[1] for lane in desk.lanes if lane[0] == f"contact/{contact}"]
            desk.leave(contact, queue=joined[0].removeprefix("queue/"))
        case "ready" | "away":
            state = "available" if action == "ready" else "away"
            desk.post(f"agent/{agent}", event="SetState", state=state)
        case "accept" | "decline" if ringing:
            desk.post(f"agent/{agent}", event=action.capitalize(), offer=ringing.offer)
        case "say" if chats:
            desk.post(f"agent/{agent}", event="Say", contact=chats[0], text=f"{who}")
        case "close" if chats:
            desk.post(f"agent/{agent}", event="Close", contact=chats[who % len(chats)])
        case "hand" if chats:
            desk.post(f"agent/{agent}", event="Transfer", contact=chats[who % len(chats)],
                      to="agent", target="ba"[who % 2], note="")  # fmt: skip
        case "time":
            desk.pass_time(who)


def check(desk: Desk) -> None:
    """After all mail has arrived, everybody agrees on where each customer is."""
    places = {c: q for q in "QR" for c in desk.queue(q).places}
    chats = {c: a for a in "ab" for c in desk.agent(a).chats}
    for contact, status in desk.customers.status.items():
        match status:
            case "waits":
                assert contact in places
                assert contact not in chats
            case "talks":
                assert places.get(contact, "@").startswith("@")
                assert chats[contact] == desk.customers.agent[contact]
                assert desk.agent(chats[contact]).chats[contact].state == "open"
            case "gone":
                assert contact not in places
                if contact in chats:
                    assert desk.agent(chats[contact]).chats[contact].state == "left"
    for queue in "QR":
        assert set(desk.queue(queue).taken) <= set(chats)
        for place in desk.queue(queue).places.values():
            ringing = desk.agent(place.agent).ringing if place.agent else None
            assert (ringing.offer if ringing else "") == place.offer
    check_nobody_idles(desk)


def check_nobody_idles(desk: Desk) -> None:
    """Nobody waits for an agent who is free and did not decline them."""
    for name in "ab":
        agent = desk.agent(name)
        free = agent.presence == "available" and not agent.ringing and len(agent.chats) < 2
        for queue in "QR":
            known = desk.queue(queue).agents.get(name)
            assert (known is not None and "chat" in known.rooms) == free
            if free:
                for place in desk.queue(queue).places.values():
                    assert place.offer or name in place.declined


# Often enough that customers wait, agents are there, and mail is under way while both act.
OFTEN = (*ACTIONS, *("join", "ready", "accept", "hand") * 3, *("deliver",) * 30)


@settings(max_examples=250)
@given(
    steps=st.lists(st.tuples(st.sampled_from(OFTEN), st.integers(0, 40)), min_size=60, max_size=200)
)
def test_in_every_order_of_events_each_customer_is_in_one_place(
    steps: list[tuple[str, int]],
) -> None:
    desk = Desk()
    for action, who in steps:
        if action == "deliver":
            desk.deliver(lambda lanes, n=who: lanes[n % len(lanes)])  # type: ignore[misc]
        else:
            perform(desk, action, who)
    desk.settle()
    check(desk)
    desk.pass_time(100)
    desk.settle()
    check(desk)
