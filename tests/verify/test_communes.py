"""Which commune the rows of a table are of: by a title, by its name, by codes as spreadsheets and people write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.night_builder import published_bytes
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
    (tmp_path / "publie.txt").write_bytes(published_bytes(there))
    evidence = load(Sources(records=(tmp_path / "pv.csv",), published=(tmp_path / "publie.txt",)))
    assert set(evidence.universe.insee.tolist()) == places
    assert evidence.problems == []
    assert evidence.records is not None
    assert set(evidence.universe.insee[evidence.records.present[:, 0]].tolist()) == {"77001"}
