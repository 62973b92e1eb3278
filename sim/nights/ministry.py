"""Published results in the ministry's bureau-level text layout of 2017 and 2022.

ISO-8859-1, semicolons, decimal commas, CRLF; the header names one block of a choice, a row has 21 columns and as many
as the block has for each. Percentages are rounded half up at two decimals, trailing zeros trimmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from protocol.quantities import VOTERS
from sim.bureaux import Bureau
from sim.elections import Choice
from sim.evidence import Area, PaperFigures, PublishedRow

_BEFORE = (
    "Code du département;Libellé du département;Code de la circonscription;Libellé de la circonscription;"
    "Code de la commune;Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;"
    "Blancs;% Blancs/Ins;% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot"
)
_NAMED_BY = {
    "candidat": "N°Panneau;Sexe;Nom;Prénom",
    "liste": "N°Liste;Libellé Abrégé Liste;Libellé Etendu Liste;Nom Tête de Liste",
    "binome": "N°Panneau;Nuance;Binôme",
}
"""Columns before the votes of a choice, by its type in `choix.csv`; of lists as in the European elections."""
HEADERS = {kind: f"{_BEFORE};{names};Voix;% Voix/Ins;% Voix/Exp" for kind, names in _NAMED_BY.items()}
"""The header names the block of one choice."""
BEFORE_CHOICES = 21
PLACES = {Area.COMMUNE: (0, 1, 4, 5), Area.DEPARTEMENT: (0, 1)}
"""Columns of a bureau's place that the row of a sum has."""
_OF_PLACE = 7
PER_CHOICE = {kind: len(header.split(";")) - BEFORE_CHOICES for kind, header in HEADERS.items()}
"""Columns of a choice."""


def percentage(part: int, whole: int) -> str:
    """``20,7`` for 189 of 913: hundredths of a per cent rounded half up, zeros trimmed; empty where nothing divides."""
    if whole == 0:
        return ""
    hundredths = (20_000 * part + whole) // (2 * whole)
    text = f"{hundredths // 100},{hundredths % 100:02}"
    return text.rstrip("0").rstrip(",")


def cells(bureau: Bureau, figures: PaperFigures, candidates: Sequence[Choice]) -> list[str]:
    """The columns of one row; the published « votants » are the votes found."""
    registered, found = figures.registered or 0, figures.votes_found or 0
    blank, null, valid = figures.blank or 0, figures.null or 0, figures.valid or 0
    row = [
        bureau.departement,
        bureau.departement_name,
        bureau.constituency,
        bureau.constituency_name,
        bureau.insee[len(bureau.departement) :],
        bureau.commune,
        bureau.code,
        str(registered),
        str(registered - found),
        percentage(registered - found, registered),
        str(found),
        percentage(found, registered),
    ]
    for count in (blank, null, valid):
        row += [str(count), percentage(count, registered), percentage(count, found)]
    for panel, (candidate, votes) in enumerate(zip(candidates, figures.votes, strict=True), start=1):
        row += [str(panel), *candidate.cells, str(votes or 0)]
        row += [percentage(votes or 0, registered), percentage(votes or 0, valid)]
    return row


def published_bytes(
    rows: Iterable[tuple[Bureau, PublishedRow]],
    candidates: Sequence[Choice] | Mapping[str, Sequence[Choice]],
    kind: str = "candidat",
) -> bytes:
    """The whole file. The choices, which are of that kind, are those of all rows, or of each constituency."""
    lines = [HEADERS[kind]]
    for bureau, row in rows:
        own = candidates[bureau.constituency] if isinstance(candidates, Mapping) else candidates
        texts = cells(bureau, row.figures, own)
        for column, text in row.cells.items():
            texts[column] = text
        lines.append(";".join(texts))
    return "".join(line + "\r\n" for line in lines).encode("iso-8859-1", errors="replace")


def sums_bytes(
    rows: Iterable[tuple[Bureau, PaperFigures]],
    area: Area,
    candidates: Sequence[Choice],
    kind: str = "candidat",
) -> bytes:
    """Write one row for each commune or département in the same layout: the sum of the rows of its bureaux."""
    places = PLACES[area]

    def shortened(row: Sequence[str]) -> list[str]:
        return [*(row[place] for place in places), *row[_OF_PLACE:]]

    sums: dict[str, tuple[Bureau, PaperFigures]] = {}
    for bureau, figures in rows:
        key = bureau.insee if area is Area.COMMUNE else bureau.departement
        sums[key] = (bureau, _sum(sums[key][1], figures) if key in sums else figures)
    lines = [shortened(HEADERS[kind].split(";"))]
    lines += [shortened(cells(bureau, figures, candidates)) for bureau, figures in sums.values()]
    return "".join(";".join(line) + "\r\n" for line in lines).encode("iso-8859-1", errors="replace")


def _sum(one: PaperFigures, other: PaperFigures) -> PaperFigures:
    """Two rows added up; what is not published counts for nothing."""
    counts = dict(zip(VOTERS, _add(one.counts, other.counts), strict=True))
    return PaperFigures(**counts, votes=_add(one.votes, other.votes))


def _add(mine: Sequence[int | None], theirs: Sequence[int | None]) -> list[int | None]:
    return [(one or 0) + (other or 0) for one, other in zip(mine, theirs, strict=True)]
