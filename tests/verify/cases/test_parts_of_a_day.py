"""What goes with a correction where a bureau has several machines, or a day several polls."""

from tests.verify.cases.faulty_files import is_case, only_case
from tests.verify.night_builder import CHOICES, small_night
from verify.model.cases import Sure


def test_a_pv_with_the_counts_of_one_of_two_machines_has_left_the_other_out() -> None:
    night = small_night()
    night.row("pv.csv", "0003").update(votes_trouves="523", blancs="12", exprimes="511")
    for choice, votes in zip(CHOICES, ("280", "170", "61"), strict=True):
        night.row("voix.csv", "0003", choice=choice)["voix"] = votes
    is_case(only_case(night.run()), "part-left-out", "pv", Sure.LIKELY)


def test_a_slip_by_which_two_polls_differ_is_the_same_case() -> None:
    night = small_night(polls=2)
    night.row("pv.csv", "0004", poll=2)["votes_trouves"] = "240"
    result = night.run()
    case = only_case(result)
    is_case(case, "digits-exchanged", "pv", Sure.CERTAIN)
    assert "R221" in {result.findings[at].code for at in case.findings}
