"""T, transmission: each code with a case in which it fires and one in which it does not."""

from pathlib import Path

import pytest

from tests.verify.night_builder import (
    CURIE,
    PUBLISHED,
    ZOLA,
    Night,
    export_place,
    only,
    quiet,
    says,
    small_night,
)
from verify.findings import Finding

ROW = f"{PUBLISHED}:2"


def of(code: str, night: Night, folder: Path) -> list[Finding]:
    return [found for found in night.run(folder).findings if found.code == code]


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize(
    ("name", "column", "field"),
    [
        ("Votants", "votes_trouves", "votes_found"),
        ("Blancs", "blancs", "blank"),
        ("Nuls", "nuls", "null"),
        ("Exprimés", "exprimes", "valid"),
    ],
)
def test_t301(tmp_path: Path, name: str, column: str, field: str, change: int) -> None:
    night = small_night()
    night.publish("0004").counts[name] += change
    published = night.publish("0004").counts[name]
    [found] = of("T301", night, tmp_path)
    says(found, "T301", "0004", (f"{PUBLISHED}:5", published), (night.place("pv.csv", "0004"), published - change))
    assert found.field == field
    quiet(small_night().run(tmp_path), "T301")


def test_t301_for_a_choice(tmp_path: Path) -> None:
    night = small_night()
    row = night.publish("0001")
    row.votes[ZOLA], row.votes[CURIE] = row.votes[ZOLA] - 1, row.votes[CURIE] + 1
    found = of("T301", night, tmp_path)
    assert [one.field for one in found] == [CURIE, ZOLA]
    says(found[1], "T301", "0001", (ROW, 300), (night.place("voix.csv", "0001", choice=ZOLA), 301))
    quiet(night.run(tmp_path), "T302")


def test_t301_holds_each_poll_against_its_own_file(tmp_path: Path) -> None:
    night = small_night(polls=2)
    night.publish("0001", "publie.2.txt").counts["Blancs"] += 1
    found = of("T301", night, tmp_path)
    assert [(one.poll, one.left.source) for one in found] == [(2, "publie.2.txt:2")]


def test_t302(tmp_path: Path) -> None:
    night = small_night()
    night.incomplete()
    night.drop("pv.csv", "0001")
    night.drop("voix.csv", "0001")
    only(night.run(tmp_path))

    row = night.publish("0001")
    row.counts["Blancs"] += 1
    row.counts["Votants"] += 1
    row.counts["Abstentions"] -= 1
    row.votes[ZOLA], row.votes[CURIE] = row.votes[ZOLA] - 1, row.votes[CURIE] + 1
    found = of("T302", night, tmp_path)
    assert {(one.field, one.left.value, one.right.value) for one in found} == {
        ("votes_found", 627, 626),
        ("blank", 21, 20),
        (ZOLA, 300, 301),
        (CURIE, 203, 202),
    }
    assert {(one.left.source, one.right.source) for one in found} == {(ROW, export_place("0001"))}
    says(next(one for one in found if one.field == "blank"), "T302", "0001", (ROW, 21), (export_place("0001"), 20))


def test_t302_not_where_there_is_a_record(tmp_path: Path) -> None:
    night = small_night()
    night.publish("0001").counts["Blancs"] += 1
    result = night.run(tmp_path)
    quiet(result, "T302")
    assert [one.bureau for one in result.findings if one.code == "T301"] == ["0001"]


def test_t302_with_the_sum_of_two_machines(tmp_path: Path) -> None:
    night = small_night()
    night.incomplete()
    night.drop("pv.csv", "0003")
    night.drop("voix.csv", "0003")
    only(night.run(tmp_path))


@pytest.mark.parametrize("change", [-1, 1])
def test_t306_for_abstentions(tmp_path: Path, change: int) -> None:
    night = small_night()
    night.publish("0001").counts["Abstentions"] += change
    [found] = only(night.run(tmp_path), "T306")
    says(found, "T306", "0001", (ROW, 274 + change), (ROW, 274), poll=0)
    assert found.details == {"sum": "inscrits - votants"}


@pytest.mark.parametrize("change", [-1, 1])
def test_t306(tmp_path: Path, change: int) -> None:
    night = small_night()
    row = night.publish("0001")
    row.counts["Exprimés"] += change
    row.votes[ZOLA] += change
    [found] = of("T306", night, tmp_path)
    says(found, "T306", "0001", (ROW, 606 + change), (ROW, 606), poll=0)
    assert found.details == {"sum": "votants - blancs - nuls"}
    quiet(small_night().run(tmp_path), "T306")


@pytest.mark.parametrize("change", [-1, 1])
def test_t306_for_the_sum_of_the_choices(tmp_path: Path, change: int) -> None:
    night = small_night()
    night.publish("0001").votes[ZOLA] += change
    [found] = of("T306", night, tmp_path)
    says(found, "T306", "0001", (ROW, 606), (ROW, 606 + change), poll=0)


def zeros(night: Night, bureau: str = "0001") -> None:
    row = night.publish(bureau)
    row.counts = dict.fromkeys(row.counts, 0) | {"Inscrits": row.counts["Inscrits"]}
    row.votes = dict.fromkeys(row.votes, 0)


def test_t308(tmp_path: Path) -> None:
    night = small_night()
    zeros(night)
    result = night.run(tmp_path)
    [found] = [one for one in result.findings if one.code == "T308"]
    says(found, "T308", "0001", (ROW, 900), (ROW, 0), poll=0)
    quiet(result, "T306")  # that the abstentions do not add up either says nothing more


def test_t308_not_for_a_bureau_with_one_vote_or_without_registered_voters(tmp_path: Path) -> None:
    night = small_night()
    zeros(night)
    night.publish("0001").counts |= {"Votants": 1, "Blancs": 1, "Abstentions": 899}
    quiet(night.run(tmp_path), "T308")

    zeros(night)
    night.publish("0001").counts["Inscrits"] = 0
    quiet(night.run(tmp_path), "T308")
    quiet(small_night().run(tmp_path), "T308")


def test_t308_not_for_a_bureau_that_the_file_does_not_have(tmp_path: Path) -> None:
    night = small_night()
    night.published[PUBLISHED].remove(night.publish("0001"))
    quiet(night.run(tmp_path), "T308")
