"""The city of Rennes: both counts of voters, numbered choices, several levels in one file, since 2014.

``;``, UTF-8. ``NB_EMARGEMENTS`` counts signatures, ``NB_BULLETINS`` ballots found; ``NIVEAU_DETAIL`` says what a row
stands for: ``bu`` bureau, ``ca`` canton, ``ci`` circonscription, ``vi`` the city::

    CODE_ELECTION;NOM_ELECTION;NUMERO_TOUR;DATE_ELECTION;NIVEAU_DETAIL;NUMERO_LIEU;NOM_LIEU;ADRESSE_LIEU;
    NUMERO_CANTON;NOM_CANTON;NUMERO_CIRCONSCRIPTION;NOM_CIRCONSCRIPTION;NB_INSCRITS;NB_EMARGEMENTS;NB_BULLETINS;
    NB_BLANCS;NB_NULS;NB_EXPRIMES;POURCENTAGE-PARTICIPATION;VALID;CANDIDATS_1;NB_VOIX_1;POURCENTAGE_1;CANDIDATS_2;…
    D15;ELECTIONS DEPARTEMENTALES 2015;2;20150329;bu;111;…;1;RENNES-1;8;…;1051;442;442;18;12;412;42,06;O;Mme …;133;32,28

Since 2017 the choices are ``CANDIDAT_1`` and so on, blank votes ``NB_BLANC``, and a file of all communes of the
metropolis says which one (``CODE_COMMUNE``, ``LIBELLE_COMMUNE``). Known from data.rennesmetropole.fr and from public
programs that read it. It does not say which of the two counts its turnout is of: that percentage is not read.
"""

from __future__ import annotations

from verify.model.published import Level, Published
from verify.read.published.fields import ChoiceColumns, Fields, Only
from verify.read.published.gathering import gather
from verify.read.published.source import SourceTable
from verify.read.published.stated import plain, read_title

NAME = "city-rennes"

COUNTS = {
    "nb inscrits": "registered",
    "nb emargements": "signatures",
    "nb bulletins": "votes_found",
    "nb blancs": "blank",
    "nb blanc": "blank",
    "nb nuls": "null",
    "nb exprimes": "valid",
}
COMMUNES = {"code commune": "commune_code", "libelle commune": "commune"}
LEVELS: tuple[tuple[str, Level, dict[str, str]], ...] = (
    ("bu", Level.BUREAU, {"bureau": "numero lieu"}),
    ("vi", Level.COMMUNE, {}),
    ("ca", Level.CANTON, {"constituency": "numero canton"}),
    ("ci", Level.CONSTITUENCY, {"constituency": "numero circonscription"}),
)


def read(table: SourceTable) -> list[Published] | None:
    """The levels that the file has; None where it is not of this layout."""
    header = table.head[0] if table.head else ()
    names = {plain(name): column for column, name in reversed(list(enumerate(header)))}
    if not names.keys() >= {"niveau detail", "nb emargements", "nb bulletins", "nb exprimes"}:
        return None
    counts = {COUNTS[name]: column for name, column in names.items() if name in COUNTS}
    choices = tuple(_choices(names))
    if not choices:
        return None
    communes = {place: names[name] for name, place in COMMUNES.items() if name in names}
    constants = {"department": "35"} if "commune_code" in communes else {"insee": "35238", "commune": "Rennes"}
    by_canton = "departementales" in plain(" ".join(table.head[1])) if len(table.head) > 1 else False
    title = read_title(table.head, "nom election", "numero tour", "date election")
    found: list[Published] = []
    for code, level, columns in LEVELS:
        places = communes | {place: names[name] for place, name in columns.items() if name in names}
        if level is Level.BUREAU:
            contest = "numero canton" if by_canton else "numero circonscription"
            places |= {"constituency": names[contest]} if contest in names else {}
        fields = Fields(
            places,
            counts,
            choices,
            constants=constants,
        )
        only = Only(names["niveau detail"], code)
        results = gather(table, NAME, level, fields, first_row=2, header=header, title=title, only=only)
        if len(results.row) or level is Level.BUREAU:
            found.append(results)
    return found


def _choices(names: dict[str, int]) -> list[ChoiceColumns]:
    choices = []
    for number in range(1, 100):
        votes, share = (names.get(f"{name} {number}") for name in ("nb voix", "pourcentage"))
        label = names.get(f"candidats {number}", names.get(f"candidat {number}"))
        if label is not None and votes is not None:
            choices.append(ChoiceColumns(votes, (label,), percentages={} if share is None else {"votes/valid": share}))
    return choices
