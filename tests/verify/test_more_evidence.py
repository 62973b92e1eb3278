"""More evidence never shows less: a finding goes only where a narrower one says the same.

Published results with both counts of voters show gaps by themselves, and still do beside results without them; where
PVs or sign-in lists have other counts, that difference is named.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.verify.published import samples
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Finding

MINISTRY = """code_insee,commune,bureau,inscrits,abstentions,votants,blancs,nuls,exprimes,DE L'ÉTANG Anne,PETIT Luc
75056,Paris,0518,400,100,300,12,0,288,188,100
75056,Paris,1502,90,10,80,0,2,78,40,38
"""


def of(result: Audit, *codes: str) -> list[Finding]:
    return [found for found in result.findings if found.code in codes]


def feed(folder: Path, text: str = samples.PARIS) -> Path:
    path = folder / "paris.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_feed_with_both_counts_shows_its_gaps_beside_results_without_them(tmp_path: Path) -> None:
    both, ministry = feed(tmp_path), tmp_path / "ministry.csv"
    ministry.write_text(MINISTRY, encoding="utf-8")
    for given in ((both,), (both, ministry), (ministry, both)):
        result = audit.run(load(Sources(published=given)))
        assert [(gap.bureau, gap.left.value, gap.right.value) for gap in of(result, "R202")] == [("0518", 301, 300)]
        assert of(result, "R201", "R204") == []


def test_r203_and_r220_of_published_counts(tmp_path: Path) -> None:
    text = samples.PARIS.replace(",20,400,301,300,", ",450,400,401,300,")
    result = audit.run(load(Sources(published=(feed(tmp_path, text),))))
    assert [(found.left.value, found.right.value) for found in of(result, "R203")] == [(401, 400)]
    assert [(found.left.value, found.right.value) for found in of(result, "R220")] == [(450, 401)]
    assert {"R203", "R220", "R201"} <= set(result.coverage.checked)


@pytest.mark.parametrize("city", ["2017-presidentielle-t1-paris-city.csv"])
def test_281_gaps_of_paris_whatever_else_is_given_in_whatever_order(real_data: Path, city: str) -> None:
    both, nation = real_data / city, real_data / "2017-presidentielle-1_par_commune_large.csv.gz"
    for given in itertools.permutations((both, nation)):
        gaps = of(audit.run(load(Sources(published=given))), "R201", "R202")
        assert len(gaps) == len({gap.bureau for gap in gaps}) == 281
