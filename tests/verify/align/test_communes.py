"""Communes of the rows of a table: by a title, by name, by codes as spreadsheets and people write them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.export import record as export
from tests.sources import new_folder, put_text
from tests.verify.night_builder import Night, loaded, only, published_bytes, small_night
from tests.verify.published import samples
from tests.verify.town_builder import town
from verify.read.tables.towns import town_of_titles


@pytest.mark.parametrize(
    ("title", "other", "places"),
    [
        ("Ville de ESSAI (77001)", "77001", {"77001"}),
        ("ESSAI (77001)", "77002", {"77001", "77002"}),  # another town's results beside it
        ("Commune d'Essai (77200)", "77001", {"77001"}),  # the code of the post
    ],
)
def test_a_title_with_a_code_names_the_commune(tmp_path: Path, title: str, other: str, places: set[str]) -> None:
    rows = town(3)
    lines = [title, "Bureau;Inscrits;Votants;Exprimés"]
    lines += [";".join([row.bureau, *(str(row.counts[name]) for name in lines[1].split(";")[1:])]) for row in rows]
    put_text(tmp_path / "pv.csv", "\n".join(lines))
    there = [replace(row, insee=other, commune="Essai" if other == "77001" else "Autre") for row in rows]
    if other == "77002":
        there = [replace(row, counts={name: count + 1 for name, count in row.counts.items()}) for row in there]
    (tmp_path / "publie.txt").write_bytes(published_bytes(there))
    evidence = loaded(records=(tmp_path / "pv.csv",), published=(tmp_path / "publie.txt",))
    assert set(evidence.universe.insee.tolist()) == places
    assert evidence.problems == []
    assert evidence.records is not None
    assert set(evidence.universe.insee[evidence.records.present[:, 0]].tolist()) == {"77001"}


def night_in_ain() -> Night:
    """The small night with its first commune in 01001, which is a number without its zero."""
    night = small_night()
    for row in (row for rows in night.tables.values() for row in rows):
        row |= {name: "01001" for name in ("insee",) if row.get(name) == "77001"}
    for name in [name for name in night.exports if name.startswith("77001")]:
        moved = replace(export.parse(night.exports.pop(name)), insee="01001")
        night.exports[name.replace("77001", "01001")] = export.build(moved)
    night.published = {}
    night.election = replace(night.election, complete=night.election.complete - {"publie"})
    return night


@pytest.mark.parametrize("file", ["univers.csv", "emargements.csv", "pv.csv", "voix.csv"])
@pytest.mark.parametrize(
    "spoil",
    [
        {"insee": lambda code: str(int(code))},
        {"insee": lambda code: str(int(code)), "bureau": lambda code: str(int(code)) if code.isdigit() else code},
        {"insee": lambda code: f"'{code}"},
        {"bureau": lambda code: f"'{code}"},
    ],
    ids=["number", "numbers", "marked", "bureau marked"],
)
def test_codes_that_a_spreadsheet_spoilt_are_those_of_the_list(
    file: str, spoil: dict[str, Callable[[str], str]]
) -> None:
    night = night_in_ain()
    for row in night.tables[file]:
        row |= {name: changed(row[name]) for name, changed in spoil.items()}
    result = night.run()
    only(result)
    assert len(result.cases) == 0


def a_town(seed: int, size: int, title: str = "", town: str = "") -> str:
    """A table of bureaux 1, 2, … of a town, with figures of its own, and the name of the town in its first row."""
    lines = [title] if title else []
    lines.append(f"{'Commune;' if town else ''}Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés")
    for code in range(1, size + 1):
        found = 500 + 37 * seed + 11 * code
        named = f"{town if code == 1 else ''};" if town else ""
        lines.append(f"{named}{code};{found + 200 + seed};{found};{found};{seed};2;{found - seed - 2}")
    return "\n".join(lines)


@pytest.mark.parametrize("size", [3, 12])
@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"a.csv": {"title": "Ville de Gap"}, "b.csv": {"title": "Ville de Foix – 1er tour"}}, {"Gap", "Foix"}),
        ({"a.csv": {"title": "Ville de Gap"}, "b.csv": {"title": "Commune de Laval (53130)"}}, {"Gap", "53130"}),
        ({"a.csv": {"title": "Mairie du Puy 43157"}, "b.csv": {"title": "Commune : Foix"}}, {"43157", "Foix"}),
        ({"a.csv": {"title": "Commune d'Auch;"}, "b.csv": {"title": "Commune;Foix"}}, {"Auch", "Foix"}),
        ({"a.csv": {"town": "Gap"}, "b.csv": {"town": "Foix"}}, {"Gap", "Foix"}),
        ({"05061_Gap_T1.csv": {}, "Résultats Le Puy 10 avril 2022.csv": {}}, {"05061", "Le Puy"}),
        ({"Gap/pv.csv": {}, "La Rochelle/pv.csv": {}}, {"Gap", "La Rochelle"}),
        ({"gap.csv": {}, "b.csv": {"title": "Commune de Laval (53130)"}}, {"gap", "53130"}),
    ],
)
def test_tables_of_two_communes_stay_apart(files: dict[str, dict[str, str]], places: set[str], size: int) -> None:
    towns = {name: a_town(seed, size, **said) for seed, (name, said) in enumerate(files.items(), 1)}
    evidence = loaded(new_folder(towns))
    assert set(evidence.universe.insee.tolist()) == places
    assert len(evidence.universe) == 2 * size
    assert evidence.problems == []
    assert [each.path for each in evidence.inputs if each.why] == []


@pytest.mark.parametrize("signed", ["Ville de Gap (05061)", "Mairie de GAP", ""])
def test_a_commune_by_its_name_is_that_of_its_code(tmp_path: Path, signed: str) -> None:
    put_text(tmp_path / "pv.csv", a_town(1, 3, "Commune de Gap (05061)"))
    rows = [";".join(row.split(";")[:3]) for row in a_town(1, 3).splitlines()]
    put_text(tmp_path / "emargements.csv", "\n".join([*([signed] if signed else []), *rows]))
    published = ["Bureau;Votants;Exprimés;DUPONT Anne;MARTIN Jean", *(f"{row};300;290;200;90" for row in (1, 2, 3))]
    put_text(tmp_path / "resultats_publies.csv", "\n".join(published))
    evidence = loaded(tmp_path)
    assert evidence.universe.insee.tolist() == ["05061"] * 3
    assert [each.votes.values.sum() for each in evidence.published] == [870]
    assert evidence.problems == []


def test_a_title_names_the_commune_of_dumps(night: Night, tmp_path: Path) -> None:
    lines = [row for row in night.tables["pv.csv"] if row["insee"] == "77001"]
    night.exports = {name: data for name, data in night.exports.items() if name.startswith("77001")}
    (tmp_path / "exports").mkdir()
    for name, data in night.exports.items():
        (tmp_path / "exports" / name).write_bytes(data)
    rows = [f"{row['bureau']};{row['inscrits']};{row['votes_trouves']}" for row in lines]
    text = "\n".join(["Ville d'Essai", "Bureau;Inscrits;Votes trouvés", *rows])
    put_text(tmp_path / "pv.csv", text)
    evidence = loaded(records=(tmp_path / "pv.csv",), exports=tuple(sorted((tmp_path / "exports").iterdir())))
    assert set(evidence.universe.insee.tolist()) == {"77001"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("pv.csv", "pv (copie).csv"), ("pv_T1.csv", "pv_T2.csv"), ("Gap/pv_1.csv", "Gap/pv_2.csv")],
)
def test_files_that_are_named_after_no_other_town_are_of_one(one: str, other: str) -> None:
    evidence = loaded(new_folder({one: a_town(1, 12), other: a_town(2, 12)}))
    assert len(evidence.universe) == 12
    assert [each.action for each in evidence.inputs if each.why]


def in_town(seed: int, first: int, title: str = "", town: str = "") -> str:
    """A table of four bureaux, the first with a code; with a title, or with a column of communes."""
    head, *rows = a_town(seed, 4).splitlines()
    rows = [";".join([str(first + at), *row.split(";")[1:]]) for at, row in enumerate(rows)]
    if town:
        head, rows = f"Commune;{head}", [f"{town};{row}" for row in rows]
    return "\n".join([*([title] if title else []), head, *rows])


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        (("10-Mulhouse.csv", "MULHOUSE", ""), ("31 Étaples.csv", "Ville d'Étaples", ""), {"MULHOUSE", "Étaples"}),
        (("02_brest.csv", "", "Brest"), ("08 Le Havre cantons.csv", "LE HAVRE – 1er tour", ""), {"Brest", "LE HAVRE"}),
        (("02_brest.csv", "", "Brest"), ("Gap 2.csv", "", ""), {"Brest", "Gap"}),
        (
            ("02_brest.csv", "", "Brest"),
            ("mandelieu.csv", "Mandelieu-la-Napoule", ""),
            {"Brest", "Mandelieu-la-Napoule"},
        ),
        (("02_brest.csv", "", "Brest"), ("bureaux 2.csv", "", ""), {"Brest"}),
        (("Synthèse.csv", "Synthèse", ""), ("Relevé.csv", "Relevé", ""), {""}),
    ],
    ids=["both by a title", "beside a column", "by the file", "the longer name of the title", "no town", "no titles"],
)
def test_a_file_is_not_given_the_commune_of_another_one(
    one: tuple[str, str, str], other: tuple[str, str, str], places: set[str]
) -> None:
    """No bureau is of both, so that nothing but names tells the towns apart."""
    towns = {name: in_town(seed, 100 * seed + 1, title, said) for seed, (name, title, said) in enumerate((one, other))}
    evidence = loaded(new_folder(towns))
    assert set(evidence.universe.insee.tolist()) == places
    assert len(evidence.universe) == 8
    assert evidence.problems == []
    borrowed = [each.path for each in evidence.inputs if "commune by the other evidence: Brest" in str(each.note)]
    assert borrowed == (["bureaux 2.csv"] if places == {"Brest"} else [])


@pytest.mark.parametrize(
    "sheets",
    [
        {"Brest 2nd tour": "", "Guipavas 2nd tour": ""},
        {"Ville de Brest": "Relevé", "29075 Guipavas": "Relevé"},
        {"1": "Second tour – relevé des PV – commune de Brest (machines)", "2": "PV, commune de Guipavas – B. C."},
        {"machines": "", "papier": ""},  # by the codes of their bureaux
    ],
    ids=["by their sheets", "by whole names", "in a title", "by their bureaux"],
)
def test_sheets_of_a_file_named_after_nobody_are_of_the_communes_of_the_list(
    tmp_path: Path, sheets: dict[str, str]
) -> None:
    """A list of two communes beside them; « Collin » is who wrote the file."""
    towns = dict(zip(sheets, ((101, "Brest"), (1, "Guipavas")), strict=True))
    tables = {name: in_town(0, first, sheets[name]).replace(";", "|") for name, (first, _) in towns.items()}
    (tmp_path / "releve Collin.xlsx").write_bytes(samples.workbook(tables))
    rows = [line for first, name in towns.values() for line in in_town(0, first, "", name).splitlines()[1:]]
    listed = [";".join(row.split(";")[:4]) for row in ["Commune;Bureau;Inscrits;Émargements", *rows]]
    put_text(tmp_path / "liste.csv", "\n".join(listed))
    evidence = loaded(tmp_path)
    assert evidence.problems == []
    assert evidence.records is not None
    universe = zip(evidence.universe.insee.tolist(), evidence.records.present[:, 0].tolist(), strict=True)
    assert sorted(universe) == [(town, True) for town in ("Brest", "Guipavas") for _ in range(4)]


def test_a_title_names_the_commune_in_any_of_its_parts() -> None:
    assert town_of_titles(["Second tour – relevé des PV – commune de Brest (machines)"], "releve.csv") == "Brest"
    assert town_of_titles(["PV du 7 juillet 2024 - Mairie de Gap (05061)"], "releve.csv") == "Gap (05061)"


def test_sheets_with_the_same_bureaux_are_named_without_their_round(tmp_path: Path) -> None:
    names = ("Brest", "Guipavas")
    tables = {f"{name} 2nd tour": in_town(seed, 1).replace(";", "|") for seed, name in enumerate(names)}
    (tmp_path / "releve.xlsx").write_bytes(samples.workbook(tables))
    rows = [line for seed, name in enumerate(names) for line in in_town(seed, 1, "", name).splitlines()[1:]]
    listed = [";".join(row.split(";")[:4]) for row in ["Commune;Bureau;Inscrits;Émargements", *rows]]
    put_text(tmp_path / "liste.csv", "\n".join(listed))
    assert sorted(set(loaded(tmp_path).universe.insee.tolist())) == list(names)


def test_the_author_in_a_files_name_is_no_commune_beside_another_town(tmp_path: Path) -> None:
    put_text(tmp_path / "liste.csv", in_town(0, 1, "", "Brest"))
    put_text(tmp_path / "Collin.csv", in_town(0, 1).replace("Émargements", "Nuls bis"))
    put_text(tmp_path / "Gap.csv", in_town(2, 1))
    assert set(loaded(tmp_path).universe.insee.tolist()) == {"Brest", "Gap"}


def test_a_list_of_some_bureaux_whose_pvs_are_a_file_each_is_of_their_commune(tmp_path: Path) -> None:
    for bureau, votes in enumerate((501, 612, 540, 420, 433, 644), 1):
        counts = {"Inscrits": 900, "Émargements": votes, "Votes trouvés": votes, "Blancs": 0, "Nuls": 0}
        lines = [f"{name};{count}" for name, count in (counts | {"Exprimés": votes, "Mme MOREAU": votes}).items()]
        put_text(tmp_path / f"PV {bureau}.csv", "\n".join([f"VILLE DE GAP\nPV DU BUREAU DE VOTE N° {bureau}", *lines]))
    rows = [f"{bureau};{votes}" for bureau, votes in enumerate((501, 610, 540, 420, 433), 1)]
    put_text(tmp_path / "emargements commission.csv", "\n".join(["Bureau;Signatures", *rows]))
    assert len(loaded(tmp_path).universe) == 6


def test_bureaux_with_other_figures_are_not_those_of_the_commune_that_has_their_codes(tmp_path: Path) -> None:
    """Nothing says of which town the PVs are, and the only other table with these codes is of another one."""
    put_text(tmp_path / "releve.csv", in_town(3, 101))
    put_text(
        tmp_path / "liste.csv", "\n".join([in_town(0, 101, "", "Brest"), *in_town(1, 1, "", "Gap").splitlines()[1:]])
    )
    evidence = loaded(tmp_path)
    assert [problem.column for problem in evidence.problems] == ["insee"]


def test_a_towns_results_are_not_compared_with_the_pvs_of_another_one(tmp_path: Path) -> None:
    """Of another kind, with the same bureaux and other figures."""
    put_text(tmp_path / "10-Mulhouse.csv", in_town(1, 1))
    put_text(tmp_path / "publié Bastia.csv", in_town(2, 1).replace("Émargements", "Nuls"))
    assert set(loaded(tmp_path).universe.commune.tolist()) == {"Mulhouse", "Bastia"}


def test_results_with_a_column_of_bureaux_are_no_table_of_communes(tmp_path: Path) -> None:
    """Names of départements, cantons and communes stand beside their codes, as in tables by commune."""
    header = "Code du département;Département;Canton;Code de la commune;Commune;Bureau de vote;Inscrits;Abstentions;"
    rows = [
        header
        + "Votants;Blancs;Nuls;Exprimés;Mme VASSEUR Hélène et M. BELLOT Karim;Mme GARNIER Odile et M. MASSON Luc",
        *(f"01;Ain;Vernas;01461;Vernas;000{at};900;400;500;9;1;490;250;240" for at in (1, 2, 3)),
    ]
    put_text(tmp_path / "resultats_publies.csv", "\n".join(rows))
    votes = ["Bureau;Inscrits;Votes trouvés;Blancs;Nuls;Exprimés;Mme VASSEUR et M. BELLOT;Mme GARNIER et M. MASSON"]
    votes += [f"{at};900;500;9;1;490;250;240" for at in (1, 2, 3)]
    put_text(tmp_path / "PV Vernas (01461).csv", "\n".join(votes))
    evidence = loaded(tmp_path)
    assert [each.votes.values.sum() for each in evidence.published] == [3 * 490]
    assert evidence.problems == []
