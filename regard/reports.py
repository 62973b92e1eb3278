"""Reports of an audit: a summary for people, JSON for programs, CSV for spreadsheets. All name each input's SHA-256."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from json.encoder import encode_basestring as encode

from rich.console import Console
from rich.table import Table
from rich.text import Text

from protocol.phrases import in_language
from regard.finding_rows import PLACE, Columns, rows
from regard.language import colon, number, say
from regard.outputs import json_bytes
from regard.run_record import NO_OPTIONS, Options, run_of, thresholds_changed
from regard.terminal import clean
from verify.audit import Audit
from verify.catalogue import rule
from verify.coverage import Coverage
from verify.evidence import Input, Used
from verify.field_names import field_name
from verify.findings import Severity

_SHOWN = 15
_COMMUNES = 10
_GROUPS, _NAMED, _UNREAD = 5, 3, 8
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WORDS = {
    Severity.ERROR: ("erreur", "error"),
    Severity.WARNING: ("avertissement", "warning"),
    Severity.INFO: ("information", "info"),
}


MODEL = (
    "Le format des exports est un modèle de regard ; celui du constructeur n'est pas public.",
    "The export format is regard's model; the vendor's is not public.",
)
"""What every report says of the formats, in French and English."""


FORMAT_VERSION = 1
"""Of the reports in JSON: the number in their schemas, `findings.schema.json` and `nights.schema.json`."""


def as_json(result: Audit, language: str, options: Options = NO_OPTIONS) -> Iterator[bytes]:
    """Everything, as `docs/findings.schema.json` describes it, in pieces: a line a finding.

    Args:
        result: of the audit.
        language: of all texts.
        options: that change a verdict, by name.
    """
    about = _about(result, language) | {"run": run_of(result.thresholds, options)}
    head = json_bytes(about).removesuffix(b"\n}\n")
    yield head + b',\n "findings": ['
    before = "\n  "
    for lines in rows(result.findings, language, _json_lines):
        yield (before + ",\n  ".join(lines)).encode("utf-8", "backslashreplace")
        before = ",\n  "
    yield b"\n ]\n}\n"


def _json_lines(columns: Columns) -> list[str]:
    """Each finding as JSON on a line."""
    texts = {name: map(encode, columns[name]) for name in (*PLACE, "left_source", "right_source", "what_to_do")}
    values = {name: map(_json_value, columns[name]) for name in ("left_value", "right_value")}
    cells = zip(
        *(texts[name] for name in PLACE),
        texts["left_source"],
        values["left_value"],
        texts["right_source"],
        values["right_value"],
        map(_json_details, columns["details"]),
        map(encode, columns["message"]),
        texts["what_to_do"],
        strict=True,
    )
    return [_JSON_LINE % row for row in cells]


_JSON_LINE = (
    "{"
    + ", ".join(f'"{name}": %s' for name in PLACE)
    + ', "left": {"source": %s, "value": %s}, "right": {"source": %s, "value": %s}'
    + ', "details": %s, "message": %s, "what_to_do": %s}'
)


def _json_value(value: int | str | None) -> str:
    return "null" if value is None else str(value) if isinstance(value, int) else encode(value)


def _json_details(details: dict[str, int | str | None]) -> str:
    return "{" + ", ".join(f'"{name}": {_json_value(value)}' for name, value in details.items()) + "}"


def _about(result: Audit, language: str) -> dict[str, object]:
    """What a report says beside the findings."""
    coverage = result.coverage
    return {
        "tool": "regard",
        "format_version": FORMAT_VERSION,
        "version": version("regard"),
        "model": say(language, *MODEL),
        "language": language,
        "inputs": [_input(used, language) for used in result.inputs],
        "coverage": {
            "bureaux": coverage.bureaux,
            "machine": coverage.machine,
            "paper": coverage.paper,
            "list": {"source": coverage.source, "official": coverage.official},
            "evidence": {kind: {"bureaux": there, "of": of} for kind, (there, of) in coverage.kinds.items()},
            "rules": {
                "checked": list(coverage.checked),
                "not_checked": {code: list(lacks) for code, lacks in coverage.unchecked.items()},
                "failed": list(coverage.failed),
            },
            "groups": [
                {
                    "counting": group.counting,
                    "bureaux": _by_insee(group.bureaux),
                    "evidence": group.evidence,
                    "checked": group.checked,
                    "not_checked": group.unchecked,
                }
                for group in coverage.groups
            ],
        },
        "summary": {
            "bureaux": coverage.bureaux,
            "errors": result.count(Severity.ERROR),
            "warnings": result.count(Severity.WARNING),
            "infos": result.count(Severity.INFO),
        },
    }


def _input(used: Input, language: str) -> dict[str, object]:
    return {
        "path": used.path,
        "kind": used.kind,
        "size": used.size,
        "sha256": used.sha256,
        "note": note_in(used.note, language),
        "used": used.used.value,
        "why": in_language(used.why, language),
    }


def _by_insee(bureaux: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for insee, bureau in bureaux:
        found.setdefault(insee, []).append(bureau)
    return found


def note_in(note: str, language: str) -> str:
    """What was read as what: headers as they are, between them words of ours."""
    return "".join(in_language(part, language) for part in re.split(r"(; | / |\[[^]]*\] )", note))


def summarise(result: Audit, language: str, console: Console) -> None:
    """What was checked, what was found, by code and by commune; then the gravest findings one by one."""
    _say_what_was_read(result, language, console)
    counts = {key: count for key, count in result.findings.by_code().items() if key[1] != "C111"}
    if counts:
        console.print(_by_code(counts, language))
        by_commune = _by_commune(result, language)
        if by_commune.row_count:
            console.print()
            console.print(by_commune)
        _one_by_one(result, sum(counts.values()), language, console)
    _say_the_end(result, language, console)


def _say_what_was_read(result: Audit, language: str, console: Console) -> None:
    coverage = result.coverage
    bureaux, machine, paper = (number(language, of) for of in (coverage.bureaux, coverage.machine, coverage.paper))
    source = clean(coverage.source)
    counting = say(language, f" ({machine} à machine, {paper} papier)", f" ({machine} machine, {paper} paper)")
    if not coverage.machine and not coverage.paper:  # nothing says how they count
        counting = ""
    if coverage.bureaux:
        of_what = say(
            language, f"{bureaux} bureaux{counting}, d'après {source}", f"{bureaux} bureaux{counting}, by {source}"
        )
        if not coverage.official:
            of_what += say(language, " (pas la liste officielle)", " (not the official list)")
    else:
        of_what = say(
            language, "Aucun bureau : des résultats d'un niveau plus haut", "No bureau: results of a higher level"
        )
    console.print(of_what, style="bold")
    for kind, (there, of) in coverage.kinds.items():
        mark = "" if there == of else say(language, "   incomplet", "   incomplete")
        console.print(clean(f"  {kind:<12} {number(language, there):>7} / {number(language, of)}{mark}"))
    for used in result.inputs:
        if used.note and used.used is not Used.NONE and used.kind != "thresholds":
            read_as = say(language, "lu comme :", "read as:")
            console.print(clean(f"  {used.path} {read_as} {note_in(used.note, language)}"), style="dim")
    _say_what_was_not_read(result.inputs, language, console)
    if changed := thresholds_changed(result.thresholds, language):
        console.print(clean(f"  {changed}"), style="yellow")
    if coverage.unchecked:
        kinds = Counter(lacking.replace("|", "/") for lacks in coverage.unchecked.values() for lacking in lacks)
        lacking = ", ".join(f"{kind} ({count})" for kind, count in kinds.most_common())
        console.print(
            say(
                language,
                f"  {len(coverage.unchecked)} règles non contrôlées, faute de pièces (nombre de règles) : {lacking}",
                f"  {len(coverage.unchecked)} rules not checked for lack of evidence (rules each): {lacking}",
            )
        )
    if coverage.failed:
        codes = ", ".join(coverage.failed)
        console.print(say(language, f"  Règles non appliquées : {codes}", f"  Rules not applied: {codes}"), style="red")
    _say_what_differs(coverage, language, console)
    console.print()


def _say_what_was_not_read(inputs: Iterable[Input], language: str, console: Console) -> None:
    not_read = [used for used in inputs if used.unread]
    for used in not_read[:_UNREAD]:
        size = f" ({note_in(used.note, language)})" if used.kind == "folder" else ""
        french, english = f"  {used.path}{size} non lu", f"  {used.path}{size} not read"
        why = colon(language) + " " + in_language(used.why, language)
        console.print(clean(say(language, french, english) + why), style="yellow")
    if len(not_read) > _UNREAD:
        rest = number(language, len(not_read) - _UNREAD)
        console.print(say(language, f"  … et {rest} autres : --json", f"  … and {rest} more: --json"), style="yellow")


def _say_what_differs(coverage: Coverage, language: str, console: Console) -> None:
    """Bureaux of which there is less evidence than of others, the most frequent lacks first."""
    kinds = {kind for group in coverage.groups for kind in group.evidence}
    less = [(group, lacks) for group in coverage.groups if (lacks := group.lacks(kinds))]
    for group, lacks in less[:_GROUPS]:
        count = number(language, len(group.bureaux)) + (" bureaux" if len(group.bureaux) > 1 else " bureau")
        fewer = number(language, len(group.unchecked.keys() - coverage.unchecked))
        some = ", ".join(" ".join(bureau) for bureau in group.bureaux[:_NAMED])
        some += ", …" if len(group.bureaux) > _NAMED else ""
        french = f"  {count} sans {', '.join(lacks)} : {fewer} règles de moins y ont été contrôlées ({some})"
        english = f"  {count} without {', '.join(lacks)}: {fewer} rules fewer were checked there ({some})"
        console.print(clean(say(language, french, english)))
    if len(less) > _GROUPS:
        rest = number(language, sum(len(group.bureaux) for group, _ in less[_GROUPS:]))
        french, english = f"  … et {rest} autres bureaux : --json", f"  … and {rest} other bureaux: --json"
        console.print(say(language, french, english))


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))


def _by_code(counts: Mapping[tuple[Severity, str], int], language: str) -> Table:
    table = _table(say(language, "Constats par règle", "Findings by rule"))
    table.add_column(say(language, "règle", "rule"), no_wrap=True)
    table.add_column(say(language, "gravité", "severity"), no_wrap=True)
    table.add_column(say(language, "nombre", "count"), justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for (weight, code), count in counts.items():
        word = Text(say(language, *_WORDS[weight]), style=_COLOURS[weight])
        table.add_row(code, word, number(language, count), rule(code).title[language])
    return table


def _by_commune(result: Audit, language: str) -> Table:
    communes, names = result.findings.by_commune(), result.coverage.communes
    table = _table(say(language, "Par commune", "By commune"))
    table.add_column("INSEE", no_wrap=True)
    table.add_column("", overflow="fold")
    table.add_column("bureaux", justify="right")
    table.add_column(say(language, "erreurs", "errors"), justify="right")
    table.add_column(say(language, "avertissements", "warnings"), justify="right")
    ordered = sorted(communes, key=lambda insee: (-sum(communes[insee][1].values()), insee))
    for insee in ordered[:_COMMUNES]:
        bureaux, counts = communes[insee]
        errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
        counted = (number(language, count) for count in (bureaux, errors, warnings))
        table.add_row(clean(insee), clean(names.get(insee, "")), *counted)
    if len(ordered) > _COMMUNES:
        more = len(ordered) - _COMMUNES
        table.caption = say(language, f"et {more} autres communes", f"and {more} more communes")
        table.caption_justify = "left"
    return table


def _one_by_one(result: Audit, count: int, language: str, console: Console) -> None:
    console.print()
    console.print(say(language, "Les plus graves", "The gravest"), style="bold")
    for finding in result.findings.gravest(_SHOWN, but="C111"):
        where = " ".join(part for part in (finding.insee, finding.bureau) if part)
        head = Text()
        head.append(finding.code, style=_COLOURS[finding.severity])
        if where:
            head.append(clean(f" {where}"), style="bold")
        head.append(clean(f"  {finding.message(language)}"))
        sources = " · ".join(dict.fromkeys(s for s in (finding.left.source, finding.right.source) if s))
        field = field_name(finding.field, language) + colon(language)
        head.append(clean(f"  [{field} {sources}]"), style="dim")
        console.print(head)
    if count > _SHOWN:
        more = number(language, count - _SHOWN)
        console.print(
            say(
                language,
                f"… et {more} autres : --json ou --csv les donne tous.",
                f"… and {more} more: --json or --csv gives them all.",
            )
        )


def counted(counts: Mapping[Severity, int], language: str) -> str:
    """How many findings of each severity, the gravest first, in words."""
    parts = []
    for severity, words in _WORDS.items():
        count = counts[severity]
        ending = "s" if count > 1 or (count == 0 and language == "en") else ""
        parts.append(f"{number(language, count)} {say(language, *words)}{ending}")
    return ", ".join(parts)


def not_read(names: Sequence[str], language: str) -> str:
    """How many files were not read and which they are, the first of them, to be put behind the counts; or nothing."""
    if not names:
        return ""
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    count = number(language, len(names))
    if len(names) == 1:
        return say(language, f" ; 1 fichier non lu : {some}", f"; 1 file not read: {some}")
    return say(language, f" ; {count} fichiers non lus : {some}", f"; {count} files not read: {some}")


def _say_the_end(result: Audit, language: str, console: Console) -> None:
    console.print()
    counts = {severity: result.count(severity) for severity in Severity}
    names = [used.path for used in result.inputs if used.unread]
    verdict = counted(counts, language) + not_read(names, language)
    console.print(clean(verdict if verdict.endswith("…") else f"{verdict}."), style="bold")
    console.print(
        say(
            language,
            "Un écart dit que deux comptes diffèrent, pas pourquoi : l'émargement se fait à la main. "
            "Le format des exports est un modèle de regard.",
            "A gap says that two counts differ, not why: sign-in is done by hand. The export format is regard's model.",
        ),
        style="dim",
    )
