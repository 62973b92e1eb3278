"""The words that name a kind of election."""

import pytest

from verify.materiality.kinds import WORDS, Kind, kind_of


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("presidentielle", Kind.PRESIDENTIAL),
        ("Présidentielle", Kind.PRESIDENTIAL),
        (" LÉGISLATIVES ", Kind.LEGISLATIVE),
        ("européennes", Kind.EUROPEAN),
        ("municipales-listes", Kind.MUNICIPAL_LISTS),
        ("municipales  listes", Kind.MUNICIPAL_LISTS),
        ("municipales", None),
        ("municipale", None),
        ("", None),
        ("cantonales", None),
        ("\u0000", None),
    ],
)
def test_words_for_kinds(word: str, kind: Kind | None) -> None:
    assert kind_of(word) is kind


def test_machines_are_only_where_municipal_elections_are_by_lists() -> None:
    assert kind_of("Municipales", machines=True) is Kind.MUNICIPAL_LISTS
    assert kind_of("cantonales", machines=True) is None
    assert set(WORDS.values()) == set(Kind)
