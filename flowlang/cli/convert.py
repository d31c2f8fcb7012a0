"""`flowlang convert`: between text, native JSON, Amazon Connect's JSON and pictures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from blocks.catalogue import catalogue
from flowlang.cli import files
from flowlang.cli.beside import CONNECT_SUFFIX, TEXT_SUFFIX, read_beside
from flowlang.cli.many import each
from flowlang.cli.options import (
    EXIT_FAILED,
    EXIT_FINE,
    EXIT_MISUSED,
    Help,
    Parser,
    has_colours,
)
from flowlang.cli.sources import UNREADABLE, is_connect, is_flow_json, is_json
from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.render import to_text as shown
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.diagnostics.words import Language
from flowlang.model import Document
from flowlang.project.policies import POLICY_SUFFIX
from flowlang.syntax import parse, to_text

Json = Any
FORMS = ("flow", "json", "connect", "dot", "svg", "mermaid")
ENDING_OF = {
    "flow": ".flow", "json": ".json", "connect": ".json", "dot": ".dot", "svg": ".svg",
    "mermaid": ".mmd",
}  # fmt: skip
PICTURES = ("dot", "svg", "mermaid")
FORM_OF = {
    ".flow": "flow", ".json": "json", ".dot": "dot", ".gv": "dot", ".svg": "svg",
    ".mmd": "mermaid", ".mermaid": "mermaid",
}  # fmt: skip
ABOUT: Help = {
    "en": "Convert a flow. What the source is, is seen from its content.",
    "ko": "흐름을 변환합니다. 원본의 형식은 내용으로 알아냅니다.",
}
NO_PICTURE: Help = {
    "en": f"a folder becomes a picture ({', '.join(PICTURES)}), or the files of another folder",
    "ko": f"폴더는 그림({', '.join(PICTURES)})이나 다른 폴더의 파일들로 변환합니다",
}


class Refused(Exception):
    """The source cannot be converted, and why."""

    def __init__(self, *problems: Problem, code: int = EXIT_FAILED) -> None:
        super().__init__()
        self.problems = problems
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What was read, with what a text alone does not say."""

    document: Document
    sidecar: Mapping[str, Json] = field(default_factory=dict)
    name_map: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    report: str = ""
    problems: tuple[Problem, ...] = ()


def run(arguments: list[str]) -> int:
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    options.to = options.to or FORM_OF.get(Path(options.target).suffix)
    if options.to is None:
        parser.error(f"the following arguments are required: --to {{{','.join(FORMS)}}}")
    if not Path(options.source).is_dir():
        return _convert(options, parser.language)
    if Path(options.target).is_dir() or options.target.endswith(("/", os.sep)):
        return _convert_folder(options, parser.language)
    if options.to not in PICTURES:
        parser.error(parser.said(NO_PICTURE))
    return _draw_project(options, parser.language)


def _convert(options: Any, language: Language) -> int:
    source = files.read(options.source)
    if source.problem:
        return _tell((source.problem,), source, language, EXIT_MISUSED)
    try:
        flow = _read(source, options, language)
        output, problems = _written(flow, options.to, language)
        _put(output, flow, options)
    except Refused as refused:
        return _tell(refused.problems, source, language, refused.code)
    if flow.report:
        print(flow.report, file=sys.stderr)
    return _tell((*flow.problems, *problems), source, language, EXIT_FINE)


def _draw_project(options: Any, language: Language) -> int:
    folder = Path(options.source)
    source = files.read(str(folder / files.PROJECT_FILE))
    if source.problem:
        return _tell((source.problem,), source, language, EXIT_MISUSED)
    try:
        _to_target(_of_project(folder, options.to), options.target)
    except Refused as refused:
        return _tell(refused.problems, source, language, refused.code)
    return EXIT_FINE


def _convert_folder(options: Any, language: Language) -> int:
    """Every flow of a folder, to a file of the same name in the other folder."""
    paths = [path for path in files.find([options.source], (".flow", ".json")) if _is_flow(path)]
    if not paths:
        nothing = files.Source(path=options.source)
        return _tell((files.no_flow(options.source),), nothing, language, EXIT_MISUSED)

    def convert(path: str) -> int:
        inside = Path(path).relative_to(options.source).with_suffix(ENDING_OF[options.to])
        target = Path(options.target, inside)
        if problem := files.make_folder(str(target.parent)):
            return _tell((problem,), files.Source(path=path), language, EXIT_MISUSED)
        one = argparse.Namespace(**{**vars(options), "source": path, "target": str(target)})
        return _convert(one, language)

    return max(each(convert, paths, ()))


def _is_flow(path: str) -> bool:
    if path.endswith(".flow"):
        return not path.endswith((".test.flow", POLICY_SUFFIX))
    return is_flow_json(files.read(path).text)


def _parser(arguments: list[str]) -> Parser:
    parser = Parser("convert", ABOUT, arguments)
    said = parser.said
    parser.add_argument("source", metavar="SOURCE", help=said(
        {"en": "a file, a folder, or - for standard input",
         "ko": "파일, 폴더, 또는 표준 입력 -"}
    ))  # fmt: skip
    parser.add_argument("target", nargs="?", default="-", metavar="TARGET", help=said(
        {"en": "a file, a folder for those of a folder, or - for standard output",
         "ko": "파일, 폴더를 변환할 때는 폴더, 또는 표준 출력 -"}
    ))  # fmt: skip
    parser.add_argument("--to", choices=FORMS, help=said(
        {"en": "what to make; else the ending of TARGET says it",
         "ko": "만들 형식. 없으면 TARGET의 확장자로 압니다"}
    ))  # fmt: skip
    parser.add_argument("--name-map", metavar="FILE", help=said(
        {"en": "names of resources, to their ARNs in Connect",
         "ko": "리소스 이름과 Connect의 ARN을 잇는 파일"}
    ))  # fmt: skip
    parser.add_argument("--environment", metavar="NAME", help=said(
        {"en": "take these names from an environment of the project file",
         "ko": "이 이름을 프로젝트 파일의 환경에서 가져옵니다"}
    ))  # fmt: skip
    parser.add_argument("--type", metavar="FLOWTYPE", help=said(
        {"en": "type of the flow, where Connect's JSON does not say it",
         "ko": "Connect JSON에 없는 흐름 종류"}
    ))  # fmt: skip
    return parser


def _tell(
    problems: tuple[Problem, ...], source: files.Source, language: Language, code: int
) -> int:
    for problem in problems:
        said = shown(problem, source.text, source.path, language, colours=has_colours(sys.stderr))
        print(said, file=sys.stderr)
    return code


# --- reading ----------------------------------------------------------------------------------


def _read(source: files.Source, options: Any, language: Language) -> Flow:
    name_map = {**_environment(source.path, options.environment), **_name_map(options.name_map)}
    if is_connect(source.text):
        return _from_connect(source, options.type, name_map, language)
    if is_json(source.text):
        document, problems = _from_json(source.text)
        return Flow(document=document, name_map=name_map, problems=problems)
    tree = parse(source.text)
    broken = [problem for problem in tree.problems if problem.severity == "error"]
    if broken:
        raise Refused(*broken)
    return Flow(
        document=tree.document,
        sidecar=_beside(source.path, CONNECT_SUFFIX),
        name_map=name_map,
        problems=tree.problems,
    )


def _from_json(text: str) -> tuple[Document, tuple[Problem, ...]]:
    from flowlang.interchange import native

    document, problems = native.read(text)
    if document is None:
        raise Refused(*problems)
    return document, tuple(problems)


def _from_connect(
    source: files.Source,
    flow_type: str | None,
    name_map: Mapping[str, Mapping[str, str]],
    language: Language,
) -> Flow:
    from flowlang.interchange.connect.importing import import_flow

    imported = import_flow(
        source.text,
        catalogue(),
        flow_type=flow_type,
        name_map=name_map,
        beside=_beside(source.path, TEXT_SUFFIX),
    )
    broken = [problem for problem in imported.problems if problem.severity == "error"]
    if broken:
        raise Refused(*broken)
    carried = imported.report.carried or {}
    arguments = {
        "actions": imported.report.actions,
        "typed": imported.report.typed,
        "carried": ", ".join(f"{kind} {count}" for kind, count in sorted(carried.items())) or "-",
    }
    exact = "import_exact" if imported.report.exact else "import_inexact"
    report = words.say("imported", arguments, language) + " " + words.say(exact, {}, language)
    return Flow(
        document=imported.document,
        sidecar=imported.sidecar,
        name_map=imported.name_map,
        report=report,
        problems=imported.problems,
    )


def _name_map(path: str | None) -> dict[str, dict[str, str]]:
    if path is None or not Path(path).exists():
        return {}
    from flowlang.interchange.connect.names import read_name_map

    source = files.read(path)
    if source.problem:
        raise Refused(source.problem, code=EXIT_MISUSED)
    found, problems = read_name_map(source.text)
    if any(problem.severity == "error" for problem in problems):
        raise Refused(*problems)
    return found


def _environment(path: str, name: str | None) -> dict[str, dict[str, str]]:
    """The names of an environment, from the project that a file belongs to."""
    if name is None:
        return {}
    from flowlang.project import load

    project, problems = load(Path(files.project_top(path)))
    if project is None:
        # Their places are in the project file, and what is shown here is the flow.
        raise Refused(*(replace(it, place=None) for it in problems), code=EXIT_MISUSED)
    if name not in project.environments:
        raise Refused(_no_environment(name, project.environments), code=EXIT_MISUSED)
    return project.environments[name].names


def _no_environment(name: str, known: Iterable[str]) -> Problem:
    arguments = {"name": name, "table": "environments", "known": sorted(known),
                 "suggestion": did_you_mean(name, known)}  # fmt: skip
    return Problem(code="FL357", severity="error", arguments=arguments)


def _beside(path: str, suffix: str) -> Mapping[str, Json]:
    """What an earlier conversion kept beside the file."""
    found, problem = read_beside(path, suffix)
    if problem:
        raise Refused(problem, code=EXIT_MISUSED if problem.code in UNREADABLE else EXIT_FAILED)
    return found


# --- writing ----------------------------------------------------------------------------------


def _written(flow: Flow, form: str, language: Language) -> tuple[str, tuple[Problem, ...]]:
    match form:
        case "flow":
            return to_text(flow.document), ()
        case "json":
            from flowlang.interchange import native

            return native.write(flow.document), ()
        case "connect":
            return _to_connect(flow)
        case "mermaid":
            from flowlang.interchange.pictures import to_mermaid

            return to_mermaid(flow.document, catalogue(), language), ()
        case "svg":
            from flowlang.interchange.svg import to_svg

            return to_svg(flow.document, catalogue(), language), ()
        case _:
            from flowlang.interchange.pictures import to_dot

            return to_dot(flow.document, catalogue(), language), ()


def _to_connect(flow: Flow) -> tuple[str, tuple[Problem, ...]]:
    from flowlang.interchange.connect.exporting import export_flow

    exported = export_flow(flow.document, catalogue(), sidecar=flow.sidecar, name_map=flow.name_map)
    if exported.json_text is None:
        raise Refused(*exported.problems)
    return exported.json_text, exported.problems


def _drawn(dot: str, form: str) -> str:
    if form == "dot":
        return dot
    from flowlang.cli.drawing import NotDrawn, to_svg

    try:
        return to_svg(dot)
    except NotDrawn as error:
        reason = "failed" if error.detail else ""
        arguments = {"detail": error.detail, "reason": reason}
        problem = Problem(code="FL415", severity="error", arguments=arguments)
        raise Refused(problem, code=EXIT_MISUSED) from None


def _of_project(folder: Path, form: str) -> str:
    """A picture of a whole project."""
    from flowlang.cli.whole import whole_of
    from flowlang.project.map import map_of
    from flowlang.project.picture import to_dot, to_mermaid

    whole = whole_of(folder)
    if whole is None:
        raise Refused(*_problems_of(folder))
    found = map_of(whole)
    return to_mermaid(found) if form == "mermaid" else _drawn(to_dot(found), form)


def _problems_of(folder: Path) -> list[Problem]:
    from flowlang.project import load

    return load(folder)[1]


def _to_target(output: str, target: str) -> None:
    if target == files.STANDARD:
        sys.stdout.write(output)
    else:
        _save(target, output)


def _put(output: str, flow: Flow, options: Any) -> None:
    """To its file; what the text cannot say goes beside it."""
    _to_target(output, options.target)
    if options.target == files.STANDARD:
        return
    if options.to == "connect":
        _save(options.target + TEXT_SUFFIX, _json_text(_only_in_text(flow, output)))
    if options.to == "flow" and flow.report:
        _save(options.target + CONNECT_SUFFIX, _json_text(flow.sidecar))
        if options.name_map:
            _save(options.name_map, _json_text(flow.name_map))


def _only_in_text(flow: Flow, output: str) -> Mapping[str, Json]:
    from flowlang.interchange.connect.importing import beside

    return beside(flow.document, output, catalogue(), sidecar=flow.sidecar, name_map=flow.name_map)


def _json_text(data: Mapping[str, Json]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _save(path: str, text: str) -> None:
    if problem := files.write(path, text):
        raise Refused(problem, code=EXIT_MISUSED)
