"""I120, I121, I122: what could not be checked: something was raised where nothing should be, or nothing was used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verify.model.evidence import Evidence
from verify.model.failures import Failure
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.use import Used


def files_failed(evidence: Evidence) -> Iterator[Finding]:
    """I120: a file could not be read or lined up."""
    for failed in evidence.failures:
        yield finding("I120", Side(failed.what, failed.error), Side(failed.where, None), field="files")


def rules_failed(failures: Iterable[Failure]) -> Iterator[Finding]:
    """I121: rules could not be applied."""
    for failed in failures:
        yield finding("I121", Side(failed.where, failed.error), Side(failed.where, None), field=failed.what)


def nothing_used(evidence: Evidence) -> Iterator[Finding]:
    """I122: a file that was given by its name, and of which nothing is used; not where another finding says why."""
    named = {problem.file for problem in evidence.problems} | {each.what for each in evidence.failures}
    for each in evidence.inputs:
        if each.named and each.used is Used.NONE and not any(file.startswith(each.path) for file in named):
            yield finding("I122", Side(each.path, each.why), Side("regard", None), field="files")


CHECKS: Checks = {files_failed: ("I120",), nothing_used: ("I122",)}
