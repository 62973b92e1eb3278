"""The words that name a kind of election."""

import pytest

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
