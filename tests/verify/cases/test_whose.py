"""If the registered voters are another bureau's, the other figures are in doubt, and nothing is certain."""

import numpy as np
import pytest

from tests.verify.night_builder import CHOICES, INSEE, Night
from verify.cases.doubts import of_others
from verify.explanations.side_by_side import lay_out
from verify.model.cases import Case, Sure


def of_bureau(night: Night, bureau: str) -> dict[str, Case]:
    """The cases of a bureau that correct figures, by their cause."""
    cases = night.run().cases
    return {
        case.cause.name: case
        for case in cases
        if case.detail.corrections and any(place.bureau == bureau for place in case.places)
    }


def registered(night: Night, bureau: str) -> int:
    return int(night.row("univers.csv", bureau)["inscrits"])


@pytest.mark.parametrize(
    ("taken", "moved", "sure"),
    [
        ("own", 30, Sure.CERTAIN),
        ("other", 0, Sure.LIKELY),
        ("other", 3, Sure.CERTAIN),  # the roll may have moved, but nothing says whose the row is
        ("both", 3, Sure.LIKELY),
        ("copied", 3, Sure.LIKELY),
    ],
)
def test_registered_voters_of_another_bureau_are_no_certain_slip(
    night: Night, taken: str, moved: int, sure: Sure
) -> None:
    one, other = registered(night, "0001"), registered(night, "0002")
    assert one != other
    night.row("pv.csv", "0001")["inscrits"] = str((one if taken == "own" else other) + moved)
    if taken == "both":
        night.row("pv.csv", "0002")["inscrits"] = str(one - moved)
    elif taken == "copied":
        night.row("pv.csv", "0002")["inscrits"] = night.row("pv.csv", "0001")["inscrits"]
    assert of_bureau(night, "0001")["registered-differ"].sure is sure


def with_rolls(night: Night, one: tuple[int, int], other: tuple[int, int]) -> Night:
    """The night with other registered voters of two bureaux: by the list, and by the PV."""
    for bureau, (listed, stated) in (("0001", one), ("0002", other)):
        night.row("univers.csv", bureau)["inscrits"] = str(listed)
        night.row("pv.csv", bureau)["inscrits"] = str(stated)
    return night


def exchanged_pvs(night: Night) -> list[bool]:
    """Whether the PV of either of two bureaux is the other's."""
    grid = lay_out(night.load(), np.array([0, 1]), np.array([0, 0]))
    record = [piece.kind for piece in grid.pieces].index("pv")
    return list(of_others(grid)[:, record].tolist())


def test_rolls_that_moved_a_little_are_no_exchange(night: Night) -> None:
    with_rolls(night, (900, 903), (908, 904))
    assert of_bureau(night, "0001") == {}  # so few are added on the day: each count may be right
    assert exchanged_pvs(night) == [False, False]


def test_of_two_exchanged_numbers_however_near_each_is_of_the_other(night: Night) -> None:
    assert exchanged_pvs(with_rolls(night, (900, 910), (909, 901))) == [True, True]


@pytest.mark.parametrize("copied", [True, False])
def test_a_copied_pv_is_of_the_other_bureau_however_near_their_numbers_are(night: Night, copied: bool) -> None:
    night.row("univers.csv", "0001")["inscrits"] = "853"
    one, other = night.row("pv.csv", "0001"), night.row("pv.csv", "0002")
    one["inscrits"] = other["inscrits"]
    if copied:
        one["votes_trouves"] = other["votes_trouves"]
    assert exchanged_pvs(night) == [copied, False]


@pytest.mark.parametrize("strange", [False, True])
def test_figures_beside_those_of_another_bureau_are_not_certain(night: Night, strange: bool) -> None:
    night.add("pv.csv", "0001", "votes_trouves", 100)
    if strange:
        night.row("pv.csv", "0001")["inscrits"] = str(registered(night, "0003"))
    [wrong] = [case for name, case in of_bureau(night, "0001").items() if name != "registered-differ"]
    assert [(each.place.insee, str(each.field)) for each in wrong.detail.corrections if not each.copied] == [
        (INSEE, "votes_found")
    ]
    assert wrong.sure is (Sure.LIKELY if strange else Sure.CERTAIN)


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
