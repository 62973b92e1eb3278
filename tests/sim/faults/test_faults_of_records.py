"""The faults of records and of published results: what stands in the files of a night that has one of them."""

from collections import Counter
from pathlib import Path

import pytest

from protocol.night import RECORDS, SIGNATURES, TABULATION, TRUTH, UNIVERSE, VOTES
from sim.nights.night import FIRST_EDITION, PUBLISHED, SUMS
from tests.sim.nights import by_bureau, night, rows

EVERY = 1.0
Place = tuple[str, str]


def struck(folder: Path) -> set[Place]:
    places = {(row["insee"], row["bureau"]) for row in rows(folder, TRUTH.file)}
    assert places
    return places


def votes(folder: Path) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = {}
    for row in rows(folder, VOTES.file):
        found.setdefault((row["insee"], row["bureau"]), []).append(int(row["voix"]))
    return found


def published(folder: Path, name: str) -> tuple[list[str], list[list[str]]]:
    header, *lines = (folder / name).read_text(encoding="iso-8859-1").splitlines()
    return header.split(";"), [line.split(";") for line in lines]


@pytest.fixture(scope="module")
def honest() -> Path:
    return night()


def test_a_miscoded_row_names_no_bureau(honest: Path) -> None:
    folder = night(faults={"roll-miscoded": EVERY})
    there = set(by_bureau(folder, SIGNATURES.file))
    known = set(by_bureau(folder, UNIVERSE.file))
    assert struck(folder) == known - there
    assert len(there) == len(known)
    counts = [[row["emargements"] for row in rows(each, SIGNATURES.file)] for each in (folder, honest)]
    assert counts[0] == counts[1]


def test_a_total_row_is_the_sum_of_the_commune(honest: Path) -> None:
    folder = night(["77513"], {"roll-total": EVERY})
    found = rows(folder, SIGNATURES.file)
    bureaux = [row for row in found if row["bureau"] != "Total"]
    for name in ("inscrits", "emargements"):
        sums = {row[name] for row in found if row["bureau"] == "Total"}
        assert sums == {str(sum(int(row[name]) for row in bureaux))}


def test_a_doubled_digit_is_more_than_the_registered(honest: Path) -> None:
    folder = night(faults={"roll-digit-doubled": EVERY})
    new, old = by_bureau(folder, SIGNATURES.file), by_bureau(honest, SIGNATURES.file)
    for place in struck(folder):
        assert new[place]["emargements"] == old[place]["emargements"] + old[place]["emargements"][-1]
        assert int(new[place]["emargements"]) > int(new[place]["inscrits"])


def test_a_forgotten_machine_is_missing_from_a_record_that_adds_up(honest: Path) -> None:
    folder = night(faults={"machine-forgotten": EVERY})
    records, right, by_choice = by_bureau(folder, RECORDS.file), by_bureau(honest, RECORDS.file), votes(folder)
    effects = {(row["insee"], row["bureau"]): int(row["effet"]) for row in rows(folder, TRUTH.file)}
    for place in struck(folder):
        found, blank, valid = (int(records[place][name]) for name in ("votes_trouves", "blancs", "exprimes"))
        assert found - int(right[place]["votes_trouves"]) == effects[place] < 0
        assert found - blank == valid == sum(by_choice[place])
        assert "+" in by_bureau(folder, UNIVERSE.file)[place]["machine"]


def test_a_lost_record_is_in_the_later_papers_only(honest: Path) -> None:
    folder = night(faults={"record-lost": 0.5})
    lost = struck(folder)
    assert by_bureau(folder, RECORDS.file).keys() == by_bureau(honest, RECORDS.file).keys() - lost
    assert votes(folder).keys() == votes(honest).keys() - lost
    for name in (TABULATION.file, PUBLISHED):
        assert (folder / name).read_bytes() == (honest / name).read_bytes()


def test_exchanged_records_are_each_others(honest: Path) -> None:
    folder = night(faults={"records-exchanged": EVERY})
    places, new, old = struck(folder), votes(folder), votes(honest)
    assert all(new[place] != old[place] for place in places)
    assert Counter(map(str, new.values())) == Counter(map(str, old.values()))
    assert max(Counter((row["insee"], row["bureau"]) for row in rows(folder, TRUTH.file)).values()) == 1


def test_a_copied_record_is_that_of_another_bureau(honest: Path) -> None:
    folder = night(faults={"record-copied": 0.5})
    new, old, records = votes(folder), votes(honest), by_bureau(folder, RECORDS.file)
    for place in struck(folder):
        assert new[place] != old[place]
        twins = [other for other in new if other[0] == place[0] and other != place and new[other] == new[place]]
        assert twins
        assert records[twins[0]]["inscrits"] == records[place]["inscrits"]


def test_slipped_votes_stand_one_line_too_low(honest: Path) -> None:
    folder = night(faults={"votes-slipped": EVERY})
    new, old = votes(folder), votes(honest)
    for place in struck(folder):
        assert new[place] == [old[place][0], *old[place][:-1]]


def test_proxies_are_the_registered() -> None:
    folder = night(faults={"proxies-registered": EVERY})
    records = by_bureau(folder, RECORDS.file)
    for place in struck(folder):
        assert records[place]["procurations"] == records[place]["inscrits"]
        assert int(records[place]["procurations"]) > int(records[place]["emargements"])


def test_a_bundle_among_the_nulls_is_of_a_paper_bureau() -> None:
    folder = night(["25388"], {"bundle-as-nulls": EVERY}, seed=1, mixed="studies")
    counting = {place: row["comptage"] for place, row in by_bureau(folder, UNIVERSE.file).items()}
    records, by_choice = by_bureau(folder, RECORDS.file), votes(folder)
    places = struck(folder)
    assert {counting[place] for place in places} == {"papier"}
    assert set(counting.values()) == {"papier", "machine"}
    for place in places:
        row = {name: int(records[place][name]) for name in ("votes_trouves", "blancs", "nuls", "exprimes")}
        assert row["votes_trouves"] == row["blancs"] + row["nuls"] + row["exprimes"]
        assert sum(by_choice[place]) - row["exprimes"] == 100


def test_figures_by_telephone_have_two_choices_exchanged_and_no_record(honest: Path) -> None:
    folder = night(faults={"published-by-telephone": EVERY})
    assert struck(folder).isdisjoint(by_bureau(folder, RECORDS.file))
    for new, old in zip(published(folder, PUBLISHED)[1], published(honest, PUBLISHED)[1], strict=True):
        mine, theirs = new[25::7], old[25::7]
        assert sum(one != other for one, other in zip(mine, theirs, strict=True)) in (0, 2)
        assert sorted(mine) == sorted(theirs)


def test_a_missing_choice_leaves_its_cells_empty(honest: Path) -> None:
    folder = night(faults={"published-choice-missing": EVERY})
    for new, old in zip(published(folder, PUBLISHED)[1], published(honest, PUBLISHED)[1], strict=True):
        changed = [column for column, pair in enumerate(zip(new, old, strict=True)) if pair[0] != pair[1]]
        assert {new[column] for column in changed} == {""}
        start = 21 + (changed[0] - 21) // 7 * 7
        assert new[start : start + 7] == [""] * 7
        assert changed[-1] < start + 7


def test_letters_stand_for_digits_in_one_cell(honest: Path) -> None:
    folder = night(faults={"published-letters": EVERY})
    changed = 0
    for new, old in zip(published(folder, PUBLISHED)[1], published(honest, PUBLISHED)[1], strict=True):
        cells = [pair for pair in zip(new, old, strict=True) if pair[0] != pair[1]]
        assert len(cells) <= 1
        for typed, right in cells:
            assert not typed.isdecimal()
            assert typed.replace("O", "0").replace("l", "1") == right
        changed += len(cells)
    assert changed == len(struck(folder))


def test_a_first_edition_differs_and_adds_up(honest: Path) -> None:
    folder = night(faults={"published-corrected": 0.5})
    assert (folder / PUBLISHED).read_bytes() == (honest / PUBLISHED).read_bytes()
    lines = list(zip(published(folder, FIRST_EDITION)[1], published(folder, PUBLISHED)[1], strict=True))
    assert sum(first != last for first, last in lines) == len(struck(folder)) < len(lines)
    for first, _ in lines:
        found, blank, null, valid = (int(first[column]) for column in (10, 12, 15, 18))
        assert found == blank + null + valid
        assert valid == sum(map(int, first[25::7]))


@pytest.mark.parametrize(
    ("name", "file", "heading", "place"),
    [
        ("commune-sum-short", "publie.communes.txt", "Libellé de la commune", "commune"),
        ("departement-sum-short", "publie.departements.txt", "Code du département", "departement"),
    ],
)
def test_a_sum_lacks_the_bureaux_of_the_truth(name: str, file: str, heading: str, place: str) -> None:
    folder = night(faults={name: 0.5})
    left_out = struck(folder)
    header, sums = published(folder, file)
    assert len(sums) == 2
    kept = [row for at, row in by_bureau(folder, UNIVERSE.file).items() if at not in left_out]
    for row in sums:
        of_it = [int(each["inscrits"]) for each in kept if each[place] == row[header.index(heading)]]
        assert int(row[header.index("Inscrits")]) == sum(of_it)


def test_a_row_that_only_the_sum_has(honest: Path) -> None:
    folder = night(faults={"published-only-in-sum": 0.5})
    rows_of = {(row[0] + row[4], row[6]) for row in published(folder, PUBLISHED)[1]}
    assert set(by_bureau(honest, UNIVERSE.file)) - rows_of == struck(folder)
    header, sums = published(folder, "publie.communes.txt")
    every = sum(int(row["inscrits"]) for row in rows(folder, UNIVERSE.file))
    assert sum(int(row[header.index("Inscrits")]) for row in sums) == every


def test_further_published_files_are_only_where_they_have_a_fault(honest: Path) -> None:
    assert not [name for name in (FIRST_EDITION, *SUMS.values()) if (honest / name).exists()]
