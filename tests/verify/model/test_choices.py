"""Choices are matched by name across every spelling seen in sources, and never guessed."""

from hypothesis import given
from hypothesis import strategies as st

from verify.model.contests import key, match

KNOWN = ("DUPONT-AIGNAN Nicolas", "LE PEN Marine", "MACRON Emmanuel", "MÉLENCHON Jean-Luc", "HAMON Benoît")

SPELLINGS = [
    ("LE PEN", 1),
    ("Marine LE PEN", 1),
    ("LE PEN Marine", 1),
    ("le_pen_marine", 1),
    ("Mme LE PEN Marine - votes", 1),
    ("Mme LE PEN Marine", 1),
    ("Mme. Marine Le Pen (RN)", 1),
    ("LEPEN", None),
    ("PEN", None),
    ("Marine", None),
    ("melenchon_jean_luc", 3),
    ("MÉLENCHON", 3),
    ("ME\u0301LENCHON", 3),
    ("Melenchon", 3),
    ("M. MÉLENCHON Jean-Luc    ", 3),
    ("dupont_aignan_nicolas", 0),
    ("DUPONT-AIGNAN", 0),
    ("DUPONT AIGNAN", 0),
    ("DUPONT", None),
    ("M. MACRON Emmanuel - pourcentage", 2),
    ("M. HAMON Benoit", 4),
    ("POUTOU", None),
    ("", None),
    ("M.", None),
    ("-", None),
]


def test_every_spelling() -> None:
    for label, meant in SPELLINGS:
        assert match([label], KNOWN) == [meant]


def test_all_spellings_of_a_file_at_once() -> None:
    assert match([label for label, _ in SPELLINGS], KNOWN) == [meant for _, meant in SPELLINGS]


def test_nothing_is_guessed_between_two() -> None:
    for labels, known, meant in (
        (["LE PEN"], ["LE PEN Marine", "LE PEN Jean-Marie"], [None]),
        (["le_pen_marine", "le_pen_jean_marie"], ["LE PEN"], [None, None]),
        (["MARTIN Jean", "MARTIN"], ["MARTIN Jean", "MARTIN Paul"], [0, None]),
        (["LE PEN Marine", "LE PEN"], ["LE PEN Marine"], [0, 0]),
        (["MARTIN Jean"], ["MARTIN Jean", "Jean MARTIN"], [0]),
        (["Martin Jean"], ["MARTIN Jean", "Jean MARTIN"], [None]),
        (["Martin Luc"], ["MARTIN Jean"], [None]),
        (["LISTE VERTE"], ["LISTE BLEUE", "LISTE VERTE"], [1]),
        (["LISTE"], ["LISTE BLEUE", "LISTE VERTE"], [None]),
        (["liste 62"], ["liste 6", "liste 62"], [1]),
        (["Liste KERMARREC"], ["KERMARREC Yann Port-Kerven d'abord", "LE GOFF Hélène"], [0]),
        (["KERMARREC Yann Port-Kerven d'abord"], ["KERMARREC Yann", "LE GOFF Hélène"], [0]),
        (
            ["UNIS - conduite par Mme MARTEL Sophie", "Liste menée par Bruno ROY", "Ensemble, avec Luc PETIT"],
            ["Sophie MARTEL", "ROY Bruno", "PETIT Luc"],
            [0, 1, 2],
        ),
        (["LDVD - GARNIER Philippe", "Vivre"], ["Montbrel d'abord (Philippe GARNIER)", "Vivre"], [0, 1]),
        (["AVANCE, tête de liste : M. ROY Bruno"], ["Liste Sophie MARTEL", "Liste Bruno ROY"], [1]),
        (["MARTIN Jean", "MARTIN Jean Claude"], ["MARTIN Jean"], [0, None]),
        (["MARTIN Jean Claude", "MARTIN Jean Paul"], ["MARTIN Jean"], [None, None]),
        ([], ["A"], []),
        (["A"], [], [None]),
    ):
        assert match(labels, known) == meant


def test_a_key_has_no_case_accents_titles_or_tail() -> None:
    assert key("Mme LE PEN Marine - votes") == key("le_pen_marine") == ("le", "pen", "marine")
    assert key("M. Cœur Åse") == ("coeur", "ase")


NAMES = st.lists(st.text(st.sampled_from("abé ABÉ-_'.M"), max_size=8), max_size=6)


@given(NAMES, NAMES)
def test_what_matches_is_the_same_whatever_the_order_of_the_known(labels: list[str], known: list[str]) -> None:
    found = match(labels, known)
    backwards = match(labels, known[::-1])
    for one, other in zip(found, backwards, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert key(known[one]) == key(known[::-1][other]) or known[one] == known[::-1][other]


@given(st.lists(st.text(max_size=12), max_size=5, unique=True))
def test_a_list_matches_itself_or_nothing(labels: list[str]) -> None:
    for at, found in enumerate(match(labels, labels)):
        assert found is None or found == at or key(labels[found]) == key(labels[at])


def test_a_person_is_the_list_that_is_headed_by_that_person_and_the_name_with_an_initial() -> None:
    lists = ["Ensemble (Hélène MARCHETTI)", "Autrement (Didier ROUSSELOT)", "Écologie (LVEC)"]
    assert match(["MARCHETTI Hélène", "M. ROUSSELOT Didier", "LVEC"], lists) == [0, 1, None]
    assert match(lists[:2], ["ROUSSELOT Didier", "Hélène MARCHETTI"]) == [1, 0]
    assert match(["Une autre (Hélène MARCHETTI)"], lists) == [None]
    pairs = ["Mme VASSEUR Hélène et M. BELLOT Karim", "MASSON Thierry et GARNIER Odile"]
    assert match(pairs, ["Mme GARNIER et M. MASSON", "Mme VASSEUR et M. BELLOT"]) == [1, 0]
    both = ["MORVAN Claire – Valmer pour tous", "DELATTRE Paul - Ensemble pour Valmer"]
    assert match(both, ["Ensemble pour Valmer (Delattre)", "Valmer pour tous (Morvan)"]) == [1, 0]
    assert match(["DELATTRE Paul"], both) == [1]
    assert match(["Liste A - DUPONT Jean"], ["Liste A - MARTIN Paul", "Liste B - DURAND Luc"]) == [None]
    people = ["Claire DELORME", "M. Rachid MASSON", "Paul MARTIN"]
    assert match(["R. MASSON", "DELORME C.", "J. MARTIN"], people) == [1, 0, None]
    assert match(people, ["MASSON R.", "M. P. MARTIN"]) == [None, 0, 1]
    assert match(["Liste A", "Liste C"], ["Liste B", "Liste A"]) == [1, None]
    assert match(["Hélène MARCHETTI"], [lists[0], "Une autre (Hélène MARCHETTI)"]) == [None]
