"""The environment that a project runs in."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.diagnostics.words import Language
from flowlang.project import Environment, Project

VARIABLE = "FLOWLANG_ENVIRONMENT"
WORDS: dict[str, dict[Language, str]] = {
    "unknown": {"en": "{variable} is {name}; the project's environments: {known}",
                "ko": "{variable}이(가) {name}입니다. 프로젝트의 환경: {known}"},
    "side": {"en": "there is no {service} at Amazon: take it out of the environment",
             "ko": "Amazon에는 {service}이(가) 없습니다. 환경에서 빼 주세요"},
    "variable": {"en": "{service} at Amazon need the environment variable {variable}",
                 "ko": "Amazon의 {service}에는 환경 변수 {variable}이(가) 필요합니다"},
    "sdk": {"en": "Amazon's SDK is not installed: pip install 'flowlang[aws]'",
            "ko": "Amazon SDK가 설치되어 있지 않습니다: pip install 'flowlang[aws]'"},
    "secret": {"en": "{variable} is no secret: it is whsec_ and base64",
               "ko": "{variable}이(가) 비밀 키가 아닙니다. whsec_ 뒤에 base64를 씁니다"},
}  # fmt: skip


class UnusableEnvironment(Exception):
    """The environment that was asked for is not there, or cannot be what it says."""

    def __init__(self, reason: str, **arguments: str) -> None:
        super().__init__(WORDS[reason]["en"].format(**arguments))
        self.reason = reason
        self.arguments = arguments

    def said(self, language: Language) -> str:
        return WORDS[self.reason][language].format(**self.arguments)


def environment_of(project: Project, variables: Mapping[str, str]) -> Environment:
    """The environment that the variables name; without one, everything is local."""
    name = variables.get(VARIABLE, "")
    if not name:
        return Environment()
    if name not in project.environments:
        known = ", ".join(sorted(project.environments)) or "–"
        raise UnusableEnvironment("unknown", variable=VARIABLE, name=name, known=known)
    return project.environments[name]
