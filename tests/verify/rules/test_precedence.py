"""Precedence of findings stands in the rulebook alone, never in the order of the rules."""

import random

import pytest

from tests.verify.night_builder import (
    CURIE,
    INSEE,
    LOVELACE,
    OTHER_INSEE,
    ZOLA,
    Night,
    codes_of,
    findings,
    only,
    quiet,
    small_night,
)
from tests.verify.night_urn_images import night_with_urn
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.rules import CHECKS


def codes(night: Night) -> list[str]:
    return sorted({found.code for found in night.run().findings if found.severity > 1})


def wrong_night() -> Night:
    """A night with something wrong of every kind, so that many findings yield to others."""
    night = night_with_urn()
    for column, change in (("nuls", 3), ("votes_trouves", 3)):
        night.add("pv.csv", "0001", column, change)
    night.add("emargements.csv", "0002", "emargements", 3)
    night.add("voix.csv", "0002", "voix", 1, choice=ZOLA)
    first, second = (night.row("voix.csv", "0A11", choice=choice) for choice in (ZOLA, CURIE))
    first["voix"], second["voix"] = second["voix"], first["voix"]
    for bureau, changed in (("0001", 10), ("0003", 20)):
        night.publish(bureau).counts["Nuls"] += changed
        night.publish(bureau).votes[LOVELACE] += changed
    night.change_export("0003", part=1, registered=1700, cast=700)
    night.row("pv.csv", "0004")["cloture"] = ""
    night.row("pv.csv", "0002")["bureau"] = "2"
    return night


def test_the_order_of_the_rules_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Sources(folder=wrong_night().write())
    expected = audit.run(load(evidence))
    assert len(codes_of(expected.findings)) > 15
    for seed in range(5):
        checks = list(CHECKS)
        random.Random(seed).shuffle(checks)  # noqa: S311
        monkeypatch.setattr(audit, "CHECKS", tuple(checks))
        shuffled = audit.run(load(evidence))
        assert list(shuffled.findings) == list(expected.findings)
        assert shuffled.coverage == expected.coverage


def test_votes_found_that_are_booked_as_nulls_are_reported_once(night: Night) -> None:
    for column, change in (("nuls", 3), ("votes_trouves", 3)):
        night.add("pv.csv", "0001", column, change)
        night.publish("0001").counts[{"nuls": "Nuls", "votes_trouves": "Votants"}[column]] += change
    night.publish("0001").counts["Abstentions"] -= 3
    night.sign("0001", 4)
    night.row("pv.csv", "0001")["observations"] = "Écart de quatre."
    assert codes(night) == ["R202", "R209"]
    night.add("pv.csv", "0001", "nuls", -1)
    assert {"R206", "R209"} <= set(codes(night))  # two nulls are not the three votes that are too many


def test_where_nobody_else_says_it_votes_found_are_held_against_the_machine(night: Night) -> None:
    """On paper by the list, null votes are in order; that the machine counted fewer votes is not."""
    for column, change in (("nuls", 3), ("votes_trouves", 3)):
        night.add("pv.csv", "0001", column, change)
    night.row("univers.csv", "0001")["comptage"] = "papier"
    found = codes(night)
    assert {"C117", "R206"} <= set(found)
    assert "R209" not in found


def test_a_slip_of_the_pen_is_not_seen_in_a_figure_that_is_explained(night: Night) -> None:
    for column in ("nuls", "votes_trouves"):
        night.add("pv.csv", "0001", column, 100)
    result = night.run()
    assert [found.field for found in findings(result, "R209")] == ["null"]
    assert [found.details["rule"] for found in findings(result, "R213")] == ["T301"]


def test_votes_of_another_bureau_and_shifted_ones_show_without_the_counts_of_pvs(night: Night) -> None:
    night.raw["pv.csv"] = None
    night.incomplete()
    for choice in (ZOLA, CURIE, LOVELACE):
        night.row("voix.csv", "0001", choice=choice)["voix"] = night.row("voix.csv", "0002", choice=choice)["voix"]
    night.published = {}
    [found] = night.only("R218")
    assert (found.insee, found.bureau, found.right.value) == (INSEE, "0001", "0002")
    night = small_night()
    night.raw["pv.csv"] = None
    night.incomplete()
    for choice, votes in ((ZOLA, "5"), (CURIE, "330"), (LOVELACE, "222")):
        night.row("voix.csv", "0A11", choice=choice)["voix"] = votes
    night.published = {}
    result = night.run()
    [found] = only(result, "R222")
    assert (found.insee, found.bureau) == (OTHER_INSEE, "0A11")
    quiet(result, "R207")
