"""Speech from Amazon Polly, each text spoken once: its audio is kept under the hash of what was
asked for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from runtime.services.asked import Question, Refused, Value
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.refusals import refused
from runtime.services.local import fields as read
from runtime.services.local.speech import content_hash, spoken

AUDIO_BYTES_MAX = 20_000_000
VOICES = {
    "ko-KR": "Seoyeon", "en-US": "Joanna", "en-GB": "Amy", "ja-JP": "Kazuha", "de-DE": "Vicki",
    "fr-FR": "Lea", "es-ES": "Lucia", "es-US": "Lupe", "zh-CN": "Zhiyu", "pt-BR": "Camila",
    "it-IT": "Bianca",
}  # fmt: skip
ENGINE = "neural"
CONTENT_TYPE = "audio/mpeg"


class Polly:
    """The service `speech`."""

    def __init__(self, clients: Clients, folder: Path) -> None:
        self.clients = clients
        self.folder = folder

    async def answer(self, question: Question) -> Value:
        text, ssml = spoken(question)
        language = read.text(question, "language", needed=False) or "en-US"
        voice = read.text(question, "voice", needed=False) or VOICES.get(language)
        if voice is None:
            raise Refused("invalid", f"no voice is known for {language}: say which")
        name = content_hash("polly", ENGINE, voice, language, "ssml" if ssml else "text",
                            ssml or text)  # fmt: skip
        path = self.folder / f"{name}.mp3"
        if not path.is_file():
            request = {
                "Text": ssml or text, "TextType": "ssml" if ssml else "text", "VoiceId": voice,
                "LanguageCode": language, "Engine": ENGINE, "OutputFormat": "mp3",
            }  # fmt: skip
            try:
                audio = await self.clients.call(
                    "polly",
                    lambda client: _synthesize(client, request),
                    timeout_s=question.timeout_s,
                    repeatable=True,
                )
            except Trouble as trouble:
                raise refused(trouble) from trouble
            _keep(path, audio)
        return {"text": text, "file": str(path), "hash": name, "content_type": CONTENT_TYPE}


def _synthesize(client: Any, request: dict[str, str]) -> bytes:
    with client.synthesize_speech(**request)["AudioStream"] as stream:
        audio: bytes = stream.read(AUDIO_BYTES_MAX + 1)
    if len(audio) > AUDIO_BYTES_MAX:
        raise Trouble("failed", f"the audio is longer than {AUDIO_BYTES_MAX} bytes")
    return audio


def _keep(path: Path, audio: bytes) -> None:
    """Whole or not at all: another reader never sees a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(audio)
    Path(name).replace(path)
