"""Names of communes after « de » and « à »: articles, vowels, and an h that is said or not."""

import pytest

from regard.language import show
from regard.letters.matter import in_commune, of_commune


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Essai-sur-Marne", "d'Essai-sur-Marne", "à Essai-sur-Marne"),
        ("Évreux", "d'Évreux", "à Évreux"),
        ("E\u0301vreux", "d'E\u0301vreux", "à E\u0301vreux"),
        ("Œuilly", "d'Œuilly", "à Œuilly"),
        ("Yutz", "d'Yutz", "à Yutz"),
        ("Brest", "de Brest", "à Brest"),
        ("Le Havre", "du Havre", "au Havre"),
        ("LE MANS", "du MANS", "au MANS"),
        ("Les Herbiers", "des Herbiers", "aux Herbiers"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("Lesquin", "de Lesquin", "à Lesquin"),
        ("Lens", "de Lens", "à Lens"),
        ("Hazebrouck", "d'Hazebrouck", "à Hazebrouck"),
        ("Hénin-Beaumont", "d'Hénin-Beaumont", "à Hénin-Beaumont"),
        ("HYÈRES", "d'HYÈRES", "à HYÈRES"),
        ("Haguenau", "de Haguenau", "à Haguenau"),
        ("Hem", "de Hem", "à Hem"),
        ("77001", "de 77001", "à 77001"),
        ("Le", "de Le", "à Le"),
        ("", "de [commune]", "à [commune]"),
    ],
)
def test_a_commune_after_a_preposition(name: str, of: str, at: str) -> None:
    assert show("fr", of_commune(name)) == of
    assert show("fr", in_commune(name)) == at
    assert show("en", of_commune(name)).removeprefix("of ").casefold() == (name or "[commune]").casefold()
