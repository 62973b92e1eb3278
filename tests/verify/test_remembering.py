"""Derived values are made again only if a field that was read for them has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from tests.verify.night_builder import INSEE, small_night
from verify import audit
from verify.cases.again.corrected import corrected
from verify.columns.counts import signatures
from verify.columns.screened import screened
from verify.model.amiss import OtherPoll, Stray
from verify.model.cases import Correction
from verify.model.checks import Check, FoundBy
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.holds import Named
from verify.model.remembering import MadeBefore
from verify.rules import CHECKS


class Counting:
    """Makes something of the signatures, by a column of its own, and counts how often."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def of_signatures(self, evidence: LinedEvidence) -> int:
        """A figure, by way of another column."""
        self.made["sum"] += 1
        return evidence.once(self.column) + len(evidence.other_polls)

    def column(self, evidence: LinedEvidence) -> int:
        """Use of a column."""
        self.made["column"] += 1
        assert evidence.signatures is not None
        return int(evidence.signatures["signatures"].values.sum())

    def one_by_one(self, evidence: LinedEvidence) -> Iterator[int]:
        """Values that can be iterated once only."""
        self.made["iterator"] += 1
        yield from (len(evidence.strays), evidence.shape[0])


def with_correction(evidence: LinedEvidence, piece: str, field: str, was: int, becomes: int) -> LinedEvidence:
    place = Named(INSEE, "0001", 1)
    return corrected(evidence, [Correction(place, piece, "", field, was, becomes)])


def test_what_looks_at_nothing_that_changes_is_not_made_again(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()
    whole = evidence.once(counting.of_signatures)
    assert evidence.once(counting.of_signatures) == whole
    others = with_correction(evidence, "pv", Quantity.NULL, 0, 1)
    assert others is not evidence
    assert others.once(counting.of_signatures) == whole
    assert counting.made == {"sum": 1, "column": 1}


def test_what_looks_at_it_by_way_of_a_column_is_made_again(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()
    whole = evidence.once(counting.of_signatures)
    for _ in range(2):  # what is made of a copy with corrections is not remembered beyond it
        assert with_correction(evidence, "emargements", Quantity.SIGNATURES, 626, 631).once(counting.of_signatures) == (
            whole + 5
        )
    assert evidence.once(counting.of_signatures) == whole
    assert counting.made == {"sum": 3, "column": 3}


def test_of_two_combinations_of_evidence_the_same_part_is_looked_at_once(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()
    with_records = evidence.once(counting.of_signatures)
    fewer = replace(evidence, records=None, strays=[], inputs=[])
    assert fewer.once(counting.of_signatures) == with_records
    nobody = np.zeros(0, np.int64)
    other = replace(evidence, other_polls=[OtherPoll(EvidenceKind.RECORDS, "pv.csv", "pv.csv:2", 2, 1, nobody)])
    assert other.once(counting.of_signatures) == with_records + 1
    assert replace(other, records=None).once(counting.of_signatures) == with_records + 1
    assert counting.made == {"sum": 2, "column": 1}


def test_nothing_is_taken_from_evidence_with_other_bureaux_polls_or_thresholds(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()
    whole = evidence.once(counting.of_signatures)
    for other in ({"polls": (1, 2)}, {"thresholds": replace(evidence.thresholds, screen_votes=1)}):
        assert replace(evidence, **other).once(counting.of_signatures) == whole
        assert counting.made["column"] == 2
        assert replace(evidence, **other).once(counting.of_signatures) == whole
        assert counting.made["column"] == 2
        counting.made["column"] = 1


def test_what_can_be_looked_at_once_is_made_for_each(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()
    assert list(evidence.once(counting.one_by_one)) == [0, len(evidence.universe)]
    assert list(replace(evidence).once(counting.one_by_one)) == [0, len(evidence.universe)]
    assert counting.made["iterator"] == 2


def test_what_is_looked_at_later_counts_as_well(tmp_path: Path) -> None:
    evidence, counting = small_night().load(tmp_path), Counting()

    def strays(evidence: LinedEvidence) -> int:
        return next(iter(evidence.once(counting.one_by_one)))

    assert evidence.once(strays) == 0
    stray = Stray(EvidenceKind.RECORDS, "pv.csv", "pv.csv:9", INSEE, "9999", None)
    assert replace(evidence, strays=[stray]).once(strays) == 1


def test_rules_find_the_same_whatever_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = small_night()
    night.row("emargements.csv", "0002")["emargements"] = "456"
    evidence = night.load(tmp_path)
    applied: list[Check] = []
    found_in = Check.found_in

    def noted(self: Check, evidence: LinedEvidence) -> FoundBy:
        applied.append(self)
        return found_in(self, evidence)

    monkeypatch.setattr(Check, "found_in", noted)
    audit.run(evidence)
    there = with_correction(evidence, "pv", Quantity.VALID, 0, 3)
    forgetful = replace(there, memory=MadeBefore())
    applied.clear()
    again = FindingTable([found for check in CHECKS for found in check(there)])
    some = len(applied)
    afresh = FindingTable([found for check in CHECKS for found in check(forgetful)])
    assert list(again) == list(afresh) != list(FindingTable([each for check in CHECKS for each in check(evidence)]))
    assert 0 < some < len(CHECKS) == len(applied) - some


def test_a_source_is_looked_at_only_where_those_before_it_lack_a_count(tmp_path: Path) -> None:
    """So that screens and gaps are not looked for again where only a later source is another."""
    night = small_night()
    evidence = night.load(tmp_path / "whole")
    assert evidence.published
    assert evidence.machines is not None
    assert not {"published", "machines"} & evidence.made(screened).reads.keys()
    assert not {"published", "records"} & evidence.made(signatures).reads.keys()
    night.row("pv.csv", "0001")["blancs"] = ""
    night.row("emargements.csv", "0001")["emargements"] = ""
    lacking = night.load(tmp_path / "lacking")
    assert "machines" in lacking.made(screened).reads
    assert "records" in lacking.made(signatures).reads
    assert lacking.once(screened).blank.known.all()
