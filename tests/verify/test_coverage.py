"""Coverage: for every bureau, what was checked by which rules and what could not be."""

import json
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.verify.night_builder import INSEE, OTHER_INSEE, export_file, small_night
from verify.coverage import ON_REQUEST, Group
from verify.rulebook.catalogue import rules

MACHINES = {(INSEE, "0001"), (INSEE, "0002"), (INSEE, "0003"), (OTHER_INSEE, "0A11")}
PAPER = (INSEE, "0004")


def groups_of(**changes: object) -> dict[frozenset[tuple[str, str]], Group]:
    night = small_night()
    night.incomplete()
    for bureau in changes.get("without_pv", ()):  # type: ignore[attr-defined]
        night.drop("pv.csv", bureau)
    for bureau in changes.get("without_export", ()):  # type: ignore[attr-defined]
        del night.exports[export_file(bureau)]
    for bureau in changes.get("blank", ()):  # type: ignore[attr-defined]
        night.row("pv.csv", bureau)["blancs"] = ""
    return {frozenset(group.bureaux): group for group in night.run().coverage.groups}


def test_machine_and_paper_bureaux_with_everything() -> None:
    found = groups_of()
    assert set(found) == {frozenset(MACHINES), frozenset({PAPER})}
    machines, paper = found[frozenset(MACHINES)], found[frozenset({PAPER})]
    assert (machines.counting, paper.counting) == ("machine", "papier")
    assert machines.evidence == ("exports", "emargements", "pv", "voix", "publie")
    assert paper.evidence == ("emargements", "pv", "voix", "publie")
    assert {"M101", "R201", "R206", "R207", "T301"} <= set(machines.checked)
    assert {"R201", "R210", "T301"} <= set(paper.checked)
    assert machines.unchecked["M103"] == ("modules",)
    # a machine's rules say nothing of paper: neither checked there nor missing
    assert not {"M101", "M103", "R206", "A103"} & {*paper.checked, *paper.unchecked}
    assert paper.lacks(machines.evidence) == []


def test_a_figure_that_the_pv_leaves_blank() -> None:
    found = groups_of(blank=["0001"])
    group = found[frozenset({(INSEE, "0001")})]
    assert group.unchecked["R208"] == ("pv: blank",)
    assert "R206" in group.checked


def test_every_bureau_is_in_one_group_and_every_rule_on_bureaux_in_one_place() -> None:
    groups = small_night(polls=2, by_constituency=True).run().coverage.groups
    bureaux = [bureau for group in groups for bureau in group.bureaux]
    assert sorted(bureaux) == sorted({*MACHINES, PAPER})
    way_up = {
        code for code, rule in rules().items() if "montee" in rule.needs
    }  # named only where there is such evidence
    on_bureaux = {code for code, rule in rules().items() if rule.level == "bureau"} - way_up - ON_REQUEST
    for group in groups:
        assert not set(group.checked) & set(group.unchecked)
        if group.counting == "machine":
            assert {*group.checked, *group.unchecked, *group.idle} == on_bureaux


def test_a_pv_for_one_of_two_polls_is_not_one_for_both() -> None:
    night = small_night(polls=2)
    night.incomplete()
    night.drop("pv.csv", "0001", poll=2)
    found = {frozenset(group.bureaux): group for group in night.run().coverage.groups}
    assert "pv" not in found[frozenset({(INSEE, "0001")})].evidence


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 bureau without PVs:", "2 bureaux without PVs:"),
        ("fr", "1 bureau sans PV :", "2 bureaux sans PV :"),
    ],
)
def test_the_report_names_what_differs(tmp_path: Path, cli: CommandLine, language: str, one: str, two: str) -> None:
    night = small_night()
    night.incomplete()
    path = tmp_path / "found.json"
    arguments = ["verify", str(tmp_path / "night"), "--verbose", "--lang", language, "--json", str(path)]
    for bureau, said in (("0001", one), ("0002", two)):
        night.drop("pv.csv", bureau)
        night.write(tmp_path / "night")
        cli(*arguments, code=None)
        assert said in cli.said
    groups = json.loads(path.read_bytes())["coverage"]["groups"]
    [less] = [group for group in groups if group["bureaux"] == {INSEE: ["0001", "0002"]}]
    assert less["not_checked"]["R206"] == ["pv"]
    assert less["evidence"] == ["exports", "emargements", "voix", "publie"]
    overall = json.loads(path.read_bytes())["coverage"]["rules"]["not_checked"]
    fewer = len(less["not_checked"].keys() - overall)
    assert f"{said} {fewer} " in cli.said
