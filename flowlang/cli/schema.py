"""`flowlang schema`: the JSON Schema of flows as JSON."""

from __future__ import annotations

from flowlang.cli.options import EXIT_FINE, Help, Parser, print_json

ABOUT: Help = {
    "en": "Print the JSON Schema of flows as JSON.",
    "ko": "JSON 흐름의 JSON Schema를 출력합니다.",
}


def run(arguments: list[str]) -> int:
    Parser("schema", ABOUT, arguments).parse_args(arguments)
    from flowlang.interchange import native

    print_json(native.schema())
    return EXIT_FINE
