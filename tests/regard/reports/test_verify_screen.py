"""The screen of `regard verify`: outcomes, and what could not be checked, in lines that can be taken in."""

from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from protocol.words import msg
from regard.reports.case_screen import show_cases, show_changes
from regard.reports.summary import Detail, summarise
from regard.reports.unchecked_screen import lacking, show_unchecked
from tests.regard.reports.test_case_screen import made_up, screen
from tests.regard.test_verify_night import damaged_night, plain_environment
from tests.verify.night_builder import audited, small_night
from verify.audit import Audit
from verify.cases.drafting import Drafting
from verify.model.case_table import CaseTable
from verify.model.finding_table import FindingTable
from verify.model.findings import finding
from verify.model.rule_results import Side

__all__ = ["plain_environment"]  # a fixture


def test_quiet_is_the_last_sentence_alone(language: str, tmp_path: Path) -> None:
    result = damaged_night().run()
    shown = " ".join(screen(result, summarise, language, 500)).split(". ")
    [line] = screen(result, partial(summarise, detail=Detail.LEAST), language, 500)
    assert line.removesuffix(".") in " ".join(shown)
    assert line.count(".") == 1
    listed = tmp_path / "listes.csv"
    listed.write_text("INSEE;Bureau;Émargements\n77001;1;700\n77001;3;5\n", encoding="utf-8")
    alone = audited(files=(listed,))
    [line] = screen(alone, partial(summarise, detail=Detail.LEAST), language, 500)
    assert line.startswith({"en": "Nothing was compared; ", "fr": "Rien n'a été "}[language])


def judged(tmp_path: Path, *contests: tuple[str, str], code: str = "V501", votes: int = 1234) -> Audit:
    """An audit whose findings are on contests of those names and verdicts."""
    honest = small_night().run()
    table = FindingTable(
        finding(
            code,
            Side("publie.txt", 9000),
            Side("emargements.csv", votes),
            field="valid",
            details={
                "contest": name,
                "verdict": verdict,
                "conclusion": msg("The outcome can change."),
                "steps": msg("Outcome with these figures: {outcome}.", outcome="x"),
            },
        )
        for name, verdict in contests
    )
    return Audit(honest.inputs, honest.coverage, table, CaseTable(table, Drafting(table, ()).done()), honest.thresholds)


def test_the_verdict_on_a_contest_is_said_line_by_line() -> None:
    lines = screen(damaged_night().run(), show_changes)
    assert lines[:3] == [
        "What it could change",
        "  Scrutin 1",
        "  Which outcomes the evidence allows, by the readings that cases give (V503)",
    ]
    lines = [
        *lines[:2],
        *lines[lines.index("  What annulling the bureaux with unmentioned gaps would change (V502)") :],
    ]
    labels = [line[4:20].rstrip() for line in lines[3:] if line[4:5].strip()]
    assert labels == ["as it stands", "with corrections", "step by step"]
    steps = [line[22:] for line in lines if line[22:24] == "- "]
    assert [step[:10] for step in steps[:2]] == ["- Votes: v", "- Bureaux:"]
    assert "- Outcome with these figures: ahead: “ZOLA Émile”." in steps
    assert all(line.startswith(" " * 22) for line in lines[4:-1] if not line[4:20].strip())


@pytest.mark.parametrize("width", [30, 50, 80])
def test_no_line_is_wider_than_the_screen(width: int, language: str) -> None:
    result = damaged_night().run()
    for detail in Detail:
        assert max(map(len, screen(result, partial(summarise, detail=detail), language, width))) <= width


def test_contests_that_can_change_are_never_left_out_for_others(tmp_path: Path) -> None:
    result = judged(tmp_path, *((f"Contest {at}", "not material") for at in range(3)), ("Close", "material"))
    lines = screen(result, show_changes)
    contests = [line.strip() for line in lines if line.startswith("  C")]
    assert contests == ["Close", "Contest 0", "Contest 1", "Contest 2"]
    shown = screen(result, summarise)
    assert any(line.startswith("  Close: ") for line in shown)
    assert "  And 2 more contests: in the report." in shown
    said = " ".join(" ".join(lines).split())
    assert " as it stands 1,234 votes beyond signatures or voters, for 9,000 valid votes." in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("V501", ("1 vote beyond signatures", "1 vote de plus que d'émargements ou de votants, pour")),
        ("V502", ("1 of 9,000 valid votes is in a bureau", "1 des 9 000 exprimés est dans un bureau")),
    ],
)
def test_one_vote_is_said_in_the_singular(tmp_path: Path, code: str, said: tuple[str, str]) -> None:
    result = judged(tmp_path, ("Close", "material"), code=code, votes=1)
    for language, expected in zip(("en", "fr"), said, strict=True):
        lines = " ".join(" ".join(screen(result, show_changes, language)).split())
        assert expected in lines.replace("\u202f", " ").replace("\xa0", " ")


def test_what_is_missing_is_said_with_what_it_would_allow() -> None:
    result = damaged_night().run()
    said = " ".join(" ".join(screen(result, show_unchecked)).split())
    assert "images of urns count the stored votes of each machine again (26 rules: " in said
    assert "1 bureau without exports: 29 rules could not be checked there (Témoin-sur-Seine 0A11)" in said
    assert "R217" not in said
    assert "(2 rules: R214, T335)" in said
    french = " ".join(" ".join(screen(result, show_unchecked, "fr")).split())
    assert "images d'urnes recompter les votes enregistrés dans chaque machine (26 règles : " in french


def test_nothing_is_said_where_everything_was_checked(tmp_path: Path) -> None:
    result = made_up(tmp_path, [], lambda drafting: None)
    assert screen(result, show_unchecked)
    result.coverage.unchecked.clear()
    assert screen(result, show_unchecked) == []


def test_a_rule_that_needs_one_of_several_kinds_is_of_each() -> None:
    both = ("exports", "exports|modules")
    unchecked = {"A": ("exports|modules",), "B": ("exports", "pv"), "C": both, "D": ("pv: blank",)}
    assert list(lacking(unchecked).items()) == [  # what is on paper first
        ("pv", ["B"]),
        ("exports", ["A", "B", "C"]),
        ("modules", ["A", "C"]),
        ("pv: blank", ["D"]),
    ]


def test_two_kinds_that_are_missing_are_said_in_the_grammar_of_the_language() -> None:
    night = damaged_night()
    night.published["publie.txt"] = [each for each in night.published["publie.txt"] if each.bureau != "0A11"]
    result = night.run()
    assert "1 bureau without exports or results published by bureau: " in " ".join(screen(result, show_unchecked))
    assert "1 bureau sans exports ni résultats publiés par bureau : " in " ".join(screen(result, show_unchecked, "fr"))


def test_where_a_dump_begins_is_said_only_where_it_is_not_the_start_of_its_file() -> None:
    night = damaged_night()
    night.exports["batch.esf"] = night.exports.pop("77001-0001-1-1.esf") + b"?" * 576
    said = " ".join(" ".join(screen(night.run(), show_cases)).split())
    assert "exports/photo.png does not begin" in said
    assert "exports/batch.esf@576" in said


def test_blank_lines_stand_between_parts_and_nowhere_else() -> None:
    for night in (small_night(), damaged_night()):
        result = night.run()
        for detail in Detail:
            lines = screen(result, partial(summarise, detail=detail))
            assert lines[0]
            assert lines[-1]
            assert ("", "") not in set(pairwise(lines))
