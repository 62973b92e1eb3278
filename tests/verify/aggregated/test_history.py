"""data.gouv.fr's tables of all elections: every generation and form, and the traps that are known of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from protocol.errors import InputError
from tests.sources import new_file
from tests.verify.aggregated import tables
from tests.verify.aggregated.tables import (
    GENERATIONS,
    Bureau,
    Choice,
    bureau,
    candidats,
    general,
    person,
    small,
    written,
)
from verify.model.figures import BLANK, MISSING
from verify.model.published import Level, Published
from verify.read.aggregated import elections, sources
from verify.read.aggregated.columns import AggregatedKind, recognise
from verify.read.aggregated.history import open_history
from verify.read.aggregated.sources import header_of
from verify.read.published import checks
from verify.read.published.checks import flaws

FORMS = ("parquet", "parquet of texts", "csv")


def published(bureaux: Sequence[Bureau], election: str = "2022_pres_t1", **form: str) -> Published:
    history = open_history(written(bureaux, **form))
    try:
        return history.election(election)
    finally:
        history.close()


def found(bureaux: Sequence[Bureau], election: str = "2022_pres_t1") -> list[tuple[str, str, object, object]]:
    """Code, field and both figures of what does not fit; less the number of bureaux, which is never that of France."""
    table = published(bureaux, election)
    return [(each.code, str(each.field), each.left, each.right) for each in flaws(table) if each.code != "T323"]


def problems(bureaux: Sequence[Bureau], election: str = "2022_pres_t1") -> list[tuple[int | None, str | None, str]]:
    return [(each.row, each.column, str(each.got)) for each in published(bureaux, election).problems]


@pytest.mark.parametrize(
    ("generation", "form"),
    [(generation, form) for generation in GENERATIONS for form in FORMS if (generation, form) != ("G1", "parquet")],
)  # the first generation had texts only
def test_every_generation_in_every_form(generation: str, form: str) -> None:
    table = published(small(), "2022_pres_t2", generation=generation, form=form)
    assert (table.level, table.layout, table.title, table.round) == (Level.BUREAU, "data-gouv", "2022_pres_t2", 2)
    assert table.row.tolist() == [5, 6, 7]
    assert table.insee.tolist() == ["01001", "01001", "97101"]
    assert table.bureau.tolist() == ["0001", "0002", "0A11"]
    assert table.department.tolist() == ["01", "01", "971"]
    assert table.commune.tolist() == ["Ambérac"] * 3
    assert table.counts["registered"].tolist() == [622, 362, 272]
    assert table.counts["blank"].tolist() == [10, 10, 10]
    assert table.counts["signatures"].tolist() == [MISSING] * 3
    assert table.labels == ("DURAND Anne", "PETIT Anne")
    assert table.votes.tolist() == [307, 200, 157, 90, 87, 70]
    assert table.vote_unit.tolist() == [0, 0, 1, 1, 2, 2]
    assert table.panel.tolist() == [1, 2] * 3
    assert table.vote_places is not None
    assert table.vote_places.row.tolist() == list(range(8, 14))
    assert table.problems == ()
    assert [each.code for each in flaws(table)] == ["T323"]
    assert len(table.percentages) == 10
    assert len(table.sha256) == 64


def test_the_tables_are_told_apart_by_their_columns() -> None:
    counts, votes = written(small())
    other = counts.with_name("other.parquet")
    counts.rename(other)
    votes.rename(counts)
    other.rename(votes)
    kinds = [header.kind for path in (counts, votes) if (header := header_of(path)) is not None]
    assert kinds == [AggregatedKind.VOTES, AggregatedKind.COUNTS]
    history = open_history([counts, votes])
    assert history.election("2022_pres_t1").votes.tolist() == [300, 200, 150, 90, 80, 70]
    history.close()


def test_what_is_neither_table_is_none(tmp_path: Path) -> None:
    assert recognise(["id_election", "id_brut_miom", "nuance", "bloc"]) is None
    path = tmp_path / "a.csv"
    path.write_bytes(b"departement,commune,inscrits,votants\n1,2,3,4\n")
    assert header_of(path) is None
    assert header_of(tmp_path / "absent") is None
    path.write_bytes(b"PAR1" + bytes(100))
    assert header_of(path) is None
    with pytest.raises(InputError):
        open_history([path])


def test_elections_in_any_order_and_rows_of_a_bureau_far_apart() -> None:
    due = published(small())
    rng = np.random.default_rng(3)
    counts, votes = general(small()), candidats(small())
    paths = []
    for name, rows in (("general", counts), ("candidats", votes)):
        path = new_file(
            f"{name}.parquet", tables.as_parquet([rows[at] for at in rng.permutation(len(rows))], row_group_size=5)
        )
        paths.append(path)
    history = open_history(paths)
    table = history.election("2022_pres_t1")
    order = np.argsort(table.insee + "_" + table.bureau)
    assert table.counts["registered"][order].tolist() == due.counts["registered"].tolist()
    sums = {(table.bureau[unit], table.labels[label]): int(votes) for unit, label, votes in _entries(table)}
    assert sums == {(due.bureau[unit], due.labels[label]): int(votes) for unit, label, votes in _entries(due)}
    assert [each.code for each in flaws(table)] == ["T323"]


def _entries(table: Published) -> list[tuple[int, int, int]]:
    return list(zip(table.vote_unit.tolist(), table.vote_label.tolist(), table.votes.tolist(), strict=True))


@pytest.mark.parametrize("size", [300, 700, 2000])
def test_a_csv_is_read_in_pieces_of_whole_rows(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    bureaux = [replace(each, changes={"libelle_commune": 'Les "Trois\nVilles"; Nord'}) for each in small()]
    due = published(bureaux, form="csv")
    monkeypatch.setattr(sources, "_PIECE", size)
    table = published(bureaux, form="csv")
    for name in ("row", "insee", "bureau", "votes", "vote_unit"):
        assert getattr(table, name).tolist() == getattr(due, name).tolist()
    assert table.commune.tolist() == ['Les "Trois\nVilles"; Nord'] * 3
    assert table.sha256 == due.sha256


def test_one_table_alone() -> None:
    counts, votes = written([bureau("2022_pres_t1", "01001_0001", 3, 4, valid=9), *small()])
    alone = open_history([counts]).election("2022_pres_t1")
    assert (alone.labels, len(alone.votes)) == ((), 0)
    wrong = [(each.code, each.field, each.left, each.right) for each in flaws(alone) if each.code == "T306"]
    assert wrong == [("T306", "valid", 9, 7)]
    cast = open_history([votes]).election("2022_pres_t2")
    assert cast.bureau.tolist() == ["0001", "0002", "0A11"]
    assert cast.votes.tolist() == [307, 200, 157, 90, 87, 70]
    assert [each.code for each in flaws(cast)] == ["T323"]


def test_two_tables_of_one_kind_are_refused() -> None:
    counts, _ = written(small())
    again, _ = written(small())
    with pytest.raises(InputError, match="a second one like"):
        open_history([counts, again])


@pytest.mark.parametrize(
    ("changes", "field", "left", "right"),
    [
        ({"abstentions": "101"}, "abstentions", 101, 100),
        ({"nuls": "6"}, "valid", 500, 499),
        ({"exprimes": "501"}, "valid", 501, 500),
    ],
)
def test_identities(changes: dict[str, str], field: str, left: int, right: int) -> None:
    wrong = replace(small()[0], changes=changes)
    assert ("T306", field, left, right) in found([wrong, *small()[1:]])
    assert found(small()) == []


def test_the_sum_of_the_votes() -> None:
    """As in one bureau of the European election of 2009, by 180."""
    wrong = replace(small()[0], valid=680, found=695, registered=795)
    assert ("T306", "valid", 680, 500) in found([wrong, *small()[1:]])


def test_percentages() -> None:
    wrong = replace(small()[0], changes={"ratio_votants_inscrits": "83.73"})
    assert found([wrong, *small()[1:]]) == [("T307", "votes_found/registered", "83.73", "83,74")]
    odd = replace(small()[0], changes={"ratio_votants_inscrits": "83.739"})
    assert found([odd, *small()[1:]])[0][:3] == ("T307", "votes_found/registered", "83.739")
    endless = replace(small()[0], changes={"ratio_votants_inscrits": "inf"})
    assert found([endless, *small()[1:]])[0][:3] == ("T307", "votes_found/registered", "inf")


def test_percentages_of_many_rows_are_each_of_its_own_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_AT_ONCE", 2)
    wrong = replace(small()[2], changes={"ratio_votants_inscrits": "1.5", "ratio_nuls_votants": ""})
    assert found([*small()[:2], wrong, *small()[3:]])[0][:3] == ("T307", "votes_found/registered", "1.5")
    table = published([*small()[:2], wrong, *small()[3:]])
    assert [each.unit for each in checks.check_percentages(table).wrong] == [2]
    assert checks.check_percentages(table).checked == 3 * 8 + 6 * 2 - 1


def test_blank_votes_that_are_not_published_are_not_zero() -> None:
    bureaux = [replace(each, blank=None, null=15) for each in small()]
    table = published(bureaux)
    assert table.counts["blank"].tolist() == [MISSING] * 3
    assert found(bureaux) == []
    one = [replace(small()[0], blank=None), *small()[1:]]
    assert published(one).counts["blank"].tolist() == [BLANK, 10, 10]
    assert found(one) == [("C120", "blank", None, None)]


def test_a_negative_count_is_named_and_compared_with_nothing() -> None:
    """As in Saint-Cyr-du-Gault in 2026: nuls was computed as what is left."""
    odd = replace(small()[0], null=-84, changes={"ratio_nuls_inscrits": "", "ratio_nuls_votants": ""})
    assert problems([odd, *small()[1:]]) == [(2, "nuls", "-84")]
    assert found([odd, *small()[1:]]) == []


def test_words_in_place_of_votes_are_named() -> None:
    """As in shifted rows of 2020, of before May 2024: all columns were texts then."""
    choices = (person("DURAND", "LISTE BLEUE", 1), person("PETIT", 200, 2))
    odd = [replace(small()[0], choices=choices, valid=500), *small()[1:]]
    table = published(odd, form="parquet of texts")
    assert [(each.row, each.column, str(each.got)) for each in table.problems] == [(2, "voix", "“LISTE BLEUE”")]


@pytest.mark.parametrize(
    ("column", "type_"),
    [
        ("inscrits", pa.int64()), ("inscrits", pa.uint64()), ("inscrits", pa.int16()), ("inscrits", pa.float64()),
        ("inscrits", pa.decimal128(10, 0)), ("inscrits", pa.binary()), ("blancs", pa.uint8()),
        ("id_election", pa.binary()), ("id_brut_miom", pa.large_string()), ("libelle_commune", pa.binary()),
        ("ratio_votants_inscrits", pa.float64()), ("ratio_votants_inscrits", pa.string()), ("code_canton", pa.null()),
    ],
)  # fmt: skip
def test_whatever_types_a_writer_chose(column: str, type_: pa.DataType) -> None:
    paths = written(small())
    table = pyarrow.parquet.read_table(paths[0])
    at = table.schema.get_field_index(column)
    cells = table.column(column)
    cast = (
        pa.nulls(len(table))
        if pa.types.is_null(type_)
        else (cells.cast(pa.string()).cast(type_) if pa.types.is_binary(type_) else cells.cast(type_))
    )
    pyarrow.parquet.write_table(table.set_column(at, column, cast), paths[0])
    found = open_history(paths).election("2022_pres_t1")
    assert found.problems == ()
    assert (found.counts["registered"].tolist(), found.counts["blank"].tolist()) == ([615, 355, 265], [10, 10, 10])
    assert [each.code for each in flaws(found)] == ["T323"]


def test_numbers_that_are_no_counts_are_named_whatever_their_width() -> None:
    """The least number of a width is a negative count, and an empty cell is none."""
    odd = [
        replace(small()[0], null=-(2**31), changes={"ratio_nuls_inscrits": "", "ratio_nuls_votants": ""}),
        *small()[1:],
    ]
    assert problems(odd) == [(2, "nuls", str(-(2**31)))]


def test_bureaux_that_only_one_table_has(tmp_path: Path) -> None:
    counts, votes = general(small()), candidats(small())
    paths = [tmp_path / "g.parquet", tmp_path / "c.parquet"]
    paths[0].write_bytes(tables.as_parquet(counts[1:]))
    paths[1].write_bytes(tables.as_parquet([*votes[:2], *votes[4:]]))
    table = open_history(paths).election("2022_pres_t1")
    assert [(each.row, str(each.got)) for each in table.problems] == [(2, "01001_0001")]
    lacking = [(each.code, each.left, each.right) for each in flaws(table) if each.code == "T306"]
    assert lacking == [("T306", 240, 0)]


def test_ids_that_several_bureaux_share_are_named() -> None:
    """As where a spreadsheet made 25388_0,00E+00 of 0E11."""
    spoilt = [replace(each, id="25388_0,00E+00") for each in small()[:2]]
    told = problems([*spoilt, small()[2]])
    assert [(row, got) for row, _, got in told] == [
        (2, "25388_0,00E+00 again"),
        (3, "25388_0,00E+00 again"),
        (2, "25388_0,00E+00"),
    ]


def test_a_choice_twice_and_two_of_one_name() -> None:
    same = (person("LE PEN", 30), person("LE PEN", 31), person("PETIT", 20))
    told = problems([replace(small()[0], choices=same, valid=81)])
    assert [got for *_, got in told] == ["LE PEN Anne twice"]
    apart = (Choice(30, {"nuance": "LDVD"}, 1), Choice(31, {"nuance": "LDVD"}, 2), Choice(20, {"nuance": "LDVG"}, 3))
    made = Bureau("2020_muni_t1", "01004_0001", 196, 96, 10, 5, apart)
    table = published([made], "2020_muni_t1")
    assert table.labels == ("LDVD", "LDVG", "LDVD (1)", "LDVD (2)")
    assert [table.labels[label] for label in table.vote_label.tolist()] == ["LDVD (1)", "LDVD (2)", "LDVG"]
    assert table.problems == ()


@pytest.mark.parametrize(
    ("names", "label"),
    [
        ({"nom": "DURAND", "prenom": "Anne", "nuance": "DVG"}, "DURAND Anne"),
        ({"libelle_abrege_liste": "BLEUE", "libelle_etendu_liste": "BLEUE POUR TOUS"}, "BLEUE"),
        ({"libelle_etendu_liste": "BLEUE POUR TOUS", "nom_tete_liste": "DURAND"}, "BLEUE POUR TOUS"),
        ({"nom_tete_liste": "DURAND Anne", "nuance": "LDVG"}, "DURAND Anne"),
        ({"binome": "Mme A et M. B", "nuance": "BC-DVG"}, "Mme A et M. B"),
        ({"nuance": "LDVG"}, "LDVG"),
    ],
)
def test_a_choice_has_the_first_name_that_is_filled(names: dict[str, str], label: str) -> None:
    choices = (Choice(30, names, 1), Choice(20, {"nom": "PETIT", "prenom": "Luc"}, 2))
    made = Bureau("2019_euro_t1", "01004_0001", 165, 65, 10, 5, choices)
    assert published([made], "2019_euro_t1").labels == (label, "PETIT Luc")


def test_a_choice_that_a_bureau_lacks() -> None:
    many = [bureau("2022_pres_t1", f"01001_{number:04}", 300, 200) for number in range(12)]
    lacking = replace(many[3], choices=many[3].choices[:1], valid=500)
    told = found([*many[:3], lacking, *many[4:]])
    assert told == [("T310", "PETIT Anne", None, None)]


@pytest.mark.parametrize(
    ("election", "registered", "codes"),
    [
        ("2020_muni_t1", 500, set()),  # a small commune votes for several names
        ("2020_muni_t1", 5000, {"T306"}),
        ("2026_muni_t1", 500, {"T306"}),  # lists everywhere
        ("2023_sena_t1", 500, set()),
    ],
)
def test_ballots_with_several_names(election: str, registered: int, codes: set[str]) -> None:
    id_ = "75" if "sena" in election else "01004_0001"
    choices = (person("DURAND", 300), person("PETIT", 280), person("ROCHE", 260))
    made = Bureau(election, id_, registered, 330, 10, 5, choices, valid=315)
    told = [each for each in found([made], election) if each[0] != "T307"]
    assert {code for code, *_ in told} == codes
    few = replace(made, choices=(person("DURAND", 300),))
    assert "T306" in {code for code, *_ in found([few], election)}  # fewer votes than ballots: a fault


def test_senators_are_by_departement() -> None:
    made = Bureau("2023_sena_t1", "75", 2900, 2856, 10, 9, (person("DURAND", 2837),), valid=2837)
    table = published([made], "2023_sena_t1")
    assert (table.level, table.department.tolist(), table.insee.tolist()) == (Level.DEPARTMENT, ["75"], [""])


def test_an_election_that_one_table_lacks() -> None:
    counts, votes = written(small())
    votes.write_bytes(tables.as_parquet([row for row in candidats(small()) if row["id_election"] == "2022_pres_t1"]))
    history = open_history([counts, votes])
    assert history.elections() == ["2022_pres_t1", "2022_pres_t2"]
    [problem] = history.election("2022_pres_t2").problems
    assert (problem.file, str(problem.got)) == (str(votes), "none")


def test_known_numbers_of_bureaux() -> None:
    known = elections.known_bureaux()
    assert (len(known), sum(known.values())) == (56, 3_162_440)
    assert known["2022_pres_t1"] == 69_682
    assert not known.keys() & {"2024_euro_t2", "2023_sena_t1", "autre"}


def test_ids_by_the_kind_of_a_night() -> None:
    for kind, year, id_ in (
        ("presidentielle", 2022, "2022_pres_t1"),
        ("legislatives", 2024, "2024_legi_t1"),
        ("departementales", 2011, "2011_cant_t1"),
        ("departementales", 2021, "2021_dpmt_t1"),
        ("municipales_listes", 2020, "2020_muni_t1"),
        ("europeennes", 2024, "2024_euro_t1"),
        ("referendum", 2005, None),
    ):
        assert elections.id_of(kind, year, 1) == id_
