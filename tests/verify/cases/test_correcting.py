"""The evidence with corrections made in it: exactly the figures that they name, and in a copy."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protocol.words import Text
from tests.verify.night_builder import (
    CURIE,
    INSEE,
    PUBLISHED,
    ZOLA,
    Night,
    causes,
    codes_of,
    findings,
    grave,
    loaded,
    small_night,
)
from tests.verify.published import samples
from verify import audit
from verify.cases.corrections import correct
from verify.model.cases import Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.findings import Severity
from verify.model.rule_results import Named

BUREAU = Named(INSEE, "0002", 1)


def fix(
    piece: str, field: Text, was: int | None, becomes: int, *, choice: int = -1, file: str = "", place: Named = BUREAU
) -> Correction:
    return Correction(place, piece, "", field, was, becomes, file=file, choice=choice)


def figure(evidence: LinedEvidence, name: str) -> int:
    """A count of the PV of bureau 0002."""
    assert evidence.records is not None
    return int(evidence.records[name].values[1, 0])


@pytest.mark.parametrize("polls", [1, 2])
def test_each_piece_of_evidence_is_corrected_where_a_correction_says(polls: int) -> None:
    night, poll = small_night(polls), polls
    place = Named(INSEE, "0002", poll)
    file = PUBLISHED if poll == 1 else f"publie.{poll}.txt"
    choice = next(row["choix"] for row in night.tables["voix.csv"] if row["scrutin"] == str(poll))
    of_votes = int(night.row("voix.csv", "0002", poll, choice)["voix"])
    night.add("emargements.csv", "0002", "emargements", 40, poll)
    night.add("pv.csv", "0002", "votes_trouves", 30, poll)
    night.add("voix.csv", "0002", "voix", 7, poll, choice)
    night.publish("0002", file).counts["Votants"] += 9
    night.publish("0002", file).votes[choice] -= 5
    evidence = night.load()
    assert {found.bureau for found in grave(audit.run(evidence))} == {"0002"}
    right = [
        fix("emargements", "signatures", 586, 546, place=place),
        fix("pv", "votes_found", 576, 546, place=place),
        fix("pv", choice, of_votes + 7, of_votes, choice=0, place=place),
        fix("publie", "votes_found", 555, 546, file=file, place=place),
        fix("publie", choice, of_votes - 5, of_votes, choice=0, file=file, place=place),
    ]
    before = [(found.code, str(found.field)) for found in audit.run(evidence).findings]
    assert grave(audit.run(correct(evidence, right))) == []
    for index in range(len(right)):  # each of them is needed
        assert grave(audit.run(correct(evidence, [*right[:index], *right[index + 1 :]])))
    assert [(found.code, str(found.field)) for found in audit.run(evidence).findings] == before
    assert figure(evidence, "votes_found") == (546 if poll == 2 else 576)


def test_a_machine_is_corrected_in_its_counts_and_its_export_stays(night: Night) -> None:
    night.change_export("0002", cast=549, blank=18, voters=549, tallies=(253, 190, 88), enablings=551)
    evidence = night.load()
    right = [
        fix("exports", "votes_found", 549, 546),
        fix("exports", "blank", 18, 17),
        fix("exports", ZOLA, 253, 251, choice=0),
    ]
    result = correct(evidence, right)
    assert result.exports is evidence.exports
    assert result.machines is not None
    assert result.machines.cast.values[1, 0] == 546
    assert codes_of(grave(audit.run(evidence))) >= {"R206", "R207", "R201"}
    assert not codes_of(grave(audit.run(result))) & {"R206", "R207", "R201"}


def test_of_a_bureau_with_two_machines_the_sum_is_corrected(night: Night) -> None:
    night.change_export("0003", 1, 2, tallies=(286, 181, 54), cast=530, voters=530, enablings=532)
    evidence = night.load()
    place = Named(INSEE, "0003", 1)
    right = [fix("exports", ZOLA, 566, 557, choice=0, place=place)]
    right += [fix("exports", "votes_found", 1053, 1044, place=place)]
    result = correct(evidence, right)
    assert codes_of(grave(audit.run(evidence))) >= {"R216", "C112"}
    assert grave(audit.run(result)) == []
    assert result.machines is not None
    assert int(result.machines.tallies[2, 0, 0]) == 557


def test_the_list_of_bureaux_is_corrected_for_every_poll() -> None:
    night = small_night(2)
    night.row("univers.csv", "0002")["inscrits"] = "500"
    evidence = night.load()
    right = fix("univers", "registered", 500, 850, place=Named(INSEE, "0002"))
    assert "R211" in codes_of(audit.run(evidence).findings)
    assert "R211" not in codes_of(audit.run(correct(evidence, [right])).findings)


def test_counts_that_stand_one_column_off_no_longer_do_once_they_are_put_back(night: Night) -> None:
    row = night.row("pv.csv", "0002")
    for column, value in zip(("votes_trouves", "blancs", "nuls", "exprimes"), ("17", "0", "529", ""), strict=True):
        row[column] = value
    evidence = night.load()
    assert evidence.shifted is not None
    assert evidence.shifted[1, 0]
    names = {"votes_found": (17, 546), "blank": (0, 17), "null": (529, 0), "valid": (None, 529)}
    result = correct(evidence, [fix("pv", name, *both) for name, both in names.items()])
    assert result.shifted is not None
    assert not result.shifted.any()
    assert grave(audit.run(result)) == []


def test_what_two_files_say_of_one_bureau_is_one_once_the_first_is_corrected(night: Night) -> None:
    night.add("emargements.csv", "0002", "emargements", 40)
    folder = night.write()
    other = "insee;bureau;scrutin;emargements\n" + f"{INSEE};0002;1;546\n"
    (folder / "emargements_2.csv").write_text(other, encoding="utf-8")
    evidence = loaded(folder, signatures=(folder / "emargements.csv", folder / "emargements_2.csv"))
    assert "R226" in codes_of(grave(audit.run(evidence)))
    place = night.place("emargements.csv", "0002")
    right = replace(fix("emargements", "signatures", 586, 546), source=place)
    assert grave(audit.run(correct(evidence, [right]))) == []


def test_only_what_changes_is_copied_and_nothing_where_there_is_no_correction() -> None:
    evidence = small_night().load()
    assert correct(evidence, []) is evidence
    assert correct(evidence, [fix("pv", "valid", 1, 2, place=Named("99999", "0001", 1))]) is evidence
    result = correct(evidence, [fix("pv", CURIE, 190, 191, choice=1)])
    assert result.votes is not None
    assert evidence.votes is not None
    changed = np.argwhere(result.votes.values != evidence.votes.values).tolist()
    assert changed == [[1, 0, 1]]
    assert evidence.votes.values[1, 0, 1] == 190
    for name in ("records", "signatures", "published", "machines", "exports", "universe", "inputs"):
        assert getattr(result, name) is getattr(evidence, name)
    assert evidence.records is not None
    counts = correct(evidence, [fix("pv", "valid", 529, 530)]).records
    assert counts is not None
    assert counts["blank"] is evidence.records["blank"]


def test_what_was_made_of_the_figures_before_is_made_anew() -> None:
    evidence = small_night().load()
    audit.run(evidence)
    [gap] = findings(audit.run(correct(evidence, [fix("emargements", "signatures", 546, 540)])), "R201")
    assert (gap.bureau, gap.left.value, gap.right.value) == ("0002", 540, 546)
    assert grave(audit.run(evidence)) == []


def test_percentages_and_abstentions_of_a_wrong_figure_go_with_it() -> None:
    night: Night = small_night()
    row = night.publish("0002")
    row.counts["Votants"], row.counts["Abstentions"] = 564, 286
    evidence = night.load()
    result = correct(evidence, [fix("publie", "votes_found", 564, 546, file=PUBLISHED)])
    assert audit.run(result).findings.number_of(Severity.ERROR) == 0
    assert [found.code for found in audit.run(result).findings if found.code[0] == "T"] == []
    [table] = result.tables
    assert table is result.published[0].published
    assert int(table.counts["abstentions"][1]) == 304
    assert {str(shares[1]) for name, shares in table.percentages.items() if not name.startswith("votes/")} == {""}
    assert all(str(shares[0]) for shares in table.percentages.values())  # of a row that is not corrected


def test_one_count_that_is_the_next_bureau_s_at_the_end_of_a_commune_is_no_slipped_column(night: Night) -> None:
    for table in ("univers.csv", "emargements.csv", "pv.csv", "voix.csv"):
        night.drop(table, "0003")
        night.drop(table, "0004")
    night.exports = {name: data for name, data in night.exports.items() if "0003" not in name}
    night.published[PUBLISHED] = [row for row in night.published[PUBLISHED] if row.bureau not in ("0003", "0004")]
    night.row("emargements.csv", "0001")["emargements"] = "1300"
    night.row("emargements.csv", "0002")["emargements"] = "626"
    assert "column-slipped" not in causes(night.run())


def test_a_number_added_to_a_column_of_a_published_file_comes_off_in_that_file(tmp_path: Path) -> None:
    path = tmp_path / "paris.csv"
    row = "5-{0},Présidentielle,2017,1,2017/04/23,2,18,5,{0},20,400,301,300,12,0,12,288,188,100\n"
    path.write_text(samples.PARIS.splitlines()[0] + "\n" + "".join(row.format(n) for n in range(1, 31)), "utf-8")
    evidence = loaded(published=(path,))
    result = audit.run(evidence)
    corrections = result.cases.corrections(Sure.CERTAIN, Sure.LIKELY)
    assert {(each.piece, each.file, each.becomes) for each in corrections} == {("publie", str(path), 300)}
    assert codes_of(result.findings) >= {"R202"}
    assert "R202" not in codes_of(audit.run(correct(evidence, corrections)).findings)
