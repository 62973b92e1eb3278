"""P, plausibility: each screen with a case in which it fires and one in which it does not, on both sides of its limit.

Most cases are a town of many bureaux, published for one round or for both; nothing in it is out of line.
"""

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from protocol import night
from protocol.files import csv_bytes
from tests.sources import new_file, new_folder, put_text
from tests.verify.night_builder import (
    CHOICES,
    ZOLA,
    PublishedRow,
    audited,
    bureaux_with,
    figures,
    infos,
    loaded,
    published_bytes,
    quiet,
    small_night,
)
from tests.verify.town_builder import Town, bureau, one, run, town
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.thresholds import Thresholds


def test_a_town_in_order_makes_no_screen_fire() -> None:
    result = run(town(), town(later=30))
    assert [found.code for found in result.findings if found.code[0] == "P"] == []
    assert {"P402", "P403", "P404", "P409", "P411", "P413", "P414"} <= set(result.coverage.checked)


def test_the_statistical_screens_are_off_unless_asked_for() -> None:
    rows = town()
    with_blanks(rows, 80)
    assert infos(run(rows), "P402")
    off = run(rows, thresholds=Thresholds())
    assert not infos(off, "P402")
    assert not {"P402", "P403", "P404"} & {*off.coverage.checked, *off.coverage.idle, *off.coverage.unchecked}


def test_the_small_night_makes_no_screen_fire() -> None:
    assert [found.code for found in small_night().run().findings if found.code[0] == "P"] == []


@pytest.mark.parametrize("value", [None, 0, 10**9])
def test_any_evidence_and_any_thresholds_will_do(value: int | None) -> None:
    folder = small_night(polls=2, by_constituency=True).write()
    given: dict[str, object] = {
        "exports": (folder / "exports",),
        "records": (folder / "pv.csv",),
        "signatures": (folder / "emargements.csv",),
        "votes": (folder / "voix.csv",),
        "published": tuple(sorted(folder.glob("publie*"))),
    }
    names = [field.name for field in dataclasses.fields(Thresholds)]
    thresholds = Thresholds() if value is None else Thresholds(**dict.fromkeys(names, value))
    for count in (1, 2, 5):
        for kinds in itertools.combinations(given, count):
            sources = Sources(other_round=folder / "pv.csv")
            evidence = load(dataclasses.replace(sources, **{kind: given[kind] for kind in kinds}))  # type: ignore[arg-type]
            evidence.thresholds = thresholds
            audit.run(evidence)


# --- P401 ------------------------------------------------------------------------------------------------------------


def records(rows: Sequence[tuple[int, int]]) -> Audit:
    """Audit PVs of ``(votes found, signatures)`` that say nothing else."""
    folder = new_folder()
    lines = [
        ["77001", f"{number:04}", 1, 9000, signed, found, 0, 0, found, 0, "08:00", "18:00", "écart"]
        for number, (found, signed) in enumerate(rows, 1)
    ]
    (folder / "pv.csv").write_bytes(csv_bytes(night.RECORDS.header, lines))
    return audited(records=(folder / "pv.csv",))


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("votes", "gap", "measures"),
    [
        (1000, 3, None),  # 3 ‰ is not above 3 ‰
        (999, 3, "> 3 ‰"),
        (1000, 4, "> 3 ‰"),
        (999, 4, "> 3 ‰, > 4 ‰"),
        (251, 5, "> 3 ‰, > 4 ‰"),
        (250, 5, "> 3 ‰, > 4 ‰, ≥ 2 %"),
        (5001, 14, None),
        (5001, 15, "≥ 15"),
        (100, 0, None),
    ],
)
def test_p401(votes: int, gap: int, measures: str | None, sign: int) -> None:
    result = records([(votes, votes - sign * gap)])
    if measures is None:
        quiet(result, "P401")
        return
    found = one(result, "P401")
    assert found.details == {"gap": gap, "measures": measures}
    assert figures(found) == (votes - sign * gap, votes)


def test_p401_of_no_votes_at_all() -> None:
    found = one(records([(0, 1)]), "P401")
    assert found.details["measures"] == "> 3 ‰, > 4 ‰, ≥ 2 %"
    quiet(records([(0, 0)]), "P401")


def test_p401_from_a_city_that_publishes_both_counts(tmp_path: Path) -> None:
    header = "ID_BVOTE,SCRUTIN,ANNEE,TOUR,DATE,NUM_PROCU,NB_INSCR,NB_EMARG,NB_VOTANT,NB_BL,NB_NUL,NB_EXPRIM,zola_emile"
    lines = [header.replace("NUM_PROCU", "NB_PROCU")]
    lines += ["5-1,Essai,2022,1,,3,1000,700,704,4,2,698,698", "5-2,Essai,2022,1,,3,1000,702,704,4,2,698,698"]
    put_text(tmp_path / "ville.csv", "\n".join(lines) + "\n")
    result = audited(published=(tmp_path / "ville.csv",))
    found = one(result, "P401")
    assert (found.bureau, *figures(found)) == ("0501", 700, 704)
    assert "P401" in result.coverage.checked


# --- P402 to P404 ----------------------------------------------------------------------------------------------------


def fires_from(code: str, change: Callable[[Town, int], None], steps: range, **given: Town) -> int:
    """The first step at which a code fires on bureau 0001; it has to fire at all larger ones, and not at smaller."""
    fired = []
    for step in steps:
        rows = town()
        change(rows, step)
        found = infos(run(rows, given.get("other")), code)
        assert {one.bureau for one in found} <= {"0001"}
        fired.append(bool(found))
    assert fired == sorted(fired)
    assert not fired[0]
    assert fired[-1]
    return steps[fired.index(True)]


def with_blanks(rows: Town, blank: int) -> None:
    rows[0] = bureau("0001", 1003, blank, 6, (370 - blank, 250, 101))


def test_p402() -> None:
    limit = fires_from("P402", with_blanks, range(20, 80, 4))
    # chance alone: about 20 ± 4.4 of 727, and 12 tests; the distance has to be several times that
    assert 36 <= limit <= 68
    rows = town()
    with_blanks(rows, 90)
    found = one(run(rows), "P402")
    assert (found.bureau, found.field, found.left.value) == ("0001", "blank", 90)
    assert isinstance(found.right.value, int)
    assert 18 <= found.right.value <= 23
    assert found.details["others"] == 11


@pytest.mark.parametrize(
    ("name", "changed", "quiet_one"),
    [("screen_bureaux", 12, 13), ("screen_votes", 727, 728), ("screen_one_in", 20, 10**9)],
)
def test_p402_keeps_its_limits(name: str, changed: int, quiet_one: int) -> None:
    rows = town()
    with_blanks(rows, 90)
    assert rows[0].counts["Votants"] == 727
    assert one(run(rows, thresholds=Thresholds(**{"screen_one_in": 20, name: changed})), "P402").bureau == "0001"
    quiet(run(rows, thresholds=Thresholds(**{"screen_one_in": 20, name: quiet_one})), "P402")


def test_p402_not_for_an_annulled_bureau() -> None:
    rows = town()
    rows[0] = bureau("0001", 1003, 90, 600, (0, 0, 0))
    quiet(run(rows), "P402")


def with_votes(rows: Town, fewer: int) -> None:
    rows[0] = bureau("0001", 1003, 19, 6, (351 - fewer, 250, 101))


def test_p403() -> None:
    limit = fires_from("P403", with_votes, range(0, 60, 3), other=town(later=30))
    assert 6 <= limit <= 45
    rows = town()
    with_votes(rows, 200)
    found = one(run(rows, town(later=30)), "P403")
    assert (found.bureau, found.left.value) == ("0001", 527)
    assert isinstance(found.right.value, int)
    assert abs(found.right.value - 727) <= 3  # as many more than in the other round as everywhere
    assert found.details["other_registered"] == 1003
    quiet(run(rows), "P403")


def with_zola(rows: Town, votes: int) -> None:
    rows[0] = bureau("0001", 1003, 19, 6, (votes, 601 - votes, 101))


def test_p404() -> None:
    limit = fires_from("P404", with_zola, range(351, 560, 10))
    assert 381 <= limit <= 471
    rows = town()
    with_zola(rows, 550)
    found = one(run(rows), "P404")
    # both choices are out of line: one finding, of the one that is farther out
    assert (found.bureau, found.details["further"]) == ("0001", 1)
    assert found.field in CHOICES[:2]


def test_p404_compares_within_a_commune_only() -> None:
    rows = town()
    for row in rows:
        votes = list(row.votes.values())
        rows.append(bureau(row.bureau, row.counts["Inscrits"], 19, 6, (votes[1], votes[0], votes[2]), "92002"))
        if len(rows) == 24:
            break
    quiet(run(rows), "P404")


# --- P405 to P407, P412, P415 ----------------------------------------------------------------------------------------


def twins(votes: tuple[int, int, int], **changed: int) -> Town:
    """Two bureaux alike in all figures but for what is changed in the second, and a third one."""
    first, second = bureau("0001", 900, 10, 5, votes), bureau("0002", 900, 10, 5, votes)
    if "Inscrits" in changed:
        second.counts["Inscrits"] = changed["Inscrits"]
    if "shift" in changed:
        names = list(second.votes)
        second.votes[names[0]] += changed["shift"]
        second.votes[names[1]] -= changed["shift"]
    return [first, second, bureau("0003", 900, 10, 6, votes)]


def test_p405() -> None:
    found = one(run(twins((40, 30, 15))), "P405")
    assert (found.bureau, found.details["other"]) == ("0002", "77001/0001")
    assert figures(found) == (100, 100)
    quiet(run(twins((40, 30, 14))), "P405")  # 99 votes
    quiet(run(twins((40, 30, 15), Inscrits=901)), "P405")
    quiet(run(twins((40, 30, 15), shift=1)), "P405")


def test_p405_three_alike_are_two_findings() -> None:
    rows = [bureau(code, 900, 10, 5, (140, 30, 15)) for code in ("0003", "0001", "0002")]
    found = infos(run(rows), "P405")
    assert [(one.bureau, one.details["other"]) for one in found] == [
        ("0002", "77001/0001"),
        ("0003", "77001/0001"),
    ]


@pytest.mark.parametrize(("votes", "found", "fires"), [(0, 300, True), (1, 300, False), (0, 0, False)])
def test_p406(votes: int, found: int, fires: bool) -> None:
    rows = [*town(), bureau("0099", 500, 0, found - votes if found else 0, (votes, 0, 0))]
    result = run(rows)
    if fires:
        named = one(result, "P406")
        assert (named.bureau, *figures(named)) == ("0099", 0, 300)
        quiet(result, "P412")
    else:
        quiet(result, "P406")


def fires_with(more: PublishedRow, code: str, *due: int) -> None:
    """In the town with one more bureau a code fires with these figures, or does not where none are due."""
    result = run([*town(), more])
    if due:
        assert figures(one(result, code)) == due
    else:
        quiet(result, code)


@pytest.mark.parametrize(
    ("registered", "found", "due"), [(100, 100, (100, 100)), (99, 99, ()), (101, 100, ()), (100, 99, ())]
)
def test_p407(registered: int, found: int, due: tuple[int, ...]) -> None:
    fires_with(bureau("0099", registered, 2, 1, (found - 3, 0, 0)), "P407", *due)


@pytest.mark.parametrize(("null", "found", "due"), [(11, 109, (11, 109)), (10, 100, ()), (10, 99, ())])
def test_p412(null: int, found: int, due: tuple[int, ...]) -> None:
    fires_with(bureau("0099", 500, 0, null, (found - null, 0, 0)), "P412", *due)


def test_p412_not_in_a_machine_bureau_where_p415_says_more() -> None:
    built = small_night()
    built.incomplete()
    for name in ("pv.csv", "voix.csv"):
        built.drop(name, "0001")
    row = built.publish("0001")
    row.counts |= {"Nuls": 100, "Exprimés": row.counts["Exprimés"] - 100}
    row.votes[ZOLA] -= 100
    built.quiet("P412")


def test_p415() -> None:
    built = small_night()
    built.incomplete()
    for name in ("pv.csv", "voix.csv"):
        built.drop(name, "0001")
    built.quiet("P415")
    row = built.publish("0001")
    row.counts |= {"Nuls": 1, "Exprimés": row.counts["Exprimés"] - 1}
    row.votes[ZOLA] -= 1
    found = one(built.run(), "P415")
    assert (found.bureau, *figures(found)) == ("0001", 1, 626)


def test_p415_in_a_pv_is_r209() -> None:
    built = small_night()
    built.add("pv.csv", "0001", "nuls", 1)
    result = built.run()
    assert bureaux_with(result, "R209") == ["0001"]
    quiet(result, "P415")


# --- P409, P411, P413, P414: two rounds ------------------------------------------------------------------------------


def hamlet(found: int, null: int = 0) -> Town:
    return [bureau("0001", 2500, 0, null, (found - null, 0, 0)), bureau("0001", 900, 9, 9, (400, 0, 0), "92002")]


def test_p409() -> None:
    found = one(run(hamlet(1000), hamlet(1000)), "P409")
    assert (found.level, found.insee, found.bureau, *figures(found)) == ("commune", "77001", "", 0, 1000)
    assert found.details == {"other_votes": 1000}
    quiet(run(hamlet(1000), hamlet(999)), "P409")
    quiet(run(hamlet(1000, 1), hamlet(1000)), "P409")
    quiet(run(hamlet(1000), hamlet(1000, 1)), "P409")
    quiet(run(hamlet(2000)), "P409")  # one round is not enough


def test_p409_not_where_the_list_says_machine() -> None:
    result = small_night()
    other = new_file(
        "autre.txt", published_bytes([result.publish(code) for code in ("0001", "0002", "0003", "0004", "0A11")])
    )
    folder = result.write()
    evidence = loaded(folder, other_round=other)
    evidence.thresholds = Thresholds(no_null_votes=10)
    quiet(audit.run(evidence), "P409")


def two_rolls(now: int, before: int) -> tuple[Town, Town]:
    return [*town(), bureau("0099", now, 2, 1, (70, 0, 0))], [*town(later=9), bureau("0099", before, 2, 1, (70, 0, 0))]


@pytest.mark.parametrize(
    ("now", "before", "fires"),
    [
        (421, 400, True),
        (420, 400, False),  # 5 % is not more than 5 %
        (379, 400, True),
        (380, 400, False),
        (119, 100, False),
        (120, 100, True),
        (80, 100, True),
        (81, 100, False),
        (100, 100, False),
    ],
)
def test_p411(now: int, before: int, fires: bool) -> None:
    result = run(*two_rolls(now, before))
    if fires:
        found = one(result, "P411")
        assert (found.bureau, *figures(found)) == ("0099", now, before)
    else:
        quiet(result, "P411")


def exchanged(first: int, second: int) -> tuple[Town, Town]:
    """Two bureaux of a commune with each other's roll in the other round."""

    def rolls(one: int, other: int) -> Town:
        return [bureau("0001", one, 5, 5, (300, 90, 9)), bureau("0002", other, 5, 5, (200, 90, 9))]

    return rolls(first, second), rolls(second, first)


def test_p413() -> None:
    result = run(*exchanged(1481, 1322))
    found = one(result, "P413")
    assert (found.bureau, found.details["other"], *figures(found)) == ("0001", "0002", 1481, 1322)
    quiet(result, "P411")
    assert one(run(*exchanged(1020, 1000)), "P413").left.value == 1020
    quiet(run(*exchanged(1019, 1000)), "P413")


def test_p413_not_where_the_pair_is_not_plain() -> None:
    now, before = exchanged(1481, 1322)
    now.append(bureau("0003", 1481, 5, 5, (300, 90, 9)))
    before.append(bureau("0003", 1322, 5, 5, (300, 90, 9)))
    result = run(now, before)
    quiet(result, "P413")  # 0002 may have been exchanged with either
    assert len(infos(result, "P411")) == 3


def test_p413_not_between_communes() -> None:
    now, before = exchanged(1481, 1322)
    for rows in (now, before):
        rows[1] = dataclasses.replace(rows[1], insee="92002")
    quiet(run(now, before), "P413")


@pytest.mark.parametrize(
    ("now", "before", "fires"),
    [
        ((550, 400), (600, 550), True),  # this round's roll is the other's votes
        ((600, 550), (550, 400), True),  # and the other way round
        ((551, 400), (600, 550), False),
        ((550, 400), (550, 550), False),  # the roll has not moved: everybody voted
        ((100, 60), (130, 100), True),
        ((99, 60), (130, 99), False),
    ],
)
def test_p414(now: tuple[int, int], before: tuple[int, int], fires: bool) -> None:
    def round_of(figures: tuple[int, int]) -> Town:
        return [bureau("0001", figures[0], 2, 1, (figures[1] - 3, 0, 0))]

    result = run(round_of(now), round_of(before))
    if fires:
        assert figures(one(result, "P414"))[0] == figures(one(result, "P414"))[1]
    else:
        quiet(result, "P414")
