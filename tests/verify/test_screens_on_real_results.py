"""The screens on the real results of 2017: how many fire, and that what is known to be there is found."""

from pathlib import Path

import pytest

from tests.verify.night_builder import figures, infos, loaded
from verify import audit
from verify.audit import Audit
from verify.model.thresholds import Thresholds


@pytest.fixture(scope="module")
def nation(real_data: Path) -> dict[int, Audit]:
    files = {turn: real_data / f"2017-presidentielle-{turn}_par_bureau_large.csv.gz" for turn in (1, 2)}
    return {turn: screened(files[turn], files[3 - turn]) for turn in (1, 2)}


def screened(published: Path, other: Path) -> Audit:
    evidence = loaded(published=(published,), other_round=other)
    evidence.thresholds = Thresholds(screen_one_in=20)
    return audit.run(evidence)


def counted(result: Audit) -> dict[str, int]:
    codes = [found.code for found in result.findings if found.code[0] == "P"]
    return {code: codes.count(code) for code in sorted(set(codes))}


@pytest.mark.check(2)
def test_the_nation_of_2017(nation: dict[int, Audit]) -> None:
    first, second = counted(nation[1]), counted(nation[2])
    assert (first["P406"], second["P406"]) == (12, 38)
    assert (first["P409"], second["P409"]) == (62, 62)
    assert (first["P407"], second.get("P407", 0)) == (9, 0)
    # 59 rolls jumped from round 1 to round 2; six of them are three exchanged pairs, which are named as that
    assert second["P411"] == 53
    assert (first["P413"], second["P413"]) == (6, 6)
    for screens in (first, second):
        assert "P405" not in screens
        assert screens["P402"] <= 50
        assert screens["P403"] <= 15
        assert screens["P404"] <= 20


def test_briancon_is_an_exchange(nation: dict[int, Audit]) -> None:
    [found] = [one for one in infos(nation[2], "P413") if one.insee == "05023"]
    assert (found.bureau, found.details["other"], *figures(found)) == ("0001", "0002", 1322, 1481)


def test_the_communes_of_p409_are_the_machine_communes(nation: dict[int, Audit], real_data: Path) -> None:
    lines = (real_data / "machine_communes.csv").read_text("utf-8").splitlines()
    header = lines[0].split(",")
    rows = [dict(zip(header, line.split(","), strict=True)) for line in lines[1:]]
    full = {row["insee"] for row in rows if row["bureaux_2017"] == row["machine_bureaux_2017"]}
    assert {found.insee for found in infos(nation[2], "P409")} == full


def test_machine_bureaux_of_2017_are_in_line(real_data: Path) -> None:
    files = [real_data / f"REBUILT_PR17_BVot_T{turn}_machines.txt" for turn in (1, 2)]
    screens = counted(screened(files[1], files[0]))
    assert screens["P403"] == 2
    assert not {"P402", "P404", "P405", "P406", "P407", "P412"} & set(screens)
