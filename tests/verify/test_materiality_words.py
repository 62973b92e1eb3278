"""The words that name a kind of election, and its bureaux."""

from pathlib import Path

import numpy as np
import pytest

from regard.letters.law import election_of
from tests.verify.test_rules_v import elects
from verify import audit
from verify.materiality.contest import BureauNames
from verify.materiality.kinds import WORDS, ElectionKind, election_named, kind_of


def test_words_for_kinds() -> None:
    for word, kind in (
        ("presidentielle", ElectionKind.PRESIDENTIAL),
        ("Présidentielle", ElectionKind.PRESIDENTIAL),
        (" LÉGISLATIVES ", ElectionKind.LEGISLATIVE),
        ("européennes", ElectionKind.EUROPEAN),
        ("municipales-listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales  listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales", None),
        ("municipale", None),
        ("Municipales_Candidats", ElectionKind.MUNICIPAL_CANDIDATES),
        ("municipale listes", ElectionKind.MUNICIPAL_LISTS),
        ("Régionale", ElectionKind.REGIONAL),
        ("European", ElectionKind.EUROPEAN),
        ("sénatoriales", None),
        ("régionales-listes", None),
        ("", None),
        ("cantonales", None),
        ("\u0000", None),
    ):
        assert kind_of(word) is kind


def test_municipal_elections_are_by_lists_where_machines_are_and_everywhere_from_2026() -> None:
    assert kind_of("Municipales", machines=True) is ElectionKind.MUNICIPAL_LISTS
    assert kind_of("municipale", machines=True) is ElectionKind.MUNICIPAL_LISTS
    assert kind_of("cantonales", machines=True) is None
    assert [kind_of("municipales", year=year) for year in (2020, 2026)] == [None, ElectionKind.MUNICIPAL_LISTS]
    assert set(WORDS.values()) == set(ElectionKind)


def test_both_commands_take_the_same_words() -> None:
    for word in (*WORDS, "municipale", "Sénatoriales", "", "cantonales", "européennes-listes"):
        named = election_named(word)
        assert election_of(word) == named
        assert kind_of(word, machines=True) is None or named is not None


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("municipal_liste", "expected one of {kinds}, found “municipal_liste”; the nearest is municipales_listes"),
        ("xyz", "expected one of {kinds}, found “xyz”"),
    ],
)
def test_a_word_that_names_no_election_is_a_finding(word: str, said: str, tmp_path: Path) -> None:
    kinds = ", ".join(kind.value for kind in ElectionKind)
    result = audit.run(elects(word).load(tmp_path))
    [found] = [each for each in result.findings if each.code == "I113"]
    assert str(found.message) == f"election.toml, type: {said.format(kinds=kinds)}."


@pytest.mark.parametrize("word", ["municipale", "présidentielles", "sénatoriales", ""])
def test_a_word_for_an_election_is_none(word: str, tmp_path: Path) -> None:
    assert "I113" not in {each.code for each in audit.run(elects(word).load(tmp_path)).findings}


def test_municipal_alone_on_paper_says_which_word_is_missing(tmp_path: Path) -> None:
    night = elects("municipale")
    for row in night.tables["univers.csv"]:
        row["comptage"] = "papier"
    night.exports.clear()
    [found] = [each for each in night.run(tmp_path).findings if each.code == "V501"]
    assert "were it lists or names that were voted on? Say it on the page" in str(found.message)


def test_bureaux_of_several_communes_are_called_by_a_name_that_is_of_one_of_them() -> None:
    commune, insee = ["Ay", "Ay", "Ham", "Ay", ""], ["01001", "01001", "01002", "02003", "02004"]
    bureau = np.array(["0001", "0002", "0001", "0001", "0001"])
    names = BureauNames(bureau, np.array(commune), np.array(insee))
    assert names.of(np.arange(5)) == ("01001 0001", "01001 0002", "Ham 0001", "02003 0001", "02004 0001")
    for shared in (frozenset({"Ay"}), frozenset({"Ham", "Ay"})):  # may be: of these bureaux one commune has it alone
        told = BureauNames(bureau, np.array(commune), np.array(insee), shared)
        assert told.of(np.arange(5)) == names.of(np.arange(5))
        assert BureauNames(bureau[:3], np.array(commune[:3]), np.array(insee[:3]), shared).of(np.arange(1)) == (
            "Ay 0001",
        )
    assert BureauNames(bureau).of(np.array([1, 4])) == ("0002", "0001")
