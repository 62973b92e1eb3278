"""The letters: to whom, in which language, with which figures, and with blanks for what only the sender knows."""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

import pytest

from regard.api import gather
from regard.commands.verify import examine
from regard.language import show
from regard.letters.deadlines import Vote
from regard.letters.handout import Handout
from regard.letters.law import ELECTIONS
from regard.letters.letters import SENT_IN, Matter, letters_for
from regard.letters.making import handout
from regard.letters.matters import MOST_CASES, asked_of, bureaux_listed
from tests.verify.night_builder import small_night
from verify.model.holds import Named

DATE = datetime.date(2026, 3, 15)


def texts(made: Handout, tone: str) -> list[str]:
    """What stands in each section of a tone."""
    return [
        "\n".join([*(block.text for block in section.blocks), *(row[0] for b in section.blocks for row in b.rows)])
        for section in made.sections
        if section.tone == tone
    ]


def of_night(folder: Path, election: str = "presidentielle") -> Matter:
    evidence, result = examine(gather(folder), "en")
    return asked_of(evidence, result, election)


@pytest.mark.parametrize(
    ("election", "judge"),
    [
        ("presidentielle", "le Conseil constitutionnel"),
        ("legislatives", "le Conseil constitutionnel"),
        ("senatoriales", "le Conseil constitutionnel"),
        ("municipales", "le tribunal administratif"),
        ("departementales", "le tribunal administratif"),
        ("regionales", "le Conseil d'État"),
        ("europeennes", "le Conseil d'État"),
    ],
)
def test_a_complaint_goes_to_the_judge_of_that_election(election: str, judge: str) -> None:
    [complaint] = [each for each in letters_for(Vote(election, DATE), Matter()) if each.name == "complaint"]
    assert show("fr", complaint.to) == judge


def test_a_remark_is_offered_where_it_is_a_complaint() -> None:
    offered = {
        election for election in ELECTIONS if "remark" in {e.name for e in letters_for(Vote(election, DATE), Matter())}
    }
    assert offered == {"presidentielle", "municipales", "departementales"}


@pytest.mark.parametrize("election", ELECTIONS)
def test_letters_are_french_in_every_language_and_translated_beside(election: str) -> None:
    french = handout(Vote(election, DATE, 1), Matter(), (), "fr")
    english = handout(Vote(election, DATE, 1), Matter(), (), "en")
    assert texts(french, "letter") == texts(english, "letter")
    assert {section.language for section in english.sections if section.tone == "letter"} == {SENT_IN}
    assert texts(french, "aside") == []
    assert len(texts(english, "aside")) == len(texts(english, "letter"))
    for letter in texts(french, "letter"):
        assert "[lieu], le [date]\n[signature]" in letter
        assert re.search(r"\[pr[ée]nom et nom\]", letter)
        assert "{" not in letter


def test_both_figures_and_where_they_stand(tmp_path: Path) -> None:
    built = small_night()
    built.row("pv.csv", "0001")["votes_trouves"] = "700"
    built.write(tmp_path / "night")
    asked = of_night(tmp_path / "night")
    made = handout(Vote("presidentielle", DATE, 1), asked, (), "en")
    complaint = texts(made, "letter")[1]
    assert "bureau 0001" in complaint
    assert f"700 ({built.place('pv.csv', '0001')})" in complaint
    assert "exports/" in complaint
    assert asked.commune
    assert "R. 62" not in complaint  # nothing was said of a gap
    assert any(asked.commune in letter for letter in texts(made, "letter")[2:])


def test_rules_are_cited_where_a_finding_rests_on_them(tmp_path: Path) -> None:
    built = small_night()
    row = built.row("emargements.csv", "0001")
    row["emargements"] = str(int(row["emargements"]) - 2)
    pv = built.row("pv.csv", "0001")
    pv["emargements"] = row["emargements"]
    built.write(tmp_path / "night")
    asked = of_night(tmp_path / "night")
    assert "R204" in asked.codes
    assert "R. 62" in texts(handout(Vote("presidentielle", DATE, 1), asked, (), "fr"), "letter")[1]


def test_a_night_without_findings_leaves_blanks(tmp_path: Path) -> None:
    small_night().write(tmp_path / "night")
    asked = of_night(tmp_path / "night")
    assert asked.facts == ()
    assert "[numéros des bureaux]" in texts(handout(Vote("municipales", DATE), asked, (), "fr"), "letter")[2]


def test_cases_of_another_poll_of_the_day_are_left_out(tmp_path: Path) -> None:
    built = small_night(polls=2)
    built.row("pv.csv", "0001")["votes_trouves"] = "700"
    built.write(tmp_path / "night")
    config = tmp_path / "night" / "election.toml"
    text = config.read_text("utf-8")
    head, first, second = text.split("[[scrutins]]")
    first = first.replace("presidentielle", "departementales")
    config.write_text("[[scrutins]]".join((head, first, second.replace("presidentielle", "regionales"))), "utf-8")
    assert of_night(tmp_path / "night", "departementales").facts
    assert of_night(tmp_path / "night", "regionales").facts == ()


def test_of_many_cases_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    built = small_night()
    for row in built.tables["pv.csv"]:
        row["observations"] = ""
        for column in ("votes_trouves", "blancs", "exprimes", "emargements", "ouverture", "cloture"):
            row[column] = "7" if column in ("votes_trouves", "blancs") else row[column]
    for row in built.tables["emargements.csv"]:
        row["emargements"] = str(int(row["emargements"] or 0) + 40)
    built.write(tmp_path / "night")
    facts = of_night(tmp_path / "night").facts
    assert 0 < len(facts) <= MOST_CASES + 1


def test_bureaux_are_listed_by_commune_and_those_of_a_nation_are_not(tmp_path: Path) -> None:
    small_night().write(tmp_path / "night")
    _, result = examine(gather(tmp_path / "night"), "en")
    few = [Named("77001", "0001"), Named("92001", "0002"), Named("77001", "0003"), Named("77001", "0001")]
    names = {insee: result.coverage.communes.get(insee, insee) for insee in ("77001", "92001")}
    assert show("en", bureaux_listed(few, result)) == f"{names['77001']}: 0001, 0003; {names['92001']}: 0002"
    assert show("en", bureaux_listed(few[:1], result)) == "0001"
    assert bureaux_listed([], result) is None
    started = time.perf_counter()
    assert bureaux_listed([Named(f"{number:05}", "0001") for number in range(60_000)], result) is None
    assert time.perf_counter() - started < 5  # minutes, if each commune looked at all places
