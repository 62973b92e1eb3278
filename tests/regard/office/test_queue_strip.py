"""The picture of queues: where marks go, and that its shades are the same on every page."""

from __future__ import annotations

import re

import pytest

from protocol.words import language
from regard.office import queue_strip
from regard.office.queue_strip import ACROSS, FEW, BureauDay, QueueStrip, queue_strips, shade_names, shade_of

EN = language("en")


def bureau(
    at: int = 1,
    queues: tuple[int, ...] = (1, 2),
    **more: str,
) -> BureauDay:
    return BureauDay(
        code=f"{at:04}",
        first_hour=8,
        queues=queues,
        insee=more.get("insee", "76351"),
        commune=more.get("commune", "Le Havre"),
    )


def test_a_queue_has_the_same_shade_on_every_page() -> None:
    assert [shade_of(people) for people in (0, 1, 4, 5, 9, 10, 19, 20, 39, 40, 79, 80, 5000)] == [
        *(0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6),
    ]
    assert shade_names(EN) == ["0", "1–4", "5–9", "10–19", "20–39", "40–79", "≥ 80"]


def boxes(strip: QueueStrip) -> list[int]:
    return [len(re.findall("z", path)) for path in strip.shades]


def test_few_bureaux_have_their_figures() -> None:
    [strip] = queue_strips([bureau(1, queues=(0, 7, 90)), bureau(2, queues=(3, 3))], EN)
    assert [text for _, _, text, _ in strip.figures] == ["0", "7", "90", "3", "3"]
    assert [dark for *_, dark in strip.figures] == [False, False, True, False, False]
    assert boxes(strip) == [1, 2, 1, 0, 0, 0, 1]
    assert [name for *_, name in strip.labels] == ["0001", "0002"]
    assert [hour for *_, hour in strip.heads] == ["8:00", "9:00", "10:00"]


def test_many_bureaux_are_columns_in_pictures_that_fit_on_a_page() -> None:
    communes = [("76351", "Le Havre")] * 900 + [("29019", "Brest")] * 700
    many = [bureau(at, queues=(at % 3, 90), insee=insee, commune=name) for at, (insee, name) in enumerate(communes)]
    strips = queue_strips(many, EN)
    assert len(strips) == -(-len(many) // (8 * ACROSS))
    assert max(strip.height for strip in strips) < 1000
    assert max(strip.width for strip in strips) < 880
    assert {name for strip in strips for *_, name in strip.heads} == {"Le Havre", "Brest"}
    wide = [0] * 7
    for strip in strips:
        for shade, path in enumerate(strip.shades):
            wide[shade] += sum(map(int, re.findall(r"h(\d+)v", path)))
    assert wide == [5 * 534, 5 * 1066, 0, 0, 0, 0, 5 * 1600]
    assert queue_strips(many[: FEW + 1], EN)[0].figures == ()


def test_of_too_many_bureaux_those_with_the_longest_queues_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_strip, "MOST", 70)
    [strip] = queue_strips([bureau(at, queues=(at % 100,)) for at in range(100)], EN)
    assert strip.width == 40 + 5 * 70
    assert not strip.shades[0]
    assert queue_strips([], EN) == ()
