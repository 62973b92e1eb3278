"""I120, I121, I122: what could not be checked: something was raised where nothing should be, or nothing was used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verify.columns.needs import FailedFiles, UnusedFiles
from verify.model.checks import check
from verify.model.failures import Failure
from verify.model.holds import Named, One, Side, one


@check("I120")
def files_failed(files: FailedFiles) -> Iterator[One]:
    """I120: a file could not be read or lined up."""
    for failed in files:
        yield one(Named(), Side(failed.what, failed.error), Side(failed.where, None), field="files")


@check("I122")
def nothing_used(files: UnusedFiles) -> Iterator[One]:
    """I122: a file that was given by its name or contradicts others of its kind, and of which nothing is used."""
    for each in files:
        yield one(Named(), Side(each.path, each.why), Side("regard", None), field="files")


def rules_failed(failures: Iterable[Failure]) -> Iterator[One]:
    """I121: rules could not be applied."""
    for failed in failures:
        sides = Side(failed.where, failed.error), Side(failed.where, None)
        yield one(Named(), *sides, field=failed.what, code="I121")
