"""docs/reference/night.md against the code, and against a night that somebody wrote who had nothing else."""

import csv
import io
import json
import random
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from protocol import election as election_file
from protocol import night
from protocol.election import Election, Poll, election_toml, read_election
from regard.reference import night_document
from sim.bureaux import choose
from sim.elections import PROFILES
from sim.faults.catalogue import default_rates
from sim.nights.night import simulate
from sim.planned import PlannedNight
from sim.queues.town import Circumstances, TownBureau
from sim.towns import town
from tests.regard.calling import CommandLine
from tests.regard.reference import independent_night
from tests.sim.nights import FEW
from tests.verify.night_builder import loaded
from verify.audit import Audit, run
from verify.model.findings import Severity
from verify.read.published import ministry_nation

TEXT = night_document.document()


def section(title: str) -> str:
    return TEXT[TEXT.index(f"## {title}") :].split("\n## ")[0]


def keys(text: str) -> list[str]:
    """First column of the tables of a part of the document."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [key for cell in cells for key in re.findall("`([^`]+)`", cell)]


def audit(folder: Path) -> Audit:
    return run(loaded(folder))


def grave(folder: Path) -> list[tuple[str, str, str]]:
    return [
        (found.code, found.left.source, found.right.source)
        for found in audit(folder).findings
        if found.severity > Severity.INFO
    ]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "night"
    asked = {"seed": 5, "year": 2022, "way_up": {}, "workers": 1}
    simulate(folder, communes=choose(2022, FEW), rates=default_rates(), **asked)  # type: ignore[arg-type]
    return folder


# The document and the code


@pytest.mark.parametrize("table", night.TABLES, ids=lambda table: table.file)
def test_every_file_and_column_is_told(table: night.NightTable) -> None:
    columns = [column.name for column in (*table.columns, *table.further)]
    assert keys(section(f"`{table.file}`")) == columns


class Asked(dict[str, Any]):
    """A table of a TOML file that remembers which keys were asked for."""

    def __init__(self, values: dict[str, Any], asked: set[str]) -> None:
        super().__init__(values)
        self.asked = asked

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def test_the_keys_of_the_election_are_those_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = Poll(1, "Scrutin", "europeennes", seats=81, whole=True)
    election = Election(
        *("id", "nom", independent_night.DAY, 1, (poll,), "08:00", "18:00", frozenset(night.KINDS)),
        proclaimed=independent_night.DAY,
        rehearsed=True,
    )
    written = election_toml(election)
    values = tomllib.loads(written.decode())
    asked, of_poll = set[str](), set[str]()
    values["scrutins"] = [Asked(values["scrutins"][0], of_poll)]
    (tmp_path / night.ELECTION).write_bytes(written)
    monkeypatch.setattr(election_file, "parse_toml", lambda _: Asked(values, asked))
    assert read_election(tmp_path / night.ELECTION) == election
    first, second = section(f"`{night.ELECTION}`").split("`[[scrutins]]`")
    assert set(keys(first)) == asked - {"scrutins"} == values.keys() - {"scrutins"}
    assert set(keys(second)) == of_poll == set(values["scrutins"][0])


def test_the_keys_of_a_manifest_are_those_that_are_written(simulated: Path, tmp_path: Path, cli: CommandLine) -> None:
    about = ["--date", "2022-04-10", "--election", "presidentielle-2022", "--workers", "1"]
    cli("replay", simulated / "publie.txt", tmp_path / "again", *about)
    bureaux = (TownBureau("76351", "Le Havre", "1", 300, 1, 1, 8, 19),)
    of = Circumstances(PROFILES["2022-P1"])
    planned = PlannedNight(town(bureaux, of), of, about={"liste": {}})
    simulate(tmp_path / "town", seed=1, year=2022, planned=planned, rates={}, workers=1)
    folders = (simulated, tmp_path / "again", tmp_path / "town")
    one, again, listed = (json.loads((folder / night.MANIFEST).read_text("utf-8")).keys() for folder in folders)
    told = keys(section(f"`{night.MANIFEST}`"))
    assert set(told) == one | again | listed
    assert set(told[told.index("communes") :]) - {"versions"} == (one | listed) - again
    assert again - one == {"rejouee"}
    assert (one - listed, listed - one) == ({"profil", "montee"}, {"jour", "circonstances", "liste"})


def test_the_folder_is_that_of_a_simulated_night(simulated: Path) -> None:
    told = keys(section("The folder"))
    names = {f"{path.name}/" if path.is_dir() else path.name for path in simulated.iterdir()}
    assert {"publie.*" if name.startswith("publie.") else name for name in names} == set(told)
    with (simulated / "jour.csv").open(encoding="utf-8", newline="") as file:
        assert keys(section("`jour.csv`"))[-12:] == next(csv.reader(file))
    rows = [line for line in section("The folder").splitlines() if line.startswith("| `")]
    unread = {key for line in rows if not line.endswith("| yes |") for key in keys(line)}
    assert {name.rstrip("/") for name in unread} == set(night.COMPANIONS)


def test_every_layout_that_is_no_entry_is_told() -> None:
    """The entries stand in `docs/reference/known-layouts.md`, which is generated."""
    assert keys(section("`publie.*`"))[0] == ministry_nation.NAME


def test_the_example_of_published_results_is_read(tmp_path: Path, cli: CommandLine) -> None:
    path = tmp_path / "results.csv"
    path.write_text(section("`publie.*`").split("```csv\n")[1].split("```")[0], encoding="utf-8")
    cli("results", path)
    assert "one row a bureau, one column a choice" in cli.out


def test_the_example_of_the_feed_is_read_and_sets_off_its_rules(tmp_path: Path) -> None:
    """The documentation of T320 to T322 is enough to build a feed without and with them."""
    example = TEXT.split("```xml\n")[1].split("```")[0].encode()
    changed = {
        (): (example, "R148CIR.xml"),
        ("T320",): (example, "R175CIR.xml"),
        ("I113", "T321"): (example[:-40], "R148CIR.xml"),
        ("T322", "T322"): (example.replace(b"OUI", b"QUALIF T2"), "R148CIR.xml"),
    }
    for codes, (data, name) in changed.items():
        folder = tmp_path / "".join(("LG2024", *codes))
        folder.mkdir()
        (folder / name).write_bytes(data)
        (folder / "R148COM.xml").write_bytes(example)
        found = run(loaded(published=(folder,))).findings
        assert sorted(each.code for each in found if each.severity > Severity.INFO) == list(codes), codes


# A night by somebody else


def test_a_night_by_an_independent_implementer_has_no_error(tmp_path: Path) -> None:
    result = audit(independent_night.write(tmp_path / "night"))
    assert [found for found in result.findings if found.code != "C111"] == []
    assert {used.path for used in result.inputs if used.sha256} == {
        path.relative_to(tmp_path / "night").as_posix() for path in (tmp_path / "night").rglob("*") if path.is_file()
    }
    assert {kind: there for kind, (there, _) in result.coverage.kinds.items()}.keys() >= {"exports", "pv", "publie"}
    assert set(result.coverage.unchecked["R220"]) == {"pv: proxies"}


@pytest.mark.parametrize(
    ("file", "column"),
    [
        (table.file, column.name)
        for table in night.TABLES
        for column in table.columns
        if column.content is night.Content.COUNT and column.name != "procurations"
    ],
)
def test_each_count_of_it_is_read(tmp_path: Path, file: str, column: str) -> None:
    folder = independent_night.write(tmp_path / "night")
    (folder / night.MANIFEST).unlink()
    rows = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"))))
    at = rows[0].index(column)
    rows[1][at] = str(int(rows[1][at]) + 1)
    (folder / file).write_bytes(independent_night.table(",".join(rows[0]), rows[1:]))
    findings = [found for found in audit(folder).findings if found.code != "C111"]
    assert any(file in found.left.source + found.right.source for found in findings)


def test_rows_and_columns_of_it_stand_in_any_order(tmp_path: Path) -> None:
    folder = independent_night.write(tmp_path / "night")
    (folder / night.MANIFEST).unlink()
    shuffle = random.Random(1).shuffle  # noqa: S311 - an order, no secret
    for table in night.TABLES[:-1]:
        header, *rows = csv.reader(io.StringIO((folder / table.file).read_text("utf-8")))
        shuffle(rows)
        order = list(range(len(header)))
        shuffle(order)
        rows = [[row[at] for at in order] for row in rows]
        (folder / table.file).write_bytes(independent_night.table(",".join(header[at] for at in order), rows))
    assert grave(folder) == []
