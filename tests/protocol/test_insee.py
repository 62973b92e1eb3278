"""The département of a commune, by its INSEE code."""

import numpy as np

from protocol.insee import departement_of, departements_of


def test_a_commune_is_in_its_departement() -> None:
    for insee, code in (
        ("77001", "77"),
        ("2A004", "2A"),
        ("97411", "974"),
        ("98736", "987"),
        ("96001", "96"),
        ("", ""),
    ):
        assert departement_of(insee) == code
        assert departements_of(np.array([insee, insee])).tolist() == [code, code]
