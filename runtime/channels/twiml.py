"""What a call hears next, in Twilio's words: rendered from the journal, and from nothing else, so
that the same turns give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from runtime.channels.asked import Links, dials
from runtime.host import Body

DIGITS_KEY = "#"
HOLD_PAUSE_S = 30
THINKING_PAUSE_S = 1
DIAL_S = 30
SPOKEN_TAGS = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
"""The speech markup that Twilio reads."""
_DECLARATION = re.compile(r"<!")


def render(entries: Iterable[Body], status: str, links: Links, conference: str) -> str:
    """The answer to Twilio after these turns; `status` is that of the contact now."""
    response = VoiceResponse()
    effects = [effect for entry in entries for _, effect in entry["effects"]]
    listens = _listening(effects) if status in ("flow", "queued") else None
    spoken = [effect for effect in effects if effect["effect"] == "Say"]
    if listens is None:
        for effect in spoken:
            _append_speech(response, effect, links)
        if number := _dialled(effects, status):
            _append_dial(response, number, links)
        else:
            _append_ending(response, effects, status, links, conference)
    else:
        prompt = spoken.pop() if spoken and _is_prompt(effects) else None
        for effect in spoken:
            _append_speech(response, effect, links)
        _append_gather(response, listens, prompt, links)
    return str(response)


def _listening(effects: list[Body]) -> Body | None:
    """How the caller is listened to, if that comes last."""
    kinds = [effect["effect"] for effect in effects]
    if "Listen" not in kinds:
        return None
    last = len(kinds) - 1 - kinds[::-1].index("Listen")
    return None if {"Say", "HangUp"} & set(kinds[last + 1 :]) else effects[last]


def _is_prompt(effects: list[Body]) -> bool:
    """Whether what is said last belongs to the question, so that an answer may interrupt it."""
    kinds = [effect["effect"] for effect in effects if effect["effect"] in ("Say", "Listen")]
    return kinds[-2:] == ["Say", "Listen"]


def join(conference: str, whispers: Iterable[str], language: str) -> str:
    """What an agent hears who takes the phone."""
    response = VoiceResponse()
    for text in whispers:
        response.say(text, language=language or None)
    response.dial().conference(
        conference, start_conference_on_enter=True, end_conference_on_exit=True, beep=False
    )
    return str(response)


def held(texts: Iterable[str], language: str) -> str:
    """What a caller hears who is on hold, until there is something else."""
    response = VoiceResponse()
    for text in texts:
        response.say(text, language=language or None)
    response.pause(length=HOLD_PAUSE_S)
    return str(response)


def _dialled(effects: list[Body], status: str) -> Body | None:
    """Whom to call now."""
    if status != "flow" or not effects or not dials(effects[-1]):
        return None
    wanted: Body = effects[-1]["arguments"]
    return wanted


def _append_dial(response: VoiceResponse, wanted: Body, links: Links) -> None:
    dial = response.dial(
        action=links.dialled,
        method="POST",
        timeout=round(wanted.get("timeout_s", DIAL_S)),
        caller_id=wanted.get("caller_number") or None,
    )
    # A comma is a pause of a second; Twilio's own pauses are half as long.
    keys = str(wanted.get("keys", "")).replace(",", "ww")
    dial.number(wanted["number"], send_digits=keys or None)


def _append_ending(
    response: VoiceResponse, effects: list[Body], status: str, links: Links, conference: str
) -> None:
    if status == "ended" or any(effect["effect"] == "HangUp" for effect in effects):
        response.hangup()
    elif status == "connected":
        dial = response.dial(action=links.next, method="POST")
        dial.conference(
            conference, start_conference_on_enter=False, end_conference_on_exit=True, beep=False
        )
    else:
        response.pause(length=HOLD_PAUSE_S if status == "queued" else THINKING_PAUSE_S)
        response.redirect(links.next, method="POST")


def _append_gather(
    response: VoiceResponse, listen: Body, prompt: Body | None, links: Links
) -> None:
    digits_max = listen.get("digits_max", 0)
    gather = Gather(
        input="dtmf" if digits_max else "dtmf speech",
        action=links.heard,
        method="POST",
        action_on_empty_result=True,
        timeout=round(listen.get("timeout_s", 5)),
        finish_on_key=listen.get("ends_with", "") or ("" if digits_max == 1 else DIGITS_KEY),
        **({"num_digits": digits_max} if digits_max else {"speech_timeout": "auto"}),
        **({"language": listen["language"]} if listen.get("language") else {}),
        **({"hints": ", ".join(listen["hints"])} if listen.get("hints") else {}),
    )
    if prompt is not None:
        _append_speech(gather, prompt, links)
    response.append(gather)


class _Mark(TwiML):  # type: ignore[misc]  # untyped
    """A mark within a text."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        super().__init__()
        self.name = name
        self.attrs = {key: value for key, value in attributes.items() if "{" not in key}


# --- speech -------------------------------------------------------------------------------------


def _append_speech(response: VoiceResponse | Gather, effect: Body, links: Links) -> None:
    if audio := effect.get("audio"):
        response.play(audio if audio.startswith("https://") else f"{links.recordings}{audio}")
        return
    voice = _voice(effect.get("voice") or {})
    language = effect.get("language") or None
    marked = _markup(effect.get("ssml", ""))
    if marked is None:
        response.say(effect["text"], voice=voice, language=language)
        return
    response.append(_filled(Say(voice=voice, language=language), marked))


def _voice(wanted: Mapping[str, Any]) -> str | None:
    """Amazon's voices, as Twilio calls them."""
    name = wanted.get("voice", "")
    if not name:
        return None
    engine = str(wanted.get("engine", "")).capitalize()
    suffix = f"-{engine}" if engine in ("Neural", "Generative") else ""
    return name if "." in name else f"Polly.{name}{suffix}"


def _markup(ssml: str) -> ET.Element | None:
    """Speech markup, if it is that and nothing else: no declarations, no entities."""
    if not ssml or _DECLARATION.search(ssml):
        return None
    try:
        return ET.fromstring(ssml)
    except ET.ParseError:
        return None


def _marked(element: ET.Element) -> Iterator[Any]:
    """Texts and marks in their order; of a mark that Twilio does not read, what is in it."""
    if element.text:
        yield element.text
    for child in element:
        yield from _mark(child)
        if child.tail:
            yield child.tail


def _mark(element: ET.Element) -> Iterator[Any]:
    if element.tag in SPOKEN_TAGS:
        yield _filled(_Mark(element.tag, element.attrib), element)
    else:
        yield from _marked(element)


def _filled(verb: TwiML, element: ET.Element) -> TwiML:
    """Texts that follow each other are put in as one: Twilio's library keeps only the last."""
    for is_text, parts in groupby(_marked(element), key=lambda part: isinstance(part, str)):
        for part in ("".join(parts),) if is_text else parts:
            verb.append(part)
    return verb
