"""`plan.html`: that all of a plan is on it, in one language, and what it says in particular cases."""

import re
from dataclasses import replace
from html import unescape

import pytest

from regard.office.contents import PlannedTown
from regard.office.plan_page import plan_page
from tests.regard.office.plans import bureau, near, plan

WAITS = [3.0, 14.8, 31.0, 52.0]


def shown(of: PlannedTown, code: str = "en") -> str:
    """Text of the page, without its pictures."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", plan_page(of, code).decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def table(of: PlannedTown, caption: str, code: str = "en") -> list[list[str]]:
    """The cells of a table by its name, its head first."""
    text = plan_page(of, code).decode()
    found = re.search(rf'aria-label="{re.escape(caption)}[^"]*">\n<table[^>]*>(.*?)</table>', text, re.DOTALL)
    assert found, caption
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_the_page_stands_alone_and_is_the_same_for_the_same_plan() -> None:
    page = plan_page(plan(WAITS, scenarios=3), "fr")
    assert page == plan_page(plan(WAITS, scenarios=3), "fr")
    assert not re.search(rb'(src|href)=(?!"#)|@import|https?://|<script', page)
    assert b'<html lang="fr"' in page


def test_it_begins_with_what_is_wrong() -> None:
    text = shown(plan(WAITS))
    assert "Le Havre: 4 bureaux 1,000 simulated days" in text
    assert "In 2 bureaux of 4 the longest wait of the day is above 15 min on average" in text
    assert "on average over 1,000 days, is above 15 minutes" in text
    assert "above 7.5 minutes" in shown(replace(plan(WAITS), limit=7.5))
    assert "dépasse 1,5 min." in shown(replace(plan(WAITS), limit=1.5), "fr")  # singular below 2


def test_the_machine_is_said_to_be_a_model_with_what_was_assumed_and_not_used() -> None:
    text = shown(plan(WAITS))
    assert "The voting machine and its voters are a model" in text
    assert "two tables in every bureau" in text
    assert "column “téléphone”" in text
    assert table(plan(WAITS), "Files that were read")[1] == ["ville.xlsx", "sheet Bureaux", "ab" * 32]
    assert "regard 1.0, seed 1" in text


def test_all_bureaux_are_in_a_table_and_what_was_assumed_has_a_star() -> None:
    rows = table(plan(WAITS), "All bureaux")
    assert [row[0] for row in rows[1:]] == ["0001", "0002", "0003", "0004"]
    assert rows[3] == [
        *("0003", "539", "1", "2 *", "8:00–19:00", "7.8", "15.5", "31.0 (30.6–31.4)", "62.0", "12", "19:06", "above"),
    ]
    assert [row[-1] for row in rows[1:]] == ["within", "too close to say", "above", "above"]
    assert "* not in the list, and assumed" in shown(plan(WAITS))
    assert len(table(plan([1.0] * 1400), "All bureaux")) == 1401


def test_the_worst_five_come_first() -> None:
    rows = table(plan([1.0, 9.0, 3.0, 7.0, 5.0, 8.0, 2.0]), "The bureaux with the longest waits")
    assert [row[0] for row in rows[1:]] == ["0002", "0006", "0004", "0005", "0003"]


def test_two_figures_side_by_side_that_look_contradictory_are_explained() -> None:
    said = " ".join(shown(plan(WAITS)).split())
    assert said.index("95 of 100 wait at most (min)") < said.index("The first can so be above the second.")


def test_an_hour_of_the_town_is_that_of_all_its_bureaux() -> None:
    rows = table(plan([4.0, 8.0]), "Arrivals, wait and queue by hour")
    assert rows[1] == ["8:00", "120", "1.5", "0", "0"]
    assert rows[7] == ["14:00", "120", "1.5", "12", "12"]


def test_those_who_leave_are_on_it_exactly_where_patience_was_asked_for() -> None:
    left = "Leave without voting, people a day"
    one = table(plan(WAITS), "All bureaux")
    assert left not in one[0]
    rows = table(plan(WAITS, scenarios=2), "Scenarios compared")
    assert [row[-1] for row in rows] == [left, "–", "3.2"]
    assert "scenario 1: 3.2 voters a day leave without having voted." in shown(plan(WAITS, scenarios=2))
    first = plan(WAITS).first
    patient = replace(first, settings={"service": "42", "patience": "30"}, town=replace(first.town, lost=0.0))
    asked = replace(plan(WAITS), scenarios=(patient,))
    assert table(asked, "All bureaux")[1][-2] == "0.0"
    assert left in table(asked, "The bureaux with the longest waits")[0]
    many = replace(patient, town=replace(first.town, lost=14_822.8))
    assert table(replace(asked, scenarios=(many, many)), "Scenarios compared")[1][-1] == "14,823"


def test_scenarios_are_compared_with_the_first() -> None:
    rows = table(plan(WAITS, scenarios=3), "Scenarios compared")
    assert [row[:2] for row in rows[1:]] == [["1. as planned", "2"], ["2. scenario 1", "3"], ["3. scenario 2", "4"]]
    assert [row[4] for row in rows[1:]] == ["–", "+8.0 (7.6 to 8.4)", "worst bureau +26.0, average +9.0"]
    each = table(plan(WAITS, scenarios=3), "Longest wait of the day in each bureau, by scenario")
    assert each == [
        ["Bureau", "1", "2", "3"],
        *([f"{at:04}", *(f"{wait + more:.1f}" for more in (0, 8, 16))] for at, wait in enumerate(WAITS, 1)),
    ]
    assert "in bureau 0004, where it costs most, 20.0 min become 46.0 (+26.0)" in shown(plan(WAITS, scenarios=3))
    assert "Where a machine is out" not in shown(plan(WAITS, scenarios=2))
    assert "The row of a bureau assumes that its own machine fails." in shown(plan(WAITS, scenarios=3))
    alone = shown(plan(WAITS))
    assert "Scenarios" not in alone


def test_a_scenario_that_is_better_has_a_minus() -> None:
    better = plan(WAITS, scenarios=2)
    second = better.scenarios[1]
    assert second.difference is not None
    for found, said in (
        (near(-3.0), "−3.0 (−3.4 to −2.6)"),
        (near(-0.04, 0.02), "0.0 (−0.1 to 0.0)"),
        (near(0.04, 0.0), "0.0 (0.0 to 0.0)"),
        (near(0.06, 0.5), "+0.1 (−0.4 to 0.6)"),
    ):
        changed = replace(second, difference=replace(second.difference, longest=found))
        rows = table(replace(better, scenarios=(better.first, changed)), "Scenarios compared")
        assert rows[2][4] == said


def test_the_fewest_are_told_for_every_bureau_that_is_to_change() -> None:
    waits = [2.0 + at for at in range(40)]
    rows = table(plan(waits), "What each bureau needs")
    assert len(rows) == 1 + sum(wait > 15 for wait in waits)
    assert rows[1] == ["0015", "1 → 2", "2", "9.0", "44.0", "12.0"]
    moved = table(plan(waits), "Voters to be moved")
    assert len(moved) == 41
    assert moved[1] == ["0015", "695", "700", "−120"]
    assert moved[-1][-1] == "+120"
    assert "What each bureau needs" not in shown(plan([1.0]))


def test_a_bureau_that_no_number_of_machines_keeps_within_the_limit_comes_first() -> None:
    of = plan([20.0, 30.0])
    beyond = replace(of.fewest.machines.bureaux[1], needed=None, wait=None)
    machines = replace(of.fewest.machines, bureaux=(of.fewest.machines.bureaux[0], beyond))
    rows = table(replace(of, fewest=replace(of.fewest, machines=machines)), "What each bureau needs")
    assert [row[:2] for row in rows[1:]] == [["0002", "3 → –"], ["0001", "2 → 3"]]


def test_several_communes_are_named() -> None:
    places = [bureau(1), bureau(1, insee="29019", commune="Brest"), bureau(2, insee="29019", commune="")]
    of = plan([3.0, 30.0, 20.0], places)
    assert [row[0] for row in table(of, "All bureaux")[1:]] == ["Le Havre 0001", "Brest 0001", "29019 0002"]
    assert shown(of).startswith("3 bureaux To the content")


@pytest.mark.parametrize("where", ["commune", "code"])
def test_names_of_a_list_are_shown_and_not_run(where: str) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    of = plan(WAITS[:2], [bureau(1, **{where: hostile}), bureau(2)], scenarios=2)
    second = replace(of.scenarios[1], name=hostile, told=(hostile,))
    page = plan_page(
        replace(
            of,
            scenarios=(of.first, second),
            inputs=(replace(of.inputs[0], path=hostile, note=hostile, unused=(hostile,)),),
            assumptions=(hostile,),
        ),
        "en",
    ).decode()
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;\ufffd") > 6
