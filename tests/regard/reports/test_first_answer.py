"""The first answer of `regard verify`: one screen on any night, with no figure that the whole screen does not have."""

import datetime
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from regard.language import show
from regard.letters.asking import deadlines
from regard.letters.law import in_words
from regard.reports.summary import Detail, summarise
from regard.views.audit import number_of_cases, votes_added_up
from tests.protocol.export.records import FROZEN, changed, frozen
from tests.regard.calling import CommandLine
from tests.regard.reports.test_case_screen import made_up, screen
from tests.regard.test_verify_night import damaged_night, plain_environment
from tests.sources import put_text
from tests.verify.night_builder import CURIE, ZOLA, Night, audited, loaded, small_night
from tests.verify.published import samples
from verify import audit
from verify.audit import Audit
from verify.cases.drafting import Drafting
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.rule_results import Named

__all__ = ["plain_environment"]  # a fixture
ONE = frozen(next(iter(FROZEN)))
_NUMBER = re.compile(r"\d+(?:[,.\u202f\xa0]\d+)*")


def crowded_night() -> Night:
    """A night with a gap in every bureau, files that are not read, and one that is read in part."""
    night = damaged_night()
    for row in night.tables["emargements.csv"][1:]:
        row["emargements"] = str(int(row["emargements"] or 0) + 30)
    night.raw |= {f"annexe{number}.csv": b"\0" for number in range(12)}
    return night


def answered(folder: Path, night: Night) -> tuple[LinedEvidence, Audit]:
    evidence = loaded(night.write(folder))
    return evidence, audit.run(evidence)


@pytest.mark.parametrize("build", [small_night, damaged_night, crowded_night])
def test_any_night_fits_one_screen_and_says_nothing_of_its_own(
    build: Callable[[], Night], language: str, tmp_path: Path
) -> None:
    evidence, result = answered(tmp_path / "night", build())
    lines = screen(result, partial(summarise, times=deadlines(evidence)), language)
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    summarised = partial(summarise, detail=Detail.ALL, times=deadlines(evidence))
    numbers = set(_NUMBER.findall("\n".join(screen(result, summarised, language))))
    for line in lines:
        if not line.startswith("  … "):  # the rest of a list is counted there alone
            assert set(_NUMBER.findall(line)) <= numbers, line


def test_cases_that_are_not_shown_are_counted_as_cases(tmp_path: Path) -> None:
    _, result = answered(tmp_path / "night", crowded_night())
    lines = screen(result, summarise)
    shown = lines[lines.index("What matters most") + 1 :]
    [more] = [line for line in shown if line.startswith("  … and ")]
    cases = [line for line in shown[: shown.index(more)] if re.match("  [a-z ]+: ", line)]
    assert int(_NUMBER.findall(more)[0]) == number_of_cases(result) - len(cases)


def test_cases_that_are_said_in_one_line_are_all_shown(tmp_path: Path) -> None:
    night = small_night()
    for bureau in ("0001", "0002", "0003"):
        night.sign(bureau, -1)
    _, result = answered(tmp_path / "night", night)
    lines = screen(result, summarise)
    shown = lines[lines.index("What matters most") : lines.index("What it could change")]
    assert number_of_cases(result) == 3
    assert not any(line.startswith("  … and ") for line in shown)


def test_votes_are_added_up_of_the_bureaux_that_have_all_of_them(tmp_path: Path) -> None:
    night = small_night()
    night.row("voix.csv", "0002", choice=CURIE)["voix"] = ""
    evidence, result = answered(tmp_path, night)
    assert evidence.votes is not None
    sums = evidence.votes.values[[0, 2, 3, 4], 0].sum(axis=0).tolist()
    first, second = sorted(sums)[:0:-1]
    said = str(votes_added_up(result.coverage))
    assert said.startswith("Votes of the PVs in all, without corrections (4 bureaux): ")
    assert [int(each.replace(",", "")) for each in _NUMBER.findall(said)] == [4, first, second, first - second]
    assert answered(tmp_path / "two", small_night(2))[1].coverage.votes is None


def test_the_lead_is_said_with_the_certain_corrections_as_well(tmp_path: Path) -> None:
    night = small_night()
    night.row("voix.csv", "0003", choice=CURIE)["voix"] = "3515"  # 351 everywhere else
    _, result = answered(tmp_path, night)
    stand, with_them = str(votes_added_up(result.coverage)).split(" With the certain corrections: ")
    assert stand.endswith("CURIE Marie 4,269, ZOLA Émile 1,640 (2,629 apart).")
    assert with_them == "ZOLA Émile 1,640, CURIE Marie 1,105 (535 apart)."


def many_contests(folder: Path) -> Path:
    """A dump with more contests, choices and damage than a screen has lines."""
    folder.mkdir()
    cut = b"".join(changed(ONE, "poll", 9) for _ in range(30))
    (folder / "batch.esf").write_bytes(
        b"".join(changed(changed(ONE, "poll", poll), "election", b"e%d" % poll) for poll in (1, 2, 3, 4, 5)) + cut
    )
    return folder


@pytest.mark.parametrize("command", ["results", "results --compare", "totals", "lab inspect"])
def test_other_commands_say_nothing_of_their_own_on_the_first_screen(
    command: str, language: str, tmp_path: Path, cli: CommandLine
) -> None:
    sheet, other = tmp_path / "results.csv", tmp_path / "other.csv"
    rows = "".join(f"95637,Vauréal,{n:04},9{n},0,9,0,0,9,4,{'' if n == 7 else 5}\n" for n in range(90))
    put_text(sheet, samples.CITY_TIDY.splitlines()[0] + "\n" + rows)
    put_text(other, sheet.read_text("utf-8").replace(",4,5", ",5,4"))
    dumps = many_contests(tmp_path / "dumps")
    given = {"results": [sheet], "results --compare": [sheet, other], "totals": [dumps]}
    words = [*command.split(), *map(str, given.get(command, [dumps / "batch.esf"])), "--lang", language]
    shown = []
    for options in ([], ["--verbose"]):
        cli(*words, *options, code=None)
        shown.append(cli.out)
    first, whole = (text.splitlines() for text in shown)
    assert len(first) <= 40 < len(whole)
    assert max(map(len, first)) <= 80
    assert "--verbose" in first[-1]
    for number in _NUMBER.findall("\n".join(first[:-1])):
        assert number in shown[1]


def test_until_when_sign_in_lists_can_be_seen_is_said_as_long_as_they_can(tmp_path: Path) -> None:
    built = small_night()
    for days, there in ((8, True), (11, False)):
        day = datetime.date.today() - datetime.timedelta(days=days)
        folder = tmp_path / str(days)
        built.write(folder)
        config = folder / "election.toml"
        config.write_text(re.sub(r"(?m)^date = .*$", f"date = {day}", config.read_text("utf-8")), "utf-8")
        said = [show("en", each) for each in deadlines(loaded(folder))]
        assert any("sign-in lists" in each for each in said) is there
        assert any("The time for it ended on" in each for each in said)


def test_the_day_of_the_proclamation_is_read_from_the_folder(tmp_path: Path) -> None:
    day = datetime.date.today()
    kind = f'id = "l"\nproclamation = {day}\ndate = {day}\n[[scrutins]]\nnumero = 1\ntype = "legislatives"\n'
    put_text(tmp_path / "election.toml", kind)
    put_text(tmp_path / "pv.csv", "Bureau;Émargements;Votants\n1;700;702\n")
    last = in_words(day + datetime.timedelta(days=10))
    assert show("en", last) in show("en", deadlines(loaded(tmp_path))[0])


def test_of_cases_that_could_change_a_result_the_larger_comes_first(tmp_path: Path) -> None:
    built = small_night()
    built.sign("0001", -4)
    built.add("emargements.csv", "0002", "emargements", -500)
    _, result = answered(tmp_path / "night", built)
    said = "\n".join(screen(result, summarise))
    assert 0 < said.index("bureau 0002") < said.index("bureau 0001")


def test_the_gravest_case_of_any_kind_comes_first_and_five_are_shown(tmp_path: Path) -> None:
    def each_its_own(drafting: Drafting) -> None:
        for row in range(len(drafting.table)):
            cause, sure = ("open-gap", Sure.OPEN) if row else ("figure-wrong", Sure.LIKELY)
            drafting.add(cause, [row], sure, "pv")

    findings = [("R208", CURIE, f"{number:04}") for number in range(1, 31)]
    lines = screen(made_up(tmp_path, findings, each_its_own), summarise)
    at = lines.index("What matters most")
    assert sum(line.startswith(("  open: ", "  likely: ")) for line in lines[at : lines.index("", at)]) == 5
    assert "To be settled: 29 gaps between votes and signatures, 1 figure to read again." in lines


def test_long_cases_leave_room_for_the_rest_and_one_is_always_shown(tmp_path: Path) -> None:
    def exchanged(drafting: Drafting) -> None:
        for row in range(len(drafting.table)):
            place = Named(CURIE, drafting.table[row].bureau, 1)
            names = ["CHOIX " * 40, "AUTRE " * 40]
            corrections = tuple(Correction(place, "pv", "", name, 1, 2) for name in names)
            drafting.add("choices-exchanged", [row], Sure.CERTAIN, "pv", CaseDetail(corrections))

    findings = [("R208", CURIE, f"{number:04}") for number in range(1, 6)]
    lines = screen(made_up(tmp_path, findings, exchanged), summarise)
    assert len(lines) <= 40
    assert any(line.startswith("  certain: ") for line in lines)


def test_nothing_compared_is_not_nothing_found(tmp_path: Path) -> None:
    listed = put_text(tmp_path / "listes.csv", "INSEE;Bureau;Émargements\n77001;1;700\n77001;3;5\n")
    lines = screen(audited(files=(listed,)), summarise)
    assert "Nothing was compared." in lines
    lines = screen(small_night().run(), summarise)
    assert "In what was compared, nothing is left to be settled." in lines


def test_each_list_that_is_cut_is_a_line_with_its_number() -> None:
    lines = screen(crowded_night().run(), summarise)
    assert "12 files not read: annexe1.csv, annexe2.csv, annexe3.csv, …" in lines
    assert any(" kinds of evidence are missing: " in line for line in lines)


def test_a_sentence_without_room_is_not_cut_within_a_number() -> None:
    result = damaged_night().run()
    for line in screen(result, summarise, width=47):
        assert not re.search(r"\d …$", line)


def test_what_has_no_room_ends_after_a_whole_sentence_where_there_is_one() -> None:
    result = crowded_night().run()
    cut = [line for width in range(50, 100) for line in screen(result, summarise, width=width) if line.endswith(" …")]
    assert any(line.endswith(". …") for line in cut)
    assert not any(re.search(r"[.?!] .*[^.?!] …$", line) for line in cut)


def test_where_a_figure_is_open_it_is_not_said_that_no_reading_changes_anything(tmp_path: Path) -> None:
    """Of a contest that was not judged nothing is known."""

    def open_(drafting: Drafting) -> None:
        drafting.add("figure-wrong", [0], Sure.OPEN, "pv")

    lines = screen(made_up(tmp_path, [("R208", CURIE, "0001")], open_), summarise)
    assert not any("No reading would change an outcome" in line for line in lines)
    lines = screen(small_night().run(), summarise)
    assert any("No reading would change an outcome" in line for line in lines)


def test_a_certain_correction_that_changes_the_outcome_comes_before_all(tmp_path: Path) -> None:
    """A digit lost takes the majority from ZOLA, in a PV and its copy; another slip does not, and a gap is large."""
    night = small_night()
    night.row("voix.csv", "0001", choice=ZOLA)["voix"] = "31"
    night.publish("0001").votes[ZOLA] = 31
    night.row("voix.csv", "0002", choice=CURIE)["voix"] = "109"
    night.sign("0003", -300)
    _, result = answered(tmp_path / "night", night)
    assert {case.detail.consequence for case in result.cases if case.detail.corrections} == {0, 2}
    lines = screen(result, summarise)
    at = lines.index("What matters most")
    assert lines[at + 1].startswith(f"  certain: Essai-sur-Marne, bureau 0001: {ZOLA}, 31 in the PV")


def test_pvs_without_a_day_are_told_how_to_learn_until_when_to_complain(tmp_path: Path, cli: CommandLine) -> None:
    path = put_text(tmp_path / "pv.csv", "Commune;Bureau;Inscrits;Émargements;Votes trouvés\nEssai;1;900;500;505\n")
    cli("verify", path, code=None)
    assert "Until when to complain: regard next FOLDER --election municipales --date" in " ".join(cli.out.split())
