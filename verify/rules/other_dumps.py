"""D: what the layouts of other machines have checked of their dumps, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocol.words import msg
from verify.columns.needs import Dumps
from verify.model.checks import check
from verify.model.rule_results import Named, One, Side, one

if TYPE_CHECKING:
    from protocol.dumps.checks import DumpCheck


@check(
    *("D101", "D102", "D103", "D104", "D105", "D106", "D107", "D108", "D109", "D110"),
    *("D111", "D112", "D113", "D114", "D115", "D116", "D117", "D118"),
)
def checks_failed(dumps: Dumps) -> Iterator[One]:
    """D101 to D118: a check of a dump does not hold; its code is the rule's."""
    from protocol.dumps.checks import CheckVerdict

    for dump in dumps:
        for each in dump.checks:
            if each.verdict is CheckVerdict.FAILS:
                yield _finding(each, each.code)


@check("D119")
def checks_left_out(dumps: Dumps) -> Iterator[One]:
    """D119: a key, a file or a rule that a check needs is not there."""
    from protocol.dumps.checks import CheckVerdict

    for dump in dumps:
        for each in dump.checks:
            if each.verdict is CheckVerdict.NOT_CHECKED:
                yield _finding(each, "D119")


def _finding(each: DumpCheck, code: str) -> One:
    left = Side(each.source or each.unit, each.left if each.left != "" else None)
    right = Side(str(each.right_source), each.right if each.right != "" else None)
    where = each.where if each.source or each.unit else msg("dump")
    return one(Named(), left, right, field="files", code=code, where=where, told=each.told)
