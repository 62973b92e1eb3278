"""The files that `regard forecast` writes: JSON, CSV and the report."""

from __future__ import annotations

from pathlib import Path

from protocol.words import Language
from regard.forecasts.as_csv import csv_bytes
from regard.forecasts.as_json import document
from regard.forecasts.page import as_page
from regard.forecasts.printed import as_pdf
from regard.outputs import Outputs, json_bytes
from regard.pdf import need_typst
from verify.forecasts.study import ForecastStudy


def is_pdf(target: str | Path | None) -> bool:
    """Whether a report is to be a PDF."""
    return target is not None and Path(target).suffix.lower() == ".pdf"


def check(target: str | None) -> None:
    """Make sure, before any work, that the report can be written.

    Raises:
        ExtraMissing: it is to be a PDF, and the package for that is not installed.
    """
    if is_pdf(target):
        need_typst()


def write(study: ForecastStudy, words: Language, outputs: Outputs) -> None:
    """Write those that were asked for."""
    outputs.write("--json", lambda: json_bytes(document(study, words)))
    outputs.write("--csv", lambda: csv_bytes(study, words))
    outputs.write("--report", lambda: _report(study, words, outputs))


def _report(study: ForecastStudy, words: Language, outputs: Outputs) -> bytes:
    if is_pdf(outputs.path("--report")):
        return as_pdf(study, words)
    return as_page(study, words)
