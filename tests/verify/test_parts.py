"""A rule that says that it looks no further than a commune finds the same in some communes as in all of the evidence.

In nights with every fault of the simulator, one at a time and ten at once, with less and more evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from regard.studies import trial_audits
from regard.studies.evidence_sets import EVIDENCE, FULL
from regard.studies.trial_audits import TrialAudits
from regard.studies.trial_nights import MACHINES, TrialNights
from regard.studies.trial_of_many import COMMUNES, rates_of_many
from regard.studies.trials import names
from tests.verify.night_builder import CHOICES, PUBLISHED, small_night, with_tabulation
from verify import audit
from verify.cases.again import proving
from verify.model.amiss import Twice
from verify.model.checks import Check, Reach
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.figures import Figures, Ints
from verify.model.findings import Finding, Found
from verify.model.parts import NotOfAPart, part_of
from verify.model.remembering import MadeBefore
from verify.model.universe import PAPER
from verify.rules import CHECKS

KINDS = ("pv", "pv+published", "dumps", FULL)


def lined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[LinedEvidence]:
    """The evidence of nights with every fault, then of nights with ten at once."""
    found: list[LinedEvidence] = []
    nights = TrialNights(1, MACHINES)
    written = [nights.night(name) for name in names([])]
    written += [TrialNights(seed, COMMUNES).night_at(rates_of_many(seed)) for seed in (1, 4, 5)]
    audits = TrialAudits(folder)
    with monkeypatch.context() as only_lined:
        only_lined.setattr(trial_audits, "run", found.append)
        for each in written:
            for kind in EVIDENCE:
                if kind.name in KINDS:
                    audits.audited(each, kind)
    return found


def with_other_round(evidence: LinedEvidence) -> LinedEvidence:
    """The same beside another round, in which every two bureaux have each other's rolls; and a count in two files."""
    counted = evidence.records or next((lines.counted for lines in evidence.published), None)
    if counted is None:
        return evidence
    turned = {name: figures for name, figures in counted.figures.items() if name != "registered"}
    registered, valid = counted["registered"], counted["valid"]
    order = np.minimum(np.arange(len(registered.values)) ^ 1, len(registered.values) - 1)
    turned["registered"] = Figures(registered.name, registered.values[order], registered.places)
    twice = Twice(valid, Figures(valid.name, counted["votes_found"].values, valid.places))
    return replace(evidence, other_round=replace(counted, figures=turned), twice=[twice])


def singles(found: Sequence[Found]) -> list[Finding]:
    return [single for each in found for single in ([each] if isinstance(each, Finding) else each)]


def checks(reach: Reach) -> list[Check]:
    return [check for check in CHECKS if check.reach is reach]


def without_lists(evidence: LinedEvidence) -> Iterator[LinedEvidence]:
    """The evidence, and the same without the sign-in lists, and without PVs."""
    yield evidence
    if evidence.machines is None:
        yield replace(evidence, signatures=None)
        yield replace(evidence, signatures=None, records=None, votes=None, shifted=None)


def by_hand(folder: Path) -> Iterator[LinedEvidence]:
    """Evidence beyond the simulated nights: two polls, hours reversed, published signatures, no null votes…"""
    night = small_night(polls=2)
    night.add("emargements.csv", "0002", "emargements", 3, poll=2)
    yield replace(night.load(folder / "polls"), exports=None, machines=None)
    without = with_tabulation()
    without.drop("pv.csv", "0002")
    without.add("voix.csv", "0002", "voix", 7, choice=CHOICES[0])
    yield without.load(folder / "without")
    evidence = small_night().load(folder / "one")
    records, published, nulls = evidence.records, evidence.published[0], np.zeros((5, 1), np.int64)
    assert records is not None
    figures = dict(records.figures)
    figures |= {"ouverture": records["cloture"], "cloture": records["ouverture"]}
    figures["null"] = Figures("null", nulls, records["null"].places)
    other = replace(records, figures=figures)
    found = published.counted["votes_found"]
    signed = {"signatures": Figures("signatures", found.values + 1, found.places)}
    lines = replace(published, counted=replace(published.counted, figures=published.counted.figures | signed))
    limits = replace(evidence.thresholds, no_null_votes=1)
    paper = replace(evidence.universe, counting=np.full(5, PAPER))
    given = {"universe": paper, "records": other, "other_round": other, "published": [lines], "thresholds": limits}
    yield replace(evidence, **given, exports=None, machines=None)  # type: ignore[arg-type]
    blank = {"blank": Figures("blank", found.values, found.places)}
    lines = replace(published, counted=replace(published.counted, figures=published.counted.figures | blank))
    yield replace(evidence, records=None, votes=None, shifted=None, published=[lines])
    order = np.array([1, 0, 2, 3, 4])
    turned = {
        name: Figures(name, records[name].values[order], records[name].places) for name in ("votes_found", "blank")
    }
    yield replace(evidence, votes=None, records=replace(records, figures=records.figures | turned))


@pytest.mark.check(20)
def test_rules_of_a_commune_find_the_same_without_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Counter[str]()
    nights = [*map(with_other_round, lined(tmp_path, monkeypatch)), *by_hand(tmp_path / "night")]
    for one in nights:
        for evidence in without_lists(one):
            universe = evidence.universe
            for number, insee in enumerate(universe.insee[universe.communes].tolist()):
                part = part_of(evidence, np.flatnonzero(universe.commune_number == number))
                for check in checks(Reach.COMMUNE):
                    of_commune = [each for each in singles(check(evidence)) if each.insee == insee]
                    try:
                        assert singles(check(part)) == of_commune, check.name
                        found[check.name] += len(of_commune)
                    except NotOfAPart:  # of machines much is not told bureau by bureau
                        assert evidence.machines is not None, check.name
                elsewhere = {each.insee for check in checks(Reach.COMMUNE) for each in singles(check(evidence))}
                assert elsewhere <= set(universe.insee.tolist())
    assert set(+found) == {check.name for check in checks(Reach.COMMUNE)}, "a rule that found nothing shows nothing"


def otherwise(values: Ints) -> Ints:
    """Other figures wherever there is one."""
    return np.where(values >= 0, (values * 7 + 3) % 1000, values)


def with_other_figures(evidence: LinedEvidence) -> LinedEvidence:
    """The evidence with other figures, all where there were some."""

    def counted(table: Counted) -> Counted:
        named = table.figures.items()
        return replace(
            table, figures={name: Figures(name, otherwise(each.values), each.places) for name, each in named}
        )

    def votes(table: LinedVotes) -> LinedVotes:
        return replace(table, values=otherwise(table.values))

    others: dict[str, Any] = {}
    for name in ("signatures", "records", "tabulation"):
        table = getattr(evidence, name)
        others[name] = None if table is None else counted(table)
    others["votes"] = None if evidence.votes is None else votes(evidence.votes)
    others["published"] = [
        replace(each, counted=counted(each.counted), votes=votes(each.votes)) for each in evidence.published
    ]
    return replace(evidence, memory=MadeBefore(), **others)


@pytest.mark.check(7)
def test_rules_of_presence_find_the_same_whatever_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Counter[str]()
    blank = small_night()
    blank.row("pv.csv", "0002")["nuls"] = blank.row("voix.csv", "0001", choice=CHOICES[0])["voix"] = ""
    for row in blank.tables["emargements.csv"]:
        row["inscrits"] = ""
    for bureau in ("0003", "0004"):
        blank.drop("emargements.csv", bureau)
        blank.drop("pv.csv", bureau)
    blank.tables["voix.csv"] = [row for row in blank.tables["voix.csv"] if row["bureau"] != "0A11"]
    blank.published[PUBLISHED].pop()
    for evidence in [*lined(tmp_path, monkeypatch), blank.load(tmp_path / "blank")]:
        others = with_other_figures(evidence)
        for check in checks(Reach.PRESENCE):
            assert singles(check(others)) == singles(check(evidence)), check.name
            found[check.name] += len(check(evidence))
    assert set(+found) == {check.name for check in checks(Reach.PRESENCE)}, "a rule that found nothing shows nothing"


@pytest.mark.check(20)
def test_cases_are_the_same_whether_all_is_looked_at_again_or_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings, cases, how sure they are, and what is noted with the corrections made."""
    partly = 0
    for evidence in lined(tmp_path, monkeypatch):
        whole = audit.run(replace(evidence, memory=MadeBefore()))
        with monkeypatch.context() as some:
            some.setattr(proving, "_LEAST_BUREAUX", 0)
            some.setattr(proving, "_LARGEST_PART", 0)
            some.setattr(proving, "part_of", noted := Mock(wraps=part_of))
            part = audit.run(replace(evidence, memory=MadeBefore()))
        partly += noted.called
        assert list(part.findings) == list(whole.findings)
        assert list(part.cases) == list(whole.cases)
    assert partly > 20
