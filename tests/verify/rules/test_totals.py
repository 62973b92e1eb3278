"""C125 and C110: a total that is not the sum of its bureaux, whatever it sums up and wherever it stands."""

from pathlib import Path

import pytest

from regard.language import show
from tests.sources import new_file, put_text
from tests.verify.night_builder import audited, cases_of, findings, loaded
from verify import audit
from verify.audit import Audit
from verify.cases.wording import describe, told_of
from verify.model.findings import Severity
from verify.model.use import Used
from verify.read.totals import without_total

HEAD = "Commune;N° bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Exprimés;DURAND Anne;PETIT Luc\n"
BUREAUX = {
    ("Essai", "0001"): (1012, 700, 702, 10, 0, 692, 592, 100),
    ("Essai", "0002"): (998, 801, 800, 1, 0, 799, 600, 199),
    ("Vertou", "0001"): (500, 300, 300, 0, 1, 299, 99, 200),
    ("Vertou", "0002"): (600, 400, 401, 0, 0, 401, 1, 400),
}


def row(*places: str) -> str:
    """The row of a bureau, by its commune and code."""
    return ";".join((*places, *map(str, BUREAUX[places[0], places[1]]))) + "\n"


def total(said: str, *communes: str, **changed: int) -> str:
    """A row of totals of some communes, with more in one of its columns than there is."""
    columns = HEAD.strip().split(";")[2:]
    sums = [sum(counts) for counts in zip(*(c for (town, _), c in BUREAUX.items() if town in communes), strict=True)]
    for name, more in changed.items():
        sums[next(at for at, column in enumerate(columns) if column.startswith(name))] += more
    return f"{said};;" + ";".join(map(str, sums)) + "\n"


ESSAI, VERTOU = row("Essai", "0001") + row("Essai", "0002"), row("Vertou", "0001") + row("Vertou", "0002")
BOTH = ("Essai", "Vertou")


def of_pvs(text: str) -> Audit:
    return audited(records=(new_file("pv.csv", text),))


def of_results(text: str) -> Audit:
    return audited(published=(new_file("r.csv", text),))


def told(result: Audit) -> list[tuple[str, object, object]]:
    return [(str(found.field), found.left.value, found.right.value) for found in findings(result, "C125")]


def test_c125() -> None:
    text = HEAD + ESSAI + total("Total Essai", "Essai", Bulletins=10, PETIT=-1)
    for result, file in ((of_pvs(text), "pv.csv"), (of_results(text), "r.csv")):
        assert sorted(told(result)) == [("PETIT Luc", 298, 299), ("votes_found", 1512, 1502)]
        assert {found.severity for found in findings(result, "C125")} == {Severity.WARNING}
        path = result.inputs[0].path
        assert Path(path).name == file
        assert {found.left.source for found in findings(result, "C125")} == {f"{path}:4"}
        assert {found.right.source for found in findings(result, "C125")} == {f"{path} (Σ)"}
        [named] = findings(result, "C110")
        assert named.left.source == f"{path}:4"
        assert "“Total Essai”, of 2 bureaux" in str(findings(result, "C125")[0].details["sum"])
        assert result.count(Severity.ERROR) == 0


def test_the_case_of_a_total_that_is_off_has_both_figures_and_the_row_was_read() -> None:
    result = of_pvs(HEAD + VERTOU + total("TOTAL", "Vertou", Bulletins=10))
    [case] = cases_of(result, "total-off")
    assert {result.findings[at].code for at in case.findings} == {"C110", "C125"}
    assert show("en", told_of(case, result.findings)).startswith("votes found: 711 in the total")
    assert [used.used for used in result.inputs] == [Used.WHOLE]


@pytest.mark.parametrize("twice", [False, True])
def test_the_case_of_a_total_names_the_one_bureau_that_it_lacks_or_has_twice(twice: bool) -> None:
    """A bureau by all of its figures; none where two bureaux have the same."""
    first = zip(HEAD.strip().split(";")[2:], BUREAUX["Essai", "0002"], strict=True)
    off = {name: figure if twice else -figure for name, figure in first}
    text = HEAD + ESSAI + VERTOU + total("TOTAL", *BOTH, **off)
    says = "has the figures of this bureau twice" if twice else "lacks just the figures of this bureau"
    for result in (of_pvs(text), of_results(text)):
        [case] = cases_of(result, "total-off")
        assert [(each.insee, each.bureau) for each in case.places] == [("Essai", "0002")]
        assert show("en", describe(case, result.findings)).endswith(f"{says}.")
        assert result.cases.rank[case.number - 1] == 0  # hundreds of votes, and no outcome is made of them
    alike = HEAD + ESSAI + VERTOU + row("Essai", "0002").replace("0002", "0003")
    [case] = cases_of(of_pvs(alike + total("TOTAL", *BOTH)), "total-off")
    assert not any(each.bureau for each in case.places)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ESSAI + total("Total", "Essai") + VERTOU + total("Total", "Vertou") + total("Total général", *BOTH),
        HEAD + ESSAI + VERTOU + total("Total Essai", "Essai") + total("Total Vertou", "Vertou"),
        HEAD + total("TOTAL", *BOTH) + ESSAI + VERTOU,
        HEAD + total("Total Essai", "Essai") + ESSAI + total("Total Vertou", "Vertou") + VERTOU,
        HEAD + ESSAI + total("TOTAL", "Essai").replace(";1502;", ";;"),
        HEAD + ESSAI.replace(";700;", ";;") + total("TOTAL", "Essai"),
    ],
    ids=["one after another", "all below", "above", "each above", "blank", "a blank among the bureaux"],
)
def test_totals_that_are_right_are_named_as_totals_alone(text: str) -> None:
    for result in (of_pvs(text), of_results(text)):
        assert told(result) == []
        assert {found.severity for found in findings(result, "C110")} == {Severity.INFO}
        assert not [case for case in result.cases if "total" in case.cause.name]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ESSAI + total("Total", "Essai") + VERTOU + total("Total", "Vertou", Blancs=2) + total("Total", *BOTH),
        HEAD + ESSAI + VERTOU + total("Total Essai", "Essai") + total("Total Vertou", "Vertou", Blancs=2),
        HEAD + total("Total Essai", "Essai") + ESSAI + total("Total Vertou", "Vertou", Blancs=2) + VERTOU,
    ],
    ids=["one after another", "all below", "each above"],
)
def test_one_total_of_several_that_is_wrong(text: str) -> None:
    assert told(of_pvs(text)) == [("blank", 2, 0)]
    assert told(of_results(text)) == [("blank", 2, 0)]


def test_in_tables_of_other_forms() -> None:
    own = "insee;bureau;inscrits;emargements;votes_trouves;blancs;nuls;exprimes\n"
    own += "77001;0001;9;8;8;0;0;8\n77001;0002;9;7;7;0;0;7\n"
    assert told(of_pvs(own.replace(";", ",") + "TOTAL,,18,15,16,0,0,15\n")) == [("votes_found", 16, 15)]
    tidy = "code_insee,commune,bureau,inscrits,votants,blancs,nuls,exprimes,DURAND Anne\n"
    rows = "77001,Essai,0001,1012,702,10,0,692,592\n77001,Essai,0002,998,800,1,0,799,600\n"
    assert told(of_results(tidy + rows + ",Total Essai,,2010,1502,11,0,1491,1193\n")) == [("DURAND Anne", 1193, 1192)]
    long = "Bureau;Choix;Voix\n0001;Votants;10\n0001;ZOLA;6\n0002;Votants;9\n0002;ZOLA;4\n"
    long += "Total;Votants;20\nTotal;ZOLA;11\n"
    votes = new_file("voix.csv", long)
    result = audited(votes=(votes,))
    assert ("ZOLA", 11, 10) in told(result)


def test_what_a_total_is_of() -> None:
    for said, place in (
        ("TOTAL", ""),
        ("Total général", ""),
        ("Total de la ville de Bray-sur-Somme", "Bray-sur-Somme"),
    ):
        assert without_total(said) == place


def test_a_total_between_the_bureaux_of_the_commune_that_it_stands_in(tmp_path: Path) -> None:
    put_text(
        tmp_path / "emargements.csv",
        "insee,bureau,scrutin,inscrits,emargements\n"
        "34324,0001,1,1595,1046\n34324,Total,1,4118,2801\n34324,0002,1,1090,764\n34324,0003,1,1433,991\n"
        "92076,0001,1,1103,686\n92076,Total,1,1960,1241\n92076,0002,1,857,555\n",
    )
    found = audited(signatures=(tmp_path / "emargements.csv",)).findings
    assert [each.code for each in found if each.code in ("C110", "C125")] == ["C110", "C110"]


ROWS = ("1;900;650;650;5;2;643", "2;800;600;600;4;2;594", "3;850;610;610;4;2;604")


@pytest.mark.parametrize(
    ("rows", "off"),
    [
        ((*ROWS, "Ville de Gap;2550;1860;1860;13;6;1841"), []),
        ((*ROWS, "Ville de Gap;2560;1860;1860;13;6;1841"), [("registered", 2560, 2550)]),
        ((*ROWS, "Commune;5250;1860;1860;13;6;1841"), [("registered", 5250, 2550)]),
        ((*ROWS[:2], "à reporter;1700;1250;1250;9;4;1237", "Report;1700;1250;1250;9;4;1237", ROWS[2]), []),
        ((*ROWS[:2], "Quartier Nord;1700;1250;1250;9;4;1237", ROWS[2], "Quartier Sud;850;610;610;4;2;604"), []),
        ((*ROWS[:2], "Canton 1;1700;1250;1250;9;4;1237", ROWS[2]), []),
        ((*ROWS[:2], "S/T;1700;1250;1250;9;5;1237", ROWS[2]), [("null", 5, 4)]),
        ((*ROWS[:2], "901;1700;1250;1250;9;4;1237", ROWS[2]), []),
    ],
)
@pytest.mark.parametrize("end", ["", "TOTAL;2550;1860;1860;13;6;1841\n"])
def test_a_total_in_the_place_of_a_bureau(
    tmp_path: Path, rows: tuple[str, ...], off: list[tuple[str, int, int]], end: str
) -> None:
    text = "\n".join(("Bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Exprimés", *rows, end))
    put_text(tmp_path / "pv.csv", text)
    evidence = loaded(records=(tmp_path / "pv.csv",))
    assert sorted(evidence.universe.bureau.tolist()) == ["1", "2", "3"]
    result = audit.run(evidence)
    assert told(result) == off
    assert not any("by its figures: " in str(found.left) for found in findings(result, "C110"))


@pytest.mark.parametrize("named", ["4", "Bureau centralisateur", "Mairie"])
def test_a_bureau_that_is_no_sum_stays_one(tmp_path: Path, named: str) -> None:
    rows = (*ROWS[:2], f"{named};1000;650;650;5;2;643", ROWS[2])
    text = "\n".join(("Bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Exprimés", *rows, ""))
    put_text(tmp_path / "pv.csv", text)
    evidence = loaded(records=(tmp_path / "pv.csv",))
    assert len(evidence.universe.bureau) == 4
    assert findings(audit.run(evidence), "C110", "C125") == []
