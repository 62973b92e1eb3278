"""Measures of forecasts by hand."""

from fractions import Fraction

from verify.forecasts.result import Accuracy, CandidateError

RESULT = [Fraction(each) for each in (27, 23, 21, 7)]


def accuracy(*shares: int) -> Accuracy:
    pairs = zip(shares, RESULT[: len(shares)], strict=True)
    return Accuracy(tuple(CandidateError(at, Fraction(share), result) for at, (share, result) in enumerate(pairs)))


def test_first_two() -> None:
    for shares, found in (
        ([28, 23, 22, 7], (2, True)),
        ([23, 28, 22, 7], (2, False)),
        ([28, 20, 22, 7], (1, False)),
        ([28, 22, 22, 7], (1, False)),  # two share the second place: neither is in it
        ([1, 2, 22, 23], (0, False)),
        ([28, 28, 22, 7], (2, False)),
        ([28], None),
    ):
        assert accuracy(*shares).first_two == found


def test_errors_by_hand() -> None:
    found = accuracy(28, 26, 18, 7)
    assert found.mean_absolute == Fraction(7, 4)
    assert [each.error for each in found.errors] == [1, 3, -3, 0]
    assert accuracy(27, 23, 21, 7).mean_absolute == 0
