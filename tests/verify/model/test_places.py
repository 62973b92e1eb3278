"""Places of figures: a file and an existing row or byte of it."""

import re
from pathlib import Path

import numpy as np
import pytest

from protocol.evidence_kinds import EvidenceKind
from tests.verify.night_builder import PUBLISHED, Night, audited, loaded
from tests.verify.night_urn_images import night_with_urn
from verify.model.figures import Places
from verify.model.universe import keys


def test_a_place_without_a_row_is_the_file() -> None:
    at = np.array([[3, -3]])
    places = Places(("pv.csv:", "batch.esf@"), np.array([[0, 1]]), at, (EvidenceKind.RECORDS, EvidenceKind.EXPORTS))
    assert places.texts(np.array([0, 0]), np.array([0, 1])) == ["pv.csv:3", "batch.esf"]
    assert (places.text(0, 0), places.text(0, 1)) == ("pv.csv:3", "batch.esf")


@pytest.mark.parametrize("given", ["exports", "urns", "published", "signatures", "records", "votes"])
def test_no_finding_names_a_row_that_there_is_not(given: str) -> None:
    """Whatever stands in for the official list, and all figures wrong."""
    night = night_with_urn()
    for row in (*night.tables["pv.csv"], *night.tables["emargements.csv"]):
        row["inscrits"] = row["emargements"] = "7"
    for published in night.published[PUBLISHED]:
        published.counts["Inscrits"] += 100
        published.counts["Nuls"] += 1
    for bureau in ("0001", "0002"):
        night.change_export(bureau, registered=5, cast=9, machine_serial="M", module_serial="U")
    folder = night.write()
    everything: dict[str, tuple[Path, ...]] = {
        "exports": (folder / "exports",),
        "urns": (folder / "modules",),
        "published": (folder / PUBLISHED,),
        "signatures": (folder / "emargements.csv",),
        "records": (folder / "pv.csv",),
        "votes": (folder / "voix.csv",),
    }
    for other in everything:
        sources = {given: everything[given], other: everything[other]}
        for found in audited(**sources).findings:  # type: ignore[arg-type]
            for side in (found.left, found.right):
                assert not re.search(r"[:@]-\d+$", side.source), found
                assert side.source, found


def test_a_list_that_stands_in_is_named_without_a_row(night: Night) -> None:
    folder = night.write()
    evidence = loaded(exports=(folder / "exports",))
    assert evidence.universe.place(0) == "exports"


def test_bureaux_of_no_commune_have_keys_as_others_have() -> None:
    """A text split before a mark may be a column without room for a letter."""
    insee, _, bureau = np.strings.partition(np.array(["\1" + "0001", "\1" + "0002"]), "\1")
    assert insee.dtype.itemsize == 0
    assert keys(insee, bureau).tolist() == ["/0001", "/0002"]
