"""Writing of all reports of an audit that were asked for, whatever their form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from regard.outputs import Outputs, no_collections
from regard.reports import json_report
from regard.reports.inputs import CellPlaces
from regard.reports.json_report import Options, as_json
from regard.reports.rows import blocks, case_blocks, case_table
from regard.reports.since import Since
from regard.reports.table_reports import OF_CASES, TABLES, AuditTables, TableReports, inputs_of
from regard.reports.tables import figures_of
from verify.audit import Audit
from verify.model.evidence import LinedEvidence


def _page(evidence: LinedEvidence, result: Audit, language: str, options: Options, target: Path, author: str) -> bytes:
    """The report to hand on, in the form that the ending of its file says."""
    from regard.dossier.contents import build  # noqa: PLC0415 - start-up
    from regard.dossier.page import as_page  # noqa: PLC0415 - start-up
    from regard.dossier.printed import as_pdf  # noqa: PLC0415 - start-up

    contents = build(evidence, result, language, options, author)
    return (as_pdf if target.suffix.lower() == ".pdf" else as_page)(contents)


def write_reports(
    evidence: LinedEvidence,
    result: Audit,
    language: str,
    wanted: Outputs,
    options: Options,
    since: Since | None = None,
    author: str = "",
) -> None:
    """Write all that was asked for: the report, the JSON, and cases, findings, figures and inputs as tables.

    The rows of cases and findings are made once for all of them.
    """
    if wanted.wants("--report"):
        wanted.write("--report", partial(_page, evidence, result, language, options, wanted.path("--report"), author))
    if not any(map(wanted.wants, TABLES)):
        wanted.stream("--json", lambda: as_json(result, language, options, since))
        return

    def write(render: Callable[[], bytes]) -> None:
        wanted.attempt("--json", lambda: wanted.file("--json").write(render()))

    write(lambda: json_report.head(result, language, options, since))
    with no_collections(), TableReports(wanted, language) as tables:

        def cases() -> None:
            for number, columns in enumerate(case_blocks(result, language)):
                write(partial(json_report.case_lines, columns, result, language, first=number == 0))
                tables.cases(case_table(columns, language, result.coverage.communes))

        def findings() -> None:
            places = CellPlaces(result.inputs)
            for number, block in enumerate(blocks(result, language)):
                write(partial(json_report.lines, block, places, first=number == 0))
                tables.findings(block)

        wanted.attempt_all(("--json", *OF_CASES), cases)
        write(lambda: json_report.BETWEEN)
        wanted.attempt_all(("--json", "--csv", "--xlsx"), findings)
        write(lambda: json_report.END)
        wanted.publish("--json")
        tables.add(AuditTables(lambda: figures_of(evidence), inputs_of(result.inputs, language)))
