"""Page, print and letters take the labels of a finding's two figures from the finding."""

import datetime
import re
from pathlib import Path

import pytest

from regard.dossier.contents import build
from regard.dossier.page import as_page
from regard.language import show
from regard.letters.law import Vote
from regard.letters.making import handout
from regard.letters.matter import Matter
from regard.letters.matters import collect_matter
from regard.serve.examining import CaseIndex, CasesWanted
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker
from tests.regard.dossier.reports import dossier_of
from tests.regard.reports.test_case_screen import small_gaps
from tests.verify.night_builder import audited, findings, loaded, small_night
from tests.verify.published import samples
from verify import audit
from verify.loading import load
from verify.model.evidence import LinedEvidence, Sources


def facts(sources: Sources, language: str = "fr") -> list[str]:
    evidence = load(sources)
    return [show(language, fact) for fact in matter_of(evidence).facts]


def matter_of(evidence: LinedEvidence) -> Matter:
    return collect_matter(CaseViews(audit.run(evidence), Speaker("fr"), evidence=evidence), "presidentielle")


def test_gaps_are_of_bureaux_with_both_counts_only(tmp_path: Path) -> None:
    night = small_night()
    night.add("emargements.csv", "0001", "emargements", -9)
    for bureau in ("0002", "0003"):
        night.drop("emargements.csv", bureau)
        night.row("pv.csv", bureau)["emargements"] = ""
    for bureau in ("0A11",):
        night.drop("pv.csv", bureau)
        night.drop("emargements.csv", bureau)
    dossier, _ = dossier_of(night, tmp_path / "night")
    said = dossier.gaps_said.replace("\u00a0", " ")
    assert re.search(r"differ in 1 bureau of \d", said)
    assert "1 gap is larger than 3 ‰" in said


def test_registered_voters_are_not_called_signatures(tmp_path: Path) -> None:
    path = tmp_path / "emargements.csv"
    path.write_text("insee,bureau,scrutin,inscrits,emargements\n77001,0001,1,900,905\n77001,0002,1,900,500\n", "utf-8")
    evidence = loaded(signatures=(path,))
    result = audit.run(evidence)
    [found] = findings(result, "R203")
    assert (found.left.quantity, found.right.quantity) == ("signatures", "registered")
    shown = as_page(build(evidence, result, "en")).decode()
    assert re.search(r"<td>signatures</td><td[^>]*>905<", shown)
    assert re.search(r"<td>registered voters</td><td[^>]*>900<", shown)


@pytest.mark.parametrize("column", ["", "Commune|"])
def test_two_sheets_of_one_workbook_are_two_pieces_and_no_commune_is_a_bracket(tmp_path: Path, column: str) -> None:
    cell = "Essai|" if column else ""
    record = f"{column}N° bureau|Inscrits|Émargements|Votes trouvés|Blancs|Nuls|Exprimés\n"
    record += "".join(f"{cell}'000{at}|900|50{at}|50{at + 3}|3|0|50{at}\n" for at in (1, 2, 3))
    lists = f"{column}N° bureau|Émargements\n" + "".join(f"{cell}'000{at}|50{at}\n" for at in (1, 2, 3))
    path = tmp_path / "bureaux.xlsx"
    path.write_bytes(samples.workbook({"PV": record, "Émargements": lists}))
    said = facts(Sources(files=(path,)))
    assert said
    for fact in said:
        assert re.search(r"50\d émargements \(\[relevé d'émargements « bureaux.xlsx »\], pièce 1\)", fact), fact
        assert re.search(r"50\d votes trouvés \(\[PV du bureau, page …\], pièce \d+\)", fact), fact
        assert column or fact.startswith("[commune]")
    evidence = loaded(files=(path,))
    matter = matter_of(evidence)
    made = handout(Vote("presidentielle", datetime.date(2022, 4, 10), 1), matter, (), "fr")
    letters = " ".join(block.text for section in made.sections for block in section.blocks)
    assert "commune de  " not in letters
    assert bool(column) or "dans la commune de [commune]" in letters


def test_the_remark_of_the_pv_is_quoted_where_it_speaks_of_the_gap(tmp_path: Path) -> None:
    night = small_night()
    night.sign("0001", -2)
    night.row("pv.csv", "0001")["observations"] = "Deux électeurs n'ont pas signé : écart de 2."
    [said] = facts(Sources(folder=night.write(tmp_path / "night")))
    assert "« Deux électeurs n'ont pas signé : écart de 2. »" in said


def test_bureaux_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    rows = "".join(f"77001,{code},1,900,{500 + code},{501 + code}\n" for code in (100, 27, 9, 101))
    path = tmp_path / "pv.csv"
    path.write_text("insee,bureau,scrutin,inscrits,emargements,votes_trouves\n" + rows, "utf-8")
    evidence = loaded(records=(path,))
    result = audit.run(evidence)
    assert build(evidence, result, "en").bureaux.bureau.tolist() == ["9", "27", "100", "101"]
    index = CaseIndex(result)
    order = index.bureau[index.find(CasesWanted(order="place"))].tolist()
    assert [code for code in dict.fromkeys(order) if code] == ["9", "27", "100", "101"]


def test_the_page_lists_ones_and_twos_of_a_commune_in_one_line(tmp_path: Path) -> None:
    index = CaseIndex(audited(small_gaps().write(tmp_path / "night")))
    for wanted, lines in ((CasesWanted(), 2), (CasesWanted(place="essai"), 4), (CasesWanted(order="apart"), 4)):
        rows = index.find(wanted)
        assert (len(rows), len(index.in_lines(rows, wanted))) == (4, lines)


@pytest.mark.parametrize(
    ("cell", "language", "said"),
    [
        ("", "en", "is left blank (emargements.csv row 2)"),
        ("", "fr", "laissé vide (emargements.csv ligne 2)"),
        ("n.c.", "en", "is not a number (emargements.csv row 2)"),
        (None, "en", "is not given"),
    ],
)
def test_a_blank_count_is_no_missing_one(cell: str | None, language: str, said: str) -> None:
    night = small_night()
    if cell is None:
        night.drop("emargements.csv", "0001")
    else:
        night.row("emargements.csv", "0001")["emargements"] = cell
    [found] = night.findings("C105")
    assert said in show(language, found.message)
    assert found.right.piece == "emargements"


def test_a_cell_that_cannot_be_read_is_said_in_a_sentence_and_in_no_table(tmp_path: Path) -> None:
    path = tmp_path / "emargements.csv"
    path.write_text("insee,bureau,scrutin,inscrits,emargements\n77001,0001,1,900,9x5\n77001,0002,1,900,500\n", "utf-8")
    evidence = loaded(signatures=(path,))
    result = audit.run(evidence)
    views = CaseViews(result, Speaker("en"), evidence=evidence)
    [view] = [view for view in map(views.view, result.cases) if "9x5" in view.said]
    assert view.figures == ()


def test_null_votes_of_a_machine_bureau_are_not_said_to_contradict_the_votes_found(tmp_path: Path) -> None:
    night = small_night()
    night.exports.clear()
    night.published.clear()
    del night.tables["voix.csv"]
    night.row("pv.csv", "0001")["nuls"] = "3"
    night.add("pv.csv", "0001", "exprimes", -3)
    evidence = night.load()
    result = audit.run(evidence)
    views = CaseViews(result, Speaker("en"), evidence=evidence)
    assert {view.title for view in map(views.view, result.cases) if "null" in view.said} == {
        "Null votes in a machine bureau"
    }
