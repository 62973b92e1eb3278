"""Times at the very ends of a polling day, and follow-ups of one of two communes with the same code of a bureau."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from protocol.civil_time import DAY
from tests.verify.night_builder import small_night
from verify.columns.contests_at_hand import _where
from verify.model.follow_ups import FollowStatus, FollowUp
from verify.rules.machine import NOON_AFTER, _off

MIDNIGHT = 20 * DAY


def test_a_day_begins_at_midnight_and_a_closing_may_be_until_the_noon_after() -> None:
    opening = np.array([MIDNIGHT, MIDNIGHT + DAY - 1, MIDNIGHT + DAY, MIDNIGHT - 1, 0, -1])
    closing = np.array([MIDNIGHT, MIDNIGHT + NOON_AFTER - 1, MIDNIGHT + NOON_AFTER, MIDNIGHT - 1, 0, -1])
    midnight, among = np.full(6, MIDNIGHT), np.ones(6, np.bool_)
    both = ["opening", "closing"]
    assert dict(_off({"opening": opening, "closing": closing}, midnight, among)) == {2: both, 3: both, 4: both}


def test_another_day_of_a_file_is_found_in_the_day() -> None:
    night = small_night()
    for row in night.tables["pv.csv"]:
        row["date"] = "04/10/2022"
    assert night.only("C127")[0].field == "day"


def test_a_follow_up_is_about_its_commune_alone() -> None:
    universe = SimpleNamespace(insee=np.array(["77001", "77002"]), bureau=np.array(["0001", "0001"]))
    universe_of: Any = type("Universe", (SimpleNamespace,), {"__len__": lambda self: 2})
    evidence: Any = SimpleNamespace(universe=universe_of(**vars(universe)), polls=(1,))

    def units(insee: str, bureau: str = "0001") -> list[int]:
        row = FollowUp("suites.csv:2", insee, bureau, 0, FollowStatus.KEPT_OUT, 4)
        return list(map(int, _where(evidence, row)[0]))

    assert (units("77002"), units("77001"), units("")) == ([1], [0], [0, 1])
