"""Additions by cities, préfectures and the press around the figures of bureaux; figures are invented.

Headers are as public files have them, by their descriptions and by programs that read them.
"""

from pathlib import Path

import pytest

from tests.sources import new_file
from tests.verify.night_builder import loaded
from tests.verify.published import samples
from tests.verify.published.test_portals import bureaux, votes
from verify import audit
from verify.model.published import Published, UnknownLayout
from verify.model.use import Used
from verify.read.results_files import read_all
from verify.read.rows import repair

WHAT = {"1": [400, 300, 288], "2": [90, 80, 78], "3": [70, 60, 60]}
WHO = {"1": {"ZOLA": 188, "CURIE": 100}, "2": {"ZOLA": 38, "CURIE": 40}, "3": {"ZOLA": 20, "CURIE": 40}}
CELLS = {
    "1": "400;300;8;4;288;188;100",
    "2": "90;80;0;2;78;38;40",
    "3": "70;60;0;0;60;20;40",
}
FIGURES = "Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA;CURIE"


def reading(content: str | bytes) -> Published:
    [found] = read_all(new_file("resultats.csv", content))
    return found


def rows(form: str = "{bureau};{cells}") -> str:
    return "".join(form.format(bureau=bureau, cells=cells) + "\n" for bureau, cells in CELLS.items())


def is_right(found: Published, names: tuple[str, str] = ("ZOLA", "CURIE")) -> bool:
    who = {bureau: dict(zip(names, of.values(), strict=True)) for bureau, of in WHO.items()}
    return (bureaux(found, "registered", "votes_found", "valid"), votes(found)) == (WHAT, who)


HEADS = {
    "abbreviated": "Bur.;Insc.;Vot.;Bl.;Nuls;Exp.;ZOLA;CURIE",
    "cut short": "BV;Ins;Vot;Bla;Nul;Exp;ZOLA;CURIE",
    "in camel case": "numBureau;nbInscrits;nbVotants;nbBlancs;nbNuls;nbExprimes;nbVoixZOLA;nbVoixCURIE",
    "in snake case": "bureau_code;nombre_inscrits;nombre_votants;nombre_blancs;nombre_nuls;nombre_exprimes;ZOLA;CURIE",
    "in two languages": "Bureau (station);Inscrits (registered);Votants / Voters;Blancs (blank);Nuls / Null;"
    "Exprimés (valid);ZOLA;CURIE",
    "with lost letters": "Num?ro du bureau;Inscrits;Votants;Blancs;Nuls;Exprim?s;ZOLA;CURIE",
    "with letters that are none": "N\ufffd bureau;Inscrits;Votants;Blancs;Nuls;Exprim\ufffds;ZOLA;CURIE",
    "encoded twice": "NumÃ©ro du bureau;Inscrits;Votants;Blancs;Nuls;ExprimÃ©s;ZOLA;CURIE",
}


@pytest.mark.parametrize("head", HEADS)
def test_headers(head: str) -> None:
    found = reading(f"{HEADS[head]}\n{rows()}")
    assert is_right(found)
    assert found.problems == ()


def test_accents_that_were_encoded_twice_are_read_as_they_were() -> None:
    text = f"Bureau;{FIGURES.replace('ZOLA', 'MÉLIÈS Éloïse').replace('CURIE', 'GOËBEL')}\n{rows()}"
    twice = text.encode().decode("cp1252", "replace")
    assert is_right(reading(repair(text.encode())), ("MÉLIÈS Éloïse", "GOËBEL"))
    assert "Ã" in twice
    assert is_right(reading(twice), ("MÉLIÈS Éloïse", "GOËBEL"))
    for data in ("JOÃO;Â;Ã".encode(), b"\xc3\x83\xe9", "Ã©".encode("latin-1")):
        assert repair(data) == data


def test_a_header_that_may_be_two_columns_with_its_lost_letters_is_none() -> None:
    from verify.read.tables.headers import meaning_of

    assert meaning_of("Exprim?s") == "valid"
    assert meaning_of("?") is None
    assert meaning_of("Inscrits ?") == "registered"
    assert meaning_of("Blancs (nuls)") is None


def test_columns_between_bars() -> None:
    assert is_right(reading(f"Bureau;{FIGURES}\n{rows()}".replace(";", "|")))


TOTAL = "560;440;8;6;426;246;180"


@pytest.mark.parametrize(
    "row",
    [f"Essai;{TOTAL}", f"9999;{TOTAL}", f"000;{TOTAL}", f";{TOTAL}", f"TOTAL;{TOTAL}\n%;;78,57;;;;57,75;42,25"],
)
@pytest.mark.parametrize("tidy", [False, True])
def test_the_sum_of_all_others_is_no_bureau(row: str, tidy: bool) -> None:
    head = "code_insee;bureau;inscrits;votants;blancs;nuls;exprimes;ZOLA;CURIE" if tidy else f"Bureau;{FIGURES}"
    body = "".join(("31555;" if tidy else "") + line + "\n" for line in (rows() + row).splitlines())
    found = reading(f"{head}\n{body}")
    assert is_right(found)
    assert [flaw.code for flaw in found.flaws] == ["C110"]


def test_of_two_bureaux_neither_is_the_sum() -> None:
    found = reading(f"Bureau;{FIGURES}\n1;{CELLS['1']}\n2;{CELLS['1']}\n")
    assert found.bureau.tolist() == ["1", "2"]


def test_the_sum_as_a_bureau_of_pvs(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text(f"Bureau;{FIGURES}\n9999;{TOTAL}\n{rows()}")
    evidence = loaded(records=(tmp_path / "pv.csv",))
    assert sorted(evidence.universe.bureau.tolist()) == ["1", "2", "3"]


def test_sheets_beside_the_results_are_named() -> None:
    turnout = "Bureau|Inscrits|12h|17h\n1|400|100|200\n2|90|20|40\n3|70|20|30\n"
    sheets = {
        "Participation": turnout,
        "Notes": "Remarque\nvu\n",
        "Voix": f"Bureau;{FIGURES}\n{rows()}".replace(";", "|"),
    }
    book = new_file("resultats.xlsx", samples.workbook(sheets))
    [found] = read_all(book)
    assert is_right(found)
    assert {problem.file for problem in found.problems} == {f"{book} [{name}]" for name in ("Participation", "Notes")}
    evidence = loaded(published=(book,))
    assert not evidence.problems
    [given] = evidence.inputs
    assert [use.used for use in given.sheets] == [Used.NONE, Used.WHOLE, Used.NONE]


COMMENTS = [
    "N° tour",
    "Code département",
    "Code commune",
    "Nom de la commune",
    "N° de bureau de vote",
    "Inscrits",
    "Votants",
]


@pytest.mark.parametrize("ahead", ["", "-- Référendum du 29 mai 2005\n" + "-" * 40 + "\n"])
def test_fields_that_comments_name(ahead: str) -> None:
    names = [*COMMENTS, "Exprimés", "Code réponse", "Nombre de voix"]
    fields = "".join(f"-- Champ {number:<2} : {name}\n" for number, name in enumerate(names, 1))
    body = "1;31;555;Essai;0001;400;300;288;OUI;188\n1;31;555;Essai;0001;400;300;288;NON;100\n"
    [found] = read_all(new_file("RF05_BVot.txt", (ahead + fields + body).encode("latin-1")))
    assert (found.insee.tolist(), votes(found)) == (["31555"], {"0001": {"OUI": 188, "NON": 100}})
    with pytest.raises(UnknownLayout):
        reading((ahead + fields.replace("Champ 2", "Champ 3") + body).encode("latin-1"))


def test_signatures_in_results_beside_pvs_are_published(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text(f"Bureau;Émargements;{FIGURES}\n" + rows("{bureau};1;{cells}"))
    (tmp_path / "resultats.csv").write_text(
        f"Bureau;Émargements;{FIGURES.replace('ZOLA', 'Émile ZOLA').replace('CURIE', 'Marie CURIE')}\n"
        + rows("{bureau};1;{cells}")
    )
    evidence = loaded(records=(tmp_path / "pv.csv",), files=(tmp_path / "resultats.csv",))
    assert len(evidence.published) == 1
    assert not [each.code for each in audit.run(evidence).findings if each.code in ("R210", "R226")]


def test_votes_of_choices_that_no_other_evidence_names_are_said(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text(f"Bureau;{FIGURES}\n{rows()}")
    other = rows().replace("38;40", "39;39").replace("20;40", "21;39")  # figures of nobody
    (tmp_path / "resultats.csv").write_text(f"Bureau;{FIGURES.replace('ZOLA', 'Liste A')}\n{other}")
    evidence = loaded(records=(tmp_path / "pv.csv",), published=(tmp_path / "resultats.csv",))
    given = next(each for each in evidence.inputs if each.kind == "publie")
    assert given.used is Used.PART
    assert str(given.why) == "votes of 1 choice that no other evidence names: Liste A"


LONG = (
    "id_bvote;bureau;inscrits;votants;blancs;nuls;exprimes;npan;nom;prenom;absins;voixexp;lat;lon;voix",
    "31555_{bureau};{bureau};400;300;8;4;288;1;{last};{first};25;65;43.5;1.2;{votes}",
)


def test_columns_of_a_portal_that_say_nothing_more_are_not_called_unknown() -> None:
    body = "".join(
        LONG[1].format(bureau=bureau, last=last, first=first, votes=count) + "\n"
        for bureau in ("0001", "0002")
        for last, first, count in (("ZOLA", "Émile", 188), ("CURIE", "Marie", 100))
    )
    path = new_file("resultats.csv", f"{LONG[0]}\n{body}")
    evidence = loaded(published=(path,))
    [given] = evidence.inputs
    assert (given.used, given.why) == (Used.WHOLE, "")
    assert evidence.universe.insee.tolist() == ["31555", "31555"]
