"""I120, I121: what could not be checked, because something was raised where nothing should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verify.model.evidence import Evidence
from verify.model.failures import Failure
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side


def files_failed(evidence: Evidence) -> Iterator[Finding]:
    """I120: a file could not be read or lined up."""
    for failed in evidence.failures:
        yield finding("I120", Side(failed.what, failed.error), Side(failed.where, None), field="files")


def rules_failed(failures: Iterable[Failure]) -> Iterator[Finding]:
    """I121: rules could not be applied."""
    for failed in failures:
        yield finding("I121", Side(failed.where, failed.error), Side(failed.where, None), field=failed.what)


CHECKS: Checks = {files_failed: ("I120",)}
