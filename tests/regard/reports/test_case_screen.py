"""Cases on a terminal: kinds in their order, by commune, the rest counted, infos and screens apart."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from protocol.evidence_kinds import EvidenceKind
from regard.language import show
from regard.reports.case_screen import show_cases
from regard.reports.rows import case_blocks
from regard.reports.screen import Screen
from regard.reports.summary import Detail, summarise
from regard.terminal import console
from tests.regard.test_verify_night import damaged_night, plain_environment
from tests.sources import put_text
from tests.verify.night_builder import CURIE, Night, loaded, small_night
from verify import audit
from verify.audit import Audit
from verify.cases.consequences import find_consequences
from verify.cases.drafting import Drafting
from verify.loading import load
from verify.model.case_table import CaseTable, consequence_of
from verify.model.cases import Sure
from verify.model.evidence import Sources
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Severity, finding
from verify.model.rule_results import Side

__all__ = ["plain_environment"]  # a fixture
Draft = Callable[[Drafting], None]
whole = partial(summarise, detail=Detail.ALL)


def screen(result: Audit, show: Callable[..., None], language: str = "en", width: int = 80) -> list[str]:
    """The lines that a screen of that width has."""
    file = io.StringIO()
    to = console(file)
    to.width = width
    show(result, Screen(language, to, whole=True))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def made_up(tmp_path: Path, findings: Sequence[tuple[str, str, str]], draft: Draft) -> Audit:
    """An audit with findings of those codes and places, and the cases that are drafted of them."""
    honest = small_night().run()
    side = Side("pv.csv:2", 3), Side("pv.csv:2", 4)
    details = {"votes": 3, "others": 2}
    table = FindingTable(
        finding(code, *side, field="blank", insee=insee, bureau=bureau, poll=1, details=details)
        for code, insee, bureau in findings
    )
    drafting = Drafting(table, ())
    draft(drafting)
    cases = CaseTable(table, drafting.done())
    return Audit(honest.inputs, honest.coverage, table, cases, honest.thresholds)


def test_irregularities_come_first_and_missing_evidence_last() -> None:
    night = damaged_night()
    lines = screen(night.run(), show_cases)
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings == [
        "Irregularities and gaps that remain: 1",
        "Figures to read again: 2",
        "Evidence missing or damaged: 2",
    ]
    assert lines[1:3] == [
        "  Essai-sur-Marne (77001)",
        "    0001  open  626 votes for 628 signatures, a gap of 2, of which no remark in",
    ]
    french = screen(night.run(), show_cases, "fr")
    assert french[0] == "Irrégularités et écarts qui demeurent : 1"
    assert any(line.startswith("    0001  à éclaircir  626 votes pour 628 émargements") for line in french)


def test_cases_come_before_findings_and_both_are_counted_at_the_end() -> None:
    lines = screen(damaged_night().run(), whole)
    starts = (
        "Irregularities and gaps that remain",
        "What it could change",
        "What could not be checked",
        "Findings by rule",
        "5 cases.",
    )
    places = [next(at for at, line in enumerate(lines) if line.startswith(start)) for start in starts]
    assert places == sorted(places)


def test_infos_are_counted_and_a_case_of_two_communes_names_both(tmp_path: Path) -> None:
    def two(drafting: Drafting) -> None:
        keys = drafting.keys
        grave = [row for row in range(len(drafting.table)) if keys.severity[row] > 1]
        rest = [row for row in range(len(drafting.table)) if keys.severity[row] == 1]
        drafting.add("constant-added", grave, Sure.LIKELY, "emargements")
        drafting.add("row-missing", rest, Sure.OPEN, "publie")

    findings = [("R208", CURIE, "0001"), ("R208", "92002", "0001"), ("C104", CURIE, "0002")]
    lines = screen(made_up(tmp_path, findings, two), show_cases)
    assert lines[:2] == ["Figures to read again: 1", "  several communes"]
    assert lines[2].split()[:5] == ["likely", "Témoin-sur-Seine,", "bureau", "0001", "and"]
    assert "1 further case is for information only: --json, --csv" in lines
    assert not any(line.startswith("Evidence missing") for line in lines)
    ending = screen(made_up(tmp_path / "again", findings, two), whole)
    assert "1 case, and 1 for information." in ending


def test_a_commune_without_a_name_is_its_code(tmp_path: Path) -> None:
    def gap(drafting: Drafting) -> None:
        drafting.add("figure-wrong", [0], Sure.LIKELY, "pv")

    result = made_up(tmp_path, [("R208", CURIE, "0001")], gap)
    coverage = replace(result.coverage, communes={CURIE: "   "})
    assert screen(replace(result, coverage=coverage), show_cases)[1] == f"  {CURIE}"


def test_every_bad_line_of_a_file_is_named_up_to_three() -> None:
    night = small_night()
    lines = ["insee;bureau;scrutin;constat;statut", "77001;0099;1;;explique", "77001;0001;1;;expliqe"]
    night.raw["suites.csv"] = "\n".join(lines).encode()
    said = " ".join(" ".join(screen(night.run(), show_cases)).split())
    assert "suites.csv row 2, bureau" in said
    assert "suites.csv row 3, status" in said
    assert "and 1 more" not in said
    night.raw["suites.csv"] = "\n".join([*lines, "77001;1;1;R000;", "77001;1;z;;"]).encode()
    result = night.run()
    said = " ".join(" ".join(screen(result, show_cases)).split())
    assert said.count("suites.csv row") == 3
    assert "; and 1 more (a cell or a row that cannot be read)." in said
    [of_file] = [
        text for rows in case_blocks(result, "en") for each in rows if "suites.csv" in (text := show("en", each.said))
    ]
    assert of_file in said


@pytest.mark.parametrize(("opening", "title"), [("", "a time is missing in the PV"), ("19:30", "the two times of the")])
def test_a_blank_time_is_missing_and_not_exchanged(opening: str, title: str) -> None:
    night = small_night()
    night.row("pv.csv", "0001")["ouverture"] = opening
    [case] = night.run().cases
    assert str(case.cause.title).startswith(title)


def test_a_narrow_screen_has_no_table() -> None:
    lines = screen(damaged_night().run(), whole, width=30)
    assert "0001 open 626 votes for 628" in lines


def test_screens_that_are_in_no_case_are_said_apart(tmp_path: Path, language: str) -> None:
    def none(drafting: Drafting) -> None:
        drafting.add("open-gap", [0], Sure.OPEN, "jour")

    findings = [("R208", CURIE, "0001"), *(("P402", CURIE, f"{number:04}") for number in range(1, 9))]
    result = made_up(tmp_path, findings, none)
    result = replace(result, coverage=replace(result.coverage, communes={CURIE: ""}))  # without a name: its code
    lines = screen(result, whole, language)
    heading = {"en": "Indications in no case", "fr": "Indices hors de tout cas"}[language]
    at = lines.index(heading)
    assert sum("P402" in line for line in lines[at : lines.index("", at)]) == 8
    assert lines[at + 1].startswith(f"  {CURIE} 0001  ")


def test_an_info_that_corrects_a_figure_is_on_the_screen() -> None:
    night = small_night()
    night.row("pv.csv", "0002")["inscrits"] = "580"
    result = night.run()
    assert [case.severity for case in result.cases] == [Severity.INFO]
    lines = screen(result, show_cases)
    assert lines[0] == "Figures to read again: 1"
    assert lines[2].startswith("    0002  certain  registered voters, 580 in the PV, should read 850 (")
    assert "1 case." in screen(result, whole)


def small_gaps() -> Night:
    """A night with four gaps in one commune, one of them large."""
    night = small_night()
    for bureau, gap in (("0001", 1), ("0002", -2), ("0003", 150), ("0004", 1)):
        night.sign(bureau, -gap)
        night.row("pv.csv", bureau)["observations"] = "Il y a un écart d'émargement."
    return night


def test_ones_and_twos_of_a_commune_are_one_line_below_larger_gaps() -> None:
    result = small_gaps().run()
    lines = screen(result, show_cases)
    assert lines[0] == "Irregularities and gaps that remain: 4"  # each stays a case of its own
    assert len(result.cases) == 4
    assert lines[2].startswith("    0003  open  ")
    assert ": 150 more." in lines[2]
    assert " ".join(" ".join(lines[3:]).split()) == (
        "open votes and signatures one or two apart in 3 bureaux: 0001 (+1), 0002 (−2), 0004 (+1)."
    )
    french = " ".join(" ".join(screen(result, show_cases, "fr")).split())
    assert "un ou deux votes d'écart avec les émargements dans 3 bureaux" in french


def test_gaps_by_which_a_result_could_change_are_those_of_its_bureaux(tmp_path: Path) -> None:
    """V501 says of the four gaps that the outcome can change; three of them are votes beyond signatures."""
    evidence = loaded(small_gaps().write(tmp_path / "night"))
    table = audit.run(evidence).findings
    weight = find_consequences(evidence, table)
    assert {found.bureau for found, each in zip(table, weight, strict=True) if each == 1} == {"0001", "0003", "0004"}
    honest = loaded(small_night().write(tmp_path / "honest"))
    assert not find_consequences(honest, audit.run(honest).findings).any()


def test_voters_of_an_hour_decide_nothing_however_far_apart(tmp_path: Path) -> None:
    evidence = loaded(small_night().write(tmp_path / "night"))
    sides = Side("modules/0001.urn", 152, "10h", EvidenceKind.URNS), Side("emargements.csv:2", 1520, "emargements_10h")
    hours = Finding("M112", Severity.WARNING, "bureau", "77001", "0001", 1, "10h", *sides)
    weight = find_consequences(evidence, FindingTable([hours]))
    assert weight.tolist() == [-1]
    assert consequence_of(np.array([1368, 3]), np.array([*weight, 0])).tolist() == [0, 1]


def test_a_piece_that_one_bureau_lacks_comes_before_those_of_bureaux_of_which_nothing_is_given(tmp_path: Path) -> None:
    header, rows = "insee,bureau,scrutin,inscrits,emargements,votes_trouves", [80, 81, 82, 9, 10, 100]
    counts = [f"77001,{code},1,900,7{code},7{code}" for code in rows]
    put_text(tmp_path / "pv.csv", "\n".join([header, counts[0], counts[2]]))
    listed = [f"77001,{code},1,7{code}" for code in rows[:3]]
    put_text(tmp_path / "emargements.csv", "\n".join(["insee,bureau,scrutin,emargements", *listed]))
    results = [f"77001,Essai,{code},900,7{code},7{code},400,3{code}" for code in rows]
    names = "Code INSEE,Commune,Bureau,Inscrits,Votants,Exprimés,ZOLA,CURIE"
    put_text(tmp_path / "resultats.csv", "\n".join([names, *results]))
    sources = Sources(
        records=(tmp_path / "pv.csv",),
        signatures=(tmp_path / "emargements.csv",),
        published=(tmp_path / "resultats.csv",),
    )
    result = audit.run(load(sources))
    lacking = [[each.bureau for each in case.places] for case in result.cases if case.cause.name == "evidence-missing"]
    assert lacking == [["81"], ["9", "10", "100"], ["9", "10", "100"]]
    said = " ".join(" ".join(screen(result, whole)).split())
    assert said.index("(Essai 81)") < said.index("(Essai 9, Essai 10, Essai 100)")
