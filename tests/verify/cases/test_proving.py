"""A case stays certain only where all rules agree that its corrections end its findings, and make no others."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.night_builder import CHOICES, INSEE, OTHER_INSEE, PUBLISHED, Night, loaded, small_night
from verify import audit
from verify.cases.corrections import correct
from verify.cases.making import draft_cases
from verify.cases.proof import prove
from verify.model.case_table import CaseTable
from verify.model.cases import Correction, Drafts, Sure
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.published import Level
from verify.model.rule_results import Named

BUREAU = Named(INSEE, "0002", 1)


def two_slips() -> Night:
    """Two digits exchanged in one PV, and one digit wrong in another."""
    night = small_night()
    night.row("pv.csv", "0002")["emargements"] = "456"
    night.row("pv.csv", "0001")["exprimes"] = "660"
    return night


def drafted(evidence: LinedEvidence) -> tuple[FindingTable, Drafts]:
    table = audit.run(evidence).findings
    return table, draft_cases(evidence, table)


def corrects(drafts: Drafts, bureau: str) -> int:
    """The case that corrects a bureau."""
    [case] = [at for at, detail in drafts.details.items() if detail.corrections[0].place.bureau == bureau]
    return case


def with_corrections(drafts: Drafts, case: int, *corrections: Correction) -> Drafts:
    detail = replace(drafts.details[case], corrections=corrections)
    return replace(drafts, details={**drafts.details, case: detail})


def sures(table: FindingTable, drafts: Drafts) -> dict[str, Sure]:
    return {case.detail.corrections[0].place.bureau: case.sure for case in CaseTable(table, drafts)}


def test_cases_that_explain_their_findings_stay_certain() -> None:
    evidence = two_slips().load()
    table, drafts = drafted(evidence)
    assert sures(table, drafts) == {"0001": Sure.CERTAIN, "0002": Sure.CERTAIN}
    assert prove(evidence, table, drafts)[0] is drafts


def test_a_case_whose_findings_stay_is_only_likely_and_the_other_one_stays_certain() -> None:
    evidence = two_slips().load()
    table, drafts = drafted(evidence)
    case = corrects(drafts, "0002")
    [right] = drafts.details[case].corrections
    wrong = with_corrections(drafts, case, replace(right, becomes=547))
    assert sures(table, prove(evidence, table, wrong)[0]) == {"0001": Sure.CERTAIN, "0002": Sure.LIKELY}


def test_a_case_that_makes_an_error_elsewhere_is_only_likely() -> None:
    evidence = two_slips().load()
    table, drafts = drafted(evidence)
    case = corrects(drafts, "0002")
    more = replace(drafts.details[case].corrections[0], place=Named(INSEE, "0004", 1), was=420, becomes=333)
    wrong = with_corrections(drafts, case, *drafts.details[case].corrections, more)
    assert sures(table, prove(evidence, table, wrong)[0]) == {"0001": Sure.CERTAIN, "0002": Sure.LIKELY}


@pytest.mark.parametrize("follows", [True, False])
def test_a_sum_of_wrong_figures_goes_along_with_their_correction(night: Night, tmp_path: Path, follows: bool) -> None:
    row = night.publish("0002")
    row.counts["Blancs"], row.counts["Nuls"] = 0, 17
    evidence = loaded(_with_commune(night, tmp_path, follows))
    fix = [Correction(BUREAU, "publie", "", name, *both, file=PUBLISHED) for name, both in EXCHANGED.items()]
    before, after = (
        {found.code for found in audit.run(each).findings if found.code[0] == "T"}
        for each in (evidence, correct(evidence, fix))
    )
    assert "T301" in before - after
    # a sum that was of the right figures already does not follow, and agrees with them now
    assert ("T303" in before, "T303" in after) == (not follows, False)
    tables = correct(evidence, fix).tables
    assert [int(each.counts["blank"].sum()) for each in tables if each.level is Level.COMMUNE] == [88]


EXCHANGED = {"blank": (0, 17), "null": (17, 0)}


def _with_commune(night: Night, folder: Path, of_wrong_figures: bool) -> Path:
    """The night with a published file by communes: the sums of its bureaux as they stand, or as they should."""
    written = night.write(folder / "night")
    if not of_wrong_figures:
        night.publish("0002").counts.update({"Blancs": 17, "Nuls": 0})
    header = "Code du département;Libellé du département;Code de la commune;Libellé de la commune;"
    names = ("Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés")
    lines = [header + ";".join((*names, "N°Panneau;Sexe;Nom;Prénom;Voix"))]
    for insee in (INSEE, OTHER_INSEE):
        rows = [each for each in night.published[PUBLISHED] if each.insee == insee]
        cells: list[object] = [insee[:2], "Essai", insee[2:], rows[0].commune]
        cells += [sum(each.counts[name] for each in rows) for name in names]
        for panel, label in enumerate(CHOICES, 1):
            name, _, first = label.partition(" ")
            cells += [panel, "F", name, first, sum(each.votes[label] for each in rows)]
        lines.append(";".join(map(str, cells)))
    (written / "publie.communes.txt").write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))
    return written


@pytest.mark.parametrize(
    ("file", "column", "choice"), [("pv.csv", "votes_trouves", ""), ("voix.csv", "voix", CHOICES[0])]
)
def test_corrections_that_cancel_out_in_a_commune_both_stay_certain(
    night: Night, file: str, column: str, choice: str
) -> None:
    """Ten votes too many in one bureau and too few in another: no sum of the commune is off."""
    for bureau, by in (("0001", 10), ("0002", -10)):
        night.add(file, bureau, column, by, choice=choice)
    result = night.run()
    assert [(case.places[0].bureau, case.sure) for case in result.cases] == [
        ("0001", Sure.CERTAIN),
        ("0002", Sure.CERTAIN),
    ]
    sums = {found.code: found.details["verdict"] for found in result.findings if found.code.startswith("V")}
    assert sums == {"V501": "none", "V503": "not material"}
