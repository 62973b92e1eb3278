"""The tables of the precision study, counted by hand, and on the feeds of Paris and Toulouse."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import night
from protocol.files import csv_bytes
from protocol.opening import OpenedFile, open_evidence
from tests.sources import new_folder
from tests.verify.night_builder import small_night
from tests.verify.published import samples
from verify.loading import opened as opened_files
from verify.model.universe import MACHINE, PAPER, UNKNOWN
from verify.model.use import NothingReadable
from verify.precision import Observations, Study, study, tables


def seen(*rows: tuple[str, int, int, int]) -> Observations:
    """Observations of ``(place, counting, signed, found)``."""
    places, counting, signed, found = zip(*rows, strict=True)
    return Observations(
        source=np.zeros(len(rows), np.int64),
        place=np.array(places),
        name=np.array([""] * len(rows)),
        counting=np.array(counting),
        listed=np.ones(len(rows), np.bool_),
        signed=np.array(signed),
        found=np.array(found),
    )


def test_a_line_counts_signs_sizes_and_rates() -> None:
    rows = [("77001", MACHINE, 1000 - gap, 1000) for gap in (0, 0, 1, 2, 3, 4, 5, -1, -3)]
    [line] = tables(seen(*rows), ["night"]).by_kind
    assert (line.bureaux, line.gaps, line.more, line.fewer) == (9, 7, 5, 2)
    assert (line.one, line.two, line.larger) == (2, 1, 4)
    # 3 of 1000 is not above 3 ‰, 4 of 1000 not above 4 ‰
    assert (line.above_3, line.above_4) == (2, 1)
    assert (line.votes_more, line.votes_fewer) == (15, 4)
    low, high = line.interval(line.gaps)
    assert low < Fraction(7, 9) < high


def test_machine_and_paper_apart_and_unknown_ones_out_of_the_comparison() -> None:
    rows = [(f"{n:05}", MACHINE, 700, 700 + (bureau < 5)) for n in range(4) for bureau in range(10)]
    rows += [(f"1{n:04}", PAPER, 700, 700 + (bureau < 1)) for n in range(4) for bureau in range(10)]
    rows += [("99999", UNKNOWN, 700, 705)]
    found = tables(seen(*rows), ["night"])
    assert [(line.counting, line.bureaux, line.gaps) for line in found.by_kind] == [
        (MACHINE, 40, 20),
        (PAPER, 40, 4),
        (UNKNOWN, 1, 1),
    ]
    assert found.difference is not None
    assert (found.difference.first, found.difference.second) == (Fraction(1, 2), Fraction(1, 10))
    assert found.difference.communes == (4, 4)


def test_a_mixed_commune_has_two_lines() -> None:
    found = tables(seen(("77001", MACHINE, 5, 6), ("77001", PAPER, 5, 5), ("77002", PAPER, 5, 5)), ["night"])
    assert [(line.label, line.counting) for line in found.by_place] == [
        ("77001", MACHINE),
        ("77001", PAPER),
        ("77002", PAPER),
    ]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 2), st.integers(0, 9), st.integers(0, 9))))
def test_lines_add_up(rows: list[tuple[str, int, int, int]]) -> None:
    if not rows:
        return
    found = tables(seen(*rows), ["night"])
    for lines in (found.by_kind, found.by_source, found.by_place):
        assert sum(line.bureaux for line in lines) == len(rows)
        assert sum(line.gaps for line in lines) == sum(signed != votes for _, _, signed, votes in rows)
        assert sum(line.votes_more - line.votes_fewer for line in lines) == sum(v - s for _, _, s, v in rows)
        for line in lines:
            assert line.gaps == line.more + line.fewer == line.one + line.two + line.larger
            assert line.above_4 <= line.above_3 <= line.gaps


def test_a_night() -> None:
    built = small_night()
    for name in ("emargements.csv", "pv.csv"):
        built.add(name, "0001", "emargements", -2)
        built.add(name, "0004", "emargements", 1)
    found = study([built.write()])
    lines = {line.counting: line for line in found.by_kind}
    assert (lines[MACHINE].bureaux, lines[MACHINE].more, lines[MACHINE].two) == (4, 1, 1)
    assert (lines[PAPER].bureaux, lines[PAPER].fewer, lines[PAPER].one) == (1, 1, 1)
    assert found.from_figures == 0
    assert found.left_out == 0
    assert {used.kind for used in found.inputs} >= {night.RECORDS.kind, night.SIGNATURES.kind}


def records(rows: list[list[object]], name: str = "pv.csv") -> Path:
    folder = new_folder()
    (folder / name).write_bytes(csv_bytes(night.RECORDS.header, rows))
    return folder / name


def pv(bureau: str, signed: int | str, found: int, null: int, insee: str = "77001") -> list[object]:
    return [insee, bureau, 1, 2000, signed, found, 0, null, found - null, 0, "08:00", "18:00", ""]


@pytest.mark.parametrize(
    ("found", "null", "counting"),
    [(2000, 1, MACHINE), (2000, 2, PAPER), (1999, 0, UNKNOWN), (2000, 0, MACHINE)],
)
def test_pvs_without_a_list_tell_by_their_null_votes(found: int, null: int, counting: int) -> None:
    result = study([records([pv("0001", found, found, null)])])
    assert [line.counting for line in result.by_kind] == [counting]
    assert result.from_figures == (counting != UNKNOWN)


def test_a_gap_that_a_certain_slip_makes_is_put_right() -> None:
    built = small_night()
    # counted by hand, so that its PV counts the votes; its sums, the published result and the list say 420
    built.row("pv.csv", "0004")["votes_trouves"] = "402"
    folder = built.write()
    stands, found = study([folder], as_it_stands=True), study([folder])
    assert (sum(line.gaps for line in stands.by_kind), sum(line.gaps for line in found.by_kind)) == (1, 0)
    assert [line.bureaux for line in found.by_kind] == [line.bureaux for line in stands.by_kind]
    assert (dict(found.corrected), dict(found.set_aside)) == ({"digits-exchanged": 1}, {})
    assert (dict(stands.corrected), dict(stands.set_aside)) == ({}, {})


def test_a_bureau_whose_gap_a_slip_only_probably_makes_is_set_aside() -> None:
    row = pv("0001", 153, 1530, 1)  # nothing else says which of the two is right
    path = records([row, pv("0002", 99, 100, 1)])
    stands, found = study([path], as_it_stands=True), study([path])
    assert [(line.bureaux, line.gaps) for line in stands.by_kind] == [(2, 2)]
    assert [(line.bureaux, line.gaps) for line in found.by_kind] == [(1, 1)]
    assert (dict(found.corrected), dict(found.set_aside)) == ({}, {"digit-lost": 1})
    assert found.left_out == 0


def test_a_slip_in_other_figures_changes_nothing() -> None:
    built = small_night()
    built.add("pv.csv", "0002", "exprimes", 90)
    found = study([built.write()])
    assert sum(line.bureaux for line in found.by_kind) == 5
    assert (dict(found.corrected), dict(found.set_aside)) == ({}, {})


def test_in_paris_equal_counts_that_do_not_add_up_are_no_copy(real_data: Path) -> None:
    """In bureau 1334 the votes found are the signatures, 1,526; its blank, null and valid votes are 1,523.

    The ministry has 7 null votes there, and not 4: without a machine, equal counts say nothing.
    """
    found = study([real_data / "2017-presidentielle-t1-paris-city.csv"])
    assert (dict(found.corrected), dict(found.set_aside)) == ({}, {})
    assert sum(line.bureaux for line in found.by_kind) == 896


def test_bureaux_without_both_counts_are_left_out_and_counted() -> None:
    result = study([records([pv("0001", 99, 100, 1), pv("0002", "", 100, 1)])])
    assert (result.by_kind[0].bureaux, result.left_out) == (1, 1)


def test_two_files_are_two_sources_of_the_same_places() -> None:
    files = [
        records([pv("0001", 99, 100, 1)], "a.csv"),
        records([pv("0001", 100, 100, 1)], "b.csv"),
    ]
    result = study(files)
    assert [(line.label, line.gaps) for line in result.by_source] == [(str(files[0]), 1), (str(files[1]), 0)]
    assert [(line.label, line.bureaux) for line in result.by_place] == [("77001", 2)]


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 99, b"a,b\n1,2\n"])
def test_nothing_to_study(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.csv").write_bytes(content)
    with pytest.raises(NothingReadable, match=r"odd\.csv"):
        study([tmp_path / "odd.csv"])


def test_a_file_with_one_count_only_says_so() -> None:
    with pytest.raises(NothingReadable, match="signatures"):
        study([records([pv("0001", "", 100, 1)])])


def test_a_file_is_read_once_whatever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results without signatures took twice as long as any reader may: as results, and then as PVs."""
    (tmp_path / "r.txt").write_text(samples.ROWS_2012)
    opened: list[Path] = []

    def counting(path: Path, *more: object) -> OpenedFile:
        opened.append(path)
        return open_evidence(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(opened_files, "open_evidence", counting)
    with pytest.raises(NothingReadable, match="signatures"):
        study([tmp_path / "r.txt"])
    assert opened == [tmp_path / "r.txt"]


@pytest.fixture(scope="module")
def cities(real_data: Path) -> Study:
    return study(
        [
            real_data / name
            for name in ("2017-presidentielle-t1-paris-city.csv", "2015-departementales-t1-toulouse.json")
        ],
        as_it_stands=True,
    )


def test_paris_and_toulouse(cities: Study) -> None:
    paris, toulouse = cities.by_source
    assert (paris.counting, paris.bureaux, paris.gaps, paris.more, paris.fewer) == (PAPER, 896, 281, 213, 68)
    assert (cities.corrected, cities.set_aside) == ({}, {})
    assert (paris.one, paris.two, paris.larger) == (168, 71, 42)
    assert (toulouse.bureaux, toulouse.gaps) == (256, 19)
    low, high = paris.interval(paris.gaps)
    # the exact interval for 281 of 896 is 28.33 to 34.51 %
    assert (low, high) == (Fraction(2833, 10_000), Fraction(3452, 10_000))


def test_paris_is_counted_by_arrondissement(cities: Study) -> None:
    places = [line.label for line in cities.by_place]
    assert places == ["31555", *(f"75056 {number:02}" for number in range(1, 21))]
    assert cities.difference is None
