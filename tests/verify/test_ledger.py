"""The ledger of comparisons: what was set beside what, how many figures, and why the others were not."""

from pathlib import Path

import pytest

from protocol.quantities import Quantity
from tests.verify.night_builder import PUBLISHED, Night, audited, small_night
from tests.verify.published import samples
from verify.audit import Audit
from verify.ledger import Line, Why
from verify.rulebook.catalogue import rules


def lines_of(result: Audit) -> dict[tuple[str, str, str], Line]:
    return {(line.quantity.value, line.left, line.right): line for line in result.ledger.lines}


def test_everything_that_two_pieces_have_is_compared() -> None:
    result = small_night().run()
    lines = lines_of(result)
    assert all(line.figures == line.compared and not line.why for line in lines.values())
    assert lines["votes", "voix", "publie"].figures == 15
    assert lines["votes", "exports", "voix"].figures == 12  # not the bureau on paper
    assert lines["signatures", "pv", "emargements"].figures == 5
    assert result.ledger.could_have_been == []
    assert [(each.piece, each.quantity) for each in result.ledger.uncompared] == [("pv", Quantity.PROXIES)]


def without_machines(night: Night) -> Night:
    night.incomplete()
    night.exports.clear()
    return night


def test_two_sheets_of_one_workbook_are_two_pieces(tmp_path: Path) -> None:
    head = "N° du bureau|Inscrits|Émargements|Votes trouvés|Exprimés"
    sheets = {"PV": f"{head}\n1|900|700|700|690", "Émargements": "Bureau|Émargements\n1|690"}
    (tmp_path / "Vauréal.xlsx").write_bytes(samples.workbook(sheets))
    result = audited(files=(tmp_path / "Vauréal.xlsx",))
    line = lines_of(result)["signatures", "pv", "emargements"]
    assert (line.figures, line.compared, line.why) == (1, 1, {})


def test_votes_for_choices_of_other_names_are_not_compared() -> None:
    night = without_machines(small_night())
    for row in night.published[PUBLISHED]:
        row.votes = {f"LISTE {number}": votes + 1 for number, votes in enumerate(row.votes.values(), 1)}
    line = lines_of(night.run())["votes", "voix", "publie"]
    assert (line.figures, line.compared, line.why) == (15, 0, {Why.NAMES: 15})


@pytest.mark.parametrize(("blank", "why"), [(True, Why.BLANK), (False, Why.NO_ROW)])
def test_a_count_that_one_piece_leaves_blank_and_a_row_that_it_lacks(blank: bool, why: Why) -> None:
    night = without_machines(small_night())
    if blank:
        night.row("pv.csv", "0001")["blancs"] = ""
    else:
        night.drop("pv.csv", "0001")
    line = lines_of(night.run())["blank", "pv", "publie"]
    assert (line.figures, line.compared, line.why) == (5, 4, {why: 1})


def test_figures_of_one_piece_alone_are_held_within_bounds_at_most() -> None:
    night = without_machines(small_night())
    for file in ("univers.csv", "pv.csv", "voix.csv"):
        del night.tables[file]
    night.published.clear()
    result = night.run()
    uncompared = {each.quantity: (each.figures, each.bounded) for each in result.ledger.uncompared}
    assert uncompared == {Quantity.REGISTERED: (5, 5), Quantity.SIGNATURES: (5, 5)}
    assert result.ledger.lines == ()


def test_a_rule_that_looked_at_nothing_is_not_checked() -> None:
    coverage = small_night().run().coverage
    assert {"T323", "T302", "T309"} <= set(coverage.idle)  # no table of all elections, a PV everywhere, one edition
    assert not {*coverage.idle} & {*coverage.checked, *coverage.unchecked}
    assert all(code[0] in "RT" for code in coverage.idle)


def test_every_rule_that_compares_figures_says_at_which() -> None:
    result = small_night(polls=2).run()
    comparing = {code for code in result.coverage.checked if code[0] in "RT"}
    assert {code for code in comparing if not result.ledger.looks.get(code)} == set()
    assert {"R201", "R207", "R213", "R221", "T301", "T306"} <= comparing <= rules().keys()
