"""The way up, checked: every fault of it is found at its step, as one case; what is missing is said."""

from pathlib import Path

import pytest

from protocol.transmission import CORRECTIONS, FEED, StepUp
from regard.studies.right_causes import RIGHT
from sim.transmission.faults import way_faults
from tests.sim.nights import rows
from tests.verify.night_builder import loaded
from tests.verify.way_up.way_up_nights import altered, audited, codes, found, grave, nation, without
from verify.model.findings import Severity
from verify.model.use import Used

PIECES = {
    "record-digit": "recap",
    "callback-unrecorded": "rappel",
    "edition-not-updated": "provisoire",
    "night-edition-late": "nuit",
    "commission-recorded": "commission",
    "commission-unrecorded": "commission",
    "ministry-digit": "definitif",
    "record-sum-short": "recap",
    "record-sum-twice": "recap",
    "prefecture-sum-short": "rappel",
    "prefecture-sum-twice": "rappel",
    "feed-sum-short": "publie",
}
"""The piece that a case blames, where that is not the préfecture's entry."""
RATE = 0.15


def test_an_honest_way_has_no_case_and_no_finding() -> None:
    for seed in (1, 2, 3):
        result = audited(nation(seed))
        assert not len(result.cases)
        assert codes(result) <= {"C111", "P402", "P404", "P412", "P405", "P401"}
        assert {finding.severity for finding in result.findings} == {Severity.INFO}


@pytest.mark.check(8)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("name", way_faults())
def test_a_fault_is_one_case_at_its_step(name: str, seed: int) -> None:
    folder = nation(seed, **{name: RATE})
    struck = {(line["insee"], line["bureau"]) for line in rows(folder, "verite.csv")}
    result = audited(folder)
    cases = grave(result)
    if name == "entry-corrected":
        assert not cases
        assert {(f.insee, f.bureau) for f in result.findings if f.code == "T331"} == struck
        return
    if name == "entry-row-doubled":
        assert [(case.cause.name, case.piece) for case in cases] == [("row-doubled", "saisie")] * bool(struck)
        return
    at = [(place.insee, place.bureau) for case in cases for place in case.places if place.bureau]
    assert sorted(at) == sorted(struck)  # each in one case, and nothing else is
    for case in cases:
        assert (case.cause.name, case.piece) == (RIGHT[name], PIECES.get(name, "saisie"))
        assert case.sure.value == "likely"
        assert len({(place.insee, place.bureau) for place in case.places if place.bureau}) == 1


def test_several_faults_at_once_stay_apart() -> None:
    names = ("entry-digit", "callback-unrecorded", "commission-recorded", "ministry-digit", "entry-left-out")
    folder = nation(5, **dict.fromkeys(names, 0.12))
    truth = {(line["insee"], line["bureau"]): line["faute"] for line in rows(folder, "verite.csv")}
    cases = grave(audited(folder))
    told = {(p.insee, p.bureau): (case.cause.name, case.piece) for case in cases for p in case.places if p.bureau}
    assert len(set(truth.values())) >= 3
    assert told == {place: (RIGHT[name], PIECES.get(name, "saisie")) for place, name in truth.items()}
    assert len(cases) == len(truth)


def test_corrections_of_a_case_give_the_true_figures() -> None:
    folder = nation(1, entry_digit=RATE)
    record = {(row["insee"], row["bureau"]): row for row in rows(folder, StepUp.COMMUNE.file)}
    corrections = [each for case in grave(audited(folder)) for each in case.detail.corrections]
    truth = {(line["insee"], line["bureau"]): line["champ"] for line in rows(folder, "verite.csv")}
    assert {each.piece for each in corrections} == {"saisie", "publie"}
    for each in corrections:
        place = each.place.insee, each.place.bureau
        assert each.becomes == int(record[place][truth[place]]) != each.was
        assert each.copied == (each.piece == "publie")


@pytest.mark.parametrize(
    ("gone", "piece"), [(StepUp.COMMUNE, "saisie"), (StepUp.ENTRY, "rappel"), (StepUp.CALL_BACK, "saisie")]
)
def test_a_change_is_put_down_to_the_next_step_that_is_there(gone: StepUp, piece: str) -> None:
    folder = nation(1, entry_digit=RATE)
    without(folder, gone.file)
    struck = {(line["insee"], line["bureau"]) for line in rows(folder, "verite.csv")}
    cases = [case for case in grave(audited(folder)) if case.piece == piece]
    assert {(p.insee, p.bureau) for case in cases for p in case.places if p.bureau} == struck


def test_corrections_without_their_table_are_unexplained() -> None:
    folder = nation(1, commission_recorded=RATE)
    altered(folder, CORRECTIONS.file, list.clear)
    assert {case.cause.name for case in grave(audited(folder))} == {"correction-unrecorded"}


def test_a_correction_with_other_figures_explains_nothing() -> None:
    folder = nation(1, commission_recorded=RATE)

    def wrong(lines: list[dict[str, str]]) -> None:
        for line in lines:
            line["apres"] = str(int(line["apres"]) + 1)

    altered(folder, CORRECTIONS.file, wrong)
    assert not found(folder, "T331")
    assert len(found(folder, "T332")) >= 2


def test_files_that_are_no_step_and_damaged_ones_are_named() -> None:
    folder = nation()
    without(folder)
    (folder / "montee" / "notes.csv").write_text("a,b\n1,2\n")
    (folder / "montee" / "scans").mkdir()
    (folder / StepUp.NIGHT.file).write_bytes(b"\x00\x01\x02 no table")
    (folder / StepUp.ENTRY.file).write_text((folder / StepUp.ENTRY.file).read_text().replace(",1,", ",x,", 3))
    evidence = loaded(folder)
    used = {each.path: each.used for each in evidence.inputs}
    assert used["montee/notes.csv"] is used[StepUp.NIGHT.file] is Used.NONE
    assert used[StepUp.ENTRY.file] is Used.PART
    sizes = {each.path: each.size for each in evidence.inputs}
    assert (sizes["montee/notes.csv"], sizes["montee/scans"]) == (8, 0)  # a folder has no size of its own
    sources = {finding.left.source for finding in audited(folder).findings if finding.code in ("I113", "I122")}
    assert any("notes.csv" in source for source in sources)
    assert any("nuit.csv" in source for source in sources)
    assert any("saisie.csv" in source for source in sources)


def test_votes_are_compared_without_a_list_of_choices_too() -> None:
    folder = nation(2, entry_lines_exchanged=RATE)
    without(folder, "choix.csv", "publie.txt", FEED)
    fields = {str(finding.field) for finding in found(folder, "T330")}
    assert fields
    assert fields <= {f"voix_{number}" for number in range(1, 5)}


def test_a_correction_of_nothing_that_there_is_is_a_problem() -> None:
    folder = nation(1, entry_corrected=RATE)
    honest = codes(audited(folder))
    cells = [
        ("nulle", "01004", "0001", "1", "blancs", "1", "2", "", ""),
        ("rappel", "01004", "0001", "1", "voix_64", "5", "6", "20:00", "relevé"),
        ("rappel", "01004", "0001", "1", "zut", "1", "2", "", ""),
        ("rappel", "99999", "0001", "1", "blancs", "1", "2", "", ""),
        ("rappel", "01004", "0001", "9", "blancs", "x", "-2", "zz", ""),
    ]
    names = [column.name for column in CORRECTIONS.columns]
    altered(folder, CORRECTIONS.file, lambda lines: lines.extend(dict(zip(names, row, strict=True)) for row in cells))
    result = audited(folder)
    assert codes(result) - honest <= {"I113", "C108", "C116"}
    named = " ".join(str(finding.message) for finding in result.findings if finding.code == "I113")
    assert all(text in named for text in ("nulle", "voix_64", "zut"))


def test_a_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    folder, outside = nation(1, entry_digit=RATE), tmp_path / "outside"
    (folder / "montee").rename(outside)
    (folder / "montee").symlink_to(outside)
    without(folder)
    evidence = loaded(folder)
    assert evidence.way_up is None
    assert any(problem.file == "montee" for problem in evidence.problems)
