"""Communes of the rows of a table: by a title, by name, by codes as spreadsheets and people write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.export import record as export
from tests.verify.night_builder import Night, only, published_bytes, small_night
from tests.verify.town_builder import town
from verify.loading import load
from verify.model.evidence import Sources


@pytest.mark.parametrize(
    ("title", "other", "places"),
    [
        ("Ville de ESSAI (77001)", "77001", {"77001"}),
        ("ESSAI (77001)", "77002", {"77001", "77002"}),  # another town's results beside it
        ("Commune d'Essai (77200)", "77001", {"77001"}),  # the code of the post
    ],
)
def test_a_title_with_a_code_names_the_commune(tmp_path: Path, title: str, other: str, places: set[str]) -> None:
    rows = town(3)
    lines = [title, "Bureau;Inscrits;Votants;Exprimés"]
    lines += [";".join([row.bureau, *(str(row.counts[name]) for name in lines[1].split(";")[1:])]) for row in rows]
    (tmp_path / "pv.csv").write_text("\n".join(lines), encoding="utf-8")
    there = [replace(row, insee=other, commune="Essai" if other == "77001" else "Autre") for row in rows]
    if other == "77002":
        there = [replace(row, counts={name: count + 1 for name, count in row.counts.items()}) for row in there]
    (tmp_path / "publie.txt").write_bytes(published_bytes(there))
    evidence = load(Sources(records=(tmp_path / "pv.csv",), published=(tmp_path / "publie.txt",)))
    assert set(evidence.universe.insee.tolist()) == places
    assert evidence.problems == []
    assert evidence.records is not None
    assert set(evidence.universe.insee[evidence.records.present[:, 0]].tolist()) == {"77001"}


def night_in_ain() -> Night:
    """The small night with its first commune in 01001, which is a number without its zero."""
    night = small_night()
    for row in (row for rows in night.tables.values() for row in rows):
        row |= {name: "01001" for name in ("insee",) if row.get(name) == "77001"}
    for name in [name for name in night.exports if name.startswith("77001")]:
        moved = replace(export.parse(night.exports.pop(name)), insee="01001")
        night.exports[name.replace("77001", "01001")] = export.build(moved)
    night.published = {}
    night.election = replace(night.election, complete=night.election.complete - {"publie"})
    return night


@pytest.mark.parametrize("file", ["univers.csv", "emargements.csv", "pv.csv", "voix.csv"])
@pytest.mark.parametrize(
    "spoil",
    [
        {"insee": lambda code: str(int(code))},
        {"insee": lambda code: str(int(code)), "bureau": lambda code: str(int(code)) if code.isdigit() else code},
        {"insee": lambda code: f"'{code}"},
        {"bureau": lambda code: f"'{code}"},
    ],
    ids=["number", "numbers", "marked", "bureau marked"],
)
def test_codes_that_a_spreadsheet_spoilt_are_those_of_the_list(
    tmp_path: Path, file: str, spoil: dict[str, Callable[[str], str]]
) -> None:
    night = night_in_ain()
    for row in night.tables[file]:
        row |= {name: changed(row[name]) for name, changed in spoil.items()}
    result = night.run(tmp_path)
    only(result)
    assert len(result.cases) == 0
