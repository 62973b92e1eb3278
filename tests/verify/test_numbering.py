"""Bureaux as numbers are in the order of their codes, and found as by their names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.evidence_kinds import EvidenceKind
from verify.model.bureau_codes import NONE, Numbering, position
from verify.model.universe import build

LETTERS = "0129AZaé~ \x7f\x80"
codes = st.text(LETTERS, max_size=6)
bureaux = st.lists(st.tuples(codes, codes), min_size=1, max_size=12)


def columns(named: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([insee for insee, _ in named], np.str_), np.array([bureau for _, bureau in named], np.str_)


@given(bureaux)
@example([("01001", "0001"), ("01001", "0002"), ("2A004", "0001")])
@example([("", "")])
def test_numbers_are_in_the_order_of_the_codes(named: list[tuple[str, str]]) -> None:
    found = Numbering.of(*columns(named))
    longest = max(len(insee) for insee, _ in named) + max(len(bureau) for _, bureau in named)
    assert (found is None) == (longest > 9 or not "".join(insee + bureau for insee, bureau in named).isascii())
    if found is not None:
        numbers = found[1].tolist()
        assert sorted(range(len(named)), key=numbers.__getitem__) == sorted(range(len(named)), key=named.__getitem__)
        assert len(set(numbers)) == len(set(named))
        assert found[0].all_have_communes(found[1]) == all(insee for insee, _ in named)


@given(bureaux, bureaux)
@example([("01001", "0001")], [("01001", "00012"), ("010012", "0001"), ("0100é", "0001"), ("01001", "1")])
def test_a_bureau_is_found_by_its_codes_and_by_no_others(
    listed: list[tuple[str, str]], named: list[tuple[str, str]]
) -> None:
    insee, bureau = columns(listed)
    universe, again = build(["univers.csv"], EvidenceKind.UNIVERSE, {"insee": insee, "bureau": bureau})
    ours = list(zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True))
    assert sorted(ours) == sorted(set(listed))
    assert len(ours) + len(again) == len(listed)
    starts = [at for at, (code, _) in enumerate(ours) if not at or ours[at - 1][0] != code]
    assert universe.communes.tolist() == starts
    for asked in {code for code, _ in (*listed, *named)}:
        assert universe.of_commune(asked).tolist() == [at for at, (code, _) in enumerate(ours) if code == asked]
    places = {name: at for at, name in enumerate(ours)}
    assert universe.find(*columns(named)).tolist() == [places.get(name, -1) for name in named]


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 60), max_size=80),
    st.booleans(),
)
def test_positions_are_those_of_a_dictionary(listed: list[int], wanted: list[int], in_order: bool) -> None:
    ours = np.array(sorted(listed), np.uint64)
    asked = sorted(wanted) if in_order else wanted
    places = {number: at for at, number in enumerate(ours.tolist())}
    assert position(ours, np.array(asked, np.uint64)).tolist() == [places.get(number, -1) for number in asked]


@pytest.mark.parametrize("lacking", [[0], [499], [3, 4, 5], list(range(100)), list(range(0, 500, 3))])
@pytest.mark.parametrize("further", [[], [-1], [7], [250, 250, 251], [600]])
def test_positions_in_a_list_with_others(lacking: list[int], further: list[int]) -> None:
    ours = np.array([number * 10 for number in range(500) if number not in lacking], np.uint64)
    wanted = sorted([number * 10 for number in range(500)] + [number * 10 + 15 for number in further])
    places = {number: at for at, number in enumerate(ours.tolist())}
    assert position(ours, np.array(wanted, np.uint64)).tolist() == [places.get(number, -1) for number in wanted]


def test_no_code_has_the_number_of_those_that_have_none() -> None:
    found = Numbering.of(np.array(["\x7f" * 5]), np.array(["\x7f" * 4]))
    assert found is not None
    assert found[1][0] < NONE
    strange = found[0].numbers(np.array(["é", "0" * 6]), np.array(["1", "1"]))
    assert (strange == NONE).all()
