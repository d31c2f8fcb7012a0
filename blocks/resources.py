"""The words that declare something in a flow: `queue billing = "Billing"`."""

from __future__ import annotations

from flowlang.catalogue import Resource

RESOURCES: dict[str, Resource] = {
    resource.word: resource
    for resource in (
        Resource(word="attribute", title={"en": "Attribute", "ko": "속성"}),
        Resource(word="variable", title={"en": "Variable", "ko": "변수"}),
        Resource(word="queue", title={"en": "Queue", "ko": "대기열"}),
        Resource(word="hours", title={"en": "Opening hours", "ko": "운영 시간"}),
        Resource(word="bot", title={"en": "Bot", "ko": "챗봇"}),
        Resource(word="function", title={"en": "Function", "ko": "함수"}, call="function"),
        Resource(word="module", title={"en": "Module", "ko": "모듈"}, call="module"),
        Resource(word="flow", title={"en": "Flow", "ko": "흐름"}),
        Resource(word="prompt", title={"en": "Prompt", "ko": "안내 멘트"}),
        Resource(word="view", title={"en": "View", "ko": "화면"}),
        Resource(word="table", title={"en": "Table", "ko": "데이터 표"}, call="look_up"),
        Resource(word="secret", title={"en": "Secret", "ko": "비밀 값"}),
    )
}
"""By word. `call` names the block that a use of the declared name stands for; where the library
has no such block, the catalogue leaves it out."""
