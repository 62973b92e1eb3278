"""Faults between the centralising record and the published results, and in the editions and sums of these."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from protocol.quantities import column_of
from protocol.words import msg
from sim.evidence import Area, BureauEvidence, PaperFigures, PublishedRow
from sim.faults.acts import draw_partner, of_bureau, on_papers, state_exchange
from sim.faults.model import Effect, PaperAct, PaperFault, Stage, Struck, struck_by
from sim.faults.records import exchange_votes
from sim.nights.ministry import BEFORE_CHOICES, PER_CHOICE
from sim.streams import RandomStream

TURNOUT_COLUMN = 11
"""« % Vot/Ins » in the ministry's row."""
COLUMNS = {"registered": 7, "votes_found": 10, "blank": 12, "valid": 18}
"""Columns of these counts in the ministry's row."""
FAULTS: list[PaperFault] = []
_fault = on_papers(FAULTS, Stage.PUBLICATION)


def _of_row(act: Callable[[PublishedRow, RandomStream], Effect | None]) -> PaperAct:
    """Adapt an act on a bureau's published row; a bureau that is not published cannot be struck."""

    def strike(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
        return act(evidence.published[0], random) if evidence.published else None

    return of_bureau(strike)


@_fault("published-zeros", msg("the published row is all zeros but for the registered"), 0.0005)
@_of_row
def _zeros(row: PublishedRow, random: RandomStream) -> Effect:
    old = row.figures
    row.figures = PaperFigures(old.registered, old.signatures, 0, 0, 0, 0, [0] * len(old.votes))
    change = None if old.votes_found is None else -old.votes_found
    return Effect("publie", "votants", "le bureau est publié avec des zéros partout", change)


# A figure was typed one cell too far (Montesquieu and Heidolsheim, 2017).
@_fault(
    "published-registered-overwritten", msg("the number of voters stands where the registered voters should"), 0.0005
)
@_of_row
def _registered_overwritten(row: PublishedRow, random: RandomStream) -> Effect | None:
    figures = row.figures
    if figures.votes_found is None or figures.registered is None or figures.votes_found == figures.registered:
        return None
    change = figures.votes_found - figures.registered
    figures.registered = figures.votes_found
    return Effect("publie", "inscrits", "les inscrits publiés sont les votants", change)


def _draw_change(figures: PaperFigures, random: RandomStream) -> tuple[int, int, int | None]:
    """Draw a choice and a change of its votes; the votes are then None where they cannot change by that."""
    place = random.number(len(figures.votes))
    change = random.one_of([-10, -1, 1, 10])
    old = figures.votes[place]
    return place, change, None if old is None or old + change < 0 else old + change


@_fault("published-figure-wrong", msg("the published votes of one choice are not the PV's"), 0.001)
@_of_row
def _figure_wrong(row: PublishedRow, random: RandomStream) -> Effect | None:
    place, change, new = _draw_change(row.figures, random)
    if new is None:
        return None
    row.figures.votes[place] = new
    return Effect("publie", "voix", f"les voix publiées du choix {place + 1} sont fausses", change)


@_fault("published-percentage-wrong", msg("the published turnout is not its ratio"), 0.001)
@_of_row
def _percentage_wrong(row: PublishedRow, random: RandomStream) -> Effect | None:
    found, registered = row.figures.votes_found or 0, row.figures.registered or 0
    if not registered:
        return None
    hundredths = (20_000 * found + registered) // (2 * registered) + random.one_of([-100, -1, 1, 100])
    row.cells[TURNOUT_COLUMN] = f"{hundredths // 100},{hundredths % 100:02}"
    return Effect("publie", "% Vot/Ins", "le taux de participation publié n'est pas le bon")


@_fault("published-doubled", msg("the published row is there twice"), 0.0005)
@of_bureau
def _doubled(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    evidence.published.append(deepcopy(evidence.published[0]))
    return Effect("publie", "ligne", "le bureau est publié deux fois")


def _is_free(evidence: BureauEvidence) -> bool:
    return bool(evidence.published) and not struck_by("published-rows-exchanged", evidence)


@_fault("published-rows-exchanged", msg("the published rows of two bureaux have each other's figures"))
def _rows_exchanged(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    other = draw_partner(commune, at, random, _is_free, range(len(commune)))
    if other is None:
        return []
    mine, theirs = commune[at].published[0], commune[other].published[0]
    if mine.figures.votes == theirs.figures.votes:
        return []
    mine.figures, theirs.figures = theirs.figures, mine.figures
    how = "prises l'une pour l'autre"
    return state_exchange(commune, at, other, "publie", "voix", "les lignes publiées", how)


@_fault("published-choices-exchanged", msg("the published votes of two choices are each other's"))
@_of_row
def _choices_exchanged(row: PublishedRow, random: RandomStream) -> Effect | None:
    return exchange_votes(row.figures.votes, random, "publie", "les voix publiées")


@_fault("published-missing", msg("the published row is not there"), 0.0005)
@of_bureau
def _missing(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    evidence.published.clear()
    return Effect("publie", "ligne", "le bureau manque aux résultats publiés")


@_fault(
    "published-by-telephone",
    msg("two choices have each other's votes in the published row, and there is no PV"),
)
def _by_telephone(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    exchanged = _choices_exchanged(commune, at, random)
    if not exchanged:
        return []
    commune[at].record.lost = True
    lost = Effect("pv", "ligne", "le procès-verbal n'arrive pas, ses chiffres sont dictés au téléphone")
    return [(at, lost), *exchanged]


@_fault("published-choice-missing", msg("the published row lacks a choice and its votes"))
@of_bureau
def _choice_missing(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if not evidence.published:
        return None
    row = evidence.published[0]
    place = random.number(len(row.figures.votes))
    wide = PER_CHOICE[evidence.kind]
    start = BEFORE_CHOICES + wide * place
    row.cells |= dict.fromkeys(range(start, start + wide), "")
    return Effect("publie", "choix", f"le choix {place + 1} manque à la ligne publiée")


@_fault(
    "published-letters",
    msg("a published count has letters for digits (O for 0, l for 1), so that no program reads it"),
)
@_of_row
def _letters(row: PublishedRow, random: RandomStream) -> Effect | None:
    names = sorted(COLUMNS)
    name = random.one_of(names)
    text = str(getattr(row.figures, name))
    typed = text.translate(str.maketrans("01", "Ol"))
    if typed == text:
        return None
    row.cells[COLUMNS[name]] = typed
    return Effect("publie", column_of(name), f"des lettres sont à la place de chiffres : {typed}")


@_fault(
    "published-corrected",
    msg("a first edition of the results has other figures for the bureau, and adds up as well"),
)
@of_bureau
def _corrected(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if not evidence.published:
        return None
    row = evidence.published[0]
    figures = row.figures.copy()
    place, change, new = _draw_change(figures, random)
    if new is None or figures.valid is None or figures.votes_found is None:
        return None
    if figures.registered is not None and figures.votes_found + change > figures.registered:
        return None
    figures.votes[place] = new
    figures.valid += change
    figures.votes_found += change
    evidence.first_edition = PublishedRow(figures, dict(row.cells))
    return Effect("publie", "voix", f"une première édition a d'autres voix pour le choix {place + 1}", change)


@_fault(
    "published-only-in-sum",
    msg("the published row is not there, and the published sum of the commune has its figures"),
)
def _only_in_sum(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    rows = commune[at].published
    if not rows or sum(bool(evidence.published) for evidence in commune) < 2:
        return []
    commune[at].only_in_sums, commune[at].published = rows, []
    return [(at, Effect("publie", "ligne", "le bureau n'est que dans la somme publiée de la commune"))]


def _left_out(area: Area, whole: str) -> PaperAct:
    def act(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
        left = [evidence for evidence in commune if evidence.published and area not in evidence.left_out]
        if not commune[at].published or len(left) < 2:  # the last bureau would take its commune out of the file
            return []
        commune[at].left_out.add(area)
        return [(at, Effect("publie", "ligne", f"la somme publiée {whole} laisse de côté le bureau"))]

    return act


_fault("commune-sum-short", msg("the published sum of the commune lacks the bureau"))(
    _left_out(Area.COMMUNE, "de la commune")
)
_fault("departement-sum-short", msg("the published sum of the département lacks the bureau"))(
    _left_out(Area.DEPARTEMENT, "du département")
)
