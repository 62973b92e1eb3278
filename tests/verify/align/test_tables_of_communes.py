"""A table with a row for each commune, as the record of a commission of census: published results of that level."""

from pathlib import Path

import pytest

import regard
from protocol.evidence_kinds import EvidenceKind
from tests.regard.calling import CommandLine
from tests.sources import put_text
from tests.verify.night_builder import codes_of, figures, findings
from verify.model.published import Level
from verify.read.results_files import read_all

PVS = """commune;bureau;inscrits;émargements;votes trouvés;blancs;nuls;exprimés;MARCHAND;DELORME
Valmartin;0001;900;500;500;5;5;490;250;240
Valmartin;0002;800;400;400;4;6;390;200;190
Saint-Aubrac;0001;700;300;300;3;2;295;140;155
Saint-Aubrac;0002;600;200;200;2;2;196;110;86
"""
RECORD = """Préfecture
Commune;Inscrits;Votants;Blancs;Nuls;Exprimés;MARCHAND;DELORME
VALMARTIN;1700;900;9;11;880;450;430
ST AUBRAC;1300;500;5;4;491;250;241
TOTAL;3000;1400;14;15;1371;700;671
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "f"
    made.mkdir()
    put_text(made / "pv.csv", PVS)
    put_text(made / "commission.csv", RECORD)
    return made


def without_a_bureau(folder: Path) -> None:
    """Leave the second bureau of Saint-Aubrac out of the record."""
    row, total = "ST AUBRAC;700;300;3;2;295;140;155", "TOTAL;2400;1200;12;13;1175;590;585"
    put_text(folder / "commission.csv", "\n".join([*RECORD.splitlines()[:3], row, total, ""]))


def test_it_is_read_as_results_by_commune(folder: Path) -> None:
    [table] = read_all(folder / "commission.csv")
    assert table.level is Level.COMMUNE
    assert table.commune.tolist() == ["VALMARTIN", "ST AUBRAC"]
    assert (table.bureau == "").all()
    assert table.counts["votes_found"].tolist() == [900, 500]


def test_nothing_is_said_where_all_sums_are_its_figures(folder: Path) -> None:
    result = regard.audit(folder)
    assert not {"T303", "T337", "C125", "I113"} & codes_of(result.findings)
    assert result.coverage.votes is not None
    assert dict(result.coverage.votes.published) == {"MARCHAND": 700, "DELORME": 671}


def test_a_commune_with_more_in_its_bureaux_is_named_with_both_figures(folder: Path) -> None:
    without_a_bureau(folder)
    result = regard.audit(folder)
    [found] = findings(result, "T337")
    assert figures(found) == (300, 500)
    assert found.left.source.endswith("commission.csv:4")
    assert result.coverage.votes is not None
    assert dict(result.coverage.votes.choices) == {"MARCHAND": 700, "DELORME": 671}
    assert dict(result.coverage.votes.published) == {"MARCHAND": 590, "DELORME": 585}


def test_a_commune_with_fewer_in_its_bureaux_may_have_others(folder: Path) -> None:
    put_text(folder / "pv.csv", "\n".join([*PVS.splitlines()[:-1], ""]))
    assert not findings(regard.audit(folder), "T337")


def test_more_published_is_an_error_where_the_registered_voters_leave_no_room_for_a_bureau(folder: Path) -> None:
    put_text(folder / "commission.csv", RECORD.replace("880;450;430", "880;460;420"))
    result = regard.audit(folder)
    [found] = findings(result, "T337")
    assert (found.field, found.left.value, found.right.value) == ("MARCHAND", 460, 450)
    assert found.left.source.endswith("commission.csv:3")
    assert (found.right.piece, found.right.source) == (EvidenceKind.RECORDS, "pv.csv (Σ)")
    assert not any(used.why for used in result.inputs)


def test_a_commune_that_may_have_other_bureaux_is_said_to_be_left_out(folder: Path, cli: CommandLine) -> None:
    put_text(folder / "pv.csv", "\n".join([*PVS.splitlines()[:-1], ""]))
    result = regard.audit(folder)
    assert result.coverage.votes is not None
    assert result.coverage.votes.published == ()
    cli("verify", folder)
    assert "Saint-Aubrac: 600 registered voters more than in the PVs" in " ".join(cli.said.split())


def test_a_known_bureau_without_a_pv_is_counted(folder: Path) -> None:
    put_text(folder / "pv.csv", "\n".join([*PVS.splitlines()[:-1], ""]))
    put_text(folder / "emargements.csv", "commune;bureau;inscrits;émargements\nSaint-Aubrac;0002;600;200\n")
    result = regard.audit(folder)
    assert not findings(result, "T337")
    [why] = [str(used.why) for used in result.inputs if used.path.endswith("commission.csv")]
    assert "Saint-Aubrac: 1 bureau without a PV" in why


def test_beside_results_by_bureau_the_sums_of_these_are_compared(folder: Path) -> None:
    without_a_bureau(folder)
    put_text(
        folder / "resultats-publies.csv", PVS.replace(";émargements", ";abstentions").replace(";500;500;", ";400;500;")
    )
    codes = codes_of(regard.audit(folder).findings)
    assert "T303" in codes
    assert "T337" not in codes


def test_given_as_pvs_it_is_refused_with_the_reason(folder: Path, cli: CommandLine) -> None:
    cli("verify", "--pv", folder / "commission.csv", code=2)
    assert "a row for each commune, and none for a bureau" in cli.complained


def test_of_a_file_of_many_communes_the_own_one_is_compared_by_its_own_choices(tmp_path: Path) -> None:
    """A candidate of another commune has the family name by which the PVs call theirs."""
    put_text(tmp_path / "pv.csv", "\n".join(PVS.splitlines()[:3]) + "\n")
    rows = (
        "Code de la commune;Libellé de la commune;Inscrits;Votants;Blancs;Nuls;Exprimés;" + ";".join(["Nom;Voix"] * 2),
        "50001;Autreville;500;300;2;3;295;MARCHAND Paul;200;ROUX Anne;95",
        "50002;Valmartin;1700;900;9;11;880;MARCHAND;460;DELORME;420",
    )
    put_text(tmp_path / "resultats par commune.csv", "\n".join((*rows, "")))
    result = regard.audit(tmp_path)
    assert result.coverage.votes is not None
    assert dict(result.coverage.votes.published) == {"MARCHAND": 460, "DELORME": 420}
    [found] = findings(result, "T337")
    assert (found.field, found.left.value, found.right.value) == ("MARCHAND", 460, 450)
