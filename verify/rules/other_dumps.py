"""D: what the layouts of other machines have checked of their dumps, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import msg
from verify.columns.needs import Dumps
from verify.model.checks import check
from verify.model.rule_results import Named, One, Side, one


@check(
    *("D101", "D102", "D103", "D104", "D105", "D106", "D107", "D108", "D109", "D110"),
    *("D111", "D112", "D113", "D114", "D115", "D117", "D118", "D119"),
)
def dump_checks(dumps: Dumps) -> Iterator[One]:
    """D101 to D118: a check of a dump does not hold; its code is the rule's. D119: what it needs is not there."""
    from protocol.dumps.checks import CheckVerdict

    for each in (each for dump in dumps for each in dump.checks):
        if each.verdict in (CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED):
            left = Side(each.source or each.unit, each.left if each.left != "" else None)
            right = Side(str(each.right_source), each.right if each.right != "" else None)
            where = each.where if each.source or each.unit else msg("dump")
            code = each.code if each.verdict is CheckVerdict.FAILS else "D119"
            yield one(Named(), left, right, field="files", code=code, where=where, told=each.told)
