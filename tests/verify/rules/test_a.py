"""A, authenticity: each code with a case in which it fires and one in which it does not."""

import dataclasses
import datetime
import hashlib
import json
from pathlib import Path

import pytest

from protocol.export import record as export
from protocol.export.record import APPROVED_MODEL, choices_digest
from regard.language import show
from tests.sources import put_text
from tests.verify.night_builder import (
    CHOICES,
    CURIE,
    INSEE,
    LOVELACE,
    ZOLA,
    Night,
    cases_of,
    export_file,
    export_place,
    figures,
    findings,
    grave,
    loaded,
    only,
    published_bytes,
    quiet,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE, night_with_urn
from verify import audit
from verify.audit import Audit
from verify.model.findings import Severity

WANTED = "essai-2022 of 2022-04-10, round 1, poll 1"
WANTED_IN_FRENCH = "essai-2022 du 10/04/2022, tour 1, scrutin 1"


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ({"election": "essai-2021"}, "essai-2021 of 2022-04-10, round 1, poll 1"),
        ({"date": datetime.date(2022, 4, 11)}, "essai-2022 of 2022-04-11, round 1, poll 1"),
        ({"round": 2}, "essai-2022 of 2022-04-10, round 2, poll 1"),
    ],
)
def test_a101(night: Night, values: dict[str, int | str | datetime.date], got: str) -> None:
    place = night.change_export("0001", **values)
    found = night.fires(
        "A101", "0001", (place, got), ("election.toml", WANTED)
    )  # and not that the bureau has no export
    assert WANTED_IN_FRENCH in show("fr", found.message)


def test_a101_for_a_poll_that_this_election_does_not_have(night: Night) -> None:
    other = small_night(polls=2).exports
    name = export_file("0001", poll=2)
    night.exports[name] = other[name]
    got = "essai-2022 of 2022-04-10, round 1, poll 2"
    night.fires("A101", "0001", (f"exports/{name}@0", got), ("election.toml", WANTED), poll=2)


def test_a101_by_the_majority_where_nothing_tells_the_election(night: Night) -> None:
    night.raw["election.toml"] = None
    place = night.change_export("0001", round=2)
    night.fires("A101", "0001", (place, "essai-2022 of 2022-04-10, round 2, poll 1"), ("exports", WANTED))


def test_a102(night: Night) -> None:
    one, two = export_file("0001"), export_file("0002")
    night.exports[one], night.exports[two] = night.exports[two], night.exports[one]
    first, second = night.only("A102", "A102")
    says(first, "A102", "0001", (export_place("0001"), f"{INSEE} 0002 1 1"), (f"exports/{one}", f"{INSEE} 0001 1 1"))
    says(second, "A102", "0002", (export_place("0002"), f"{INSEE} 0001 1 1"), (f"exports/{two}", f"{INSEE} 0002 1 1"))


def test_a102_is_of_a_bureau_that_may_have_no_export(night: Night) -> None:
    night.exports[export_file("0002")] = night.exports.pop(export_file("0001"))
    found = night.run()
    [named] = findings(found, "A102")
    assert (named.bureau, found.coverage.kinds["exports"]) == ("0002", (3, 4))


def test_a102_not_for_names_of_another_form_nor_for_batches(night: Night) -> None:
    night.exports["dump 17.bin"] = night.exports.pop(export_file("0001"))
    night.exports[export_file("0002")] += night.exports.pop(export_file("0A11"))
    night.only()


def test_a102_for_a_part(night: Night) -> None:
    name = export_file("0001", part=2)
    night.exports[name] = night.exports.pop(export_file("0001"))
    night.fires("A102", "0001", (f"exports/{name}@0", f"{INSEE} 0001 1 1"), (f"exports/{name}", f"{INSEE} 0001 1 2"))


def test_a103(night: Night) -> None:
    other = (CHOICES[1], CHOICES[0], CHOICES[2])
    place = night.change_export("0001", choices_digest=choices_digest(other))
    found = night.fires("A103", "0001", (place, 3), ("choix.csv", 3))
    assert found.details == {
        "machine": choices_digest(other).hex()[:16],
        "prefecture": choices_digest(CHOICES).hex()[:16],
    }


def test_a103_instead_of_every_choice_that_then_differs(night: Night) -> None:
    night.change_export(
        "0001", choices_digest=choices_digest(CHOICES[:2]), tallies=(301, 305), cast=626, voters=626, enablings=628
    )
    [found] = night.only("A103")
    assert figures(found) == (2, 3)


def test_a103_knows_the_list_of_each_constituency() -> None:
    night = small_night(polls=2, by_constituency=True)
    night.only()
    rows = [row for row in night.tables["choix.csv"] if row["scrutin"] == "2" and row["circonscription"] == "9201"]
    rows[0]["panneau"], rows[1]["panneau"] = "2", "1"
    night.fires("A103", "0A11", (export_place("0A11", poll=2), 2), ("choix.csv", 2), poll=2)


def test_a103_takes_composed_and_decomposed_letters_for_the_same(night: Night) -> None:
    for row in (*night.tables["choix.csv"], *night.tables["voix.csv"]):
        row["choix"] = row["choix"].replace("É", "E\u0301")
    night.only()


def test_a103_needs_the_list_of_the_prefecture(night: Night) -> None:
    night.change_export("0001", choices_digest=bytes(32))
    night.raw["choix.csv"] = None
    night.quiet("A103")


def test_a104(night: Night) -> None:
    place = night.change_export("0001", model="ESF1 (HW 1.06/2.01 - FW 4.03)")
    right = ("arrêté du 12 avril 2007", APPROVED_MODEL)
    night.fires("A104", "0001", (place, "ESF1 (HW 1.06/2.01 - FW 4.03)"), right, Severity.WARNING, poll=0)


@pytest.mark.parametrize(("day", "fires"), [(datetime.date(2007, 4, 11), False), (datetime.date(2007, 4, 22), True)])
def test_a104_since_april_2007(night: Night, day: datetime.date, fires: bool) -> None:
    night.election = dataclasses.replace(night.election, date=day)
    for bureau, part in (("0001", 1), ("0002", 1), ("0003", 1), ("0003", 2), ("0A11", 1)):
        night.change_export(bureau, 1, part, date=day, model="ESF1 (HW 1.06 - FW 4.01)")
    assert any(found.code == "A104" for found in night.run().findings) == fires


@pytest.mark.parametrize(
    ("name", "column", "stated"),
    [
        ("machine_serial", "machine", "M00011"),
        ("module_serial", "module", "U00011"),
        ("machine_seal", "scelle_machine", "S00011"),
        ("module_seal", "scelle_module", "T00011"),
    ],
)
def test_a105(night: Night, name: str, column: str, stated: str) -> None:
    listed = night.place("univers.csv", "0001")
    place = night.change_export("0001", **{name: "X1"})
    found = night.fires("A105", "0001", (place, "X1"), (listed, stated), poll=0)
    assert found.field == column

    night.change_export("0001", **{name: ""})
    night.fires("A105", "0001", (place, None), (listed, stated), Severity.WARNING, poll=0)

    night.change_export("0001", **{name: stated})
    night.quiet("A105")


def test_a105_by_part(night: Night) -> None:
    place = night.change_export("0003", 1, 2, machine_serial="M00031")
    night.fires("A105", "0003", (place, "M00031"), (night.place("univers.csv", "0003"), "M00032"), poll=0)


def test_a105_not_where_the_sealing_record_says_nothing_at_all(night: Night) -> None:
    for row in night.tables["univers.csv"]:
        row |= {"scelle_machine": "", "scelle_module": ""}
    night.quiet("A105")


def manifest(night: Night) -> bytes:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in night.files().items()}
    return json.dumps({"files": digests}).encode()


def test_a106(night: Night) -> None:
    night.raw["manifest.json"] = manifest(night)
    night.only()
    capitals = {name: digest.upper() for name, digest in json.loads(night.raw["manifest.json"] or b"")["files"].items()}
    night.raw["manifest.json"] = json.dumps({"files": capitals}).encode()
    night.only()

    stated = hashlib.sha256(night.files()["pv.csv"]).hexdigest()
    night.row("pv.csv", "0001")["procurations"] = "8"
    computed = hashlib.sha256(night.files()["pv.csv"]).hexdigest()
    found = night.fires("A106", "", ("pv.csv", computed[:16]), ("manifest.json", stated[:16]), poll=0)
    assert found.level == "file"


def test_a107() -> None:
    night = night_with_urn()
    image = night.files()[FILE]
    night.only()  # no digest is stated

    night.change_export("0001", module_digest=hashlib.sha256(image).digest())
    night.quiet("A107")

    place = night.change_export("0001", module_digest=b"\xab" * 32)
    night.fires("A107", "0001", (place, "ab" * 8), (FILE, hashlib.sha256(image).hexdigest()[:16]))


HUGO, SAND = "HUGO Victor", "SAND George"


def second_round(*gone: str) -> Night:
    """A second round, whose list has choices that are withdrawn behind the others."""
    night = small_night()
    night.election = dataclasses.replace(night.election, round=2)
    for name, data in night.exports.items():
        night.exports[name] = export.build(dataclasses.replace(export.parse(data), round=2))
    for panel, choice in enumerate(gone, len(CHOICES) + 1):
        row = {"scrutin": "1", "circonscription": "", "panneau": str(panel), "choix": choice, "type": "retire"}
        night.tables["choix.csv"].append(row)
    return night


@pytest.mark.parametrize("loaded", [(HUGO,), (SAND,), (HUGO, SAND)])
def test_a108(loaded: tuple[str, ...]) -> None:
    night = second_round(HUGO, SAND)
    night.only()  # the machines have the list without them

    votes = (301, 202, 103, *(0 for _ in loaded))
    place = night.change_export("0001", choices_digest=choices_digest((*CHOICES, *loaded)), tallies=votes)
    found = night.fires("A108", "0001", (place, " + ".join(loaded)), ("choix.csv", None))
    assert "by the list the candidacy is withdrawn" in show("en", found.message)
    assert "candidature est retirée" in show("fr", found.message)

    night.change_export("0001", choices_digest=choices_digest((*loaded, *CHOICES)))  # in another order
    night.only("A103")


def test_a108_votes_in_the_pv() -> None:
    night = second_round(HUGO)
    row = dict(night.row("voix.csv", "0001", choice=ZOLA), choix="Victor HUGO", voix="0")
    night.tables["voix.csv"].append(row)
    night.only()
    row["voix"] = "2"
    place = f"voix.csv:{len(night.tables['voix.csv']) + 1}"
    night.fires("A108", "0001", (place, "Victor HUGO (2)"), ("choix.csv", None))


def test_a108_says_of_one_bureau_once_what_several_sources_have() -> None:
    night = second_round(HUGO)
    night.tables["voix.csv"].append(dict(night.row("voix.csv", "0001", choice=ZOLA), choix=HUGO, voix="2"))
    rows = [night.publish(code) for code in ("0001", "0002", "0003", "0004", "0A11")]
    rows[0].votes[HUGO] = 2
    night.raw["publie.txt"] = published_bytes(rows)
    place = night.change_export("0001", choices_digest=choices_digest((*CHOICES, HUGO)), tallies=(301, 202, 103, 0))
    found = night.findings("A108")
    assert [(one.bureau, one.left.source) for one in found] == [("0001", place)]
    for language, row in (("fr", "ligne"), ("en", "row")):
        said = show(language, found[0].message)
        assert f"voix.csv {row} {len(night.tables['voix.csv']) + 1} ({HUGO} (2))" in said
        assert f"publie.txt {row} 2 ({HUGO} (2))" in said


def first_round(folder: Path, votes: dict[str, int], registered: int = 5010) -> Path:
    """Published results of a first round, all votes of which are in bureau 0001."""
    rows = [small_night().publish(code) for code in ("0001", "0002", "0003", "0004", "0A11")]
    for number, row in enumerate(rows):
        row.counts["Inscrits"] = registered if number == 0 else 0
        row.votes = {choice: count if number == 0 else 0 for choice, count in votes.items()}
    path = folder / "tour1.txt"
    path.write_bytes(published_bytes(rows))
    return path


def audited(night: Night, folder: Path, other: Path, kind: str, *, whole: bool = True) -> Audit:
    """The audit of a night of a kind of election, with its other round."""
    poll = dataclasses.replace(night.election.polls[0], type=kind, whole=whole)
    night.election = dataclasses.replace(night.election, polls=(poll,))
    return audit.run(loaded(folder=night.write(folder / "night"), other_round=other))


@pytest.mark.parametrize("kind", ["legislatives", "departementales"])
def test_a108_by_the_votes_of_the_first_round(tmp_path: Path, kind: str) -> None:
    stood = {ZOLA: 900, CURIE: 800, LOVELACE: 700, HUGO: 600}
    only(audited(second_round(), tmp_path, first_round(tmp_path, stood, 5600), kind))  # an eighth of it is 700
    [found] = only(audited(second_round(), tmp_path, first_round(tmp_path, stood, 5601), kind), "A108")
    says(found, "A108", "", ("choix.csv", LOVELACE), (str(tmp_path / "tour1.txt"), 700))
    assert found.level == "contest"
    assert "ne le qualifie pas" in show("fr", found.message)
    # of a part of a contest its votes say nothing
    only(audited(second_round(), tmp_path, first_round(tmp_path, stood, 5601), kind, whole=False))
    # the first two may stand, however few their votes
    stood = {ZOLA: 400, CURIE: 300, LOVELACE: 300, HUGO: 30}
    only(audited(second_round(), tmp_path, first_round(tmp_path, stood, 5601), kind))


def test_a108_the_first_two_of_a_presidential_election(tmp_path: Path) -> None:
    for stood in (
        {ZOLA: 900, CURIE: 800, LOVELACE: 700, HUGO: 600},
        {HUGO: 900, ZOLA: 800, CURIE: 700, LOVELACE: 600},  # the first is not on the list: the third may stand
    ):
        [found] = only(audited(second_round(), tmp_path, first_round(tmp_path, stood), "presidentielle"), "A108")
        assert found.left.value == LOVELACE


def test_a108_was_not_in_the_first_round(tmp_path: Path) -> None:
    other = first_round(tmp_path, {ZOLA: 900, CURIE: 800, HUGO: 700})
    [found] = only(audited(second_round(), tmp_path, other, "legislatives", whole=False), "A108")
    says(found, "A108", "", ("choix.csv", LOVELACE), (str(other), None))
    only(audited(second_round(), tmp_path, other, "municipales_listes", whole=False))  # lists may merge
    only(audited(small_night(), tmp_path, other, "legislatives", whole=False))  # this is the first round


def test_a108_by_the_list_of_the_first_round(tmp_path: Path) -> None:
    other = small_night()
    other.tables["choix.csv"][-1]["choix"] = HUGO
    folder = other.write(tmp_path / "tour1")
    [found] = only(audited(second_round(), tmp_path, folder, "legislatives"), "A108")
    says(found, "A108", "", ("choix.csv", LOVELACE), (str(folder / "choix.csv"), None))


def test_a109(night: Night) -> None:
    night.incomplete()
    night.raw["manifest.json"] = manifest(night)
    night.quiet("A109")
    night.raw["voix.csv"] = None
    del night.exports[export_file("0001")]
    del night.exports[export_file("0002")]
    within, exports = night.infos("A109")
    says(within, "A109", "", (".", 6), ("manifest.json", 7), Severity.INFO, poll=0)
    assert within.details["first"] == "voix.csv"
    says(exports, "A109", "", ("exports", 3), ("manifest.json", 5), Severity.INFO, poll=0)
    assert exports.details["first"] == f"exports/{export_file('0001')}"


def test_what_the_manifest_names_and_is_gone_is_one_case_with_the_bureaux_that_lack_it(night: Night) -> None:
    night.raw["manifest.json"] = manifest(night)
    gone = [bureau for bureau in ("0001", "0002", "0003") if export_file(bureau) in night.exports]
    for bureau in gone:
        del night.exports[export_file(bureau)]
    result = night.run()
    cases = cases_of(result, "evidence-missing")
    told = [sorted(result.findings[at].code for at in case.findings) for case in cases]
    assert ["A109", *["C101"] * len(gone)] in told
    assert sum(codes.count("A109") for codes in told) == 1
    night.raw["voix.csv"] = None  # of no bureau: a case by itself
    result = night.run()
    told = [sorted(result.findings[at].code for at in case.findings) for case in result.cases]
    assert ["A109"] in told
    assert ["A109", *["C101"] * len(gone)] in told


def test_a106_not_for_a_file_of_the_same_name_outside_the_folder(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.raw["manifest.json"] = manifest(night)
    folder = night.write(tmp_path / "night")
    changed = (folder / "pv.csv").read_text("utf-8").replace(",7,", ",8,", 1)
    put_text(tmp_path / "pv.csv", changed)
    (tmp_path / "exports").mkdir()
    for path in (folder / "exports").iterdir():
        (tmp_path / "exports" / path.name).write_bytes(path.read_bytes() * 2)
    monkeypatch.chdir(tmp_path)
    found = audit.run(loaded(Path("night"), records=(Path("pv.csv"),), exports=(Path("exports"),)))
    quiet(found, "A106")
    found = audit.run(loaded(Path("night"), records=(Path("night/pv.csv"),)))
    quiet(found, "A106")
    put_text(folder / "pv.csv", changed)
    assert [one.code for one in grave(audit.run(loaded(Path("night"), records=(Path("night/pv.csv"),))))] == ["A106"]
