"""T, the ministry's night feed: what does not belong, what is cut short, who is said to be elected, and its sums."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from regard.language import show
from tests.verify.feed import feeds
from tests.verify.feed.feeds import communes, new_feed, old_feed, result
from tests.verify.night_builder import audited, input_of, loaded
from verify.model.findings import Finding, Severity
from verify.model.use import Used
from verify.read.feed.contradicted import allowed


def found_in(files: Mapping[str, bytes], folder: Path) -> list[Finding]:
    return [found for found in audited(published=(feeds.written(files, folder),)).findings if found.code != "C111"]


def of(code: str, files: Mapping[str, bytes], folder: Path) -> list[Finding]:
    return [found for found in found_in(files, folder) if found.code == code]


def test_nothing_is_said_of_a_whole_feed(tmp_path: Path) -> None:
    assert found_in(new_feed(), tmp_path / "a") == []
    assert found_in(old_feed(), tmp_path / "b") == []
    assert found_in(new_feed() | old_feed("2022"), tmp_path / "c") == []


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        (">2022<", ">2017<", "the others legislative election 2022"),
        ("Légis", "Sénat", "the others legislative election 2022"),
        ("<NumTour>1", "<NumTour>2", "and holds round 2"),
        (">48<", ">49<", "its name is that of 48"),
    ],
)
def test_t320(tmp_path: Path, was: str, now: str, why: str) -> None:
    files, name = new_feed(), "48/R148CIR.xml"
    files[name] = files[name].replace(was.encode(), now.encode())
    folder = tmp_path / "feed"
    [found] = of("T320", files, folder)
    assert found.left.source == str(folder / name)
    assert why in str(found.message)
    assert (found.level, found.severity) == ("file", Severity.ERROR)
    evidence = loaded(published=(folder,))
    used = input_of(evidence, str(folder / name))
    assert used.used is Used.NONE
    assert of("T320", new_feed(), tmp_path / "quiet") == []


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("EssaiLG2022", "a rehearsal by its name: these are no results of this election"),
        ("LG14062024EssaiPresse", "a rehearsal by its name: these are no results of this election"),
        ("LG2024", "names another election than its files: legislative election 2022"),
        ("PR2022", "names another election than its files: legislative election 2022"),
        ("LG2022", None),
        ("essai", None),  # somebody's own folder
    ],
)
def test_t320_for_a_whole_feed(tmp_path: Path, inside: str, said: str | None) -> None:
    found = of("T320", new_feed(), tmp_path / inside)
    assert [str(said) in str(each.message) for each in found] == ([True] if said else [])
    assert found_in(new_feed(), tmp_path / inside) == found  # it is read all the same


def test_t320_for_files_of_a_rehearsal_among_others(tmp_path: Path) -> None:
    changed = new_feed({key: replace(value, blank=11) for key, value in communes().items()})
    files = new_feed() | {f"EssaiLG2022/{name}": data for name, data in changed.items()}
    found = found_in(files, tmp_path / "feed")
    assert {each.code for each in found} == {"T320"}
    assert len(found) == len(changed)


def test_the_second_round_of_who_is_elected_already_belongs(tmp_path: Path) -> None:
    elected = communes()
    elected["048", "01", "002"] = result(600, 100, marks={"DURAND Anne": "OUI"}, filled=1, abstained=100)
    elected["048", "01", "003"] = result(300, 20)
    files = new_feed(elected, number="1")
    second = {name.replace("R1", "R2"): data for name, data in files.items() if name == "48/R148CIR.xml"}
    assert of("T320", files | second, tmp_path / "feed") == []


def test_t321(tmp_path: Path) -> None:
    files = new_feed()
    text = files["2A/R12ACIR.xml"].decode()
    start, end = text.rindex("<Circonscription>"), text.rindex("</Circonscriptions>")
    files["2A/R12ACIR.xml"] = (text[:start] + text[end:]).encode()
    folder = tmp_path / "feed"
    by_law, by_sum = of("T321", files, folder)
    assert (by_law.left.value, by_law.right.value, by_law.insee) == (1, 2, "2A")
    assert "there are 2 by the law" in str(by_law.message)
    assert by_law.left.source == str(folder / "2A/R12ACIR.xml")
    assert (by_sum.left.value, by_sum.right.value, str(by_sum.field)) == (1695, 1240, "registered")
    assert [found.code for found in found_in(files, folder)] == ["T321", "T321"]
    assert of("T321", new_feed(), tmp_path / "quiet") == []


def test_t321_for_a_file_that_ends_before_its_end(tmp_path: Path) -> None:
    files = new_feed()
    data = files["2A/R12ACOM.xml"]
    files["2A/R12ACOM.xml"] = data[: data.rindex(b"<Commune>") + 200]
    folder = tmp_path / "feed"
    found = found_in(files, folder)
    assert [each.code for each in found] == ["I113", "T321", "T321"]
    assert {str(each.left.value) for each in found[1:]} == {"2", "1695"}
    evidence = loaded(published=(folder,))
    [used] = [used for used in evidence.inputs if used.path.endswith("R12ACOM.xml")]
    assert used.used is Used.PART


def test_t321_by_the_index(tmp_path: Path) -> None:
    files = old_feed()
    name = "resultatsT1/index.xml"
    files[name] = files[name].replace(b"<Complet>O<", b"<Complet>N<", 1)
    [found] = of("T321", files, tmp_path / "a")
    assert (found.severity, found.insee, found.left.value) == (Severity.INFO, "2A", "N")
    files = {name: data for name, data in old_feed().items() if "/048/" not in name}
    told = [str(each.message) for each in of("T321", files, tmp_path / "b")]
    assert any("complete by the index; no file has it" in each for each in told)


def test_t321_for_a_departement_without_communes(tmp_path: Path) -> None:
    files = {name: data for name, data in new_feed().items() if name != "48/R148COM.xml"}
    found = of("T321", files, tmp_path / "feed")
    assert [(each.insee, "results by commune: none of this" in str(each.message)) for each in found] == [("48", True)]


@pytest.mark.parametrize(
    ("name", "code"), [("48/R148COM.xml", "T304"), ("48/R148CIR.xml", "T304"), ("R1FE.xml", "T305")]
)
def test_levels_that_do_not_add_up(tmp_path: Path, name: str, code: str) -> None:
    files = new_feed()
    was, now = (b">1140<", b">1141<") if name == "R1FE.xml" else (b">390<", b">391<")
    if name == "48/R148CIR.xml":
        was, now = b">470<", b">471<"
    assert was in files[name]
    files[name] = files[name].replace(was, now)
    found = of(code, files, tmp_path / "feed")
    assert [str(each.field) for each in found] == ["PETIT Luc" if name != "R1FE.xml" else "DURAND Anne"]
    assert abs(int(str(found[0].left.value)) - int(str(found[0].right.value))) == 1


DECIDED = {"DURAND Anne": "OUI"}


@pytest.mark.parametrize(
    ("first", "second", "marks", "filled", "wrong"),
    [
        (300, 280, {"DURAND Anne": "QUALIF T2", "PETIT Luc": "QUALIF T2"}, 0, set()),
        (300, 280, {"DURAND Anne": "OUI"}, 1, {"DURAND Anne", "PETIT Luc"}),  # nobody has half of the votes
        (600, 280, DECIDED, 1, set()),
        (600, 280, {"PETIT Luc": "OUI"}, 1, {"DURAND Anne", "PETIT Luc"}),
        (600, 280, DECIDED, 0, {"seats"}),
        (600, 280, DECIDED | {"PETIT Luc": "OUI"}, 2, {"PETIT Luc", "seats"}),
        (600, 280, {"DURAND Anne": "QUALIF T2", "PETIT Luc": "QUALIF T2"}, 0, {"DURAND Anne", "PETIT Luc"}),
        (300, 280, {"DURAND Anne": "QUALIF T2"}, 0, {"PETIT Luc"}),
        (300, 280, {"DURAND Anne": "QUALIF T2", "PETIT Luc": "QUALIF T2", "ROCHE Lia": "QUALIF T2"}, 0, {"ROCHE Lia"}),
    ],
)
def test_t322(tmp_path: Path, first: int, second: int, marks: dict[str, str], filled: int, wrong: set[str]) -> None:
    one = {("048", "01", "002"): result(first, second, marks=marks, filled=filled)}
    others = {key: value for key, value in communes().items() if key[0] == "02A"}
    found = of("T322", new_feed(others | one), tmp_path / "feed")
    assert {str(each.field) for each in found} == wrong
    assert {each.insee for each in found} <= {"48"}


def test_t322_a_choice_that_does_not_go_on_may_have_withdrawn(tmp_path: Path) -> None:
    one = {("048", "01", "002"): result(300, 280, marks={"DURAND Anne": "QUALIF T2"}, filled=0)}
    others = {key: value for key, value in communes().items() if key[0] == "02A"}
    [found] = of("T322", new_feed(others | one), tmp_path / "feed")
    assert (str(found.field), found.severity) == ("PETIT Luc", Severity.INFO)
    assert "open to the second round by the figures" in show("en", found.message)


def test_who_is_elected_on_both_sides_of_each_threshold() -> None:
    for votes, registered, valid, round_, due in (
        ([501, 499], 2000, 1000, 1, ["OUI", "NON"]),
        ([500, 500], 2000, 1000, 1, ["QUALIF T2", "QUALIF T2"]),  # half is not more than half
        ([501, 499], 2005, 1000, 1, ["QUALIF T2", "QUALIF T2"]),  # less than a quarter of the registered
        ([501, 499], 2004, 1000, 1, ["OUI", "NON"]),
        ([400, 300, 250, 50], 2000, 1000, 1, ["QUALIF T2", "QUALIF T2", "QUALIF T2", "NON"]),
        ([400, 300, 249, 51], 2000, 1000, 1, ["QUALIF T2", "QUALIF T2", "NON", "NON"]),
        ([400, 200, 200], 4000, 800, 1, ["QUALIF T2", "QUALIF T2 or NON", "QUALIF T2 or NON"]),
        ([90, 80, 70], 4000, 240, 1, ["QUALIF T2", "QUALIF T2", "NON"]),
        ([10], 1000, 10, 1, ["QUALIF T2"]),
        ([400, 300], 4000, 700, 2, ["OUI", "NON"]),
        ([400, 400, 1], 4000, 801, 2, ["OUI or NON", "OUI or NON", "NON"]),
    ):
        assert [" or ".join(each) for each in allowed(round_, votes, registered, valid)] == due
