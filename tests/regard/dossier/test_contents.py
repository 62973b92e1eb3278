"""A report states all that the audit found: every case, every input, every figure, in every language."""

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from protocol.election import Poll
from protocol.words import unbroken
from regard.dossier import contents
from regard.dossier.contents import build
from regard.dossier.coverage_states import PieceState
from regard.dossier.fixed_words import WORDS
from regard.dossier.page import as_page
from regard.language import show
from regard.letters.handout import SectionMaker
from regard.letters.law import Vote
from regard.letters.steps import sections
from regard.views.case_view import CaseViews
from regard.views.cases import FIRST, LinesOfCases, choose_first
from regard.views.contests import counts_of, of_contests, outcome_said
from regard.views.saying import SHORT, Speaker
from tests.regard.dossier.reports import dossier_of, examined
from tests.regard.reports.test_case_screen import small_gaps
from tests.regard.test_verify_night import damaged_night, gap_night
from tests.sources import put_text
from tests.verify.night_builder import CURIE, PUBLISHED, Night, loaded, small_night
from verify import audit


def typed() -> Night:
    """A night of which there are PVs and sign-in counts only."""
    night = gap_night()
    night.exports.clear()
    night.published.clear()
    for file in ("recap.csv", "voix.csv"):
        night.raw[file] = None
    night.incomplete()
    return night


@pytest.mark.parametrize("night", [small_night, damaged_night, gap_night, typed])
def test_every_case_and_every_input_is_in_it(night: Callable[[], Night], language: str, tmp_path: Path) -> None:
    dossier, result = dossier_of(night(), tmp_path / "night", language)
    cards = dossier.cards
    assert [card.number for card in cards] == [case.number for case in result.cases]
    assert sum(section.count for section in dossier.sections) == len(result.cases)
    assert dossier.further == 0
    for card, case in zip(cards, result.cases, strict=True):
        assert [found.code for found in card.findings] == [result.findings[at].code for at in case.findings]
        assert card.severity == case.severity.name.lower()
        assert card.figures
        assert unbroken(show(language, case.cause.title))[1:] in card.title
    assert [(line.path, line.size, line.sha256) for line in dossier.inputs] == [
        (used.path, used.size, used.sha256 or "") for used in result.inputs
    ]
    assert dossier.words.keys() == WORDS.keys()


def test_what_is_beyond_the_cards_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_CARDS", 2)
    dossier, result = dossier_of(damaged_night(), tmp_path / "night")
    assert [card.number for card in dossier.cards] == [1, 2]
    assert dossier.further == len(result.cases) - 2


def test_ones_and_twos_of_a_commune_have_one_card_or_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, result = dossier_of(small_gaps(), tmp_path / "night")
    [large, small] = dossier.sections[0].cards
    assert (dossier.sections[0].count, large.cases, small.cases) == (len(result.cases), 1, 3) == (4, 1, 3)
    assert (
        "two apart in 3 bureaux: 0001 (+1), 0002 (−2), 0004 (+1). Remarks in the PVs, by bureau: 0001: “" in small.said
    )
    assert small.heading == "Essai-sur-Marne: Votes and signatures differ"
    assert {figure.named.rpartition(" ")[2] for figure in small.figures} == {"0001", "0002", "0004"}
    assert (len(small.figures), small.more_figures) == (6, 0)
    assert [card.number for card in dossier.first] == [large.number, small.number]
    assert dossier.bureaux.case.tolist() == [small.number, small.number, large.number, small.number, 0]
    monkeypatch.setattr(contents, "MOST_CARDS", 1)
    assert build(*examined(tmp_path / "night"), "en").further == 3


def test_both_figures_of_a_gap_and_where_they_stand(tmp_path: Path) -> None:
    night = gap_night()
    dossier, _ = dossier_of(night, tmp_path / "night")
    [card] = dossier.cards
    assert [(figure.piece, figure.named, figure.value) for figure in card.figures] == [
        ("The sign-in list", "signatures", "628"),
        ("The machine", "votes found", "626"),
    ]
    assert card.figures[0].where == night.place("emargements.csv", "0001")
    assert card.where == "Essai-sur-Marne, bureau 0001"
    assert any("art.\xa0R.\xa062" in basis for basis in card.basis)
    assert dossier.verdict[-1] == (
        "As the evidence stands, votes and signatures differ in 1 bureau of 5: 1 with fewer "
        "(signatures without a vote: 2)."
    )


def test_it_is_said_where_no_sign_in_list_was_counted(tmp_path: Path) -> None:
    night = gap_night()
    listed = night.tables["emargements.csv"]
    listed.remove(night.row("emargements.csv", "0002"))
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert (
        "In 1 of the 5 no sign-in list was counted: its signatures are those of the PV or of the publication."
    ) in dossier.verdict
    [counts] = [each for each in dossier.compared if each.quantity == "Votes found, with signatures"]
    assert counts.pieces == "bureaux with votes and signatures; by a counted sign-in list: 4"


def test_a_row_of_no_bureau_is_said_without_figures(tmp_path: Path) -> None:
    """Of a row that is no bureau's there are no two figures: « 0099 » and « nothing »."""
    night = typed()
    kept = {"insee": "77001", "bureau": "0099", "scrutin": "1"}
    night.tables["pv.csv"].append(dict.fromkeys(night.row("pv.csv", "0001"), "") | kept)
    dossier, _ = dossier_of(night, tmp_path / "night")
    [card] = [card for card in dossier.cards if card.findings[0].code == "C108"]
    assert card.figures == ()
    assert "0099" in card.said


def test_a_cell_that_is_not_read_is_said_without_figures(tmp_path: Path) -> None:
    night = small_night()
    night.row("pv.csv", "0001")["blancs"] = "douze?"
    [card] = dossier_of(night, tmp_path / "night")[0].cards
    assert card.figures == ()
    assert "found “douze?”" in card.said


def test_a_correction_says_what_stands_and_what_should(tmp_path: Path) -> None:
    night = small_night()
    night.add("voix.csv", "0002", "voix", 1, choice=CURIE)
    dossier, result = dossier_of(night, tmp_path / "night")
    [card] = dossier.first
    [correction] = [each for each in result.cases[0].detail.corrections if not each.copied]
    [wrong, other] = [(each.value, each.becomes, each.where) for each in card.figures]
    assert wrong == (str(correction.was), str(correction.becomes), correction.source)
    assert (other[0], other[1], other[2][:8]) == (str(correction.becomes), "", "exports/")
    assert card.way is not None
    assert [step.parts for step in card.way.steps] == [False, True, False]  # the wrong one, not the one after it
    assert [step.apart for step in card.way.steps] == [0, 1, -1]  # each from the one before it
    assert [step.value for step in card.way.steps][1] == correction.was


def test_an_open_exchange_shows_each_count_in_both_pieces(tmp_path: Path) -> None:
    rows = [f"000{at};900;{500 + at};9;1;{490 + at};{200 + at};{290 - at};{at}" for at in range(1, 6)]
    header = "Bureau;Inscrits;{votes};Blancs;Nuls;Exprimés;DUPONT Anne;MARTIN Jean;DURAND Luc"
    (tmp_path / "PV.csv").write_text("\n".join([header.format(votes="Votes trouvés"), *rows]), "utf-8")
    rows[2] = "0003;900;503;9;1;493;287;203;3"
    (tmp_path / "resultats_publies.csv").write_text("\n".join([header.format(votes="Votants"), *rows]), "utf-8")
    evidence, result = examined(tmp_path)
    [case] = [each for each in result.cases if each.detail.readings]
    view = CaseViews(result, Speaker("en"), evidence=evidence).view(case)
    assert [(each.value, each.named) for each in view.figures] == [
        *(("287", "DUPONT Anne"), ("203", "DUPONT Anne")),
        *(("203", "MARTIN Jean"), ("287", "MARTIN Jean")),
    ]


def test_of_a_long_place_the_row_and_the_sheet_are_shown() -> None:
    place = "Procès-verbaux " * 20 + "du 12 avril.xlsx:19 [Bureau 4]"
    shown = Speaker("fr").name(place)
    assert len(shown) == SHORT
    assert shown.endswith("du 12 avril.xlsx:19 [Bureau 4]")
    assert " […]" in shown
    assert Speaker("fr").name("pv.csv:3") == "pv.csv:3"


def test_two_counts_of_one_machine_are_called_by_their_names(tmp_path: Path) -> None:
    night = small_night()
    night.change_export("0001", voters=int(night.row("pv.csv", "0001")["votes_trouves"]) + 6)
    dossier, _ = dossier_of(night, tmp_path / "night")
    figures = [card.figures for card in dossier.cards]
    assert ["Votes cast", "Public counter"] in [[each.named.capitalize() for each in some] for some in figures]


def test_a_clean_night_says_so_and_claims_no_more(tmp_path: Path) -> None:
    dossier, _ = dossier_of(small_night(), tmp_path / "night")
    assert dossier.first == ()
    assert dossier.verdict == (
        "In what was compared, nothing is left to be settled.",
        "Votes of the PVs in all, without corrections (5 bureaux): ZOLA Émile 1,640, CURIE Marie 1,105 (535 apart).",
        "No reading would change an outcome: no case allows another reading of a figure, and no bureau has votes "
        "beyond signatures or voters. That is said of the bureaux of which both counts are known.",
        "Votes and signatures are equal in all 5 bureaux where both are known.",
    )
    assert any("was not checked" in line for line in dossier.limits)


def test_where_nothing_is_compared_no_verdict_is_given(tmp_path: Path) -> None:
    night = small_night()
    night.exports.clear()
    night.published.clear()
    for file in ("recap.csv", "voix.csv", "pv.csv"):
        night.raw[file] = None
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert dossier.gaps.compared == 0
    assert not any("equal" in line for line in dossier.verdict)
    assert dossier.verdict[-1].startswith("Votes and signatures were compared nowhere")


def test_of_published_results_alone_votes_and_signatures_were_compared_nowhere(tmp_path: Path) -> None:
    night = small_night()
    target = night.write(tmp_path / "night") / PUBLISHED
    named = target.rename(tmp_path / "2022-presidentielle-t1.txt")
    evidence = loaded(files=(named,))
    dossier = build(evidence, audit.run(evidence), "en")
    assert dossier.title.startswith("Presidential election 2022, round 1, Essai-sur-Marne")
    assert dossier.verdict[-1].startswith("Votes and signatures were compared nowhere")
    assert dossier.gaps_said == ""


def test_the_format_is_called_a_model_where_dumps_were_used(tmp_path: Path) -> None:
    with_dumps, _ = dossier_of(small_night(), tmp_path / "dumps")
    without, _ = dossier_of(typed(), tmp_path / "typed")
    assert "model" in with_dumps.model
    assert with_dumps.model in with_dumps.limits
    assert without.model == ""


def test_the_first_page_has_the_gravest_consequence_first_whatever_its_kind(tmp_path: Path) -> None:
    dossier, result = dossier_of(damaged_night(), tmp_path / "night")
    lines, cases = LinesOfCases(result), result.cases
    asking = np.flatnonzero(cases.asks & lines.begins()).tolist()
    weights = [int(cases.consequence[card.number - 1]) for card in dossier.first]
    assert weights == sorted((int(cases.consequence[at]) for at in asking), reverse=True)[:FIRST]
    assert [card.number - 1 for card in dossier.first] == choose_first(result, lines)
    assert [card.number for card in dossier.first] != sorted(card.number for card in dossier.first)


def test_a_total_that_decides_nothing_comes_after_small_gaps(tmp_path: Path) -> None:
    head = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie"
    rows = [f"{at};{900 + at};{600 + at};{601 + at};1;0;{600 + at};{340 + at};260" for at in (1, 2, 3, 4)]
    put_text(tmp_path / "pv.csv", "\n".join([head, *rows, "Total;2706;1806;1809;3;0;1806;1026;780"]))
    _, result = examined(tmp_path)
    lines = LinesOfCases(result)
    first = [result.cases[at].cause.name for at in choose_first(result, lines)]
    assert first[-1] == "total-off"
    assert len(first) > 1


def test_what_was_compared_with_what_is_that_of_the_ledger(tmp_path: Path) -> None:
    night = small_night()
    night.row("pv.csv", "0002")["blancs"] = ""
    dossier, result = dossier_of(night, tmp_path / "night")
    said = {line.quantity: line for line in dossier.compared}
    quantities = {line.quantity for line in result.ledger.lines if line.compared}
    assert len(said) == len(dossier.compared) == 1 + len(quantities)
    assert said["Votes found, with signatures"].compared == "5"
    blank = [line for line in result.ledger.lines if line.quantity == "blank" and line.compared]
    assert (
        said["Blank votes"].compared == f"{min(line.compared for line in blank)}–{max(line.compared for line in blank)}"
    )
    assert {"exports", "PVs"} <= set(said["Blank votes"].pieces.split(", "))
    page = as_page(dossier).decode()
    assert "What was compared with what" in page
    assert "Drawn up by [first name, name, in which capacity], at [place], on [date]." in page


def test_the_fingerprint_is_that_of_sha256sums_list(tmp_path: Path) -> None:
    dossier, _ = dossier_of(small_night(), tmp_path / "night")
    lines = "".join(f"{line.sha256}  {line.path}\n" for line in dossier.inputs if line.sha256)
    assert dossier.fingerprint == hashlib.sha256(lines.encode()).hexdigest()
    for line in dossier.inputs:
        if line.sha256:
            data = (tmp_path / "night" / line.path).read_bytes()
            assert hashlib.sha256(data).hexdigest() == line.sha256


def test_what_can_be_done_next_is_that_of_the_vote(tmp_path: Path) -> None:
    night = small_night()
    dossier, _ = dossier_of(night, tmp_path / "night")
    vote = Vote("presidentielle", night.election.date, night.election.round, now=datetime.datetime.now())
    assert [section.title for section in dossier.steps] == [
        section.title for section in sections(vote, SectionMaker("en"))[:3]
    ]
    rows = [row for section in dossier.steps for block in section.blocks for row in block.rows]
    assert any("Tuesday 12 April 2022" in row[1] for row in rows)
    assert any(row == ("Mind", "This time is over.") for row in rows)
    assert dossier.elections[0] == "First round"
    night.raw["election.toml"] = None
    assert dossier_of(night, tmp_path / "unnamed")[0].steps == ()


def test_findings_of_a_card_are_bounded_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "CaseViews", partial(CaseViews, most_findings=1))
    dossier, result = dossier_of(damaged_night(), tmp_path / "night")
    cards = dossier.cards
    assert max(card.all_findings for card in cards) > 1
    for card, case in zip(cards, result.cases, strict=True):
        assert len(card.findings) == 1
        assert card.all_findings == len(case.findings)


def test_a_publication_under_other_names_that_does_not_add_up_is_marked(tmp_path: Path) -> None:
    head, row = "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés", "77001;Essai;0001;905;655;5;0;650"
    for name, choices, votes in (("pv.csv", "ZOLA;CURIE", "340;310"), ("publie.csv", "Liste A;Liste B", "340;130")):
        put_text(tmp_path / name, f"{head};{choices}\n{row};{votes}\n")
    evidence = loaded(tmp_path)
    columns = contents.build(evidence, audit.run(evidence), "en").bureaux
    assert columns.states["publie"][1].tolist() == [PieceState.DIFFERS]
    assert columns.states["pv"][1].tolist() == [PieceState.AGREES]


def test_a_case_of_a_gap_quotes_the_remark_of_the_pv(tmp_path: Path) -> None:
    dossier, _ = dossier_of(gap_night(), tmp_path / "night")
    said = [card.said for card in dossier.cards]
    assert sum("The PV has this remark: “Écart de deux.”" in each for each in said) == 1


def test_long_and_hostile_names_are_cut_and_cleaned(tmp_path: Path) -> None:
    night = gap_night()
    hostile = "‮evil\x1b[31m" + "x" * 10_000
    for row in night.tables["univers.csv"]:
        row["commune"] = hostile
    night.election = replace(night.election, name=hostile)
    evidence, result = examined(night.write(tmp_path / "night"))
    dossier = build(evidence, result, "en")
    for text in (dossier.title, dossier.places, *dossier.communes.name, *dossier.partly, dossier.first[0].where):
        assert text.isprintable()
        assert len(text) <= 600
    assert all(len(name) <= 160 and " […]" in name for name in dossier.communes.name)


def test_votes_beyond_signatures_say_what_slips_have_part_in_them(tmp_path: Path) -> None:
    night = small_night()
    night.sign("0A11", -3)
    night.add("emargements.csv", "0002", "emargements", -90)
    dossier, result = dossier_of(night, tmp_path / "night", "fr")
    [found] = [each for each in result.findings if each.code == "V501"]
    assert (found.right.value, found.details["likely_excess"]) == (93, 3)  # the list alone is likely at most
    [sum_] = [each for each in dossier.changes if each.code == "V501"]
    assert sum_.votes.replace("\xa0", " ").startswith("93 votes de plus que d'émargements ou de votants, pour ")
    assert "Si les corrections probables sont justes aussi : 3 votes" in sum_.conclusion.replace("\xa0", " ")
    assert dossier.verdict[-2:] == (
        "En l'état des pièces, votes et émargements diffèrent dans 2 bureaux sur 5 : 2 avec plus de votes "
        "que d'émargements (93 de plus en tout).",
        "Si les corrections probables sont justes aussi : 1 avec plus de votes que d'émargements (3 de plus en tout).",
    )
    changes = [card.change for card in dossier.cards if card.change]
    assert changes
    assert all("justes aussi : 3 votes" in each.replace("\xa0", " ") for each in changes)


@pytest.mark.parametrize(
    ("more", "outcome"), [(400, "the outcome can change."), (3, "this sum does not change the outcome.")]
)
def test_a_case_says_in_a_sentence_what_its_contest_could_change(tmp_path: Path, more: int, outcome: str) -> None:
    night = small_night()
    night.sign("0001", -more)
    night.row("pv.csv", "0001")["observations"] = "Des électeurs n'ont pas signé : écart."
    [card] = dossier_of(night, tmp_path / "night")[0].cards
    said = f"Of the {more} votes beyond signatures or voters in its contest, {more} are here. In the bureaux at hand, "
    assert card.change == said + outcome


def test_gaps_that_a_copied_row_makes_are_in_no_figure_of_the_report(tmp_path: Path) -> None:
    """The front box, the sums and the screen take the certain corrections: 80 votes of 83 are of a row copied."""
    night = small_night()
    night.exports.clear()
    copied, row = night.row("pv.csv", "0001"), night.row("pv.csv", "0002")
    row |= {name: value for name, value in copied.items() if name not in ("insee", "bureau", "scrutin")}
    night.sign("0A11", -3)
    dossier, result = dossier_of(night, tmp_path / "night", "en")
    box = (
        "Votes and signatures by bureau, with the certain corrections made: 1 with more votes "
        "(beyond the signatures: 3)."
    )
    assert dossier.verdict[-1] == box
    assert "83" not in " ".join(dossier.verdict)
    assert "(beyond the signatures: 83). " in dossier.gaps_said
    assert dossier.gaps_said.endswith(box)
    sums = {each.code: each for each in dossier.changes}
    assert sums["V501"].votes.startswith("3 votes beyond signatures or voters, for ")
    assert sums["V502"].votes.startswith("683 of 3,248 valid votes are in bureaux where the pieces show a gap")
    counts = {each.code: show("en", counts_of(each)) for each in result.findings if each.code.startswith("V")}
    assert counts["V501"].startswith("3 votes beyond signatures or voters")
    assert counts["V502"] == sums["V502"].votes


def test_the_name_of_a_file_is_never_changed_and_a_dump_from_the_start_is_named_alone(tmp_path: Path) -> None:
    folder = gap_night().write(tmp_path / "night")
    (folder / "scan du PV.pdf").write_bytes(b"%PDF-1.7")
    evidence, result = examined(folder)
    dossier = build(evidence, result, "fr")
    assert any(said.startswith("scan du PV.pdf non lu : ") for said in dossier.not_checked)
    places = [each.where for card in dossier.cards for each in card.figures]
    assert any(place.endswith(".esf") for place in places)
    assert not any("@0" in place for place in places)


def test_where_no_gap_is_large_that_is_said_in_words(tmp_path: Path) -> None:
    night = small_night()
    night.sign("0001", 1)
    dossier, _ = dossier_of(night, tmp_path / "night", "fr")
    assert dossier.gaps.outside == 0
    said = dossier.gaps_said.replace("\xa0", " ").replace("\u202f", " ")
    assert said.endswith("Aucun écart ne dépasse 3 ‰ des votes trouvés ; le plus grand est de 1 vote.")


def test_without_a_name_the_title_is_the_kind_and_the_round(tmp_path: Path) -> None:
    night = small_night()
    night.election = replace(night.election, name="")
    dossier, _ = dossier_of(night, tmp_path / "night", "fr")
    assert (
        dossier.title
        == "Élection présidentielle, premier tour, Essai-sur-Marne, Témoin-sur-Seine, dimanche 10 avril 2022"
    )
    assert dossier.elections == (night.election.polls[0].name,)
    night.election = replace(night.election, round=2)
    assert dossier_of(night, tmp_path / "second", "en")[0].title.startswith(
        "Presidential election, second round, Essai"
    )


def test_the_first_lines_say_which_readings_change_the_outcome_and_sums_name_their_decisions() -> None:
    """Two digits exchanged on the sign-in list, 456 for 546, give 90 votes beyond signatures."""
    night = small_night()
    night.election = replace(night.election, polls=(Poll(1, "Scrutin", "presidentielle"),), round=1)
    night.row("emargements.csv", "0002")["emargements"] = "456"
    night.sign("0001", -3)
    evidence = night.load()
    dossier = build(evidence, audit.run(evidence), "en")
    assert any(
        "They cannot if this figure should read otherwise: bureau Essai-sur-Marne 0002" in line
        for line in dossier.verdict
    )
    steps = {each.code: " ".join(each.steps) for each in dossier.changes}
    assert "A judge did this sum: 14 votes beyond the signatures" in steps["V501"]
    assert "Conseil constitutionnel, 73-622 AN" in steps["V503"]


def test_the_front_box_says_what_the_screen_says_first(tmp_path: Path) -> None:
    """Of a contest the sum by which its outcome can change: an annulment, where no reading changes anything."""
    night = small_night()
    for bureau in ("0001", "0002", "0003"):
        night.sign(bureau, -1)
    dossier, result = dossier_of(night, tmp_path / "night", "en")
    first = of_contests(result)[0]
    [said] = [line for line in dossier.verdict if line.startswith("Scrutin 1: ")]
    assert said == show("en", outcome_said(first))
    assert first.code == "V502"
    assert said.startswith("Scrutin 1: And if a judge annulled the bureaux with a gap that the PV does not mention? In")
    assert "are in bureaux where the pieces show a gap that the PV does not mention." in said
