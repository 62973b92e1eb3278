"""Shares of the choices lie not so far apart that a clean night looks odd."""

import numpy as np
import pytest

from sim.bureaux import machine_bureaux, machine_communes
from sim.elections import SCENARIOS
from sim.evidence import PaperFigures, PublishedRow
from sim.nights.ministry import published_bytes
from sim.voters import draw_choices
from tests.sources import new_file
from tests.verify.night_builder import loaded
from verify import audit
from verify.model.thresholds import Thresholds


@pytest.mark.check(5)
def test_the_screen_of_shares_rarely_names_a_bureau_of_a_clean_night() -> None:
    """P404 promises one night of 20 in even communes. These are uneven: 72 of 300 nights had one, 78 bureaux in all."""
    scenario = SCENARIOS[2022]
    named = 0
    for seed in range(200, 212):
        rows = []
        for commune in machine_communes(2022):
            for bureau in machine_bureaux(seed, scenario, commune):
                votes = round(bureau.registered * scenario.turnout)
                cast = draw_choices(seed, scenario, bureau, votes)
                blank, *counts = np.bincount(cast, minlength=len(scenario.labels) + 1).tolist()
                figures = PaperFigures(bureau.registered, votes, votes, blank, 0, votes - blank, [*counts])
                rows.append((bureau, PublishedRow(figures)))
        night = new_file(f"{seed}.txt", published_bytes(rows, scenario.candidates))
        evidence = loaded(published=(night,))
        evidence.thresholds = Thresholds(screen_one_in=20)
        result = audit.run(evidence)
        assert "P404" in result.coverage.checked
        named += sum(found.code == "P404" for found in result.findings)
    assert named <= 8
