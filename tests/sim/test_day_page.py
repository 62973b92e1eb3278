"""`jour.html` and `jour.csv`: what the day was like."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np

from protocol.words import language, languages
from sim.bureaux import Bureau, machine_bureaux
from sim.communes import choose
from sim.day_page import page
from sim.elections import SCENARIOS
from sim.evidence import Truth
from sim.faults.catalogue import faults
from sim.polling import hold
from sim.queues.recursion import columns, serve
from sim.queues.replications import Office, waits
from sim.voters import HOUR, draw
from tests.sim.nights import by_bureau, night, rows

SCENARIO = SCENARIOS[2022]


def bureaux(code: str = "77513") -> list[Bureau]:
    return list(machine_bureaux(1, SCENARIO, *choose(2022, [code])))


def test_the_page_stands_alone_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    text = (night(tmp_path / "n", faults={"voted-twice": 0.01}) / "jour.html").read_text(encoding="utf-8")
    assert "simulée" in text
    assert "voted-twice" in text
    assert not re.search(r"(src|href)=|@import|https?://", text)
    assert text.count("<table>") == 4


def test_the_page_escapes_what_it_shows() -> None:
    evidence = hold(1, SCENARIO, replace(bureaux()[0], commune="<script>alert(1)</script>"), {})
    text = page(SCENARIO, [evidence]).decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_every_language_is_on_the_page_and_faults_say_what_they_do() -> None:
    evidence = hold(1, SCENARIO, bureaux()[0], {})
    evidence.truth.append(Truth("dump-lost", "77513", "0001", "export", "fichier", None, "perdu"))
    text = page(SCENARIO, [evidence]).decode()
    assert 'Attente selon la taille du bureau <i lang="en">Waits by bureau size</i>' in text
    effect = faults()["dump-lost"].effect
    for code in languages():
        assert language(code).show(effect) in unescape(text)


def test_waits_are_those_of_the_queueing_engine() -> None:
    for bureau in bureaux():
        held = hold(1, SCENARIO, bureau, {}).passage
        assert held is not None
        draws = columns([draw(1, SCENARIO, bureau)])
        office = Office(bureau.registered, None, opening=bureau.opening, closing=bureau.closing)  # type: ignore[arg-type]
        seen = waits(draws, serve(draws), office)
        assert (held.longest, held.queue, held.closing) == (seen.longest[0], seen.queue[0], seen.closing[0])
        assert held.mean == int(seen.mean)
        assert max(held.queues) == held.queue
        assert sum(held.arrivals) == held.people == draws.people[0]
        assert np.allclose(seen.by_hour[0] * held.arrivals, held.waited)


def test_the_queue_of_an_hour_is_the_longest_within_it() -> None:
    """Counted from the day itself, at every moment at which somebody comes."""
    for bureau in bureaux():
        held = hold(1, SCENARIO, bureau, {}).passage
        assert held is not None
        voters = draw(1, SCENARIO, bureau)
        starts = serve(columns([voters]), machines=bureau.machines).vote_start[:, 0].tolist()
        longest = [0] * (bureau.closing - bureau.opening)
        arrivals = voters.arrival.tolist()
        for come in arrivals:
            there = sum(at <= come < start for at, start in zip(arrivals, starts, strict=True))
            longest[come // HOUR - bureau.opening] = max(longest[come // HOUR - bureau.opening], there)
        assert list(held.queues) == longest


def test_nobody_comes() -> None:
    bureau = replace(bureaux()[0], registered=0)
    held = hold(1, SCENARIO, bureau, {})
    assert held.passage is not None
    assert (held.passage.people, held.passage.mean, held.passage.queue) == (0, 0, 0)
    assert held.passage.closing == bureau.closing * HOUR
    assert page(SCENARIO, [held])


def test_the_table_of_the_day_has_a_row_for_each_bureau(tmp_path: Path) -> None:
    folder = night(tmp_path / "n")
    found = rows(folder, "jour.csv")
    records = by_bureau(folder, "pv.csv")
    assert {(row["insee"], row["bureau"]): row["votes_trouves"] for row in found} == {
        key: record["votes_trouves"] for key, record in records.items()
    }
    assert all(int(row["attente_moyenne_ms"]) <= int(row["attente_maximale_ms"]) for row in found)
