"""Writing of all reports of an audit that were asked for, whatever their form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from regard.outputs import Outputs, no_collections
from regard.reports.fields import FIGURES, INPUTS
from regard.reports.json_report import Options, json_pieces
from regard.reports.since import Since
from regard.reports.table_reports import TABLES, TableReports, inputs_of
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
    with no_collections(), TableReports(wanted, language) as tables:

        def write() -> None:
            for make in json_pieces(result, language, options, since, tables.add):
                wanted.attempt("--json", partial(_append, wanted, make))

        wanted.attempt_all(("--json", *TABLES), write)
        wanted.publish("--json")
        wanted.attempt("--xlsx", lambda: tables.add(FIGURES, figures_of(evidence)))
        tables.add(INPUTS, inputs_of(result.inputs, language))


def _append(wanted: Outputs, make: Callable[[], bytes]) -> None:
    wanted.file("--json").write(make())
