"""The words that name a kind of election, and its bureaux."""

import numpy as np
import pytest

from verify.materiality.contest import BureauNames
from verify.materiality.kinds import WORDS, ElectionKind, kind_of


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("presidentielle", ElectionKind.PRESIDENTIAL),
        ("Présidentielle", ElectionKind.PRESIDENTIAL),
        (" LÉGISLATIVES ", ElectionKind.LEGISLATIVE),
        ("européennes", ElectionKind.EUROPEAN),
        ("municipales-listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales  listes", ElectionKind.MUNICIPAL_LISTS),
        ("municipales", None),
        ("municipale", None),
        ("", None),
        ("cantonales", None),
        ("\u0000", None),
    ],
)
def test_words_for_kinds(word: str, kind: ElectionKind | None) -> None:
    assert kind_of(word) is kind


def test_machines_are_only_where_municipal_elections_are_by_lists() -> None:
    assert kind_of("Municipales", machines=True) is ElectionKind.MUNICIPAL_LISTS
    assert kind_of("cantonales", machines=True) is None
    assert set(WORDS.values()) == set(ElectionKind)


def test_bureaux_of_several_communes_are_called_by_a_name_that_is_of_one_of_them() -> None:
    commune, insee = ["Ay", "Ay", "Ham", "Ay", ""], ["01001", "01001", "01002", "02003", "02004"]
    bureau = np.array(["0001", "0002", "0001", "0001", "0001"])
    names = BureauNames(bureau, np.array(commune), np.array(insee))
    assert names.of(np.arange(5)) == ("01001 0001", "01001 0002", "Ham 0001", "02003 0001", "02004 0001")
    assert BureauNames(bureau).of(np.array([1, 4])) == ("0002", "0001")
