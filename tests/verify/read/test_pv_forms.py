"""PVs that are filled in as forms: every line of one is read, or named as not understood."""

import pytest

from tests.sources import new_file, new_folder, put_text
from tests.verify.night_builder import figures, findings, loaded, sources_of, stated
from tests.verify.published import samples
from tests.verify.read.test_any_file import checked, checked_pv, used
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.use import NothingReadable, Used

FORM = """Procès-verbal des opérations|
Commune :|Essai
{bureau}
Inscrits|1000|Émargements|{signed}
Votants (d'après le compteur)|{found}
Blancs|10
Exprimés : {valid}|
ZOLA Émile|400
CURIE Marie : {curie} voix|
Total|{valid}
Observations|une remarque
"""


def form(bureau: str, signed: int, found: int) -> str:
    return FORM.format(bureau=bureau, signed=signed, found=found, valid=found - 10, curie=found - 410)


def test_a_sheet_for_each_pv() -> None:
    sheets = {
        "Un": form("Bureau de vote n° 1|", 700, 702),
        "Deux": form("Bureau|2", 650, 650),
        "Bureau 3": form("|", 600, 601),
    }
    folder = new_folder({"pv.xlsx": samples.workbook(sheets), "roll.csv": "Bureau;Émargements\n2;653\n"})
    result = checked(folder)
    assert stated(result, "R201", "R205") == [
        ("2", 650, 653), ("1", 700, 702), ("3", 600, 601),
    ]  # fmt: skip
    assert [one.right.source for one in findings(result, "R201")] == ["pv.xlsx:5 [Un]", "pv.xlsx:5 [Bureau 3]"]
    assert findings(result, "R210", "R208", "I113") == []
    assert result.coverage.kinds["voix"] == (3, 3)


def test_every_line_of_a_form_is_read_or_named() -> None:
    text = (
        "Procès-verbal;du premier tour\nBureau;12\nPrésident;M. Petit\nInscrits;900\nÉmargements;600\n"
        "Total relevé au compteur de la machine;603\nBlancs;10\nExprimés;593\nZOLA Émile;300\nCURIE Marie;293\n"
        "Total des listes;593\nAssesseur;A\nAssesseur;B\nFait le 10 avril à 19:30\n"
    )
    folder = new_folder({"pv.csv": text})
    [gap] = findings(checked(folder), "R201")
    assert figures(gap) == (600, 603)
    assert findings(checked(folder), "R210", "I113") == []
    [use] = used(checked(folder))["pv.csv"].sheets
    assert (use.used, [each.header for each in use.columns if each.meaning == ""]) == (
        Used.PART, ["Procès-verbal", "Président", "Total des listes", "Assesseur", "Assesseur"],
    )  # fmt: skip


@pytest.mark.parametrize("line", ["TOTAL des votants", "Relevé du soir"])
def test_a_line_of_a_form_is_what_it_or_the_user_says(line: str) -> None:
    text = f"Bureau;12\nInscrits;900\nÉmargements;600\n{line};603\nBlancs;10\nExprimés;593\n"
    columns = () if "votants" in line else (f"{line}=votes_found",)
    [gap] = findings(checked(new_folder({"pv.csv": text}), *columns), "R201")
    assert figures(gap) == (600, 603)


def test_a_column_for_each_bureau() -> None:
    text = (
        "Résultats du premier tour\nCommune;Essai;Essai;\nBureau;0001;0002;Total\nInscrits;1000;990;1990\n"
        "Émargements;700;650;1350\nVotes trouvés;702;650;1352\nBlancs;10;5;15\nExprimés;692;645;1337\n"
        "ZOLA Émile;400;300;700\nCURIE Marie;292;345;637\n"
    )
    result = checked_pv(text)
    [gap] = findings(result, "R201")
    assert (gap.bureau, gap.left.value, gap.right.value, gap.right.source) == ("0001", 700, 702, "pv.csv:6")
    assert findings(result, "R210", "R208", "I113", "R226") == []
    assert result.coverage.kinds["voix"] == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Émargements;700;650\nVotants;702;650\nBureau;1\n",  # of two bureaux, and one is named
        "Émargements;700\nVotants;702\nExprimés;700\n",  # no bureau
        "Bureau;1\nÉmargements;700\nDate;hier\n",  # one count
    ],
)
def test_what_is_no_form_of_a_bureau(text: str) -> None:
    with pytest.raises(NothingReadable):
        checked(new_folder({"notes.csv": text}))


@pytest.mark.parametrize(("voters", "wrong"), [(702, 0), (700, 0), (703, 1)])
def test_voters_beside_both_counts_of_a_row_a_choice_are_no_choice(voters: int, wrong: int) -> None:
    text = (
        f"Bureau;Rubrique;Voix\n0001;Émargements;700\n;Votants;{voters}\n;Total du compteur;702\n"
        ";ZOLA Émile;400\n;CURIE Marie;302\n;Exprimés;702\n"
    )
    result = checked_pv(text)
    assert [(one.left.value, one.right.value) for one in findings(result, "R201")] == [(700, 702)]
    assert findings(result, "R210") == []
    assert len(findings(result, "I113")) == wrong


FURTHER = "Participation 12h;Participation 17h;Bulletins contestés;Bulletins annulés divers;Code Z;Agent de saisie"


@pytest.mark.parametrize("names", ["ZOLA Émile;CURIE Marie", "Participation citoyenne;Agent public"])
def test_numbers_that_cannot_be_choices_are_named(names: str) -> None:
    head = f"Bureau;Émargements;Votes trouvés;Exprimés;{names};{FURTHER}\n"
    text = head + "1;700;705;690;400;290;210;500;3;1;12;4\n2;650;650;640;300;340;200;450;0;1;12;4\n"
    result = checked_pv(text)
    assert findings(result, "R210", "I113") == []
    [use] = used(result)["pv.csv"].sheets
    chosen = [each.header for each in use.columns if each.meaning == "choice"]
    assert (use.used, chosen) == (Used.PART, names.split(";") if "ZOLA" in names else [])
    assert "Bulletins contestés" in str(use.why)


def test_what_may_be_a_choice_is_one_where_the_votes_add_up_with_it() -> None:
    text = "Bureau;Émargements;Votes trouvés;Exprimés;Participation citoyenne;Agent public\n1;700;705;690;400;290\n"
    [use] = used(checked_pv(text))["pv.csv"].sheets
    assert [each.header for each in use.columns if each.meaning == "choice"] == [
        "Participation citoyenne", "Agent public",
    ]  # fmt: skip


@pytest.mark.parametrize("codec", ["cp850", "mac_roman"])
def test_a_text_of_dos_or_the_first_macintosh_is_read(codec: str) -> None:
    text = "Commune;Bureau;Émargements;Votants;Exprimés;ZOLA Émile\nÉvreux;1;700;705;695;695\n"
    result = checked(new_folder({"pv.csv": text.encode(codec)}))
    assert [(one.left.value, one.right.value) for one in findings(result, "R201")] == [(700, 705)]
    assert findings(result, "R210", "I113") == []
    assert used(result)["pv.csv"].sheets[0].used is Used.WHOLE


def test_a_figure_of_a_form_is_cited_with_its_own_line() -> None:
    text = (
        "Procès-verbal\nBureau;{}\nInscrits;900\nÉmargements;600\n\nVotes trouvés;603\nBlancs;{}\nExprimés;593\n"
        "ZOLA Émile;300\nCURIE Marie;293\n"
    )
    night: dict[str, str | bytes] = {"a.csv": text.format(1, 10), "b.csv": text.format(2, "dix")}
    wall = "Bureau;Inscrits;Votants;Exprimés;ZOLA Émile;CURIE Marie\n1;900;603;593;300;292\n"
    result = checked(new_folder({**night, "affichage.csv": wall}))
    assert [(one.left.source, one.right.source) for one in findings(result, "R201")] == [
        ("a.csv:4", "a.csv:6"), ("b.csv:4", "b.csv:6"),
    ]  # fmt: skip
    assert "a.csv:10" in [source for one in findings(result, "T301") for source in (one.left.source, one.right.source)]
    assert sources_of(result, "I113") == ["b.csv:7"]


@pytest.mark.parametrize(
    "head",
    [
        ";Bureau 1;BV n° 2",
        "Intitulé;Bureau 1;Bureau 2;Total",
        "Rubrique;1;2",
        "Rubrique;1;2;Ensemble",
        "Bureau;1;2",
        ";B1;B2",
    ],
)
def test_bureaux_side_by_side_are_named_in_many_ways(head: str) -> None:
    text = (
        f"{head}\nInscrits;1000;900;1900\nÉmargements;700;600;1300\nVotes trouvés;700;605;1305\nExprimés;690;605;1295\n"
    )
    if head.count(";") < 3:
        text = "\n".join(line.rpartition(";")[0] if line[0] in "IÉVE" else line for line in text.splitlines())
    result = checked_pv(text)
    assert [(one.bureau, one.left.value, one.right.value, one.right.source) for one in findings(result, "R201")] == [
        ("2", 600, 605, "pv.csv:4"),
    ]  # fmt: skip
    assert (result.coverage.kinds["pv"], findings(result, "I113")) == ((2, 2), [])


ANOTHER = """Bureau de vote n° {code}
Inscrits;500
Émargements;{signed}
Votes trouvés;300
Blancs;2
Nuls;0
Exprimés;298
"""


def used_in(text: str) -> tuple[list[tuple[str, int]], str]:
    """The votes by choice that a form is read with, and why not all of it is used."""
    path = put_text(new_folder() / "pv.csv", text)
    evidence = loaded(records=(path,))
    [contest] = evidence.contests.contests or [None]
    votes = [] if contest is None or evidence.votes is None else evidence.votes.values[0, 0].tolist()
    return list(zip(() if contest is None else contest.choices, votes, strict=True)), str(evidence.inputs[0].why)


@pytest.mark.parametrize("votes", ["DURAND Anne;200\nPETIT Luc;98\n", "DURAND Anne;200\nPETIT Luc;97\n"])
def test_a_number_beside_a_label_that_nobody_knows_is_no_choice(votes: str) -> None:
    """Choices stand together; they add up to the valid votes, or an error of arithmetic is to be found."""
    form = ANOTHER.format(code=1, signed=300)
    found, why = used_in(f"{form}{votes}Président;Mme MARTIN\nIsoloirs;4\n")
    assert [name for name, _ in found] == ["DURAND Anne", "PETIT Luc"]
    assert "« Isoloirs »" in why
    found, why = used_in(f"{form}Isoloirs;4\n{votes}")
    assert ("Isoloirs" in dict(found)) == votes.endswith("97\n")  # among the rows of choices nothing tells it from them
    found, why = used_in(f"{form}Isoloirs;4\n")
    assert found == []
    assert "« Isoloirs »" in why


def test_forms_one_below_the_other_are_read_each_by_itself() -> None:
    text = "Commune : Essai\n" + ANOTHER.format(code=1, signed=300) + "\n" + ANOTHER.format(code=2, signed=299)
    pv = new_file("pv.csv", text)
    for sources in (Sources(records=(pv,)), Sources(files=(pv,))):
        evidence = load(sources)
        assert [evidence.universe.commune.tolist(), evidence.universe.bureau.tolist()] == [["Essai"] * 2, ["1", "2"]]
    [gap] = findings(checked(new_folder({"pv.csv": text})), "R201")
    assert (gap.bureau, gap.left.value, gap.left.source) == ("2", 299, "pv.csv:12")
    again = new_folder({"pv.csv": text + "Inscrits;900\n"})  # of which bureau are these?
    with pytest.raises(NothingReadable):
        checked(again)


def test_a_form_of_no_bureau_is_named_as_that() -> None:
    one = new_file("other.csv", "Inscrits;500\nBlancs;2\n")
    with pytest.raises(NothingReadable) as error:
        loaded(records=(one,))
    assert "a table of bureaux" in str(error.value)


LONG = "Commune;Bureau;Objet;Nombre\n" + "".join(
    f"Essai;{code};{label};{count}\n"
    for code, signed in ((1, 300), (2, 299))
    for label, count in (("Inscrits", 500), ("Émargements", signed), ("Votes trouvés", 300), ("DURAND Anne", 300))
)


def test_a_row_for_each_count_of_a_bureau() -> None:
    [gap] = findings(checked(new_folder({"pv.csv": LONG})), "R201")
    assert (gap.bureau, gap.left.value, gap.right.value, gap.left.source) == ("2", 299, 300, "pv.csv:6")
    with pytest.raises(NothingReadable):  # said twice, and not the same
        checked(new_folder({"pv.csv": LONG + "Essai;2;Émargements;301\n"}))


@pytest.mark.parametrize(
    "title", ["Mairie de Kerlouan (29091)", "Commune de Kerlouan (29091) – 1er tour, 30 juin 2024"]
)
def test_a_title_above_a_form_names_its_commune(title: str) -> None:
    one = f"{title}\nBureau n° 1\nInscrits;1101\nÉmargements;701\nVotes trouvés;703\n"
    two = f"{title}\n;Bureau 2;Bureau 3\nInscrits;1101;1102\nÉmargements;701;702\nVotes trouvés;703;702\n"
    result = checked(new_folder({"un.csv": one, "autres.csv": two}))
    assert [(each.insee, each.bureau) for each in findings(result, "R201")] == [("29091", "1"), ("29091", "2")]
