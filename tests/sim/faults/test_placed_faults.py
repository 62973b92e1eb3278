"""Faults placed on purpose: they strike where they were placed, for certain, and nowhere else."""

from pathlib import Path

import pytest

from protocol.night import TRUTH
from sim.errors import SimulationError, UnknownFault
from sim.faults.catalogue import parse_rates
from tests.sim.nights import files, night, rows

VILLENOY = ["77513"]


def placed(
    faults: str, codes: list[str] = VILLENOY, folder: Path | None = None, **options: int
) -> list[tuple[str, str, str, str]]:
    made = night(codes, dict(parse_rates(faults)), folder, **options)
    return [(row["faute"], row["bureau"], row["piece"], row["champ"]) for row in rows(made, TRUTH.file)]


def test_each_stage_of_a_night_takes_placed_faults() -> None:
    asked = (
        "power-cut@0001,voted-twice@0002=3,roll-missing@0001,digits-exchanged@77513:0003/signatures,"
        "digit-wrong@0002/blank,hour-missing@0001/cloture,gap-as-nulls@0001,signed-early@0001,dump-lost@0001,"
        "published-figure-wrong@0002,gap-corrected@0002"
    )
    assert sorted(placed(asked)) == sorted(
        [
            ("power-cut", "0001", "jour", "machine"),
            *[("voted-twice", "0002", "jour", "votes")] * 3,
            ("signed-early", "0001", "jour", "votes"),
            ("roll-missing", "0001", "emargements", "emargements"),
            ("digits-exchanged", "0003", "pv", "emargements"),
            ("digit-wrong", "0002", "pv", "blancs"),
            ("hour-missing", "0001", "pv", "cloture"),
            ("gap-as-nulls", "0001", "pv", "nuls"),
            ("gap-corrected", "0002", "recap", "emargements"),
            ("published-figure-wrong", "0002", "publie", "voix"),
            ("dump-lost", "0001", "exports", "fichier"),
        ]
    )


def test_the_same_seed_gives_the_same_bytes_and_drawn_faults_stay(tmp_path: Path) -> None:
    drawn, asked = "voted-twice=0.002,power-cut=0.5", "digits-exchanged@34324:0003/signatures"
    codes = ["34324", "77513"]
    alone = placed(drawn, codes)
    both = placed(f"{drawn},{asked}", codes, tmp_path / "one")
    assert sorted(both) == sorted([*alone, ("digits-exchanged", "0003", "pv", "emargements")])
    placed(f"{drawn},{asked}", codes, tmp_path / "two", workers=2)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("digits-exchanged@", "NAME@BUREAU"),
        ("digits-exchanged@1/2/3", "NAME@BUREAU"),
        ("nonsense@0001", "nonsense"),
        ("ballot-misread@0001", "rate only"),
        ("digits-exchanged@0001=2", "from 1 to 1"),
        ("voted-twice@0001=0.5", "from 1 to 1"),
        ("voted-twice@0001=0", "from 1 to 1"),
        ("voted-twice@0001,voted-twice@0001", "twice"),
    ],
)
def test_what_is_no_place_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnknownFault, match=says):
        parse_rates(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hour-missing@0009", "77513:0001, 77513:0002, 77513:0003"),
        ("hour-missing@06123:0001", "no such bureau"),
        ("gap-as-nulls@0001", "nothing to change"),
        ("digits-exchanged@0001/proxies", "nothing to change"),
        ("voted-twice@0001/signatures", "nothing to change"),
    ],
)
def test_a_place_where_nothing_can_strike_is_refused_and_nothing_is_written(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(SimulationError, match=says):
        placed(text, folder=tmp_path / "n")
    assert not (tmp_path / "n").exists()


def test_a_number_that_several_communes_have_needs_the_code() -> None:
    with pytest.raises(UnknownFault, match="34324:0001, 77513:0001"):
        placed("hour-missing@0001", ["34324", "77513"])
