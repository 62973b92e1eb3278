"""Every bureau as a row: its figures, its gap, the state of each piece, its cases; and its commune's sums."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from regard.dossier.bureau_table import bureau_table, commune_table, department_table, state_counts, state_legend
from regard.dossier.coverage_states import PieceState
from regard.dossier.model import Dossier
from regard.dossier.page import as_page
from regard.dossier.printed import print_values
from tests.regard.dossier.reports import dossier_of
from tests.regard.test_verify_night import damaged_night, gap_night
from tests.verify.night_builder import CURIE, PUBLISHED, export_file, small_night

BUREAUX = ["0001", "0002", "0003", "0004", "0A11"]


def states_of(dossier: Dossier, kind: str) -> list[PieceState]:
    return [PieceState(code) for code in dossier.bureaux.states[kind][1].tolist()]


def test_a_clean_night_has_the_same_figures_everywhere(tmp_path: Path) -> None:
    dossier, _ = dossier_of(small_night(), tmp_path / "night")
    assert dossier.bureaux.bureau.tolist() == BUREAUX
    assert states_of(dossier, "exports") == [PieceState.AGREES] * 3 + [PieceState.NOT_ASKED, PieceState.AGREES]
    for kind in ("emargements", "pv", "voix", "publie"):
        assert states_of(dossier, kind) == [PieceState.AGREES] * 5, kind
    assert not dossier.bureaux.gap.any()
    assert not dossier.bureaux.case.any()


def test_a_slip_shows_where_it_happens_and_not_in_its_copies(tmp_path: Path) -> None:
    night = small_night()
    for file in ("pv.csv", "recap.csv"):
        if file in night.tables:
            night.add(file, "0002", "blancs", 3)
    night.publish("0002").counts["Blancs"] += 3
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert states_of(dossier, "pv")[1] is PieceState.DIFFERS
    assert states_of(dossier, "exports")[1] is PieceState.AGREES
    night = small_night()
    night.add("voix.csv", "0002", "voix", 1, choice=CURIE)
    dossier, _ = dossier_of(night, tmp_path / "other")
    assert states_of(dossier, "voix") == [
        PieceState.AGREES,
        PieceState.DIFFERS,
        PieceState.AGREES,
        PieceState.AGREES,
        PieceState.AGREES,
    ]
    for kind in ("exports", "pv", "publie"):
        assert PieceState.DIFFERS not in states_of(dossier, kind), kind


def test_what_is_missing_damaged_or_alone(tmp_path: Path) -> None:
    night = small_night()
    del night.exports[export_file("0A11")]
    spoilt = bytearray(night.exports[export_file("0001")])
    spoilt[300] ^= 1
    night.exports[export_file("0001")] = bytes(spoilt)
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert states_of(dossier, "exports") == [
        PieceState.UNREAD,
        PieceState.AGREES,
        PieceState.AGREES,
        PieceState.NOT_ASKED,
        PieceState.ABSENT,
    ]
    alone = small_night()
    alone.exports.clear()
    alone.published.clear()
    for file in ("recap.csv", "voix.csv", "pv.csv"):
        alone.raw[file] = None
    dossier, _ = dossier_of(alone, tmp_path / "alone")
    assert states_of(dossier, "emargements") == [PieceState.ALONE] * 5


def test_results_under_other_names_have_not_the_same_figures(tmp_path: Path) -> None:
    night = small_night()
    for row in night.published[PUBLISHED]:
        row.votes = {f"Bloc {at}": votes + (2, -1, -1)[at] for at, votes in enumerate(row.votes.values())}
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert states_of(dossier, "publie") == [PieceState.PARTLY] * 5


def test_gaps_and_sums_of_communes(tmp_path: Path) -> None:
    night = gap_night()
    night.sign("0A11", -3)
    dossier, result = dossier_of(night, tmp_path / "night")
    assert dossier.bureaux.gap.tolist() == [-2, 0, 0, 0, 3]
    communes = dossier.communes.counts
    assert communes["bureaux_column"].tolist() == [4, 1]
    assert communes["beyond"].tolist() == [0, 3]
    assert communes["short"].tolist() == [2, 0]
    assert communes["findings"].sum() == sum(found.severity > 1 for found in result.findings)
    gaps = dossier.gaps
    assert (gaps.compared, gaps.equal, gaps.more, gaps.fewer, gaps.beyond, gaps.short) == (5, 3, 1, 1, 3, 2)
    assert gaps.largest == 3
    found = dossier.bureaux.found
    assert gaps.outside == sum(abs(gap) * 1000 > 3 * votes for gap, votes in zip([-2, 3], found[[0, 4]], strict=True))


def test_the_cases_of_a_bureau_are_those_of_its_findings(tmp_path: Path) -> None:
    dossier, result = dossier_of(damaged_night(), tmp_path / "night")
    for row, bureau in enumerate(BUREAUX):
        numbers = sorted(
            {
                int(result.cases.number[at])
                for at, found in enumerate(result.findings)
                if found.bureau == bureau and result.cases.number[at]
            }
        )
        assert dossier.bureaux.cases[row] == len(numbers), bureau
        assert dossier.bureaux.case[row] == (numbers[0] if numbers else 0)


def test_polls_of_one_day_are_rows_of_their_own(tmp_path: Path) -> None:
    night = small_night(polls=2)
    night.sign("0001", 2, poll=2)
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert dossier.bureaux.poll.tolist() == [1, 2] * 5
    assert np.flatnonzero(dossier.bureaux.gap).tolist() == [1]
    assert dossier.bureaux.case[1] > 0
    assert dossier.communes.counts["bureaux_column"].tolist() == [4, 1]


def test_a_gap_that_all_pieces_agree_on_is_marked_where_the_signatures_stand(tmp_path: Path) -> None:
    dossier, _ = dossier_of(gap_night(), tmp_path / "night", "fr")
    assert states_of(dossier, "emargements") == [PieceState.GAP] + [PieceState.AGREES] * 4
    assert states_of(dossier, "pv") == [PieceState.AGREES] * 5
    counts = dict(state_counts(dossier.bureaux))
    assert counts[dossier.bureaux.states["emargements"][0]][PieceState.GAP] == 1
    row = bureau_table(dossier)[0]
    assert ("Δ", "gap") in row.states
    signs = [sign for sign, _, _ in state_legend("fr")]  # the counts of a piece stand below them, but for the first
    assert state_legend("fr")[PieceState.GAP - 1] == ("Δ", "gap", "écart votes/émargements")
    assert signs.index("(=)") == PieceState.PARTLY - 1


def test_the_piece_that_a_case_blames_is_the_one_that_is_marked(tmp_path: Path) -> None:
    night = small_night()
    night.row("emargements.csv", "0002")["emargements"] = "456"  # two digits exchanged: 546
    dossier, result = dossier_of(night, tmp_path / "night")
    [correction] = [each for each in result.cases[0].detail.corrections if not each.copied]
    assert correction.piece == "emargements"
    assert states_of(dossier, "emargements")[1] is PieceState.DIFFERS
    for kind in ("exports", "pv", "voix", "publie"):
        assert states_of(dossier, kind)[1] is PieceState.AGREES, kind


def test_a_commune_without_a_code_is_named_once(tmp_path: Path) -> None:
    night = small_night()
    dossier, _ = dossier_of(night, tmp_path / "night", "fr")
    named = replace(dossier, communes=replace(dossier.communes, insee=dossier.communes.name))
    assert [row.code for row in commune_table(named)] == ["", ""]
    assert department_table(named) == []
    assert [row[0] for row in print_values(named)["communes"]] == list(dossier.communes.name)
    assert 'scope="col">INSEE' in as_page(dossier).decode()
    assert 'scope="col">INSEE' not in as_page(named).decode()
