"""Bureaux are in the order of their codes, and found by them."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.evidence_kinds import EvidenceKind
from verify.model.universe import build

LETTERS = "0129AZaé~ \x7f\x80"
codes = st.text(LETTERS, max_size=6)
bureaux = st.lists(st.tuples(codes, codes), min_size=1, max_size=12)


def columns(named: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([insee for insee, _ in named], np.str_), np.array([bureau for _, bureau in named], np.str_)


@given(bureaux, bureaux)
@example([("01001", "0001")], [("01001", "00012"), ("010012", "0001"), ("0100é", "0001"), ("01001", "1")])
@example([("01001", f"{number:04}") for number in range(40)], [("01001", "0007")])
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
