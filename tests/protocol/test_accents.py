"""Accents, capitals and small letters make no difference in comparisons."""

from protocol.words import without_accents


def test_letters_without_accents() -> None:
    for text, plain in (
        ("ÉMARGEMENTS", "emargements"),
        ("E\u0301margements", "emargements"),
        ("Cœur, Œuvre", "coeur, oeuvre"),
        ("Łódź Ægir Đø", "lodz aegir do"),
        ("Straße ﬁn ㎏", "strasse fin kg"),
        ("N° 12 « L’Haÿ »", "n° 12 « l’hay »"),
        ("", ""),
    ):
        assert without_accents(text) == plain
        assert without_accents(plain) == plain
