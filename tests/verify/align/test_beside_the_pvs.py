"""Tables that people put beside the PVs: under other names, without remarks, of the centralising bureau, corrected."""

from pathlib import Path

import pytest

from protocol.evidence_kinds import EvidenceKind
from regard.language import show
from tests.sources import put_text
from tests.verify.night_builder import audited, bureaux_with, figures, findings
from verify.audit import Audit
from verify.model.use import Used

HEADER = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;{choices}"
ROWS = (
    "Essai;1;1000;700;714;10;0;704;400;304",
    "Essai;2;900;600;600;5;0;595;300;295",
    "Essai;3;800;500;500;5;0;495;250;245",
)
NAMES = "M. DUPONT;Mme MARTIN"
REMARK = ";néant"


def put(folder: Path, name: str, choices: str = NAMES, rows: tuple[str, ...] = ROWS, remark: str = "") -> None:
    """A table of the three bureaux, with a remark in each row or without a column of remarks."""
    header = HEADER.format(choices=choices) + (";Observations" if remark else "")
    put_text(folder / name, "\n".join([header, *(row + remark for row in rows)]) + "\n")


def notes(result: Audit) -> dict[str, str]:
    return {each.path: show("en", each.note) for each in result.inputs}


def test_lists_of_other_names_with_the_same_figures_are_the_same_lists(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", remark=REMARK)
    put(tmp_path, "pv_hugo.csv", "Liste Vivre ensemble;Liste Demain")
    result = audited(tmp_path)
    assert findings(result, "R207", "R210") == []
    assert result.coverage.votes is not None
    assert result.coverage.votes.choices == (("M. DUPONT", 950), ("Mme MARTIN", 844))
    assert "“Liste Demain” taken for “Mme MARTIN”: the same votes in 3 of 3 bureaux" in notes(result)["pv_hugo.csv"]


@pytest.mark.parametrize("votes", ["401;303", "304;400"])
def test_figures_that_are_no_name_of_their_own_name_nobody(tmp_path: Path, votes: str) -> None:
    """Where two bureaux of three have other votes, no list is taken for another."""
    rows = tuple(f"{row.rsplit(';', 2)[0]};{votes}" for row in ROWS)
    put(tmp_path, "pv.csv")
    put(tmp_path, "pv_hugo.csv", "Liste Vivre ensemble;Liste Demain", rows)
    assert "taken for" not in notes(audited(tmp_path))["pv_hugo.csv"]


def test_published_lists_of_other_names_are_compared_and_told(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", rows=(*ROWS, "Essai;4;700;450;450;0;0;450;200;250"))
    put(tmp_path, "resultats_publies.csv", "Liste A;Liste B", rows=(*ROWS, "Essai;4;700;450;450;0;0;450;210;240"))
    result = audited(tmp_path)
    [told] = findings(result, "T312")
    assert "“Liste A” for “M. DUPONT”; “Liste B” for “Mme MARTIN”" in show("en", told.message).replace(", ", "; ")
    assert [(each.field, *figures(each)) for each in findings(result, "T301")] == [
        ("M. DUPONT", 210, 200),
        ("Mme MARTIN", 240, 250),
    ]


def test_one_list_of_many_with_the_same_few_votes_is_nobody_else(tmp_path: Path) -> None:
    """The other half of the lists in a table of its own: three bureaux have one vote each for two of them."""
    put(tmp_path, "pv.csv", "A;B", tuple(f"{row.rsplit(';', 2)[0]};400;1" for row in ROWS))
    put(
        tmp_path, "suite.csv", "C;D;E", tuple(f"{row.rsplit(';', 2)[0]};1;{at};{at + 9}" for at, row in enumerate(ROWS))
    )
    assert not any("taken for" in each for each in notes(audited(tmp_path)).values())


@pytest.mark.parametrize("remark", ["1 bulletin annulé", "erreur corrigée par le président", "RAS"])
def test_a_remark_of_a_pv_is_no_mark_of_its_row(tmp_path: Path, remark: str) -> None:
    other = f"Essai;3;800;500;507;5;0;502;257;245;{remark}"
    rows = [*(f"{row};" for row in ROWS), other]
    put_text(tmp_path / "pv.csv", "\n".join([f"{HEADER.format(choices=NAMES)};Observations", *rows]) + "\n")
    result = audited(tmp_path)
    assert len(findings(result, "I114")) == 1
    assert findings(result, "R226") != []


def test_a_table_without_remarks_takes_none_of_those_of_the_pvs_away(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", remark=REMARK)
    put_text(tmp_path / "tickets.csv", "Commune;Bureau;Votes trouvés\nEssai;1;714\nEssai;2;600\nEssai;3;500\n")
    [found] = findings(audited(tmp_path), "R204")
    assert found.bureau == "1"


@pytest.mark.parametrize("name", ["PV centralisateur.csv", "recensement des votes.csv"])
def test_the_centralising_record_is_held_against_the_pvs(tmp_path: Path, name: str) -> None:
    put(tmp_path, "pv.csv")
    wrong = ROWS[2].replace("250;245", "245;250")
    put(tmp_path, name, rows=(*ROWS[:2], wrong))
    result = audited(tmp_path)
    assert [each.kind for each in result.inputs] == [EvidenceKind.RECORDS, EvidenceKind.TABULATION]
    assert result.coverage.kinds["recap"] == (3, 3)
    assert [(each.bureau, each.field, *figures(each)) for each in findings(result, "R214")] == [
        ("3", "M. DUPONT", 245, 250),
        ("3", "Mme MARTIN", 250, 245),
    ]
    assert findings(result, "R226") == []


def test_of_a_bureau_without_a_pv_the_centralising_record_stands_for_it(tmp_path: Path) -> None:
    """A PV that is given as well hides no gap of the other bureaux."""
    total = "Essai;Total;2700;1800;1814;20;0;1794;950;844"
    put(tmp_path, "PV centralisateur.csv", rows=(*ROWS, total))
    put(tmp_path, "pv.csv", rows=ROWS[2:])
    result = audited(tmp_path)
    assert [figures(found) for found in findings(result, "R201")] == [(700, 714)]
    assert (result.coverage.kinds["pv"], result.coverage.kinds["recap"]) == ((3, 3), (3, 3))
    assert findings(result, "C125", "T335") == []  # its rows make its total, and it lacks none of them


def test_the_sum_of_bureaux_is_that_of_the_files_which_have_them(tmp_path: Path) -> None:
    put(tmp_path, "pv nord.csv", rows=ROWS[:2])
    put(tmp_path, "pv sud.csv", rows=ROWS[2:])
    put(tmp_path, "centralisateur.csv", rows=("Essai;TOTAL;2700;1800;1814;20;0;1794;960;844",))
    [found] = [each for each in findings(audited(tmp_path), "C125") if each.field == "M. DUPONT"]
    assert (found.left.source, figures(found)) == ("centralisateur.csv:2", (960, 950))
    assert found.right.source == "pv nord.csv + pv sud.csv (Σ)"


def test_a_centralising_record_of_totals_alone_is_held_against_the_pvs(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv")
    labels = ["Inscrits", "Émargements", "Votes", "Blancs", "Nuls", "Exprimés"]
    counts = (2700, 1800, 1814, 20, 0, 1794)
    lines = [f"{label};{count}" for label, count in zip(labels, counts, strict=True)]
    text = ["PV récapitulatif du bureau centralisateur", *lines, "Liste Martin – Mme MARTIN;844", "M. DUPONT;970"]
    put_text(tmp_path / "totaux.csv", "\n".join(text) + "\n")
    assert [(each.field, *figures(each)) for each in findings(audited(tmp_path), "C125")] == [("M. DUPONT", 970, 950)]


@pytest.mark.parametrize(
    ("said", "machine", "paper", "used"),
    [
        (("machine", "Urne", ""), 1, 1, Used.WHOLE),
        (("M", "U", "U"), 1, 2, Used.WHOLE),
        (("M", "M", "M"), 0, 0, Used.PART),
    ],
)
def test_how_bureaux_vote_is_read_from_a_column_of_any_table(
    tmp_path: Path, said: tuple[str, ...], machine: int, paper: int, used: Used
) -> None:
    put(tmp_path, "pv.csv")
    rows = [f"Essai;{at};{count};9;{way}" for at, (count, way) in enumerate(zip((700, 600, 500), said, strict=True), 1)]
    rows.append("Essai;Total;1800;27;2 machines")
    put_text(tmp_path / "mairie.csv", "\n".join(("Commune;Bureau;Émargements;Nb pages;Mode", *rows)) + "\n")
    result = audited(tmp_path)
    assert (result.coverage.machine, result.coverage.paper) == (machine, paper)
    [table] = [each for each in result.inputs if each.path == "mairie.csv"]
    assert table.used is used
    assert {each.header: each.meaning for each in table.sheets[0].columns}["Mode"] == "comptage" * (used is Used.WHOLE)


def test_without_pvs_the_centralising_record_stands_for_them(tmp_path: Path) -> None:
    put(tmp_path, "PV centralisateur.csv")
    assert [figures(found) for found in findings(audited(tmp_path), "R201")] == [(700, 714)]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Essai;3;800;500;507;5;0;502;257;245;FAUX, voir ligne corrigée", "Essai;3;800;500;500;5;0;495;250;245;"),
        ("Essai;3;800;500;507;5;0;502;257;245;", "Essai;3;800;500;500;5;0;495;250;245;RAS (ligne corrigée)"),
        ("Essai;3;800;500;507;5;0;502;257;245;", "Essai;3 rectifié;800;500;500;5;0;495;250;245;"),
    ],
)
def test_a_row_that_is_said_to_be_corrected_gives_way(tmp_path: Path, wrong: str, right: str) -> None:
    rows = tuple(f"{row};" for row in ROWS[:2])
    text = "\n".join([f"{HEADER.format(choices=NAMES)};Observations", *rows, wrong, right])
    put_text(tmp_path / "pv.csv", f"{text}\n")
    result = audited(tmp_path)
    assert bureaux_with(result, "R201", "R226", "I114") == ["1"]
    [given] = result.inputs
    assert (given.used, show("en", given.why)) == (Used.PART, "row 4 left out, which row 5 corrects")


GROUP = "Numéro de panneau {n};Nom candidat {n};Prénom candidat {n};Sexe candidat {n};Voix {n}"
OF_THE_DEPARTMENT = "\n".join(
    (
        "Code département;Libellé département;Code commune;Libellé commune;Code BV;Inscrits;Votants;Abstentions;"
        "Exprimés;Blancs;Nuls;" + ";".join(GROUP.format(n=number) for number in (1, 2)),
        "50;Manche;50001;Autreville;0001;400;300;100;290;10;0;1;ROUX;Anne;F;150;2;PETIT;Luc;M;140",
        "50;Manche;50002;Bourg;0001;300;200;100;195;5;0;1;LEROY;Jean;M;100;2;FAURE;Lise;F;95",
        "50;Manche;50003;Essai;0001;1000;714;286;704;10;0;1;DUPONT;Jean;M;400;2;MARTIN;Eve;F;304",
        "50;Manche;50003;Essai;0002;900;600;300;595;5;0;1;DUPONT;Jean;M;310;2;MARTIN;Eve;F;285",
        "50;Manche;50003;Essai;0003;800;500;300;495;5;0;1;DUPONT;Jean;M;250;2;MARTIN;Eve;F;245",
        "",
    )
)


def test_results_of_a_department_are_context_of_the_commune_of_the_pvs(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", "DUPONT Jean;MARTIN Eve")
    put_text(tmp_path / "municipales-2026-dept50.csv", OF_THE_DEPARTMENT)
    result = audited(tmp_path)
    assert result.coverage.bureaux == 3
    assert result.coverage.communes == {"50003": "Essai"}
    assert [figures(each) for each in findings(result, "T301")] == [(310, 300), (285, 295)]
    assert findings(result, "T312") == []
    [used] = [each for each in result.inputs if each.kind == EvidenceKind.PUBLISHED]
    assert used.used is Used.PART
    assert show("en", used.why) == "2 rows of 2 other communes (Autreville, Bourg): checked by themselves only"


def test_results_of_one_contest_are_of_all_its_communes(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", "DUPONT Jean;MARTIN Eve")
    one = OF_THE_DEPARTMENT
    for names, same in (("ROUX;Anne;F", "DUPONT;Jean;M"), ("PETIT;Luc;M", "MARTIN;Eve;F")):
        one = one.replace(names, same)
    put_text(tmp_path / "resultats-2026-dept50.csv", one)
    assert audited(tmp_path).coverage.communes == {"50001": "Autreville", "50003": "Essai"}


def test_a_reading_of_several_figures_is_named_with_how_many_it_changes(tmp_path: Path) -> None:
    put(tmp_path, "pv.csv", rows=(ROWS[0], ROWS[1].replace("300;295", "310;285"), ROWS[2]))
    put(tmp_path, "resultats_publies.csv")
    [found] = findings(audited(tmp_path), "V503")
    said = show("en", found.message)
    assert "bureau 2, M. DUPONT in the PV, 300 instead of 310, and with it 1 other figure." in said
