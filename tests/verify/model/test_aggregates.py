"""Sums by commune, département and nation, against plain loops."""

import numpy as np
import pytest

from protocol.evidence_kinds import EvidenceKind
from verify.model import universe
from verify.model.figures import BLANK, MISSING, UNREADABLE, Figures, Ints, Texts, nowhere
from verify.model.universe import Universe


def listed(codes: list[str]) -> Universe:
    bureau = [f"{number:04}" for number in range(len(codes))]
    columns: dict[str, Texts | Ints] = {"insee": np.array(codes, np.str_), "bureau": np.array(bureau, np.str_)}
    return universe.build(["univers.csv"], EvidenceKind.UNIVERSE, columns)[0]


def department(code: str) -> str:
    return code[:3] if code[:2] in ("97", "98") else code[:2]


@pytest.mark.parametrize("absences", [(), (BLANK, UNREADABLE, MISSING)])
def test_sums_are_those_of_a_loop(absences: tuple[int, ...]) -> None:
    random = np.random.default_rng(1)
    codes = [*random.choice(["01001", "01002", "2A004", "2B033", "75056", "97101", "97205", "98818"], 300), "01999"]
    bureaux = listed(sorted(map(str, codes)))
    values = random.integers(0, 2**28, (len(bureaux), 2))
    for absence in absences:
        values[random.random(values.shape) < 0.1] = absence
    figures = Figures("found", values, nowhere(values.shape))
    of = universe.levels(bureaux)
    communes = bureaux.insee[of.bureau].tolist()
    assert communes == list(dict.fromkeys(bureaux.insee.tolist()))
    departments = [department(communes[index]) for index in of.commune]
    assert departments == list(dict.fromkeys(map(department, bureaux.insee.tolist())))
    places = ([str(code) for code in bureaux.insee], [department(str(code)) for code in bureaux.insee], [""] * 301)
    for level, names in zip(universe.sums(figures, of), places, strict=True):
        wanted: dict[str, list[list[int]]] = {}
        for name, row in zip(names, values.tolist(), strict=True):
            total, known = wanted.setdefault(name, [[0, 0], [0, 0]])
            for poll, value in enumerate(row):
                total[poll] += max(value, 0)
                known[poll] += value >= 0
        assert level.sums.tolist() == [total for total, _ in wanted.values()]
        assert level.known.tolist() == [known for _, known in wanted.values()]


def test_no_bureau_has_no_commune_and_a_nation_of_nothing() -> None:
    none = listed([])
    values = np.zeros((0, 1), np.int64)
    communes, departments, nation = universe.sums(Figures("x", values, nowhere(values.shape)), universe.levels(none))
    assert communes.sums.shape == departments.sums.shape == (0, 1)
    assert nation.sums.tolist() == [[0]]
    assert nation.known.tolist() == [[0]]
