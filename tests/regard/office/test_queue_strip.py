"""The picture of queues: where marks go, and that its shades are the same on every page."""

import re
from dataclasses import replace

from protocol.words import language
from regard.office.queue_strip import FEW, WIDTH, BureauDay, QueueStrip, queue_strips, shade_names, shade_of
from sim.queues.town import TownBureau

EN = language("en")


def bureau(
    at: int = 1,
    queues: tuple[int, ...] = (1, 2),
    calm: tuple[int, ...] | None = None,
    **more: str,
) -> BureauDay:
    place = TownBureau(
        more.get("insee", "76351"), more.get("commune", "Le Havre"), more.get("code", f"{at:04}"), 900, 1, 1, 8, 19
    )
    return BureauDay(place, first_hour=8, queues=queues, calm=calm or queues)


def test_a_queue_has_the_same_shade_on_every_page() -> None:
    assert [shade_of(people) for people in (0, 1, 4, 5, 9, 10, 19, 20, 39, 40, 79, 80, 5000)] == [
        *(0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6),
    ]
    assert shade_names(EN) == ["0", "1–4", "5–9", "10–19", "20–39", "40–79", "≥ 80"]


def boxes(strip: QueueStrip) -> list[int]:
    return [len(re.findall("z", path)) for path in strip.shades]


def test_bureaux_have_their_names_and_figures() -> None:
    [strip] = queue_strips([[bureau(1, queues=(0, 19, 20)), bureau(2, queues=(3, 3))]], EN)
    assert [text for _, _, text, _ in strip.figures] == ["0", "19", "20", "3", "3"]
    assert [dark for *_, dark in strip.figures] == [False, False, True, False, False]
    assert boxes(strip) == [1, 2, 0, 1, 1, 0, 0]
    assert strip.longer == ""
    assert [name for *_, name in strip.labels] == ["0001", "0002"]
    assert [hour for *_, hour in strip.heads] == ["8:00", "9:00", "10:00"]
    assert queue_strips([[]], EN) == ()


def test_figures_stand_below_their_hours_and_beside_their_bureaux() -> None:
    early = replace(bureau(1, queues=(1, 1, 1)), first_hour=7)
    [strip] = queue_strips([[early, bureau(2)]], EN)
    hours = {x: hour for x, _, hour in strip.heads}
    rows = {y: name for _, y, name in strip.labels}
    places = [f"{rows[y]} {hours[x]}" for x, y, *_ in strip.figures]
    assert places == ["0001 7:00", "0001 8:00", "0001 9:00", "0002 8:00", "0002 9:00"]
    long_day = queue_strips([[bureau(queues=(1,) * 16)]] * 3, EN)[0]
    assert (strip.width < WIDTH, long_day.width > WIDTH // 3) == (True, True)  # boxes fit their figures


def test_names_have_their_commune_where_there_are_several_and_lose_letters_beyond_their_room() -> None:
    [strip] = queue_strips([[bureau(code="A" * 40)]], EN)
    [several] = queue_strips([[bureau(1), bureau(2, insee="76540", commune="")]], EN)
    assert [name for each in (strip, several) for *_, name in each.labels] == [
        *("A" * 27 + "…", "Le Havre 0001", "76540 0002"),
    ]
    assert several.labels[0][0] < strip.labels[0][0]


def test_of_many_bureaux_those_with_the_longest_queues_have_rows_in_their_order() -> None:
    """On any of the days, so that the same ones stand beside each other."""
    day = [bureau(at, queues=(at % 80,)) for at in range(200)]
    broken = [bureau(at, queues=(90 if at == 3 else at % 80,)) for at in range(200)]
    strips = queue_strips([day, broken], EN)
    named = [[name for *_, name in strip.labels] for strip in strips]
    longest = sorted(range(200), key=lambda at: (-(90 if at == 3 else at % 80), at))[:FEW]
    assert named[0] == named[1] == [f"{at:04}" for at in sorted(longest)]
    assert all(strip.width <= WIDTH // 2 for strip in strips)


def test_framed_is_only_what_a_breakdown_makes_clearly_longer() -> None:
    planned = [bureau(1, queues=(4, 12, 1)), bureau(2, queues=(1, 1, 1))]
    broken = [bureau(1, queues=(4, 18, 25), calm=(4, 12, 12)), bureau(2, queues=(5, 45, 9), calm=(4, 40, 5))]
    first, strip = queue_strips([planned, broken], EN)
    framed = [strip.longer.count(path) for path in ("M", "z")]
    assert first.longer == ""
    assert framed == [2, 2]  # 12 to 18 and to 25; not 4 to 5 or 40 to 45, a shade longer each
    assert all(box in "".join(strip.shades) for box in re.findall(r"M[^z]*z", strip.longer))
