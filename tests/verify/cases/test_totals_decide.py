"""A row of totals of the same table, and the rows of other bureaux, decide between readings of a bureau."""

from pathlib import Path

import pytest

from regard.language import show
from tests.sources import put_text
from tests.verify.night_builder import audited
from verify.cases.wording import describe
from verify.model.cases import Sure

HEAD = (
    "Code INSEE",
    "Commune",
    "Bureau",
    "Inscrits",
    "Votants",
    "Blancs",
    "Nuls",
    "Exprimés",
    "DURAND Anne",
    "PETIT Luc",
)
NAMES = {name: at for at, name in enumerate(HEAD[3:])}
ROWS = {
    "0001": (1043, 688, 12, 0, 676, 345, 331),
    "0002": (1118, 757, 15, 0, 742, 358, 384),
    "0003": (976, 641, 9, 0, 632, 286, 346),
    "0004": (1087, 702, 11, 0, 691, 372, 319),
    "0005": (1012, 663, 8, 0, 655, 317, 338),
    "0006": (998, 655, 14, 0, 641, 322, 319),
}
"""Counts of a town as they are."""
VOTES_OF_4 = "0005", dict(zip(HEAD[-2:], ROWS["0004"][-2:], strict=True))
ROW_OF_4 = "0005", dict(zip(NAMES, ROWS["0004"], strict=True))
TWICE = ("0006", {"Exprimés": 627})
"""Blank votes taken off twice."""


def cases_of(
    folder: Path, wrong: dict[str, dict[str, int]], total: dict[str, int] | None
) -> dict[str, tuple[Sure, str]]:
    """By bureau, how sure its case on figures is, and its sentence; ``total`` has what its row has otherwise."""
    stated = {code: [*counts] for code, counts in ROWS.items()}
    for code, changes in wrong.items():
        for name, value in changes.items():
            stated[code][NAMES[name]] = value
    rows = [("29999", "Essai", code, *counts) for code, counts in stated.items()]
    if total is not None:
        sums = dict(zip(NAMES, map(sum, zip(*ROWS.values(), strict=True)), strict=True)) | total
        rows.append(("", "TOTAL", "", *sums.values()))
    pv, listed = folder / "pv.csv", folder / "emargements.csv"
    put_text(pv, "\n".join(";".join(map(str, row)) for row in (HEAD, *rows)) + "\n")
    signed = "\n".join(f"29999;Essai;{code};{counts[1]}" for code, counts in ROWS.items())
    put_text(listed, f"Code INSEE;Commune;Bureau;Émargements\n{signed}\n")
    found = audited(records=(pv,), signatures=(listed,))
    named = ((case.places[0].bureau, case) for case in found.cases if case.places[0].bureau)
    return {bureau: (case.sure, show("en", describe(case, found.findings))) for bureau, case in named}


FORMULAS = {"Exprimés": sum(row[4] for row in ROWS.values()) - 14}
"""A total that adds up what the table says."""


@pytest.mark.parametrize(
    ("wrong", "total", "sure", "says", "never"),
    [
        (TWICE, {}, Sure.CERTAIN, "valid votes, 627 in the PV, should read 641", "14"),
        (TWICE, {"Votants": 9000}, Sure.CERTAIN, "valid votes, 627 in the PV, should read 641", "14"),
        (TWICE, None, Sure.OPEN, "Either 627 in the PV should read 641", "null"),
        (TWICE, FORMULAS, Sure.OPEN, "Either 627 in the PV should read 641", "null"),
        (VOTES_OF_4, {}, Sure.CERTAIN, "319 in the PV, should read 338", "283"),
        (VOTES_OF_4, None, Sure.OPEN, "319 in the PV, is the figure of bureau 0004", "283"),
        (ROW_OF_4, None, Sure.OPEN, "702 in the PV, is the figure of bureau 0004", "283"),
        # a figure that nothing but itself speaks for stays a question, and so does one of which no total says a thing
        (("0005", {"DURAND Anne": 299}), None, Sure.OPEN, "Either", "bureau 0004"),
    ],
)  # fmt: skip
def test_the_reading_that_fits_leads(
    tmp_path: Path, wrong: tuple[str, dict[str, int]], total: dict[str, int] | None, sure: Sure, says: str, never: str
) -> None:
    bureau, changes = wrong
    said = cases_of(tmp_path, {bureau: changes}, total)
    assert list(said) == [bureau]
    assert said[bureau][0] is sure, said
    assert says in said[bureau][1]
    assert never not in said[bureau][1]


def test_two_bureaux_that_a_total_cannot_tell_apart_stay_open(tmp_path: Path) -> None:
    wrong = dict((TWICE, ("0003", {"Exprimés": 601})))
    assert {sure for sure, _ in cases_of(tmp_path, wrong, {}).values()} == {Sure.OPEN}
