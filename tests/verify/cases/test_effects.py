"""Possible changes of the outcome and the screens, with the evidence as it stands and as cases would correct it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text
from regard.language import show
from tests.sources import put_text
from tests.verify.night_builder import INSEE, PUBLISHED, ZOLA, Night, audited, findings, infos, small_night
from verify import audit
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.cases.drafting import Drafting
from verify.cases.effects import Looks, look_again
from verify.cases.making import draft_cases
from verify.cases.proof import CONTESTS, found_by
from verify.model.case_table import CaseTable
from verify.model.cases import LIKELY_ENOUGH, CaseDetail, Correction, Drafts, Sure
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Severity
from verify.model.rule_results import Named, Side
from verify.rulebook.causes import causes
from verify.rules import CHECKS

SLIP = 90
"""Votes beyond signatures from two digits exchanged on the sign-in list, 456 for 546: likely, the list alone."""


def night_with_a_slip() -> Night:
    night = small_night()
    night.row("emargements.csv", "0002")["emargements"] = "456"
    return night


def gap(night: Night, bureau: str, votes: int) -> None:
    """So many votes more than signatures, of which no remark speaks."""
    night.sign(bureau, -votes)


def look(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> tuple[FindingTable, Drafts]:
    """`look_again` with the corrections made."""
    sure, with_them = (correct(evidence, drafts.corrections(*some)) for some in ((Sure.CERTAIN,), LIKELY_ENOUGH))
    likely = with_them if drafts.corrections(Sure.LIKELY) else sure
    return look_again(Looks(evidence, sure, sure, likely), table, drafts)


def said(found: Finding, language: str = "en") -> str:
    """The end of a finding's sentence."""
    return show(language, found.message)


def test_votes_beyond_signatures_are_told_as_they_stand_and_with_the_slips_put_right() -> None:
    night = night_with_a_slip()
    gap(night, "0001", 3)
    result = night.run()
    [found] = infos(result, "V501")
    assert found.right.value == SLIP + 3
    assert found.details["verdict"] == "material"
    assert (found.details["corrected_excess"], found.details["corrected_verdict"]) == (SLIP + 3, "material")
    assert (found.details["likely_excess"], found.details["likely_verdict"]) == (3, "not material")
    assert said(found).endswith(
        " If the likely corrections hold too: 3 votes. In the bureaux at hand, this sum "
        "does not change the outcome. Whether these are all bureaux of the contest is not known."
    )
    assert " Si les corrections probables sont justes aussi : 3 votes. " in said(found, "fr")
    [annulment] = infos(result, "V502")
    assert (annulment.right.value, annulment.details["likely_excess"]) == (529 + 606, 606)


def test_what_a_slip_makes_alone_is_nothing_once_it_is_put_right() -> None:
    result = night_with_a_slip().run()
    for code in ("V501", "V502"):
        [found] = infos(result, code)
        assert (found.details["likely_excess"], found.details["likely_verdict"]) == (0, "none")
        assert said(found).endswith(" If the likely corrections hold too, there are none.")


def test_a_verdict_that_corrections_leave_as_it_is_says_so(night: Night) -> None:
    gap(night, "0001", 3)
    night.publish("0002").counts["Votants"] += 90
    [found] = night.infos("V501")
    assert (found.right.value, found.details["corrected_excess"]) == (3, 3)
    assert found.details["corrected_verdict"] == found.details["verdict"]
    assert said(found).endswith(" The conclusion is the same with the certain corrections made.")


def test_fewer_votes_with_the_same_verdict(night: Night) -> None:
    night.row("emargements.csv", "0004")["emargements"] = "402"  # for 420
    gap(night, "0001", 3)
    [found] = night.infos("V501")
    assert (found.right.value, found.details["corrected_excess"], found.details["likely_excess"]) == (21, 21, 3)
    assert said(found).endswith(" If the likely corrections hold too: 3 votes. The verdict is the same.")


@pytest.mark.parametrize("left", [0, 3])
def test_a_sum_concludes_from_certain_corrections_and_never_from_what_they_put_right(left: int) -> None:
    wrong, right = night_with_a_slip(), small_night()
    for night in (wrong, right) if left else ():
        gap(night, "0001", left)
    evidence, sure = wrong.load(), right.load()
    table = FindingTable(found_by(evidence, CONTESTS))
    amended, _ = look_again(Looks(evidence, sure, sure, sure), table, Drafting(table, ()).done())
    [found] = [each for each in amended if each.code == "V501"]
    verdict = "not material" if left else "none"
    assert (found.right.value, found.details["verdict"]) == (left, verdict)
    assert (found.details["corrected_excess"], found.details["corrected_verdict"]) == (left, verdict)
    assert (found.details["stated_excess"], found.details["stated_verdict"]) == (SLIP + left, "material")
    assert "can change" not in said(found)
    assert said(found).startswith(f"Scrutin 1: votes beyond signatures or voters: {left}, ")
    assert said(found).endswith(f" corrections made; as the evidence stands it would be {SLIP + left} votes.")
    if not left:
        assert "There are none. So there is nothing to sum up." in said(found)


def test_nothing_is_said_of_corrections_where_no_case_has_any(night: Night) -> None:
    gap(night, "0001", 3)
    result = night.run()
    assert result.cases.corrections(*Sure) == []
    [found] = infos(result, "V501")
    assert "corrected_excess" not in found.details
    assert "corrections" not in said(found)


def with_corrections(evidence: LinedEvidence, *corrections: Correction, sure: Sure = Sure.LIKELY) -> Audit:
    """An audit with one case more, which has these corrections and a finding of its own."""
    result = audit.run(evidence)
    place = Named(INSEE, "0002", 1)
    own = Finding("C111", Severity.INFO, "night", "", "", 0, "x", Side("a", 1), Side("b", 2))
    table, _ = result.findings.with_others({}, [own])
    drafts = draft_cases(evidence, table)
    assert not len(drafts), "a night without contradictions"
    row = next(index for index, found in enumerate(table) if found.level == "night" and found.left == own.left)
    one = np.zeros(1, np.int64)
    detail = CaseDetail(corrections=corrections, places=(place,))
    cause = causes()["figure-wrong"]
    made = Drafts(
        (cause,), ("emargements",), one, one + list(Sure).index(sure), one, np.array([0, 1]), one + row, {0: detail}
    )
    table, made = look(evidence, table, made)
    return replace(result, findings=table, cases=CaseTable(table, made))


def correction(field: Text, was: int, becomes: int, piece: str = "emargements", bureau: str = "0002") -> Correction:
    return Correction(Named(INSEE, bureau, 1), piece, "", field, was, becomes)


def test_votes_beyond_signatures_that_only_the_corrections_show_are_added() -> None:
    evidence = small_night().load()
    quiet = audit.run(evidence)
    assert infos(quiet, "V501") == []
    result = with_corrections(evidence, correction("signatures", 546, 541))
    [found] = infos(result, "V501")
    assert (found.right.value, found.details["corrected_excess"], found.details["likely_excess"]) == (5, 0, 5)
    assert said(found).endswith("only if the likely corrections hold; as the evidence stands, there are none.")
    [screen] = infos(result, "P401")
    assert (screen.bureau, screen.left.value) == ("0002", 541)
    assert said(screen).endswith(
        " This is so with the certain and likely corrections made, and not as the evidence stands."
    )
    kept = [(found.code, said(found)) for found in result.findings]
    assert [each for each in kept if each in [(found.code, said(found)) for found in quiet.findings]] == [
        (found.code, said(found)) for found in quiet.findings
    ]
    assert len(kept) == len(quiet.findings) + 1 + len(("V501", "V502", "P401"))


def test_an_open_case_changes_nothing() -> None:
    evidence = small_night().load()
    result = with_corrections(evidence, correction("signatures", 546, 541), sure=Sure.OPEN)
    assert infos(result, "V501") == infos(result, "P401") == []


def test_a_screen_that_a_slip_makes_is_in_its_case() -> None:
    result = night_with_a_slip().run()
    [row] = [row for row, found in enumerate(result.findings) if found.code == "P401"]
    [case] = [case for case in result.cases if case.detail.corrections]
    assert result.cases.number[row] == case.number
    assert row in case.findings


def test_a_screen_of_the_bureau_that_is_corrected_goes_into_its_case(night: Night) -> None:
    night.sign("0002", -20)
    evidence = night.load()
    table = FindingTable(findings(audit.run(evidence), "P401", "R201"))
    where = [found.code for found in table].index("R201")
    one = np.zeros(1, np.int64)
    fix = replace(correction("signatures", 526, 546), place=Named(INSEE, "0002", 1))
    details = {0: CaseDetail(corrections=(fix, replace(fix, piece="pv")))}
    drafts = Drafts((causes()["figure-wrong"],), ("pv",), one, one, one, np.array([0, 1]), one + where, details)
    amended, moved = look(evidence, table, drafts)
    assert [found.code for found in amended] == ["R201", "P401"]
    assert CaseTable(amended, moved).number.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("code", "piece", "field", "choice", "explained"),
    [
        ("P401", "emargements", "signatures", -1, True),
        ("P401", "emargements", "registered", -1, False),
        ("P401", "recap", "signatures", -1, False),
        ("P402", "pv", "blank", -1, True),
        ("P402", "emargements", "signatures", -1, False),
        ("P404", "pv", ZOLA, 0, True),
        ("P404", "pv", "blank", -1, False),
        ("P407", "pv", "registered", -1, True),
    ],
)
def test_a_screen_goes_into_a_case_that_corrects_what_it_looks_at(
    code: str, piece: str, field: str, choice: int, explained: bool
) -> None:
    evidence = small_night().load()
    written = Side("voix.csv:3" if code == "P404" else "pv.csv:3", 9, piece=EvidenceKind.RECORDS)
    sides = written, Side("emargements.csv:3", 3, piece=EvidenceKind.SIGNATURES)
    screen = Finding(code, Severity.INFO, "bureau", INSEE, "0002", 1, field, *sides)
    one = np.zeros(1, np.int64)
    other = Finding("R201", Severity.WARNING, "bureau", INSEE, "0002", 1, "x", Side("a", 1), Side("b", 2))
    table = FindingTable([other, screen])
    details = {
        0: CaseDetail(
            corrections=(replace(correction(field, 9, 850 if field == "registered" else 546, piece), choice=choice),)
        )
    }
    drafts = Drafts((causes()["figure-wrong"],), (piece,), one, one, one, np.array([0, 1]), one, details)
    amended, moved = look(evidence, table, drafts)
    number = dict(zip((found.code for found in amended), CaseTable(amended, moved).number.tolist(), strict=True))
    assert (number["R201"], number[code]) == (1, int(explained))


@pytest.mark.parametrize("corrects", [True, False])
def test_a_screen_of_a_commune_says_that_it_is_gone(night: Night, corrects: bool) -> None:
    night.sign("0002", -20)
    evidence = night.load()
    screen = Finding("P409", Severity.INFO, "commune", INSEE, "", 1, "votes", Side(PUBLISHED, 9), Side(INSEE, 3))
    screen = replace(screen, details={"other_votes": 1000})
    table = FindingTable([screen])
    one = np.zeros(1, np.int64)
    fix = correction("signatures", 526, 546)
    details = {0: CaseDetail(corrections=(fix,))} if corrects else {}
    nothing = np.zeros(0, np.int64)
    drafts = Drafts((causes()["figure-wrong"],), ("pv",), one, one, one, np.array([0, 0]), nothing, details)
    amended, _ = look(evidence, table, drafts)
    [found] = [found for found in amended if found.code == "P409"]
    assert said(found).endswith(" With the certain and likely corrections made, nothing is unusual here.") == corrects


def test_where_corrections_cannot_be_made_that_is_told_and_all_findings_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night = night_with_a_slip()
    whole = night.run()

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("verify.audit.correct", fail)
    result = night.run()
    codes = [found.code for found in result.findings]
    assert sorted(["V503", *codes]) == sorted(["I121", *(found.code for found in whole.findings)])
    assert {"R201", "R205"} <= {result.findings[row].code for case in result.cases for row in case.findings}


@pytest.mark.parametrize("corrects", [True, False])
def test_a_screen_that_the_corrections_leave_there_is_not_of_their_case(night: Night, corrects: bool) -> None:
    night.add("emargements.csv", "0002", "emargements", -20)
    night.add("pv.csv", "0002", "nuls", 20)
    night.add("pv.csv", "0002", "exprimes", -20)
    night.exports.clear()
    night.published.clear()
    evidence = night.load()
    table = FindingTable(found for check in CHECKS if {"P415", "R205"} & set(check.codes) for found in check(evidence))
    assert sorted(found.code for found in table) == ["P415", "R205"]
    one = np.zeros(1, np.int64)
    fix = correction("signatures", 526, 546)
    details = {0: CaseDetail(corrections=(fix,) if corrects else ())}
    drafts = Drafts(
        (causes()["figure-wrong"],), ("emargements",), one, one, one, np.array([0, 2]), np.arange(2), details
    )
    amended, moved = look(evidence, table, drafts)
    numbers = dict(zip((found.code for found in amended), CaseTable(amended, moved).number.tolist(), strict=True))
    assert (numbers["R205"], numbers["P415"]) == ((1, 0) if corrects else (1, 1))


def test_a_case_that_is_left_without_findings_is_none() -> None:
    table = night_with_a_slip().run().findings
    two, details = np.zeros(2, np.int64), {1: CaseDetail(lead=7)}
    drafts = Drafts((causes()["figure-wrong"],), ("pv",), two, two, two, np.array([0, 1, 3]), np.arange(3), details)
    position = np.arange(len(table))
    position[0] = -1
    [case] = CaseTable(table, drafts.moved(position, {4: 1}))
    assert (case.findings, case.detail.lead) == ((1, 2, 4), 7)


MUNICIPAL = (
    'id = "x"\ndate = 2026-03-22\ntour = 2\n\n[[scrutins]]\nnumero = 1\ntype = "municipales_listes"\nsieges = 29\n'
)


def test_a_sum_that_holds_for_open_figures_only_does_not_say_that_nothing_changes(tmp_path: Path) -> None:
    """Two lists exchanged in the PV of a bureau hide a lead that the votes beyond signatures exceed."""
    header = "Bureau;Inscrits;{counts};Blancs;Nuls;Exprimés;Liste A;Liste B"
    votes = [(1, 250, 240), (2, 200, 207), (3, 220, 218)]  # A leads by five
    rows = [(f"{at};900", a + b + 10, f"9;1;{a + b};{a};{b}") for at, a, b in votes]
    pv = [f"{one};{found - (8 if one[0] == '2' else 0)};{found};{rest}" for one, found, rest in rows]
    published = [f"{one};{found};{rest}" for one, found, rest in rows]
    pv[0] = pv[0].replace("250;240", "240;250")
    for name, counts, table in (
        ("PV Gap (05061).csv", "Émargements;Votes trouvés", pv),
        ("resultats_publies.csv", "Votants", published),
    ):
        put_text(tmp_path / name, "\n".join([header.format(counts=counts), *table]))
    put_text(tmp_path / "election.toml", MUNICIPAL)
    found = {each.code: each for each in audited(tmp_path).findings if each.code.startswith("V")}
    assert found["V503"].details["verdict"] == "material"
    assert "read otherwise, it can (V503)" in show("en", found["V501"].message)


def test_figures_that_stand_in_no_reading_count_as_the_worst_of_their_readings(tmp_path: Path) -> None:
    """Signatures of two bureaux exchanged, on the list or on both PVs: neither leaves votes beyond signatures."""
    header = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;Liste A;Liste B"
    rows = [(1, 589, 0), (2, 731, 0), (3, 450, 9), (4, 520, 0)]
    put_text(
        tmp_path / "PV Gap (05061).csv",
        "\n".join([header, *(f"{at};900;{n - gap};{n};9;1;{n - 10};{n - 230};220" for at, n, gap in rows)]),
    )
    signed = {1: 731, 2: 589, 3: 441, 4: 520}
    counts = ["Bureau;Émargements", *(f"{at};{n}" for at, n in signed.items())]
    put_text(tmp_path / "emargements.csv", "\n".join(counts))
    put_text(tmp_path / "election.toml", MUNICIPAL)
    found = {each.code: each for each in audited(tmp_path).findings if each.code.startswith("V")}
    sum_ = found["V501"]
    assert (sum_.right.value, sum_.details["stated_excess"]) == (9, 9 + 731 - 589)
    assert "each contradiction read at its worst; as the evidence stands" in said(sum_)
    assert found["V503"].details["verdict"] == "not material"
