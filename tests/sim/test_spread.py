"""Shares of the choices lie as far apart as in real results, and not so far that a clean night looks odd."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from protocol.arrays import Ints
from sim.bureaux import machine_bureaux, machine_communes
from sim.elections import SCENARIOS
from sim.evidence import PaperFigures, PublishedRow
from sim.nights.ministry import published_bytes
from sim.spread import OBSERVED, ROUNDS, simulate_spread, spread
from sim.voters import draw_choices
from tests.verify.night_builder import loaded
from verify import audit
from verify.model.thresholds import Thresholds


def invented(commune: float, bureau: float) -> tuple[Ints, Ints]:
    """Votes of 300 communes of 10 to 40 bureaux of uneven sizes; two rare choices deviate, one takes the rest."""
    random = np.random.default_rng(20)
    where = np.repeat(np.arange(300), random.integers(10, 41, 300))
    away = random.normal(0.0, commune, (300, 2))[where] + random.normal(0.0, bureau, (len(where), 2))
    rare = np.array([0.01, 0.05]) * np.exp(away)
    shares = np.column_stack([rare, 1.0 - rare.sum(axis=1)])
    sizes = random.integers(50, 900, len(where))
    return np.array([random.multinomial(size, law) for size, law in zip(sizes, shares, strict=True)]), where


@pytest.mark.parametrize(("commune", "bureau"), [(0.4, 0.2), (0.2, 0.3), (0.3, 0.0), (0.0, 0.0)])
def test_what_was_put_in_comes_out_without_the_chance(commune: float, bureau: float) -> None:
    """In variances, of which chance alone would be more than 0.2 for the rarest."""
    found = spread([invented(commune, bureau)])
    put_in = np.array([commune, commune, bureau, bureau]) ** 2
    assert np.array(found.commune[:2] + found.bureau[:2]) ** 2 == pytest.approx(put_in, abs=0.02)
    assert max(found.commune[2], found.bureau[2]) < 0.05


def test_a_choice_without_votes_and_a_commune_of_one_bureau_do_no_harm() -> None:
    votes, commune = invented(0.3, 0.2)
    whole = spread([(votes, commune)])
    lone = np.array([[900, 0, 0]])
    assert spread([(np.concatenate([votes, lone]), np.append(commune, commune.max() + 1))]) == whole
    votes[commune == 7, 0] = 0
    assert spread([(votes, commune)]).bureau[0] == pytest.approx(whole.bureau[0], abs=0.01)


@pytest.mark.parametrize("at", [0, 1])
def test_observed_is_what_the_real_results_give(at: int, real_data: Path) -> None:
    full = [each.insee for each in machine_communes(2017) if each.machine_bureaux == each.bureaux]
    votes, commune = [], []
    with gzip.open(real_data / f"2017-presidentielle-{at + 1}_par_bureau_large.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            insee = row["departement"] + row["commune"]
            if insee in full:
                votes.append([int(row[candidate.cells[1]]) for candidate in ROUNDS[at].candidates])
                commune.append(full.index(insee))
    assert len(votes) == 1377
    found = spread([(np.array(votes), np.array(commune))])
    assert tuple(round(each, 2) for each in found.commune) == OBSERVED[at].commune
    assert tuple(round(each, 2) for each in found.bureau) == OBSERVED[at].bureau


def test_simulated_shares_lie_as_far_apart_as_the_observed_ones() -> None:
    """On seeds that nothing was fitted on, on average over the choices of round 1."""
    found = simulate_spread(ROUNDS[0], 5, seed=500)
    assert np.mean(found.commune) == pytest.approx(np.mean(OBSERVED[0].commune), abs=0.03)
    assert np.mean(found.bureau) == pytest.approx(np.mean(OBSERVED[0].bureau), abs=0.02)


@pytest.mark.check(5)
def test_the_screen_of_shares_rarely_names_a_bureau_of_a_clean_night(tmp_path: Path) -> None:
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
        night = tmp_path / f"{seed}.txt"
        night.write_bytes(published_bytes(rows, scenario.candidates))
        evidence = loaded(published=(night,))
        evidence.thresholds = Thresholds(screen_one_in=20)
        result = audit.run(evidence)
        assert "P404" in result.coverage.checked
        named += sum(found.code == "P404" for found in result.findings)
    assert named <= 8
