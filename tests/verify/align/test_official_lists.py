"""Official lists: divisions of several polls, missing lists; one finding for the cause, none for its effects."""

import numpy as np

from regard.reports.tables import figures_of
from tests.verify.night_builder import INSEE, OTHER_INSEE, Night, export_file, grave, small_night


def two_divisions() -> Night:
    """Poll 1 by canton, with lists of choices of its own for each; poll 2 by region, with one list for all."""
    night, cantons = small_night(2), small_night(1, by_constituency=True)
    for name, rows in night.tables.items():
        if name in ("choix.csv", "voix.csv"):
            rows[:] = [row for row in rows if row["scrutin"] == "2"] + cantons.tables[name]
    for row in night.tables["univers.csv"]:
        row["circonscription"] = "11"
        row["circonscription_1"] = {INSEE: "7701", OTHER_INSEE: "9201"}[row["insee"]]
    for row in night.tables["choix.csv"]:
        row["circonscription"] = row["circonscription"] or "11"
    night.exports |= cantons.exports
    for name in night.exports.keys() - cantons.exports.keys():
        _, bureau, _, part = name.removesuffix(".esf").split("-")
        night.change_export(bureau, 2, int(part), constituency="11")
    night.published["publie.txt"] = cantons.published["publie.txt"]
    return night


def test_two_polls_with_divisions_of_their_own() -> None:
    night = two_divisions()
    night.only()
    contests = night.load().contests
    assert [(each.poll, each.constituency) for each in contests.contests] == [(2, "11"), (1, "7701"), (1, "9201")]
    assert contests.of.tolist() == [[1, 0]] * 4 + [[2, 0]]
    columns = figures_of(night.load())
    assert columns["constituency"].tolist() == ["7701", "11"] * 4 + ["9201", "11"]


def test_each_division_is_compared() -> None:
    night = two_divisions()
    night.row("univers.csv", "0001")["circonscription_1"] = "9201"
    codes = {one.code for one in grave(night.run()) if one.poll != 2}
    assert {"A103", "C115"} <= codes
    night = two_divisions()
    night.change_export("0002", 2, constituency="24")
    [found] = night.only("C115")
    assert (found.poll, found.left.value, found.right.value) == (2, "24", "11")


def test_an_empty_division_plays_no_part() -> None:
    night = small_night(2)
    for row in night.tables["univers.csv"]:
        row["circonscription"], row["circonscription_2"] = "7701", ""
    for row in night.tables["choix.csv"]:
        row["circonscription"] = "7701" if row["scrutin"] == "1" else ""
    night.only()


def test_without_a_list_the_machines_say_the_divisions() -> None:
    night = two_divisions()
    night.raw["univers.csv"] = None
    night.drop("voix.csv", "0004", 1)
    night.drop("voix.csv", "0004", 2)
    for rows in night.published.values():
        rows[:] = [row for row in rows if row.bureau != "0004"]
    found = [one for one in grave(night.run()) if one.bureau != "0004"]
    assert [(one.code, one.details.get("bureaux"), one.poll) for one in found] == [("C114", 1, 1), ("C114", 1, 2)]
    evidence = night.load()
    assert evidence.universe.constituency_of(1).tolist() == ["7701", "7701", "7701", "", "9201"]
    assert evidence.universe.constituencies_from == "publie.2.txt, publie.txt, exports"
    assert (evidence.contests.of[[0, 1, 2, 4]] >= 0).all()


def test_a_poll_without_any_list_of_choices_is_one_finding() -> None:
    night = small_night(2)
    night.tables["choix.csv"] = [row for row in night.tables["choix.csv"] if row["scrutin"] == "1"]
    [found] = night.only("C114")
    assert (found.poll, found.details["bureaux"], found.left.source) == (2, 5, "univers.csv")
    assert np.array_equal(night.load().contests.of, [[0, -1]] * 5)
    assert export_file("0001", 2) in night.exports
