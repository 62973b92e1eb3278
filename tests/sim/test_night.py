"""A whole night: its files agree with each other, the same seed gives the same bytes, faults are all in the truth."""

import contextlib
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protocol.election import read_election
from protocol.export.record import parse
from protocol.night import MANIFEST, TABLES, parse_export_name
from protocol.output_refusals import OutputRefused
from sim.faults.catalogue import default_rates
from sim.nights.folder import NightFolder
from tests.sim.nights import FEW, by_bureau, files, night, rows


@pytest.mark.parametrize("seed", [0, 1, 99])
@pytest.mark.parametrize("year", [2017, 2022])
def test_without_faults_everything_agrees(seed: int, year: int) -> None:
    folder = night(seed=seed, year=year)
    records, signatures = by_bureau(folder, "pv.csv"), by_bureau(folder, "emargements.csv")
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for path in (folder / "exports").iterdir():
        export = parse(path.read_bytes())
        assert parse_export_name(path.name) == (export.insee, export.bureau, export.poll, export.part)
        assert export.enablings - export.cancellations == export.cast == export.voters
        assert export.blank + sum(export.tallies) == export.cast
        times = [export.zero_check, export.opening, export.closing, export.export]
        assert times == sorted(time for time in times if time is not None)
        image = folder / "modules" / f"{export.insee}-{export.bureau}-{export.part}.urn"
        assert hashlib.sha256(image.read_bytes()).digest() == export.module_digest
        counted[export.insee, export.bureau].update(votes_trouves=export.cast, blancs=export.blank)
    votes: Counter[tuple[str, str]] = Counter()
    for row in rows(folder, "voix.csv"):
        votes[row["insee"], row["bureau"]] += int(row["voix"])
    assert records.keys() == signatures.keys() == counted.keys() == by_bureau(folder, "univers.csv").keys()
    for key, record in records.items():
        assert record["emargements"] == signatures[key]["emargements"] == record["votes_trouves"]
        assert {name: int(record[name]) for name in ("votes_trouves", "blancs")} == counted[key]
        assert int(record["exprimes"]) == votes[key] == int(record["votes_trouves"]) - int(record["blancs"])
        assert "Écart" not in record["observations"]
        hourly = [int(text) for name, text in signatures[key].items() if name.startswith("emargements_") and text]
        assert hourly == sorted(hourly)
        assert hourly[-1] <= int(record["emargements"])
    assert [{k: r[k] for k in rows(folder, "recap.csv")[0]} for r in rows(folder, "pv.csv")] == rows(
        folder, "recap.csv"
    )
    assert rows(folder, "verite.csv") == []


def test_tickets_are_kept() -> None:
    folder = night(["77513"])
    for bureau, record in by_bureau(folder, "pv.csv").items():
        ticket = (folder / "tickets" / f"{bureau[0]}-{bureau[1]}-1.txt").read_text("utf-8")
        assert record["votes_trouves"] in ticket
        assert len(ticket.splitlines()) > 20


def test_another_elections_arrivals_change_the_hours_and_no_figure() -> None:
    usual, other = files(night(["77513"])), files(night(["77513"], election="2007-P2"))
    assert usual["voix.csv"] == other["voix.csv"]
    assert usual["emargements.csv"] != other["emargements.csv"]


def test_files_have_the_columns_of_the_schema() -> None:
    folder = night(["77513"])
    for table in TABLES:
        header = (folder / table.file).read_text("utf-8").splitlines()[0].split(",")
        assert tuple(header[: len(table.header)]) == table.header
    election = read_election(folder / "election.toml")
    assert (election.id, election.round, election.rehearsed) == ("presidentielle-2022", 1, False)
    assert "exports" in election.complete


def test_published_text_agrees_with_the_records() -> None:
    folder = night()
    header, *lines = (folder / "publie.txt").read_bytes().decode("iso-8859-1").removesuffix("\r\n").split("\r\n")
    assert len(header.split(";")) == 28
    records = by_bureau(folder, "pv.csv")
    assert len(lines) == len(records)
    for line in lines:
        cells = line.split(";")
        assert len(cells) == 21 + 7 * 12
        record = records[cells[0] + cells[4], cells[6]]
        assert [cells[7], cells[10], cells[12], cells[15], cells[18]] == [
            record[name] for name in ("inscrits", "votes_trouves", "blancs", "nuls", "exprimes")
        ]
        assert int(cells[8]) == int(cells[7]) - int(cells[10])
        assert sum(int(cell) for cell in cells[25::7]) == int(record["exprimes"])


def test_net_gaps_are_those_of_the_truth_and_are_mentioned() -> None:
    folder = night(["77513", "92076"], {"signed-without-vote": 0.002, "voted-twice": 0.003})
    truth: Counter[tuple[str, str]] = Counter()
    for row in rows(folder, "verite.csv"):
        assert (row["piece"], row["champ"]) == ("jour", "votes")
        truth[row["insee"], row["bureau"]] += int(row["effet"])
    assert any(truth.values())
    for key, record in by_bureau(folder, "pv.csv").items():
        gap = int(record["votes_trouves"]) - int(record["emargements"])
        assert gap == truth[key]
        assert ("Écart constaté" in record["observations"]) == bool(gap)


def test_same_seed_same_bytes_on_one_process_and_two() -> None:
    rates = default_rates()
    one, two = (night([*FEW, "92076"], rates, workers=n) for n in (1, 2))
    assert files(one) == files(two)
    other = night([*FEW, "92076"], rates, seed=6)
    assert files(other)["pv.csv"] != files(one)["pv.csv"]


def test_a_part_equals_the_same_part_of_the_whole() -> None:
    rates = default_rates()
    whole, part = files(night(FEW, rates)), files(night(["77513"], rates))
    for name, data in part.items():
        if name.startswith(("exports/", "modules/")):
            assert whole[name] == data
        elif name in ("pv.csv", "voix.csv", "recap.csv", "univers.csv", "verite.csv", "publie.txt"):
            assert set(data.splitlines()) <= set(whole[name].splitlines())


def test_manifest_lists_every_file_but_the_truth_and_itself() -> None:
    folder = night(["77513"])
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    found = files(folder)
    assert manifest["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items() if name not in ("verite.csv", MANIFEST)
    }
    assert manifest["graine"] == 5


class TestFolder:
    """Folders that a night may replace."""

    def test_a_night_of_ours_is_replaced_only_when_asked_for(self) -> None:
        folder = night(FEW)
        before = files(folder)
        with pytest.raises(OutputRefused, match="--force"):
            night(["77513"], folder=folder)
        assert files(folder) == before
        night(["77513"], folder=folder, force=True)
        assert {row["insee"] for row in rows(folder, "pv.csv")} == {"77513"}
        assert all(path.name.startswith("77513") for path in (folder / "exports").iterdir())

    def test_what_is_not_ours_is_never_touched(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("ten years of work")
        with pytest.raises(OutputRefused, match="no night"):
            night(folder=tmp_path, force=True)
        assert files(tmp_path) == {"thesis.txt": b"ten years of work"}

    def test_a_strange_file_beside_a_night_keeps_the_night(self) -> None:
        folder = night(["77513"])
        (folder / "exports" / "notes.txt").write_text("mine")
        before = files(folder)
        with pytest.raises(OutputRefused, match=r"exports/notes\.txt"):
            night(folder=folder, force=True)
        assert files(folder) == before

    def test_an_empty_folder_is_taken(self) -> None:
        assert (night(["77513"]) / MANIFEST).exists()

    def test_a_failure_leaves_nothing_behind(self, tmp_path: Path) -> None:
        def fail() -> None:
            with NightFolder(tmp_path / "n") as folder:
                folder.write("exports/a.esf", b"x")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("step", range(12))
    def test_what_was_cut_short_while_it_took_its_place_is_replaced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
    ) -> None:
        def write(label: bytes, *names: str) -> None:
            with NightFolder(folder, force=True) as writing:
                for name in names:
                    writing.write(name, label)
                writing.write_manifest({})

        folder, left, steps = tmp_path / "n", [step], (Path.replace, Path.unlink, Path.rmdir)
        write(b"old", "exports/a.esf", "exports/b.esf", "pv.csv", "verite.csv")

        def cut(action: Callable[..., Any]) -> Callable[..., Any]:
            def counted(path: Path, *arguments: Any, **options: Any) -> Any:
                if path.name != ".regard-lock":
                    left[0] -= 1
                    if left[0] < 0:
                        raise KeyboardInterrupt
                return action(path, *arguments, **options)

            return counted

        for action in steps:
            monkeypatch.setattr(Path, action.__name__, cut(action))
        with contextlib.suppress(KeyboardInterrupt):
            write(b"new", "exports/b.esf", "exports/c.esf", "voix.csv", "verite.csv")
        monkeypatch.undo()
        before = files(folder)
        (folder / "notes.txt").write_text("mine")
        with pytest.raises(OutputRefused, match=r"notes\.txt"):
            write(b"last", "pv.csv")
        (folder / "notes.txt").unlink()
        assert files(folder) == before
        write(b"last", "exports/d.esf", "pv.csv")
        assert {name: data for name, data in files(folder).items() if name != MANIFEST} == {
            "exports/d.esf": b"last",
            "pv.csv": b"last",
        }
        assert {path.name for path in folder.iterdir()} == {"exports", "pv.csv", MANIFEST}

    def test_a_file_in_the_way_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "n").write_text("x")
        with pytest.raises(OutputRefused, match="is a file: name another folder"):
            night(folder=tmp_path / "n")
