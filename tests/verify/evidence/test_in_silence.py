"""Evidence that was compared with nothing, and nobody was told: one test for each way in which that happened."""

from dataclasses import replace
from pathlib import Path

import pytest

import regard
from regard.language import show
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text
from tests.verify.night_builder import (
    PUBLISHED,
    ZOLA,
    Night,
    PublishedRow,
    audited,
    codes_of,
    export_file,
    figures,
    findings,
    grave,
    input_of,
    loaded,
    published_bytes,
    quiet,
    ratio,
    small_night,
)
from tests.verify.published import samples
from tests.verify.read.tables_as import zipped
from verify.audit import Audit
from verify.model.published import Level
from verify.model.use import NothingReadable, Used


def codes(result: Audit) -> set[str]:
    return codes_of(grave(result))


def without_machines() -> Night:
    night = small_night()
    night.incomplete()
    night.exports.clear()
    return night


def test_published_votes_under_other_names(tmp_path: Path, cli: CommandLine) -> None:
    night = without_machines()
    for row in night.published[PUBLISHED]:
        votes = list(row.votes.values())
        row.votes = {"LISTE A": votes[0] + 50, "LISTE B": votes[1] - 60, "LISTE C": votes[2] + 10}
    [found] = night.only("T312")
    assert show("en", found.message).endswith("Its votes by choice are compared with nothing.")
    for language, said in (
        (
            "en",
            "Not compared: votes by choice, between votes by choice and published results (15 of 15: the choices",
        ),
        ("fr", "Non comparés : voix"),
    ):
        cli("verify", night.write(tmp_path), "--verbose", "--lang", language, code=None)
        assert said in cli.said


def test_some_published_votes_under_other_names() -> None:
    night = without_machines()
    for row in night.published[PUBLISHED]:
        row.votes = {"LISTE A" if name == ZOLA else name: votes for name, votes in row.votes.items()}
    assert "T312" in codes(night.run())


@pytest.mark.parametrize("bureaux", [["0001"], ["0001", "0002", "0003", "0004"], None])
def test_votes_of_a_choice_left_blank_in_results(bureaux: list[str] | None) -> None:
    night = without_machines()
    lines = night.files()[PUBLISHED].decode("latin-1").split("\r\n")
    for at, line in enumerate(lines[1:-1], 1):
        cells = line.split(";")
        if bureaux is None or cells[6] in bureaux:
            cells[25] = ""
        lines[at] = ";".join(cells)
    night.raw[PUBLISHED] = "\r\n".join(lines).encode("latin-1")
    result = night.run()
    assert ("C121" if bureaux is None else "T310") in codes(result)


def test_a_bureau_that_is_twice_in_a_communes_sum() -> None:
    night = without_machines()
    rows = [row for row in night.published[PUBLISHED] if row.insee == "77001"]
    rows.append(rows[0])
    counts = {name: sum(row.counts[name] for row in rows) for name in rows[0].counts}
    votes = {name: sum(row.votes[name] for row in rows) for name in rows[0].votes}
    text = published_bytes([PublishedRow("77001", "Essai-sur-Marne", "", counts, votes)]).decode("latin-1")
    cells = [line.split(";") for line in text.splitlines()]
    night.raw["publie.communes.txt"] = "".join(";".join([*row[:6], *row[7:]]) + "\r\n" for row in cells).encode(
        "latin-1"
    )
    result = night.run()
    assert {"T303", "T337"} & codes(result), [show("en", found.message) for found in result.findings]
    quiet(result, "T311")


def test_signatures_are_compared_with_published_voters() -> None:
    night = without_machines()
    for file in ("univers.csv", "choix.csv", "pv.csv", "voix.csv"):
        night.raw[file] = None
    assert "R201" in night.run().coverage.checked
    night.row("emargements.csv", "0001")["emargements"] = "620"
    [found] = night.only("R201")
    assert figures(found) == (620, 626)


def test_an_export_with_a_constituency_where_there_is_none(night: Night) -> None:
    night.change_export("0001", constituency="7702")
    [found] = night.only("C115")
    assert (found.left.value, str(found.right.value)) == ("7702", "none")


@pytest.mark.parametrize("name", ["pv.csv", "PV du soir.csv"])
def test_a_wrong_percentage_whatever_the_file_is_called(name: str) -> None:
    night = without_machines()
    for row in night.tables["pv.csv"]:
        row["% exprimés"] = ratio(int(row["exprimes"]), int(row["votes_trouves"]))
    night.row("pv.csv", "0001")["% exprimés"] = "12,34"
    data = night.files()["pv.csv"]
    night.raw = {"pv.csv": None, name: data}
    assert "R227" in codes(night.run())


def test_one_damaged_export_alone(tmp_path: Path, cli: CommandLine) -> None:
    path = tmp_path / export_file("0001")
    data = bytearray(small_night().exports[export_file("0001")])
    data[300] ^= 1
    path.write_bytes(data)
    result = audited(files=(path,))
    assert [found.code for found in grave(result)] == ["I104"]
    cli("verify", path, "--json", tmp_path / "found.json", code=1)
    assert (tmp_path / "found.json").is_file()


def test_two_zips_in_one_file_and_a_table_among_the_notes_of_macos() -> None:
    night = without_machines()
    table = night.files()[PUBLISHED]
    path = new_file("results.zip", zipped({"a.txt": table}) + zipped({"b.txt": table}))
    with pytest.raises(NothingReadable, match="not read: another archive"):
        loaded(published=(path,))
    path.write_bytes(zipped({"__MACOSX/results.txt": table, "__MACOSX/._results.txt": b"\0\5\x16\7"}))
    assert audited(published=(path,)).coverage.kinds["publie"] == (5, 5)


def test_companions_of_a_simulated_night_in_a_folder_that_nothing_marks() -> None:
    night = without_machines()
    night.raw["verite.csv"] = b"faute\n"
    used = input_of(night.load(), "verite.csv")
    assert used.unread
    night.raw["manifest.json"] = b'{"files": {}}'
    used = input_of(night.load(), "verite.csv")
    assert not used.unread


def test_tables_among_thousands_of_photographs() -> None:
    folder = without_machines().write()
    (folder / "pv.csv").rename(folder / "zz resultats du soir.csv")
    for number in range(1100):
        (folder / f"IMG_{number:04}.jpg").touch()
    evidence = loaded(folder)
    assert evidence.records is not None
    assert any("more" in show("en", each.note) for each in evidence.inputs if each.path == ".")


def test_more_voters_than_registered_in_results() -> None:
    night = without_machines()
    night.publish("0001").counts["Inscrits"] = 600
    found = [show("en", each.message) for each in grave(night.run()) if each.code == "T306"]
    assert found == ["votes found: 626 (publie.txt row 2); the sum gives 600 (≤ registered voters)."]


def test_constituencies_that_differ_by_their_zeros_without_an_official_list() -> None:
    night = without_machines()
    for row in night.tables["choix.csv"]:
        row["circonscription"] = "01"
    night.raw["univers.csv"] = None
    night.quiet("C114")


def test_results_of_a_poll_that_the_day_does_not_declare() -> None:
    night = small_night(polls=2)
    night.incomplete()
    night.election = replace(night.election, polls=night.election.polls[:1])
    night.tables["choix.csv"] = [row for row in night.tables["choix.csv"] if row["scrutin"] == "1"]
    result = night.run()
    assert {"C116", "T312"} <= codes(result)
    quiet(result, "T301")
    used = input_of(result, "publie.2.txt")
    assert used.used is Used.PART


@pytest.mark.parametrize("names", [["RESEARCHERS_COMMUNES"], ["RESEARCHERS_COMMUNES", "RESEARCHERS"]])
def test_results_of_a_higher_level_alone(tmp_path: Path, names: list[str], cli: CommandLine) -> None:
    files = [tmp_path / f"{name}.csv" for name in names]
    for file, name in zip(files, names, strict=True):
        put_text(file, getattr(samples, name))
    alone = [] if len(files) > 1 else [(str(files[0]), Level.COMMUNE)]
    assert [(each.file, each.level) for each in regard.audit(published=files).ledger.alone] == alone
    cli("verify", *files, code=None)
    assert ("Compared with nothing: " in cli.said) == bool(alone)


def of_day(day: str) -> str:
    return f"Commune;Bureau;Date;Inscrits;Votants;Exprimés;A;B\nEssai;1;{day};100;80;78;40;38\n"


@pytest.mark.parametrize(
    ("pv", "published", "said"),
    [
        ("07/05/2017", "2017-07-05", ("2017-07-05", "2017-05-07")),
        ("07/05/2017", "2017-05-07", None),
        ("2017-05-07", "", None),
    ],
)
def test_files_of_two_days(
    tmp_path: Path, cli: CommandLine, pv: str, published: str, said: tuple[str, str] | None
) -> None:
    files = tmp_path / "pv.csv", tmp_path / "publie.csv"
    for file, day in zip(files, (pv, published), strict=True):
        put_text(file, of_day(day))
    found = findings(regard.audit(pv=files[0], published=files[1]), "C127")
    assert [(each.left.value, each.right.value) for each in found] == ([said] if said else [])
    cli("results", "--compare", *files, code=None)
    assert ("not of one election or day" in cli.out) == (said is not None)


def test_two_rounds_side_by_side(cli: CommandLine) -> None:
    first = new_file("resultats T1.csv", samples.RESEARCHERS)
    second = new_file("resultats T2.csv", samples.RESEARCHERS)
    cli("results", "--compare", first, second, code=None)
    assert "T1.csv is of round 1," in cli.said
    assert "T2.csv of round 2" in cli.said
