"""Press feed: the ministry's XML as it is since 2024, with communes, départements and the whole country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np

from protocol.arrays import Ints
from protocol.quantities import VOTERS, Quantity
from sim.nights.ministry import percentage
from sim.transmission.steps import VOTES, Ascent

_REGISTERED, _FOUND, _BLANK, _NULL, _VALID = (
    VOTERS.index(each)
    for each in (Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
)
_CONSTITUENCY = "\x1f"
_TYPES = {
    "presidentielle": "Présidentielle",
    "legislatives": "Législatives",
    "europeennes": "Européennes",
    "municipales": "Municipales",
    "regionales": "Régionales",
    "departementales": "Départementales",
}
"""Types of elections as the ministry's feed names them."""
_ELEMENTS = {"liste": ("Liste", "NumPanneauListe"), "binome": ("Binome", "NumPanneau")}
"""Names in the feed of choices that are no single candidates, and the numbers of their panels."""
Choices = tuple[Mapping[str, Sequence[str]], str]
"""Labels of each constituency in panel order, and what they are, one of `protocol.night.CHOICE_TYPES`."""


def feed_files(
    way: Ascent,
    final: Ints,
    rows: Ints,
    choices: Choices,
    election: tuple[str, int],
    round_: int,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file: the communes of a département, the département, and the country.

    A commune in several constituencies is there once for each.
    """
    labels, kind = choices
    figures = np.maximum(final, 0)
    places: dict[str, dict[str, list[int]]] = {}
    for at in rows.tolist():
        bureau = way.bureaux[at]
        commune = f"{bureau.insee}{_CONSTITUENCY}{bureau.constituency}"
        places.setdefault(bureau.departement, {}).setdefault(commune, []).append(at)
    national = set(labels) == {""}
    whole = np.zeros(figures.shape[1], np.int64)
    for code, communes in sorted(places.items()):
        sums = {}
        for commune, units in communes.items():
            short = way.feed.get(commune.partition(_CONSTITUENCY)[0], -1)
            sums[commune] = figures[[at for at in units if at != short]].sum(axis=0)
        name = way.bureaux[next(iter(communes.values()))[0]].departement_name or code
        head = f"<CodDpt>{escape(code)}</CodDpt><LibDpt>{escape(name)}</LibDpt>"
        inside = "".join(_commune(way, communes[key][0], total, choices, round_) for key, total in sums.items())
        yield (
            f"R{round_}{code}COM.xml",
            _document(f"<Departement>{head}<Communes>{inside}</Communes></Departement>", election),
        )
        total = np.sum(list(sums.values()), axis=0)
        whole += total
        if national:
            own = _tours(total, labels[""], kind, round_)
            yield f"R{round_}{code}.xml", _document(f"<Departement>{head}{own}</Departement>", election)
    if national:
        tours = _tours(whole, labels[""], kind, round_)
        country = f"<EnsembleGeo><LibEnsGeo>France entière</LibEnsGeo>{tours}</EnsembleGeo>"
        yield f"R{round_}FE.xml", _document(country, election)


def _commune(way: Ascent, at: int, total: Ints, choices: Choices, round_: int) -> str:
    labels, kind = choices
    bureau = way.bureaux[at]
    code, name = bureau.insee[2:], escape(bureau.commune)
    area = f"<CodCirElec>{escape(bureau.constituency)}</CodCirElec>" if bureau.constituency else ""
    tours = _tours(total, labels[bureau.constituency], kind, round_)
    return f"<Commune><CodSubCom>{escape(code)}</CodSubCom><LibSubCom>{name}</LibSubCom>{area}{tours}</Commune>"


def _tours(total: Ints, labels: Sequence[str], kind: str, round_: int) -> str:
    registered, found, blank, null, valid = (int(total[at]) for at in (_REGISTERED, _FOUND, _BLANK, _NULL, _VALID))
    mentions = f"<Inscrits><Nombre>{registered}</Nombre></Inscrits>"
    for name, count in (("Abstentions", registered - found), ("Votants", found)):
        mentions += (
            f"<{name}><Nombre>{count}</Nombre>"
            f"<RapportInscrits>{percentage(count, registered)}</RapportInscrits></{name}>"
        )
    for name, count in (("Blancs", blank), ("Nuls", null), ("Exprimes", valid)):
        mentions += (
            f"<{name}><Nombre>{count}</Nombre><RapportInscrits>{percentage(count, registered)}</RapportInscrits>"
            f"<RapportVotants>{percentage(count, found)}</RapportVotants></{name}>"
        )
    people, element = "", _ELEMENTS.get(kind, ("Candidat", ""))[0]
    for panel, (label, count) in enumerate(zip(labels, total[VOTES:].tolist(), strict=False), start=1):
        people += (
            f"<{element}>{_name(panel, label, kind)}<NbVoix>{count}</NbVoix>"
            f"<RapportExprimes>{percentage(count, valid)}</RapportExprimes>"
            f"<RapportInscrits>{percentage(count, registered)}</RapportInscrits></{element}>"
        )
    return (
        f"<Tours><Tour><NumTour>{round_}</NumTour><Mentions>{mentions}</Mentions>"
        f"<Resultats><{element}s>{people}</{element}s></Resultats></Tour></Tours>"
    )


def _name(panel: int, label: str, kind: str) -> str:
    """The number and the name of a choice."""
    if kind in _ELEMENTS:
        element, number = _ELEMENTS[kind]
        return f"<{number}>{panel}</{number}><Lib{element}>{escape(label)}</Lib{element}>"
    surname, _, first_name = label.rpartition(" ")
    return (
        f"<NumPanneauCand>{panel}</NumPanneauCand><NomPsn>{escape(surname or first_name)}</NomPsn>"
        f"<PrenomPsn>{escape(first_name) if surname else ''}</PrenomPsn>"
    )


def _document(inside: str, election: tuple[str, int]) -> bytes:
    kind, year = election
    name = _TYPES.get(kind, kind)
    scrutin = f"<Scrutin><Type>{escape(name)}</Type><Annee>{year}</Annee></Scrutin>"
    text = f"<Election>{scrutin}{inside}</Election>".replace("><", ">\n<")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
