"""Whose the figures are: rows of one another, and what is certain beside them."""

from tests.sources import new_folder
from tests.verify.night_builder import CHOICES, Night, audited
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


def test_a_row_that_is_its_own_but_for_its_votes_is_not_taken_for_a_neighbours() -> None:
    """The list has a neighbour's signatures, and a publication that neighbour's votes moved on by a line.

    A PV of the commune is another's, so that rows are looked for elsewhere.
    """
    names = [f"CHOIX {at}" for at in range(12)]
    voters = {"0001": 536, "0002": 550, "0003": 611, "0004": 498}
    votes = {code: [(found - 12) // 12 + 7 * at - 38 for at in range(12)] for code, found in voters.items()}
    valid = {code: sum(each) for code, each in votes.items()}
    rows = [f"77001;Essai;{code};900;{sum_ + 12};{sum_ + 12};9;3;{sum_}" for code, sum_ in valid.items()]
    head = "Code INSEE;Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés"
    shown = votes | {"0002": [votes["0002"][0], *votes["0002"][:-1]]}
    pvs = [f"{row};{';'.join(map(str, each))}" for row, each in zip(rows, votes.values(), strict=True)]
    pvs[3] = pvs[2].replace(";0003;", ";0004;")
    results = [f"{row};{';'.join(map(str, each))}" for row, each in zip(rows, shown.values(), strict=True)]
    signed = {code: sum_ + 12 for code, sum_ in valid.items()} | {"0001": valid["0002"] + 12}
    lists = ["Code INSEE;Bureau;Inscrits;Émargements", *(f"77001;{code};900;{each}" for code, each in signed.items())]
    head = ";".join((head, *names))
    tables = {"pv.csv": [head, *pvs], "publie.csv": [head.replace("Votes trouvés", "Votants"), *results]}
    folder = new_folder({name: "\n".join(rows) for name, rows in (tables | {"emargements.csv": lists}).items()})
    cases = [case for case in audited(folder).cases if case.detail.corrections]
    said = {(case.piece, place.bureau) for case in cases for place in case.places}
    assert said == {("publie", "0002"), ("pv", "0004")}
