"""The engine beside what shares no code with it: two solvers, a checker of certificates, and real slips."""

from pathlib import Path

import numpy as np
import pytest

from tests.outside.certificates import check
from tests.outside.engine import explain_figures, offer
from tests.outside.oracles import by_cp_sat, by_highs, draw
from tests.outside.real_slips import measure_slips, read_slips


def cheaper(number: int, *, solver: bool) -> bool:
    """Check whether a solver explains a random bureau at less cost than the engine."""
    figures = draw(np.random.default_rng([7, number]))
    found = explain_figures(figures)
    if found is None:
        return False
    least = (by_highs if solver else by_cp_sat)(figures, found.cost)
    return least is not None and least < found.cost - found.doubt


@pytest.mark.parametrize("solver", [False, True], ids=["CP-SAT", "HiGHS"])
def test_no_solver_finds_a_cheaper_explanation(solver: bool) -> None:
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    pytest.importorskip("highspy", reason="no solver of integer programs for this Python")
    assert [number for number in range(8) if cheaper(number, solver=solver)] == []


@pytest.mark.check(60)
@pytest.mark.parametrize("solver", [False, True], ids=["CP-SAT", "HiGHS"])
def test_no_solver_finds_a_cheaper_explanation_of_many_bureaux(solver: bool) -> None:
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    pytest.importorskip("highspy", reason="no solver of integer programs for this Python")
    assert [number for number in range(8, 300) if cheaper(number, solver=solver)] == []


def refused(number: int) -> list[str]:
    """List the checker's objections to the certificate of a random bureau."""
    figures = draw(np.random.default_rng([11, number]))
    found = explain_figures(figures)
    return [] if found is None else check(figures, found)


def test_certificates_are_accepted() -> None:
    assert {number: found for number in range(100) if (found := refused(number))} == {}


@pytest.mark.check(30)
def test_the_certificates_of_many_bureaux_are_accepted() -> None:
    assert {number: found for number in range(100, 4000) if (found := refused(number))} == {}


@pytest.mark.check(4)
def test_real_slips_are_named_and_nothing_is_certain_and_wrong(real_data: Path) -> None:
    found = measure_slips(read_slips(real_data), offer)
    assert sum(each.certain_wrong for each in found.values()) == 0
    assert 10 * found["yes"].named >= 9 * found["yes"].slips
    assert 10 * found["partly"].named >= 6 * found["partly"].slips
