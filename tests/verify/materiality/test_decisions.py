"""The sums of French election judges, done again: figures in, the totals they print, and whether the sum decides.

`decisions.csv` has a decision a row. ``first`` and ``second`` are the votes of those between whom it is decided, or a
lead over 20,000 votes where only that is known; ``k_first`` are votes beyond signatures where the first leads,
``irregular`` and ``added`` those taken and given, ``moved`` from the first to the second, ``back`` given to the first;
``out`` are bureaux taken out whole, ``to`` what the decision prints. ``assumed`` is what no source gives.
"""

import csv
import dataclasses
from pathlib import Path

import pytest

from tests.verify.materiality.contest_builder import Row, contest
from verify.materiality.annulment import annul
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.kinds import kind_of
from verify.materiality.outcome import Totals, decide

DECISIONS = list(csv.DictReader(Path(__file__).with_name("decisions.csv").read_text("utf-8").splitlines()))


class Figures(dict[str, int]):
    """The figures of a row by column; what does not stand there is nothing."""

    def __init__(self, row: dict[str, str]) -> None:
        super().__init__({name: int(value) for name, value in row.items() if value.lstrip("-").isdecimal()})

    def __missing__(self, name: str) -> int:
        return 0


def contest_of(row: dict[str, str], *, read: bool = True) -> ContestCount:
    """The contest in bureaux of four kinds, those that each choice leads and those taken out, and one that is the rest.

    ``read``: as the judge read it, with what was swapped or given back.
    """
    of, kind = Figures(row), kind_of(row["election"])
    assert kind is not None
    moved, back = (of["moved"], of["back"]) if read else (0, 0)
    whole = (of["first"] - moved + back, of["second"] + moved, of["third"])
    taken = of["irregular"] + of["over"]
    out = (of["out_first"], of["out_second"], of["out_valid"] - of["out_first"] - of["out_second"])
    special = [
        Row(
            (of["k_first"] + taken + 20, 10, 0),
            gap=of["k_first"],
            registered=of["k_first"] + taken + of["added"] + 30,
            explained=of["explained"],
            contested=of["irregular"],
            kept_out=of["added"],
        ),
        Row((10, of["k_second"] + 20, 0), gap=of["k_second"], registered=0),
        Row((5, 5, of["k_third"] + 20 if whole[2] else 0), gap=of["k_third"], registered=0),
        Row((of["over"] + 10, 5, 0), over=of["over"], registered=0),
        Row(out, registered=0, irregular=bool(of["out_valid"])),
    ]
    rest = tuple(all_ - sum(each.votes[at] for each in special) for at, all_ in enumerate(whole))
    roll = (of["registered"] or sum(whole)) - special[0].registered
    rows = [*special, Row(rest, registered=roll)]
    if kind.several_names:
        rows = [dataclasses.replace(each, valid=max(each.votes) + 1) for each in special]
        rows.append(Row(rest, registered=roll, valid=of["valid"] - sum(each.valid or 0 for each in rows)))
    return contest(kind, rows, round_=of["round"], seats=2)


def sum_of(row: dict[str, str]) -> tuple[Totals, bool]:
    """The totals after the judge's sum, as far as they can be had, and whether it decides."""
    count, kinds = contest_of(row), row["kinds"].split()
    result = deduct(count)
    if "G" in kinds:
        removal = annul(count).together[0]
        return (removal.rest or removal).totals, removal.is_material
    if "B" in kinds and result.by_leader is not None:
        return result.by_leader.totals, result.by_leader.changes or result.by_leader.reorders
    if not result.trials:
        assert count.ballot is not None
        return count.totals, result.outcome != decide(count.ballot, contest_of(row, read=False).totals)
    decides = result.verdict is ContestVerdict.MATERIAL or result.reordered is not None
    return next(each for each in result.trials if each.first in (0, None)).totals, decides


@pytest.mark.parametrize("row", DECISIONS, ids=[each["id"] for each in DECISIONS])
def test_the_sum_of_a_decision(row: dict[str, str]) -> None:
    totals, decides = sum_of(row)
    printed, (first, second, *_) = Figures(row), totals.votes
    assert decides == (row["changes"] == "yes")
    assert not row["to_valid"] or totals.valid == printed["to_valid"]
    assert not row["to_first"] or first == printed["to_first"]
    assert not row["to_second"] or second == printed["to_second"]
    assert not row["to_lead"] or first - second == printed["to_lead"]


def test_the_deduction_in_turn_is_never_milder_than_the_bureaus_own_leader() -> None:
    """CC 68-536 AN: three bureaux, four votes from the elected and one from the other; in turn all five can be his."""
    row = next(each for each in DECISIONS if each["id"] == "D005")
    result = deduct(contest_of(row))
    assert result.verdict is ContestVerdict.MATERIAL
    assert result.by_leader is not None
    assert not result.by_leader.changes


def test_a_majority_of_an_even_number_is_half_and_one() -> None:
    """CC 81-912 AN prints 26,629, half of 53,258; half and one is 26,630, and the sum decides nothing either way."""
    totals, decides = sum_of(next(each for each in DECISIONS if each["id"] == "D020"))
    assert (totals.valid, totals.valid // 2 + 1, totals.registered) == (53_258, 26_630, 79_392)
    assert not decides
