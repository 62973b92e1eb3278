"""Whose the figures are: rows of one another, and what is certain beside them."""

from tests.verify.night_builder import CHOICES, Night
from verify.model.cases import Case, Sure


def of_bureau(night: Night, bureau: str) -> dict[str, Case]:
    """The cases of a bureau that correct figures, by their cause."""
    cases = night.run().cases
    return {
        case.cause.name: case
        for case in cases
        if case.detail.corrections and any(place.bureau == bureau for place in case.places)
    }


def test_rolls_that_moved_a_little_are_no_slip(night: Night) -> None:
    for bureau, listed, stated in (("0001", 900, 903), ("0002", 908, 904)):
        night.row("univers.csv", bureau)["inscrits"] = str(listed)
        night.row("pv.csv", bureau)["inscrits"] = str(stated)
    assert of_bureau(night, "0001") == {}  # so few are added on the day: each count may be right


def test_whole_rows_of_each_other_stay_certain(night: Night) -> None:
    one, other = night.row("pv.csv", "0001"), night.row("pv.csv", "0002")
    for column in one.keys() - {"insee", "bureau", "scrutin"}:
        one[column], other[column] = other[column], one[column]
    for choice in CHOICES:
        one, other = (night.row("voix.csv", bureau, choice=choice) for bureau in ("0001", "0002"))
        one["voix"], other["voix"] = other["voix"], one["voix"]
    exchanged = of_bureau(night, "0001")["bureaux-exchanged"]
    assert (exchanged.piece, exchanged.sure) == ("pv", Sure.CERTAIN)


def test_a_figure_that_two_corrections_change_becomes_what_the_last_one_says(night: Night) -> None:
    """A published row of zeros, of a bureau whose PV has the votes of two choices exchanged."""
    row = night.publish("0002")
    choices = list(row.votes)
    right = dict(row.votes)
    for each in row.counts.keys() - {"Inscrits"}:
        row.counts[each] = 0
    row.votes = dict.fromkeys(choices, 0)
    one, other = (night.row("voix.csv", "0002", choice=choice) for choice in choices[:2])
    one["voix"], other["voix"] = other["voix"], one["voix"]
    cases = of_bureau(night, "0002")
    assert {"row-of-zeros", "choices-exchanged"} <= cases.keys()
    published = [
        (str(each.field), each.becomes)
        for case in cases.values()
        for each in case.detail.corrections
        if each.piece == "publie" and each.choice >= 0
    ]
    assert {becomes for choice, becomes in published if choice == choices[0]} == {right[choices[0]]}
    assert {becomes for choice, becomes in published if choice == choices[1]} == {right[choices[1]]}
