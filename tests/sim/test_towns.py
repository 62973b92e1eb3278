"""The bureaux of a town's own list, as a night has them."""

from dataclasses import replace

import pytest

from sim.bureaux import YEARS, machine_communes
from sim.elections import PROFILES
from sim.errors import UnfitTown
from sim.queues.town import Circumstances, TownBureau
from sim.towns import departement_names, town

LISTED = TownBureau("76351", "Le Havre", "1", 900, 1, 1, 8, 19)
PLAIN = Circumstances(PROFILES["2022-P1"])


def placed(**cells: object) -> tuple[str, str, str, str]:
    ((_, bureau),) = town([replace(LISTED, **cells)], PLAIN).bureaux  # type: ignore[arg-type]
    return bureau.insee, bureau.commune, bureau.departement, bureau.departement_name


def test_a_bureau_has_a_commune_and_a_departement() -> None:
    for insee, commune, expected in (
        ("76351", "Le Havre", ("76351", "Le Havre", "76", "Seine-Maritime")),
        ("76351", "", ("76351", "Le Havre", "76", "Seine-Maritime")),
        ("", "LE HAVRE", ("76351", "LE HAVRE", "76", "Seine-Maritime")),
        ("2A004", "Ajaccio", ("2A004", "Ajaccio", "2A", "Corse-du-Sud")),
        ("97411", "Saint-Denis", ("97411", "Saint-Denis", "974", "La Réunion")),
        ("98818", "Nouméa", ("98818", "Nouméa", "988", "Nouvelle-Calédonie")),
        ("01004", "", ("01004", "Commune 01004", "01", "Ain")),
        ("51410", "L’Œuilly", ("51410", "L'Oeuilly", "51", "Marne")),
    ):
        assert placed(insee=insee, commune=commune) == expected


def test_every_machine_commune_is_in_its_departement() -> None:
    for year in YEARS:
        for commune in machine_communes(year):
            there = placed(insee=commune.insee, commune=commune.name)
            assert there[2:] == (commune.departement, commune.departement_name)
    assert len(departement_names()) == 96 + 11


def test_what_the_list_does_not_say_is_made_up_and_told() -> None:
    rows = [
        replace(LISTED, insee="", commune=""),
        replace(LISTED, insee="", commune="Essai"),
        replace(LISTED, insee="", commune="Essai", code="2"),
        replace(LISTED, insee="", commune="Sèvres"),
        replace(LISTED, code="9"),
    ]
    made = town(rows, PLAIN)
    assert [(bureau.insee, bureau.commune, bureau.code) for _, bureau in made.bureaux] == [
        ("00001", "Commune 00001", "1"),
        ("00002", "Essai", "1"),
        ("00002", "Essai", "2"),
        ("92072", "Sèvres", "1"),
        ("76351", "Le Havre", "9"),
    ]
    assert [str(said) for said in made.assumptions] == [
        "the list does not say which commune it is of: INSEE code 00001, made up",
        "the list does not say the INSEE code of Essai: 00002, made up",
        "INSEE code of Sèvres: 92072, by its name",
    ]
    assert [bureau.code for commune in made.communes() for bureau in commune] == ["1", "1", "2", "9", "1"]


def test_a_code_that_is_asked_for_is_that_of_rows_without_a_commune() -> None:
    rows = [replace(LISTED, insee="", commune=""), replace(LISTED, code="2")]
    made = town(rows, PLAIN, "76351")
    assert {bureau.insee for _, bureau in made.bureaux} == {"76351"}
    assert not made.assumptions
    with pytest.raises(UnfitTown, match="says itself"):
        town([LISTED], PLAIN, "76351")


def test_hours_are_those_of_the_circumstances_or_of_most_bureaux() -> None:
    rows = [LISTED, replace(LISTED, code="2", closing=20), replace(LISTED, code="3", closing=20)]
    assert town(rows, PLAIN).hours == (8, 20)
    later = town(rows, replace(PLAIN, opening=9, closing=18))
    assert {(bureau.opening, bureau.closing) for _, bureau in later.bureaux} == {(9, 18)}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"insee": "7635"}, "INSEE code “7635”: five characters"),
        ({"insee": "76351;"}, "INSEE code “76351;”"),
        ({"insee": "７６３５１"}, "five characters"),
        ({"commune": "Le;Havre"}, "has a “;” in it"),
        ({"commune": 'Le "Havre'}, "published results cannot hold"),
        ({"commune": "Le\nHavre"}, "published results cannot hold"),
        ({"code": "Mairie 12"}, "room for a code of 8 characters"),
        ({"code": "École"}, "letters without accents"),
        ({"code": ""}, "room for a code"),
        ({"registered": 4097}, "its machines hold 4,096 votes together"),
    ],
)
def test_what_the_formats_cannot_hold_is_refused(cells: dict[str, object], said: str) -> None:
    with pytest.raises(UnfitTown, match=said):
        placed(**cells)


def test_a_bureau_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UnfitTown, match="bureau “1” of 76351 is there twice"):
        town([LISTED, replace(LISTED, insee="")], PLAIN)
