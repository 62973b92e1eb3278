"""The letters: to whom, in which language, with which figures, and with blanks for what only the sender knows."""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.evidence_kinds import EvidenceKind
from protocol.insee import as_written
from regard.api import gather
from regard.commands.checking.verify import examine
from regard.language import show
from regard.letters import matters
from regard.letters.handout import Handout
from regard.letters.law import ELECTIONS, Vote
from regard.letters.letters import SENT_IN, letters_for
from regard.letters.making import handout
from regard.letters.matter import BureauGap, Lead, Matter
from regard.letters.matters import MOST_CASES, collect_matter, communes_listed, counts_of
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker
from tests.sources import put_text
from tests.verify.night_builder import PUBLISHED, Night, small_night, with_tabulation
from tests.verify.published.samples import workbook
from verify.audit import Audit
from verify.cases.drafting import Drafting
from verify.model.case_table import CaseTable
from verify.model.cases import Sure
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.findings import finding
from verify.model.rule_results import Named, Side

DATE = datetime.date(2026, 3, 15)


def texts(made: Handout, tone: str) -> list[str]:
    """Texts of each section of a tone."""
    return [
        "\n".join([*(block.text for block in section.blocks), *(row[0] for b in section.blocks for row in b.rows)])
        for section in made.sections
        if section.tone == tone
    ]


def of_night(folder: Path, election: str = "presidentielle", language: str = "fr") -> Matter:
    evidence, result = examine(gather(folder), language)
    return collect_matter(CaseViews(result, Speaker(language), evidence=evidence), election)


def asked_about(night: Night, folder: Path, election: str = "presidentielle", language: str = "fr") -> Matter:
    night.write(folder / "night")
    return of_night(folder / "night", election, language)


@pytest.mark.parametrize(
    ("election", "judge"),
    [
        ("presidentielle", "Conseil constitutionnel"),
        ("legislatives", "Conseil constitutionnel"),
        ("senatoriales", "Conseil constitutionnel"),
        ("municipales", "[Greffe du tribunal administratif de … / Préfecture de … / Sous-préfecture de …]"),
        ("departementales", "Greffe du tribunal administratif de [ville du tribunal dont relève la commune]"),
        ("regionales", "Conseil d'État"),
        ("europeennes", "Conseil d'État"),
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
    assert sum("Yours faithfully" in said or "[signature]" in said for said in texts(english, "aside")) == len(
        texts(english, "letter")
    )
    assert not any("[signature]" in said for said in texts(french, "aside"))
    for letter in texts(french, "letter"):
        assert "[lieu], le [date]\n[signature]" in letter
        assert "\nObjet : " in f"\n{letter}"
        assert re.search(r"\[pr[ée]nom et nom\]", letter)
        assert "{" not in letter


def with_gaps(*bureaux: str) -> Night:
    built = small_night()
    for bureau in bureaux:
        built.sign(bureau, -2)
    return built


def complaint_of(asked: Matter, language: str = "fr") -> tuple[str, str]:
    """The complaint, and what stands beside it."""
    vote = Vote("presidentielle", DATE, 1)
    letters = letters_for(vote, asked)
    [at] = [number for number, letter in enumerate(letters) if letter.name == "complaint"]
    beside = "\n".join(show(language, each) for each in letters[at].advice)
    return texts(handout(vote, asked, (), language), "letter")[at], beside


def test_both_counts_and_the_pieces_they_stand_in(tmp_path: Path) -> None:
    asked = asked_about(with_gaps("0001"), tmp_path)
    complaint, beside = complaint_of(asked)
    assert (
        "Essai-sur-Marne, bureau 0001 : 624 émargements ([liste d'émargement, page …], pièce 1) et 626 votes trouvés "
        "([ticket de la machine], pièce 2)." in complaint
    )
    assert "[Le PV (pièce 3) ne mentionne pas cet écart.]" in complaint
    assert not re.search(r"\.csv|\.esf|exports/|@0", complaint)
    assert "(emargements.csv ligne 2)" in beside
    assert asked.deducted == 2
    assert "@0" in beside
    requests = texts(handout(Vote("presidentielle", DATE), asked, (), "fr"), "letter")[2:]
    assert all("Essai-sur-Marne" in letter for letter in requests)


def test_a_file_with_counts_of_signatures_is_one_exhibit_by_its_name(tmp_path: Path) -> None:
    """A mairie's answer is no sign-in list."""
    built = with_gaps("0001", "0002")
    folder = built.write(tmp_path / "night")
    (folder / "emargements.csv").rename(folder / "réponse de la mairie.csv")
    asked = of_night(folder)
    counts = "relevé d'émargements « réponse de la mairie.csv »"
    for fact in asked.facts:
        assert f"émargements ([{counts}], pièce 1)" in show("fr", fact)
    exhibits = [show("fr", each) for each in asked.exhibits]
    assert exhibits[0] == f"[{counts}]"
    assert not any("liste d'émargement" in each for each in exhibits)


def test_every_piece_that_a_fact_names_is_an_exhibit_of_that_number(tmp_path: Path) -> None:
    """And where it is named again, the number is the same; figures to be read again have none."""
    built = with_gaps("0001", "0002")
    built.row("pv.csv", "0002")["observations"] = "Deux électeurs n'ont pas signé."
    built.row("pv.csv", "0003")["votes_trouves"] = "700"
    asked = asked_about(built, tmp_path)
    assert "Le PV (pièce 6) porte cette observation : « Deux électeurs n'ont pas signé. »" in show("fr", asked.facts[1])
    exhibits = [show("fr", each) for each in asked.exhibits]
    assert exhibits == [
        f"{piece}, Essai-sur-Marne, bureau {bureau}"
        for bureau in ("0001", "0002")
        for piece in ("[liste d'émargement]", "[ticket de la machine]", "[PV du bureau]")
    ]
    for fact in asked.facts:
        for document, number in re.findall(r"\(\[?([^,\]()]+)[^()]*, pièce (\d+)\)", show("fr", fact)):
            assert exhibits[int(number) - 1].startswith(f"[{document}")
    letter = next(s for s in handout(Vote("presidentielle", DATE, 1), asked, (), "fr").sections if "pièce 6" in str(s))
    assert letter.blocks[-1].rows == tuple((str(at), each) for at, each in enumerate(exhibits, 1))


@pytest.mark.parametrize(
    ("election", "number", "said"),
    [
        ("legislatives", 2, "[Nom ou liste] a [nombre] voix d'avance sur [nom ou liste qui suit]. Élu proclamé : [nom"),
        ("europeennes", 0, "Liste proclamée en tête : [nom de la liste]"),
        ("legislatives", 1, "[Personne n'a été élu à ce premier tour. / "),
        ("municipales", 0, "[Aucune liste n'a été élue à ce premier tour. / "),
    ],
)
def test_the_outcome_and_its_margin_are_fields(election: str, number: int, said: str) -> None:
    assert said in "\n".join(texts(handout(Vote(election, DATE, number), Matter(), (), "fr"), "letter"))


@pytest.mark.parametrize(("day", "hour", "over"), [(20, 18, 0), (20, 19, 1), (21, 0, 1)])
def test_a_time_that_is_over_is_said_to_be(day: int, hour: int, over: int) -> None:
    """Five days after 15 March 2026 at 18:00; until that hour it is not over."""
    now = datetime.datetime(2026, 3, day, hour)
    [_, complaint] = letters_for(Vote("municipales", DATE, 1, now=now), Matter())[:2]
    assert show("en", complaint.when).count("The time for it ended on") == over
    assert complaint.over is bool(over)
    assert "ended" not in show("en", letters_for(Vote("municipales", DATE, 1), Matter())[1].when)


FACT = BureauGap("Essai", "0002", 688, 691)
FULL = Matter((("Essai", ("0002",)),), facts=("…",), gaps=(FACT,), codes=frozenset(("R204",)), corrections=("…",))
AFTER = "livre III du code des relations entre le public et l'administration"


@pytest.mark.parametrize(
    ("day", "offered", "records"),
    [
        (
            15,
            "remark complaint prefect results-unchanged records sign-in-lists",
            "ouverte à tout électeur pendant le délai",
        ),
        (16, "complaint prefect results-unchanged records sign-in-lists", "ouverte à tout électeur pendant le délai"),
        (21, "prefect results-unchanged records sign-in-lists", AFTER),
        (26, "prefect results-unchanged records", AFTER),
        (31, "results-unchanged records", AFTER),
    ],
)
def test_a_letter_whose_time_is_over_is_named_and_not_written(day: int, offered: str, records: str) -> None:
    """And no letter keeps both ways of a time that is known."""
    vote = Vote("municipales", DATE, 1, now=datetime.datetime(2026, 3, day))
    letters = letters_for(vote, FULL)
    written = [letter.name for letter in letters if not letter.over]
    assert written == [*offered.split(), "centralising-record", "machines"]
    made = handout(vote, FULL, (), "fr")
    text = dict(zip(written, texts(made, "letter"), strict=True))
    assert records in text["records"]
    assert "passé ce délai" not in text["records"]
    [overview] = [section for section in made.sections if section.title == "Les lettres, et quand chacune sert"]
    assert sum(name == "Trop tard" for name, _ in overview.blocks[0].rows) == len(letters) - len(written)
    said = " ".join(str(section) for section in made.sections)
    assert ("Par une observation au PV" in said) is (day == 15)


def test_of_votes_found_that_were_copied_both_counts_are_stated(tmp_path: Path) -> None:
    """And not that the published result, which followed the copy, does not add up."""
    built = with_gaps("0001")
    built.row("pv.csv", "0001")["votes_trouves"] = built.row("pv.csv", "0001")["emargements"]
    built.publish("0001").counts["Votants"] = 624
    complaint, _ = complaint_of(asked_about(built, tmp_path))
    assert "bureau 0001 : 624 émargements (" in complaint
    assert (
        "626 votes trouvés ([ticket de la machine], pièce 2). Le PV (pièce 3) porte aussi 624 émargements. [Le PV "
        "(pièce 3) ne mentionne" in complaint
    )
    assert "ne s'additionne pas" not in complaint


@pytest.mark.parametrize(("found", "facts"), [(625, 1), (624, 0)])
def test_two_figures_that_are_the_same_are_no_fact(tmp_path: Path, found: int, facts: int) -> None:
    """Such as two lists of as many choices in another order: numbers do not tell that."""
    small_night().write(tmp_path / "night")
    result = examine(gather(tmp_path / "night"), "en")[1]
    sides = (
        Side("emargements.csv:2", 624, "signatures", EvidenceKind.SIGNATURES),
        Side("pv.csv:2", found, "votes_found", EvidenceKind.RECORDS),
    )
    details = {"gap": found - 624}
    table = FindingTable(
        [finding("R201", *sides, field="votes_found", insee="77001", bureau="0001", poll=1, details=details)]
    )
    drafting = Drafting(table, ())
    drafting.add("open-gap", [0], Sure.OPEN, "pv")
    made_up = replace(result, findings=table, cases=CaseTable(table, drafting.done()))
    assert len(counts_of(made_up.cases[0], made_up, frozenset())) == facts


def test_the_page_of_a_scan_is_named(tmp_path: Path) -> None:
    built = with_gaps("0001")
    for row in built.tables["emargements.csv"]:
        row["page"] = "2"
    assert "624 émargements (liste d'émargement, page 2, pièce 1)" in complaint_of(asked_about(built, tmp_path))[0]


def test_a_probable_slip_is_no_fact_and_is_to_be_read_again(tmp_path: Path) -> None:
    built = small_night()
    built.row("pv.csv", "0001")["votes_trouves"] = "700"
    asked = asked_about(built, tmp_path)
    complaint, beside = complaint_of(asked)
    assert asked.facts == ()
    assert "700" not in complaint
    assert (
        "À relire ; pas encore un fait de réclamation (certain) : "
        "Essai-sur-Marne, bureau 0001 : votes trouvés, 700 au PV, à lire 626" in beside
    )
    assert "le PV, pv.csv ligne 2" in beside


def test_a_slip_that_is_settled_is_asked_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = small_night()
    built.row("pv.csv", "0001")["votes_trouves"] = "700"
    assert asked_about(built, tmp_path).corrections
    monkeypatch.setattr(matters, "settled", lambda result: frozenset(case.number for case in result.cases))
    asked = of_night(tmp_path / "night")
    assert (asked.corrections, asked.again) == ((), ())


def test_a_count_that_a_table_gives_twice_is_no_fact(tmp_path: Path) -> None:
    """The first row is used; the case says that there is another, and the complaint does not state it."""
    columns = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA;CURIE\n"
    put_text(tmp_path / "pv.csv", f"{columns}Gap;1;900;318;318;8;5;305;142;163\nGap;2;900;402;402;8;5;389;200;189\n")
    put_text(tmp_path / "comptage.csv", "Commune;Bureau;Émargements\nGap;1;308\nGap;1;318\nGap;2;399\n")
    asked = of_night(tmp_path)
    assert (asked.stated, asked.left) == (1, 1)
    assert "308" not in show("fr", asked.facts[0])
    [note] = [show("fr", each) for each in asked.notes if "308" in show("fr", each)]
    assert "308 dans comptage.csv ligne 2, 318 dans comptage.csv ligne 3. Le premier est utilisé" in note


def test_a_gap_of_a_figure_to_be_read_again_is_no_fact(tmp_path: Path) -> None:
    """The signatures of one bureau differ from the votes, and are probably misread: only the other one is a fact."""
    built = with_gaps("0001", "0002")
    built.write(tmp_path / "night")
    result = examine(gather(tmp_path / "night"), "en")[1]
    case = next(each for each in result.cases if each.first.bureau == "0001")
    [found] = [result.findings[at] for at in case.findings if result.findings[at].code == "R204"]
    assert counts_of(case, result, frozenset())
    assert counts_of(case, result, frozenset({(found.insee, "0002", "signatures")}))
    assert counts_of(case, result, frozenset({(found.insee, "0001", "signatures")})) == ()
    assert counts_of(case, result, frozenset({(found.insee, "0001", "votes_found")})) == ()
    assert len(of_night(tmp_path / "night").facts) == 2


def test_what_cannot_be_read_or_is_missing_is_no_fact(tmp_path: Path) -> None:
    built = with_gaps("0001")
    built.row("pv.csv", "0002")["votes_trouves"] = "abc"
    built.drop("emargements.csv", "0003")
    built.tables["pv.csv"].append(dict(built.row("pv.csv", "0A11")))
    built.raw["suites.csv"] = b"insee,bureau,scrutin,constat,statut,remarque\n77001,0001,un,R204,?,x\n"
    built.write(tmp_path / "night")
    _, result = examine(gather(tmp_path / "night"), "en")
    assert {"cell-unreadable", "row-doubled", "evidence-missing"} <= {case.cause.name for case in result.cases}
    [fact] = of_night(tmp_path / "night").facts
    assert "bureau 0001" in show("fr", fact)


def test_rules_are_cited_where_a_finding_rests_on_them(tmp_path: Path) -> None:
    asked = asked_about(with_gaps("0001"), tmp_path)
    assert "R204" in asked.codes
    assert "R. 62" in texts(handout(Vote("presidentielle", DATE, 1), asked, (), "fr"), "letter")[1]


def test_a_night_without_findings_leaves_blanks(tmp_path: Path) -> None:
    asked = asked_about(small_night(), tmp_path)
    assert asked.facts == ()
    assert "[numéros des bureaux]" in texts(handout(Vote("municipales", DATE), asked, (), "fr"), "letter")[2]


def test_cases_of_another_poll_of_the_day_are_left_out_and_counted(tmp_path: Path) -> None:
    built = small_night(polls=2)
    built.sign("0001", -2)
    built.write(tmp_path / "night")
    config = tmp_path / "night" / "election.toml"
    head, first, second = config.read_text("utf-8").split("[[scrutins]]")
    first = first.replace("presidentielle", "departementales")
    config.write_text("[[scrutins]]".join((head, first, second.replace("presidentielle", "regionales"))), "utf-8")
    kinds = ("departementales", "regionales", "municipales")
    said = [of_night(tmp_path / "night", kind) for kind in kinds]
    stated = [any("624 signatures" in show("en", fact) for fact in each.facts) for each in said]
    assert stated == [True, False, True]
    elsewhere = ["1 case is of another poll of the day, and is in the letters for that one."]
    counted = [[show("en", note) for note in each.notes if "poll" in str(note)] for each in said]
    assert counted == [elsewhere, elsewhere, []]  # of a kind that the folder does not name: all of them count


def test_of_many_cases_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    built = small_night()
    for row in built.tables["pv.csv"]:
        row["observations"] = ""
        for column in ("votes_trouves", "blancs", "exprimes", "emargements", "ouverture", "cloture"):
            row[column] = "7" if column in ("votes_trouves", "blancs") else row[column]
    for row in built.tables["emargements.csv"]:
        row["emargements"] = str(int(row["emargements"] or 0) + 40)
    facts = asked_about(built, tmp_path).facts
    assert len(facts) <= MOST_CASES + 1


def test_bureaux_are_listed_by_commune_and_those_of_a_nation_are_not(tmp_path: Path) -> None:
    small_night().write(tmp_path / "night")
    _, result = examine(gather(tmp_path / "night"), "en")
    few = [Named("77001", "0001"), Named("92001", "0002"), Named("77001", "0003"), Named("77001", "0001")]
    assert communes_listed(few, result.coverage.communes) == (
        ("Essai-sur-Marne", ("0001", "0003")),
        ("92001", ("0002",)),
    )
    assert communes_listed([], result.coverage.communes) == ()
    many = [Named("77001", f"{number:04}") for number in range(61)]
    assert communes_listed(many[:60], result.coverage.communes)[0][1] == tuple(place.bureau for place in many[:60])
    unordered = [Named("77001", code) for code in ("10", "2", "5")]
    assert communes_listed(unordered, result.coverage.communes)[0][1] == ("2", "5", "10")
    assert communes_listed(many, result.coverage.communes) == (("Essai-sur-Marne", ()),)
    assert communes_listed([Named(f"{number:05}", "0001") for number in range(60_000)], result.coverage.communes) == ()


# --- What stands in a letter, and what is left to be filled in ---


BOTH = (("Le Havre", ("0002", "0003")),)
HAVRE = Matter(BOTH, BOTH, BOTH)
ESSAI = (("Essai-sur-Marne", ("0002",)),)
ONE = Matter(ESSAI, ESSAI, ESSAI, ESSAI)
TWO = Matter((("Les Herbiers", ("0002",)), ("Issy-les-Moulineaux", ("0001", "0004"))))


def letters_of(matter: Matter, election: str = "municipales", language: str = "fr") -> dict[str, str]:
    """The letters by name, each as a text."""
    vote = Vote(election, DATE, 1)
    names = [letter.name for letter in letters_for(vote, matter)]
    return dict(zip(names, texts(handout(vote, matter, (), language), "letter"), strict=True))


def test_each_mairie_of_a_few_communes_gets_letters_of_its_own() -> None:
    vote = Vote("municipales", DATE, 1)
    made = handout(vote, TWO, (), "fr")
    asked = [text for text in texts(made, "letter") if "Mairie" in text]
    assert [("Herbiers" in text, "Issy" in text) for text in asked] == [(True, False), (False, True)] * 3
    assert "à Issy-les-Moulineaux, bureaux 0001 et 0004" in asked[1]
    contesting = replace(TWO, contested=(("Les Herbiers", ()), ("Issy-les-Moulineaux", ())))
    assert "dans les communes des Herbiers et d'Issy-les-Moulineaux" in letters_of(contesting)["complaint"]
    assert (
        "dans la commune d'Issy-les-Moulineaux"
        in letters_of(replace(TWO, contested=(("Issy-les-Moulineaux", ()),)))["complaint"]
    )
    names = tuple(f"Ville {number}" for number in range(6))
    communes = tuple((name, ()) for name in names)
    many = Matter(communes=communes, contested=communes)
    assert "Mairie de [commune]" in letters_of(many)["records"]
    assert "dans les communes nommées ci-dessous" in letters_of(many)["complaint"]
    beside = [show("en", said) for letter in letters_for(vote, many) for said in letter.advice]
    assert sum("a letter to each" in said for said in beside) == 3


def test_what_is_not_known_is_a_blank() -> None:
    letters = letters_of(Matter())
    assert "Mairie de [commune]" in letters["records"]
    assert "commune [commune], bureaux [numéros des bureaux]" in letters["records"]
    assert "[électeur de … / électrice de … / candidat(e) à …]" in letters["complaint"]
    assert "dans la commune de [commune]" in letters["complaint"]
    assert "circonscription de …" in letters_of(Matter(), "legislatives")["complaint"]
    assert "En qualité de [qualité]," in letters_of(Matter(), "regionales")["complaint"]


def test_the_prefecture_is_that_of_the_departement_of_all_communes(tmp_path: Path) -> None:
    built = with_gaps("0001")
    assert asked_about(built, tmp_path).departement == "de Seine-et-Marne"
    known = letters_of(replace(FULL, departement="de Seine-et-Marne"))
    assert "Destinataire : Préfecture de Seine-et-Marne\n" in known["prefect"]
    assert "Destinataire : [Préfecture de Seine-et-Marne / Sous-préfecture de …]\n" in known["sign-in-lists"]
    assert "Destinataire : [Préfecture de …]\n" in letters_of(FULL)["prefect"]


def test_a_complaint_names_the_area_that_elects() -> None:
    assert "opérations électorales [de la … circonscription de …] dans" in letters_of(ONE, "legislatives")["complaint"]
    assert "opérations électorales dans" in letters_of(ONE)["complaint"]


def test_a_remark_says_that_it_is_for_an_open_pv_and_of_which_bureau() -> None:
    remark = letters_of(FULL)["remark"]
    assert remark.startswith("Objet : observation à porter au procès-verbal du bureau 0002 de la commune d'Essai")
    assert "avant la clôture du présent procès-verbal" in remark
    assert "je conteste" not in remark
    assert "émargements sur la liste : 688 ; votes trouvés : 691" in remark
    two = letters_for(Vote("municipales", DATE, 1), replace(FULL, gaps=(FACT, replace(FACT, bureau="0003"))))
    assert re.findall(r"of bureau (\d+)", str([show("en", each.subject) for each in two])) == ["0002", "0003"]
    assert "du bureau [numéro] de la commune du Havre" in letters_of(HAVRE)["remark"]
    assert "du bureau [numéro] de la commune de [commune]" in letters_of(Matter())["remark"]
    for text in remark.split("\n"):
        assert not re.search(r"\. [a-zé]", text), text


def test_before_the_letters_stands_when_each_is_of_use(language: str) -> None:
    made = handout(Vote("municipales", DATE, 1), Matter(stated=2, left=1, facts=("a", "b")), (), language)
    title = {"en": "The letters, and when each is of use", "fr": "Les lettres, et quand chacune sert"}[language]
    [overview] = [section for section in made.sections if section.title == title]
    said = {name: text for block in overview.blocks for name, text in (r for r in block.rows)}
    assert len(said) == 7
    remark, complaint, prefect, *_ = said.values()
    assert {"en": "15 days", "fr": "15 jours"}[language] in prefect
    assert {"en": "before the PV of the bureau is closed", "fr": "avant la clôture du PV du bureau"}[language] in remark
    assert {"en": "Until Friday 20 March 2026, 18:00", "fr": "Jusqu'au vendredi 20 mars 2026 à 18 h 00"}[
        language
    ] in complaint
    assert {"en": "It states 2 facts. 1 irregularity is not in it", "fr": "Elle énonce 2 faits. 1"}[
        language
    ] in complaint


# --- Nothing is left out without a word ---


def test_irregularities_without_two_counts_are_named_beside_the_letter(tmp_path: Path) -> None:
    built = with_gaps("0001")
    built.change_export("0002", model="ESF1 (HW 9.99)")
    built.row("pv.csv", "0003")["votes_trouves"] = "abc"
    asked = asked_about(built, tmp_path)
    complaint, beside = complaint_of(asked, "fr")
    assert (asked.stated, asked.left) == (1, 1)
    assert "HW 9.99" not in complaint
    assert "Pas dans la lettre : Essai-sur-Marne, bureau 0002 : " in beside
    assert "HW 9.99" in beside
    assert "Pourquoi : elle ne tient pas en deux chiffres d'un même bureau." in beside
    assert "À relire ; pas encore un fait de réclamation (non lu) : Essai-sur-Marne, bureau 0003 : " in beside


def test_a_fact_with_a_figure_to_be_read_again_is_named_with_that_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = with_gaps("0001")
    built.write(tmp_path / "night")
    monkeypatch.setattr(matters, "_pending", lambda result: frozenset({("77001", "0001", "signatures")}))
    asked = of_night(tmp_path / "night", language="en")
    assert (asked.stated, asked.left, asked.facts) == (0, 1, ())
    [note] = [show("en", each) for each in asked.notes if "Not in the letter:" in str(each)]
    assert "bureau 0001: 626 votes for 624 signatures" in note
    assert note.endswith("Why: one of its figures is to be read again first.")


@pytest.mark.parametrize(("kind", "stated"), [("figure-wrong", 0), ("row-missing", 1)])
def test_a_figure_that_an_open_case_asks_about_stays_out_of_the_complaint(
    tmp_path: Path, kind: str, stated: int
) -> None:
    """A case to be read again that has no corrections: both of its figures stay out, and it is named beside."""
    small_night().write(tmp_path / "night")
    evidence, result = examine(gather(tmp_path / "night"), "en")
    record = Side("pv.csv:2", 624, "signatures", EvidenceKind.RECORDS)
    signed = Side("emargements.csv:2", 627, "signatures", EvidenceKind.SIGNATURES)
    found = Side("pv.csv:2", 624, "votes_found", EvidenceKind.RECORDS)
    gap = finding("R202", signed, found, field="votes_found", insee="77001", bureau="0001", poll=1, details={"gap": -3})
    differing = finding("R205", record, signed, field="signatures", insee="77001", bureau="0001", poll=1)
    table = FindingTable([gap, differing])
    drafting = Drafting(table, ())
    codes = [each.code for each in table]
    drafting.add("open-gap", [codes.index("R202")], Sure.OPEN, "pv")
    drafting.add(kind, [codes.index("R205")], Sure.OPEN, "pv")
    made_up = replace(result, findings=table, cases=CaseTable(table, drafting.done()))
    asked = collect_matter(CaseViews(made_up, Speaker("en"), evidence=evidence), "presidentielle")
    assert (asked.stated, asked.left) == (stated, 1 - stated)
    again = [
        show("en", each) for each in asked.again if "To be read again; no fact of a complaint yet (open)" in str(each)
    ]
    assert len(again) == 1 - stated


def test_a_list_alone_against_papers_that_agree_is_a_fact_of_the_complaint(tmp_path: Path) -> None:
    """Whichever of the two is wrong, both counts stand, and the larger difference comes first."""
    built = with_gaps("0001")
    built.add("emargements.csv", "0002", "emargements", -100)
    asked = asked_about(built, tmp_path, language="en")
    first, second = (show("en", each) for each in asked.facts)
    assert first.startswith("Essai-sur-Marne, bureau 0002: ")
    assert second.startswith("Essai-sur-Marne, bureau 0001: 624 signatures ")
    assert [gap.bureau for gap in asked.gaps] == ["0002", "0001"]  # both add to the votes beyond signatures
    assert any("bureau 0002" in str(show("en", each)) for each in asked.again)


def test_only_communes_of_facts_are_contested_and_all_papers_are_asked_for(tmp_path: Path) -> None:
    built = with_gaps("0001")
    built.change_export("0002", model="ESF1 (HW 9.99)")
    built.row("pv.csv", "0A11")["votes_trouves"] = "777"
    asked = asked_about(built, tmp_path)
    assert asked.contested == (("Essai-sur-Marne", ("0001",)),)
    remark = next(each for each in letters_for(Vote("municipales", DATE), asked) if each.name == "remark")
    assert "bureau 0001 of the commune of Essai-sur-Marne" in show("en", remark.subject)
    assert asked.communes == (("Essai-sur-Marne", ("0001", "0002")), ("Témoin-sur-Seine", ("0A11",)))
    assert asked.lists == asked.contested  # votes and signatures of the others are equal
    assert asked.machines == asked.communes  # their counters are compared as well


def test_of_many_that_are_left_out_the_first_are_named_and_all_counted(tmp_path: Path) -> None:
    built = small_night()
    spec = built.row("univers.csv", "0001")
    for number in range(12):
        code = f"1{number:03}"
        built.tables["univers.csv"].append(spec | {"bureau": code})
        built.tables["pv.csv"].append(built.row("pv.csv", "0001") | {"bureau": code, "ouverture": "09:30"})
    built.incomplete()
    asked = asked_about(built, tmp_path)
    said = [show("en", note) for note in asked.notes]
    assert asked.left == 12
    assert sum(note.startswith("Not in the letter: ") and " Why: " in note for note in said) == MOST_CASES
    assert any(note.startswith("2 more irregularities are not in the letter") for note in said)


@pytest.mark.parametrize("changes", [True, False])
def test_a_complaint_names_the_decision_on_a_sum_where_its_figures_come_to_the_same(changes: bool) -> None:
    matter = replace(ONE, facts=("…",), codes=frozenset(("R201",)), changes=changes)
    assert ("97-2165 AN, 23 octobre 1997" in letters_of(matter, "legislatives")["complaint"]) == changes


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("SAINT-TERNOC", "Saint-Ternoc"),
        ("L'HAŸ-LES-ROSES", "L'Haÿ-les-Roses"),
        ("VILLENEUVE D'ASCQ", "Villeneuve d'Ascq"),
        ("LA ROCHELLE", "La Rochelle"),
        ("Le Havre", "Le Havre"),
        ("2A004", "2A004"),
        ("", ""),
    ],
)
def test_a_commune_in_capitals_is_written_as_people_write_it(name: str, written: str) -> None:
    assert as_written(name) == written


def workbook_of(folder: Path, *, gap: int) -> tuple[LinedEvidence, Audit]:
    """Two lists in two bureaux: a gap in the first, a wrong sum in the second, a wrong total."""
    rows = [
        f"FAUX-SUR-MER;1;900;640;{640 + gap};2;0;638;402;{236 + gap}",
        "FAUX-SUR-MER;2;900;650;650;3;0;645;407;240",
        "FAUX-SUR-MER;Total;1800;1290;1290;5;0;1285;810;476",
    ]
    path = folder / "pv.csv"
    head = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie"
    path.write_text("\n".join([head, *rows]), "utf-8")
    return examine(gather(files=[path]), "fr")


def test_a_mairie_is_asked_to_correct_figures_that_do_not_agree_with_one_another(tmp_path: Path) -> None:
    evidence, result = workbook_of(tmp_path, gap=0)
    asked = collect_matter(CaseViews(result, Speaker("fr"), evidence=evidence), "municipales", "Mme Le Goff")
    said = letters_of(asked)["results-unchanged"]
    assert said.startswith("Mme Le Goff\n[adresse]\nDestinataire : Mairie de Faux-sur-Mer")
    assert "Faux-sur-Mer, bureau 2 : exprimés, 645 au PV ; le calcul donne 647 (somme des voix : " in said
    assert "[Si ce tableau est de la mairie : ZOLA Émile, 810 au total, 809 d'après la somme des bureaux.]" in said
    assert asked.lead is not None
    assert not asked.lead.sure  # figures of votes are to be read again
    complaint = letters_of(asked)["complaint"]
    assert "[D'après les voix des 2 bureaux que j'ai lus, « ZOLA Émile » a 333 voix d'avance" in complaint
    assert "[Aucune liste n'a été élue à ce premier tour. / Liste proclamée élue : … (nom de la liste).]" in complaint
    assert "results-unchanged" not in letters_of(ONE)


def test_a_wrong_total_is_in_the_letter_beside_a_total_of_another_piece(tmp_path: Path) -> None:
    """That there are rows of totals is for information, and makes none of them a piece to correct."""
    head = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA Émile"
    rows = (
        "Essai;1;900;640;640;0;0;640;640",
        "Essai;2;900;650;650;0;0;650;650",
        "Essai;Total;900;1290;1290;0;0;1290;1290",
    )
    lists = "Bureau;Signatures\n1;640\n2;650\nTotal;1290\n"
    sheets = {"PV": "\n".join([head, *rows]).replace(";", "|"), "Listes": lists.replace(";", "|")}
    (tmp_path / "mairie.xlsx").write_bytes(workbook(sheets))
    said = letters_of(of_night(tmp_path, "municipales"))["results-unchanged"]
    assert "inscrits, 900 au total, 1\u202f800 d'après la somme" in said


@pytest.mark.parametrize(("deducted", "said"), [(16, True), (7, False), (0, False)])
def test_a_sum_other_than_the_reports_is_explained_beside_the_letter(deducted: int, said: bool) -> None:
    gap = BureauGap("Essai", "0001", 600, 607)
    matter = replace(ONE, facts=("…",), gaps=(gap,), deducted=deducted)
    made = handout(Vote("municipales", DATE, 1), matter, (), "fr")
    assert (f"{deducted} dans le rapport, 7 dans cette lettre" in "\n".join(texts(made, "aside"))) == said


@pytest.mark.parametrize("more", [0, 1000])
def test_the_lead_is_stated_where_all_votes_were_read(tmp_path: Path, more: int) -> None:
    night = small_night()
    row = night.publish("0001")
    row.votes[next(iter(row.votes))] += more  # which is certainly wrong
    night.write(tmp_path / "night")
    evidence, result = examine(gather(tmp_path / "night"), "en")
    lead = collect_matter(CaseViews(result, Speaker("en"), evidence=evidence), "presidentielle").lead
    assert lead is not None
    assert evidence.votes is not None
    votes = sorted(evidence.votes.values.clip(0).sum(axis=(0, 1)).tolist(), reverse=True)
    assert list(lead.votes) == votes[:2]


@pytest.mark.parametrize(
    ("elected", "number", "said"),
    [
        (("CURIE Marie",), 2, "Élu d'après ces voix : CURIE Marie."),
        ((), 1, "D'après ces voix, personne n'est élu à ce tour."),
        (None, 2, "Liste proclamée en tête : [« CURIE Marie » / une autre]."),
    ],
)
def test_what_is_known_of_the_outcome_is_filled_in(elected: tuple[str, ...] | None, number: int, said: str) -> None:
    matter = replace(ONE, lead=Lead(("CURIE Marie", "ZOLA Émile"), (402, 236), 2, elected, valid=700))
    made = handout(Vote("municipales", DATE, number), matter, (), "fr")
    complaint = next(text for text in texts(made, "letter") if "je conteste" in text)
    assert (
        "des 2 bureaux que j'ai lus, « CURIE Marie » a 166 voix d'avance sur « ZOLA Émile » (402 et 236)." in complaint
    )
    assert said in complaint


def test_who_published_results_is_told_of_another_choice_that_they_put_ahead(tmp_path: Path) -> None:
    night = small_night()
    night.publish("0003").votes["CURIE Marie"] = 3515  # by the PV 351
    assert show("fr", asked_about(night, tmp_path).published[-1]).replace("\u202f", " ") == (
        "D'après les résultats publiés, « CURIE Marie » devance « ZOLA Émile » (4 269 et 1 640 voix) ; "
        "d'après les PV, « ZOLA Émile » devance « CURIE Marie » (1 640 et 1 105 voix)."
    )


def test_who_published_results_is_told_of_the_figure_that_breaks_a_sum(tmp_path: Path) -> None:
    """Not of the sum that it breaks: without PVs the sign-in list and the row itself tell which figure it is."""
    built = small_night()
    built.exports.clear()
    for name in ("pv.csv", "voix.csv"):
        del built.tables[name]
    built.incomplete()
    built.publish("0002").counts["Votants"] = 564
    said = [show("en", each) for each in asked_about(built, tmp_path).published]
    assert said == [
        "Essai-sur-Marne, bureau 0002: votes found, 564 in the published result; with 546 the figures add up."
    ]


def test_who_published_results_is_not_told_of_figures_of_the_mairie(tmp_path: Path) -> None:
    """The PV has blank and null votes exchanged; the centralising record and the publication have not."""
    built = with_tabulation()
    row = built.row("pv.csv", "0004")
    row["blancs"], row["nuls"] = row["nuls"], row["blancs"]
    asked = asked_about(built, tmp_path)
    assert any("in the centralising record" in show("en", each) for each in asked.corrections)
    assert not any("in the centralising record" in show("en", each) for each in asked.published)


def test_a_total_that_lacks_one_bureau_is_one_sentence(tmp_path: Path) -> None:
    header = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile"
    rows = [f"Essai;{at};900;{500 + at};{500 + at};0;0;{500 + at};{240 + at};260" for at in range(1, 5)]
    total = "Essai;Total;2700;1506;1506;0;0;1506;726;780"
    put_text(tmp_path / "pv.csv", "\n".join(["Municipales, second tour, 22 mars 2026", header, *rows, total]))
    put_text(
        tmp_path / "emargements.csv",
        "\n".join(["Commune;Bureau;Émargements", *(f"Essai;{at};{500 + at}" for at in range(1, 5))]),
    )
    [said] = [show("en", each) for each in of_night(tmp_path, "municipales", "en").corrections]
    assert said == (
        "[If this table is the mairie's: Essai, bureau 4: the total, pv.csv row 7, lacks just the figures of this "
        "bureau.]"
    )


@pytest.mark.parametrize(("rows", "asked_for"), [(5, False), (4, True)])
def test_a_centralising_record_that_was_read_whole_is_not_asked_for(tmp_path: Path, rows: int, asked_for: bool) -> None:
    built = with_tabulation()
    del built.tables["recap.csv"][rows:]
    letters = letters_for(Vote("presidentielle", DATE), asked_about(built, tmp_path))
    assert any(each.name == "centralising-record" for each in letters) is asked_for


def test_who_published_results_is_told_of_a_bureau_that_they_leave_out(tmp_path: Path) -> None:
    night = small_night()
    night.incomplete()
    night.published[PUBLISHED].remove(night.publish("0002"))
    night.write(tmp_path / "night")
    absent = "Essai-sur-Marne, bureau 0002 : absent des résultats publiés."
    assert list(map(Speaker("fr").text, of_night(tmp_path / "night").published)) == [absent]


def test_an_error_of_the_pv_is_asked_of_the_mairie_alone(tmp_path: Path) -> None:
    night = small_night()
    night.row("voix.csv", "0003", choice="CURIE Marie")["voix"] = "3515"  # 351 in the published results
    asked = asked_about(night, tmp_path)
    assert "CURIE Marie, 351 dans le résultat publié et 3\u202f515 au PV" in show("fr", asked.corrections[-1])
    assert asked.published == ()
    assert asked.lead is not None
    assert asked.lead.votes == (1640, 1105)


def test_votes_that_are_missing_and_mentioned_are_no_fact(tmp_path: Path) -> None:
    night = small_night()
    night.sign("0001", 1)
    night.row("pv.csv", "0001")["observations"] = "Un électeur a signé sans voter."
    asked = asked_about(night, tmp_path)
    assert asked.facts == ()
    assert "le PV en fait mention" in show("fr", asked.notes[0])


def test_a_list_with_more_signatures_than_the_pv_and_the_votes_is_counted_again_first(tmp_path: Path) -> None:
    night = small_night()
    night.add("emargements.csv", "0001", "emargements", 30)
    asked = asked_about(night, tmp_path)
    assert asked.facts == ()
    assert "bureau 0001" in "".join(show("fr", each) for each in (*asked.again, *asked.notes))


@pytest.mark.parametrize("made", [small_night, with_tabulation])
def test_a_figure_that_two_pieces_give_is_not_said_a_second_time_for_its_sum(
    made: Callable[[], Night], tmp_path: Path
) -> None:
    night = made()
    night.add("pv.csv", "0002", "nuls", 1)
    by_rule, both = (show("fr", each) for each in asked_about(night, tmp_path).corrections)
    assert "qui n'en permet pas" in by_rule
    assert both.endswith("et 1 au PV.")


def test_a_gap_that_a_publication_alone_shows_is_counted_again_first(tmp_path: Path) -> None:
    put_text(tmp_path / "emargements.csv", "Commune;Bureau;Émargements;Page\nEssai;1;530;2\nEssai;2;400;3\n")
    head = "Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile\n"
    rows = "Essai;1;798;534;5;4;525;258;267\nEssai;2;700;400;0;0;400;250;150\n"
    put_text(tmp_path / "resultats_publies.csv", head + rows)
    [fact] = of_night(tmp_path).facts
    assert "534 votes trouvés ([résultat publié, page …]" in show("fr", fact)
    assert show("fr", fact).endswith("[À recompter avant de l'énoncer.]")


def test_a_bureau_with_an_unmentioned_gap_without_which_another_is_ahead_is_a_ground(tmp_path: Path) -> None:
    """The gap that the PV mentions comes after it, and is counted apart."""
    rows = [
        "Législatives, second tour, 7 juillet 2024",
        "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile;Observations",
        "1;900;500;505;0;5;500;240;260;cinq enveloppes de trop, recomptées",
        "2;900;600;603;2;1;600;340;260;néant",
        "3;900;400;400;1;1;398;190;208;néant",
    ]
    put_text(tmp_path / "pv.csv", "\n".join(rows))
    asked = of_night(tmp_path, "legislatives", "fr")
    assert [show("fr", fact)[:22] for fact in asked.facts] == [f"[commune], bureau {at} : " for at in (2, 1)]
    complaint = complaint_of(asked)[0]
    assert "au total : 8, dont 5 avec une observation au PV." in complaint
    assert "Marie » a 42 voix d'avance sur « ZOLA" in complaint
    assert (
        "[Si les voix sont annulées là où le PV ne mentionne pas l'écart (bureau 2) : « ZOLA Émile » a 38 voix "
        "d'avance sur « CURIE Marie » (468 et 430).]" in complaint
    )
    assert asked.on_paper
    evidence, result = examine(gather(tmp_path), "fr")
    views = CaseViews(result, Speaker("fr"), evidence=evidence)
    changes = [views.view(case).change for case in result.cases if case.places[0].bureau in ("1", "2")]
    said = "Sans les bureaux dont le PV ne mentionne pas l'écart, il peut changer."
    assert [said in each for each in changes] == [True, False]


@pytest.mark.parametrize(("more", "said"), [(400, True), (0, False)])
def test_votes_of_a_case_that_alone_change_nothing_are_said_where_all_together_do(
    tmp_path: Path, more: int, said: bool
) -> None:
    night = small_night()
    night.sign("0001", -more)
    night.sign("0003", -2)
    evidence, result = examine(gather(night.write(tmp_path)), "en")
    views = CaseViews(result, Speaker("en"), evidence=evidence)
    [change] = [views.view(case).change for case in result.cases if case.places[0].bureau == "0003"]
    assert ("Those of this case alone change nothing." in change) is said


def test_signatures_that_the_pv_itself_has_stand_beside_a_gap(tmp_path: Path) -> None:
    night = small_night()
    night.add("emargements.csv", "0001", "emargements", -60)
    asked = asked_about(night, tmp_path)
    [fact] = asked.facts
    assert (
        Speaker("fr")
        .text(fact)
        .endswith("Le PV (pièce 3) porte, lui, 626 émargements. [À recompter avant de l'énoncer.]")
    )
    assert "À recompter avant qu'une réclamation l'énonce (à éclaircir)" in complaint_of(asked)[1]


def test_a_published_row_of_another_bureau_is_corrected_in_a_sentence(tmp_path: Path) -> None:
    night = small_night()
    here, there = night.publish("0002"), night.publish("0001")
    here.counts.update({name: there.counts[name] for name in ("Inscrits", "Votants", "Blancs", "Nuls", "Exprimés")})
    here.votes.update(there.votes)
    said = list(map(Speaker("fr").text, asked_about(night, tmp_path).published))
    evidence, result = examine(gather(tmp_path / "night"), "fr")
    [line] = [CaseViews(result, Speaker("fr"), evidence=evidence).line(case).placed for case in result.cases]
    assert "les chiffres du bureau 0001" in line
    assert said[0] == line
    assert [each for each in said if "0002" in each] == [line]  # and no figure by itself


def test_rows_of_the_pvs_that_are_exchanged_are_asked_of_the_mairie_without_a_condition(tmp_path: Path) -> None:
    night = small_night()
    one, other = night.row("pv.csv", "0001"), night.row("pv.csv", "0002")
    for name in ("inscrits", "emargements", "votes_trouves", "blancs", "exprimes"):
        one[name], other[name] = other[name], one[name]
    [said] = [show("en", each) for each in asked_about(night, tmp_path).corrections]
    assert said.startswith("Essai-sur-Marne, bureaux 0001 et 0002 : deux bureaux ont chacun les chiffres de l'autre")


def test_null_votes_on_a_machine_are_said_as_the_rule_says_them(tmp_path: Path) -> None:
    night = small_night()
    night.row("pv.csv", "0003")["nuls"] = "3"
    said = show("en", asked_about(night, tmp_path).corrections[0])
    assert said == "Essai-sur-Marne, bureau 0003: 3 null votes in the PV of a machine bureau, where there can be none."


def test_totals_are_said_with_their_files_and_not_where_a_bureau_is_wrong(tmp_path: Path) -> None:
    """The signatures of bureau 2 have two digits exchanged, and the total is right; a commune's votes do not add up."""
    header = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile"
    rows = ["Essai;1;900;500;500;0;0;500;240;260", "Essai;2;900;537;573;0;0;573;313;260"]
    total = "Essai;Total;1800;1073;1073;0;0;1073;553;520"
    put_text(tmp_path / "pv.csv", "\n".join(["Municipales, second tour, 22 mars 2026", header, *rows, total]))
    put_text(tmp_path / "emargements.csv", "Commune;Bureau;Émargements\nEssai;1;500\nEssai;2;573\n")
    commune = "Commune;Inscrits;Votants;Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile\nEssai;1800;1073;0;0;1073;573;520\n"
    put_text(tmp_path / "publication commune.csv", commune)
    asked = of_night(tmp_path, "municipales", "fr")
    assert asked.corrections == ()
    assert [" ".join(Speaker("fr").text(each).split()) for each in asked.published] == [
        "exprimés : 1 073 au total (publication commune.csv) ; le calcul donne 1 093 (somme des voix).",
        "CURIE Marie : 573 au total (publication commune.csv), 553 d'après la somme des bureaux (pv.csv).",
    ]


def test_two_figures_on_which_the_outcome_depends_are_a_fact_and_the_majority_stands_beside_the_sum(
    tmp_path: Path,
) -> None:
    """By the PVs the first list has 303 of 600 votes, with two lists exchanged in the published row of a bureau 295."""
    rows = [
        f"{at};900;{210 - gap};210;9;1;200;{first};{second};{40}"
        for at, gap, first, second in ((1, 0, 100, 60), (2, 0, 84, 76), (3, 6, 119, 41))
    ]
    header = "Bureau;Inscrits;Émargements;{votes};Blancs;Nuls;Exprimés;Liste Anne;Liste Bruno;Liste Carole"
    put_text(tmp_path / "PV Gap (05061).csv", "\n".join([header.format(votes="Votes trouvés"), *rows]))
    published = [re.sub("^(.;900);[0-9]+", r"\1", row).replace("84;76", "76;84") for row in rows]
    header = header.format(votes="Votants").replace("Émargements;", "")
    put_text(tmp_path / "resultats_publies.csv", "\n".join([header, *published]))
    put_text(tmp_path / "emargements.csv", "Bureau;Émargements\n1;210\n2;210\n3;204")
    day = 'id = "x"\ndate = 2026-03-15\ntour = 1\n\n[[scrutins]]\nnumero = 1\n'
    put_text(tmp_path / "election.toml", day + 'type = "municipales_listes"\nsieges = 29\n')
    vote = Vote("municipales", datetime.date(2026, 3, 15), 1)
    complaint = "".join(texts(handout(vote, of_night(tmp_path, "municipales"), (), "fr"), "letter"))
    assert "bureau 2 : Liste Anne, 76 ([résultat publié, page …], pièce 1) et 84 ([PV du bureau" in complaint
    assert "Liste Bruno, à l'inverse : 84 et 76. [Le résultat de l'élection n'est pas le même" in complaint
    assert "« Liste Anne » a 303 voix sur 600 suffrages exprimés, pour une majorité absolue de 301.]" in complaint
    assert "[Avec les autres chiffres (bureau 2), « Liste Anne »" in complaint
    assert "Sans ces 6 votes, « Liste Anne » aurait 297 voix, et la majorité absolue serait de 298.]" in complaint
    assert "97-2165 AN" in complaint


def test_who_published_results_is_told_how_far_theirs_put_the_first_ahead(tmp_path: Path) -> None:
    rows = [f"{at};900;210;9;1;200;{first};{200 - first}" for at, first in ((1, 120), (2, 90), (3, 101))]
    header = "Bureau;Inscrits;{votes};Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile"
    put_text(tmp_path / "PV Gap (05061).csv", "\n".join([header.format(votes="Votes trouvés"), *rows]))
    rows[1] = "2;900;210;9;1;200;110;90"
    put_text(tmp_path / "resultats_publies.csv", "\n".join([header.format(votes="Votants"), *rows]))
    day = 'id = "x"\ndate = 2024-07-07\ntour = 2\n\n[[scrutins]]\nnumero = 1\ntype = "legislatives"\n'
    put_text(tmp_path / "election.toml", f'nom = "Législatives 2024, 9e circonscription du Finistère"\n{day}')
    asked = of_night(tmp_path, "legislatives")
    assert asked.constituency == "9e circonscription du Finistère"
    assert show("fr", asked.published[-1]) == (
        "Additionnées bureau par bureau, les voix publiées donnent à « CURIE Marie » 62 voix d'avance sur « ZOLA "
        "Émile » ; celles des PV, 22."
    )


def test_who_published_results_is_told_of_others_that_these_elect(tmp_path: Path) -> None:
    """By the PVs the first list has 301 of 600 votes, by the published results 297."""
    rows = [
        f"{at};900;210;9;1;200;{first};{second};{40}"
        for at, first, second in ((1, 100, 60), (2, 101, 59), (3, 100, 60))
    ]
    header = "Bureau;Inscrits;{votes};Blancs;Nuls;Exprimés;Liste A;Liste B;Liste C"
    (tmp_path / "PV Gap (05061).csv").write_text("\n".join([header.format(votes="Votes trouvés"), *rows]), "utf-8")
    rows[1] = "2;900;210;9;1;200;97;59;44"
    (tmp_path / "resultats_publies.csv").write_text("\n".join([header.format(votes="Votants"), *rows]), "utf-8")
    (tmp_path / "emargements.csv").write_text("Bureau;Émargements\n1;210\n2;210\n3;210", "utf-8")
    (tmp_path / "election.toml").write_text(
        'id = "x"\ndate = 2026-03-15\ntour = 1\n\n[[scrutins]]\nnumero = 1\ntype = "municipales_listes"\nsieges = 29\n'
    )
    said = show("fr", of_night(tmp_path, "municipales").published[-1])
    assert said == (
        "Additionnées bureau par bureau, les voix publiées n'élisent personne ; celles des PV élisent Liste A."
    )


def test_registered_voters_alone_are_no_fact_of_a_complaint(tmp_path: Path) -> None:
    night = with_tabulation()
    night.add("recap.csv", "0002", "inscrits", 18)
    asked = asked_about(night, tmp_path)
    assert not [each for each in asked.facts if "inscrits" in show("fr", each)]
    assert [each for each in asked.corrections if "inscrits" in show("fr", each)]
