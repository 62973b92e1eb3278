"""T, data.gouv.fr's tables of all elections: how many bureaux an election is known to have had."""

from pathlib import Path

import pytest

from tests.verify.aggregated.tables import small, written
from tests.verify.night_builder import audited, only, quiet
from verify.audit import Audit
from verify.model.findings import Severity
from verify.read.aggregated import results

ELECTION = "2022_pres_t1"


def run(folder: Path) -> Audit:
    """The first of the two small elections, both tables given."""
    return audited(published=written(folder, small()), election=ELECTION)


def test_t323(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "known_bureaux", {ELECTION: 4}.get)
    [found] = only(run(tmp_path / "fewer"), "T323")
    assert (found.level, found.severity) == ("file", Severity.WARNING)
    assert (found.left.value, found.right.value) == (3, 4)
    assert found.left.source == str(tmp_path / "fewer" / "general_results.parquet")
    assert "4 were known" in str(found.message)
    for known in (3, None):
        monkeypatch.setattr(results, "known_bureaux", {ELECTION: known}.get)
        quiet(run(tmp_path / str(known)), "T323")
