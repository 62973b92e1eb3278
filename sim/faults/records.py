"""Faults on paper: in the count of the roll, in the PV and in the commune's centralising record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.quantities import VOTERS, column_of
from protocol.words import msg
from sim.evidence import BureauEvidence, PaperFigures
from sim.faults.acts import draw_partner, of_bureau, on_papers, state_exchange
from sim.faults.model import Effect, PaperAct, PaperFault, Stage, Struck, Unit, struck_by
from sim.streams import RandomStream

GAP_WORDS = "Écart constaté"
SLIPS = ("votes_found",)
"""Counts of the PV that a slip may strike besides the votes by choice: the one copied from the machine."""
BUNDLE = 100
"""Ballots of one bundle (L65)."""
RUN = 4
"""Bureaux in a row whose sign-in counts slip together."""
FAULTS: list[PaperFault] = []
_on_roll = on_papers(FAULTS, Stage.ROLL)
_in_record = on_papers(FAULTS, Stage.RECORD)
_in_table = on_papers(FAULTS, Stage.TABULATION)


def has_gap(evidence: BureauEvidence) -> bool:
    """Check that votes and signatures really differ, and that the PV states both."""
    figures = evidence.record.figures
    known = figures.signatures is not None and figures.votes_found is not None
    return known and figures.signatures != figures.votes_found


def _drop_remark(evidence: BureauEvidence) -> None:
    evidence.record.remarks = [remark for remark in evidence.record.remarks if not remark.startswith(GAP_WORDS)]


def _change(new: int | None, old: int | None) -> int | None:
    return None if new is None or old is None else new - old


@_on_roll(
    "roll-from-votes",
    msg("the sign-in count is the votes found, so the gap is gone from roll and PV"),
    0.02,
    unit=Unit.GAP,
)
@of_bureau
def _roll_from_votes(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    change = _change(figures.votes_found, figures.signatures)
    evidence.roll_signatures = figures.signatures = figures.votes_found
    _drop_remark(evidence)
    return Effect("emargements", "emargements", "les émargements sont recopiés du compteur de la machine", change)


@_on_roll("roll-slipped", msg("the sign-in counts of a run of bureaux stand one row too high"), 0.0005)
def _roll_slipped(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    end = min(at + RUN, len(commune))
    run = list(takewhile(lambda where: not struck_by("roll-slipped", commune[where]), range(at, end)))
    counts = [commune[where].roll_signatures for where in run]
    struck = []
    for where, new in zip(run, [*counts[1:], *counts[:1]], strict=True):
        change = _change(new, commune[where].roll_signatures)
        if change:
            detail = "la colonne des émargements a glissé d'une ligne"
            struck.append((where, Effect("emargements", "emargements", detail, change)))
        commune[where].roll_signatures = new
    return struck


@_on_roll("roll-missing", msg("no sign-in count"), 0.001)
@of_bureau
def _roll_missing(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    evidence.roll_signatures = None
    evidence.hourly = ()
    return Effect("emargements", "emargements", "le nombre d'émargements n'est pas transmis")


def _mistype(
    slip: Callable[[str, RandomStream], str], words: str, apt: Callable[[str], bool], counts: Sequence[str]
) -> PaperAct:
    """Make a fault that miswrites one figure of the PV: one of some counts, or the votes of a choice from 10 up.

    Args:
        slip: miswrites the digits of a figure.
        words: description of the slip.
        apt: checks that a figure can be miswritten so.
        counts: names of the counts.
    """

    def act(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
        figures = evidence.record.figures
        places = [(place, text) for place, text in _numbers(figures, counts) if apt(text)]
        if not places:
            return None
        place, text = random.one_of(places)
        new = int(slip(text, random))
        field = _write(figures, place, new)
        return Effect("pv", field, f"{words} : {new} pour {text}", new - int(text))

    return of_bureau(act)


def _exchange_digits(text: str, random: RandomStream) -> str:
    spots = [spot for spot in range(len(text) - 1) if text[spot] != text[spot + 1]]
    spot = random.one_of(spots)
    return text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]


def _change_digit(text: str, random: RandomStream) -> str:
    spot = random.number(len(text))
    digit = (int(text[spot]) + random.number(1, 10)) % 10
    return text[:spot] + str(digit) + text[spot + 1 :]


def _numbers(figures: PaperFigures, counts: Sequence[str]) -> list[tuple[str | int, str]]:
    votes = [(at, str(count)) for at, count in enumerate(figures.votes) if count is not None and count >= 10]
    return [*((name, str(count)) for name in counts if (count := getattr(figures, name)) is not None), *votes]


def _write(figures: PaperFigures, place: str | int, value: int) -> str:
    """Put a value where `_numbers` found one; returns the field's name in the night's files."""
    if isinstance(place, int):
        figures.votes[place] = value
        return "voix"
    setattr(figures, place, value)
    return column_of(place)


_exchanged = partial(_mistype, _exchange_digits, "deux chiffres sont intervertis", lambda text: len(set(text)) > 1)
_wrong = partial(_mistype, _change_digit, "un chiffre est mal recopié", bool)
_in_record(
    "digits-exchanged", msg("two digits of one figure of the PV are exchanged"), 0.001, anywhere=_exchanged(VOTERS)
)(_exchanged(SLIPS))
_in_record("digit-wrong", msg("one digit of one figure of the PV is another"), 0.001, anywhere=_wrong(VOTERS))(
    _wrong(SLIPS)
)


@_in_record("columns-shifted", msg("the counts of the PV stand one column too far left"), 0.0005)
@of_bureau
def _columns_shifted(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    figures.signatures, figures.votes_found, figures.blank, figures.null, figures.valid = (
        figures.votes_found,
        figures.blank,
        figures.null,
        figures.valid,
        None,
    )
    return Effect("pv", "votes_trouves", "les chiffres du procès-verbal ont glissé d'une colonne")


@_in_record("choices-exchanged", msg("two choices have each other's votes in the PV"), 0.001)
@of_bureau
def _choices_exchanged(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    return exchange_votes(evidence.record.figures.votes, random, "pv", "les voix")


def exchange_votes(votes: list[int | None], random: RandomStream, piece: str, what: str) -> Effect | None:
    """Exchange the votes of two choices, drawn at random; None where they are equal."""
    first, second = random.choice(len(votes), 2, replace=False).tolist()
    if votes[first] == votes[second]:
        return None
    change = _change(votes[second], votes[first])
    votes[first], votes[second] = votes[second], votes[first]
    detail = f"{what} des choix {first + 1} et {second + 1} sont interverties : l'effet est celui du premier"
    return Effect(piece, "voix", detail, change)


@_in_record("blank-null-exchanged", msg("the PV has the blank votes as nulls"), 0.001)
@of_bureau
def _blank_null_exchanged(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    if figures.blank == figures.null:
        return None
    change = _change(figures.null, figures.blank)
    figures.blank, figures.null = figures.null, figures.blank
    return Effect("pv", "blancs", "blancs et nuls sont intervertis", change)


@_in_record(
    "found-from-roll",
    msg("the PV's votes found are the signatures, so its arithmetic does not work out"),
    0.03,
    unit=Unit.GAP,
)
@of_bureau
def _found_from_roll(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    change = _change(figures.signatures, figures.votes_found)
    figures.votes_found = figures.signatures
    _drop_remark(evidence)
    return Effect("pv", "votes_trouves", "les votes trouvés sont recopiés des émargements", change)


@_in_record("gap-as-nulls", msg("missing votes are booked as nulls, which a machine cannot take"), 0.02, unit=Unit.GAP)
@of_bureau
def _gap_as_nulls(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    gap = (figures.signatures or 0) - (figures.votes_found or 0)
    if gap <= 0:
        return None
    figures.null = (figures.null or 0) + gap
    figures.votes_found = figures.signatures
    _drop_remark(evidence)
    return Effect("pv", "nuls", "l'écart est inscrit en votes nuls", gap)


# The bureau did not know that a gap has to be mentioned (R62).
@_in_record("remark-missing", msg("the PV does not mention the gap"), 0.10, unit=Unit.GAP)
@of_bureau
def _remark_missing(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    _drop_remark(evidence)
    return Effect("pv", "observations", "l'écart n'est pas mentionné au procès-verbal")


@_in_record("hour-missing", msg("an hour is missing in the PV"), 0.005)
@of_bureau
def _hour_missing(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if random.integers(2):
        evidence.record.opening = ""
        return Effect("pv", "ouverture", "l'heure d'ouverture manque au procès-verbal")
    evidence.record.closing = ""
    return Effect("pv", "cloture", "l'heure de clôture manque au procès-verbal")


@_in_record("registered-outdated", msg("the PV's registered voters are not those of the roll"), 0.002)
@of_bureau
def _registered_outdated(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    change = random.one_of([-2, -1, 1, 2])
    figures.registered = (figures.registered or 0) + change
    return Effect("pv", "inscrits", "les inscrits sont ceux d'un tableau antérieur", change)


# « Most gaps were not shown on the centralising record » (Issy, 2007); R69 forbids it.
@_in_table("gap-corrected", msg("the centralising record has as many signatures as votes"), 0.10, unit=Unit.GAP)
@of_bureau
def _gap_corrected(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.tabulated
    change = _change(figures.votes_found, figures.signatures)
    if not change:
        return None
    figures.signatures = figures.votes_found
    return Effect("recap", "emargements", "le bureau centralisateur a fait disparaître l'écart", change)


@_in_table("tabulated-changed", msg("the centralising record changes a bureau's blank votes"), 0.0005)
@of_bureau
def _tabulated_changed(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.tabulated
    change = random.one_of([-10, -1, 1, 10])
    if figures.blank is None or figures.votes_found is None or figures.blank + change < 0:
        return None
    figures.blank += change
    figures.votes_found += change
    return Effect("recap", "blancs", "le bureau centralisateur a modifié les votes blancs", change)


@_on_roll("roll-miscoded", msg("the bureau's sign-in count stands under a code that no bureau of the commune has"))
def _roll_miscoded(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    code = commune[at].bureau.code
    taken = {evidence.bureau.code for evidence in commune}
    wrong = [f"{code[:-2]}{digit}{code[-1:]}" for digit in range(1, 10)]
    free = [each for each in wrong if len(each) == len(code) and each not in taken]
    if not free:
        return []
    typed = random.one_of(free)
    commune[at].roll_code = typed
    return [(at, Effect("emargements", "bureau", f"le code {typed} est saisi au lieu de {code}"))]


@_on_roll(
    "roll-digit-doubled", msg("the sign-in count has its last digit twice, and is more than the registered voters")
)
@of_bureau
def _roll_digit_doubled(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    signatures = evidence.roll_signatures
    if not signatures:
        return None
    typed = int(f"{signatures}{signatures % 10}")
    evidence.roll_signatures = typed
    detail = f"le dernier chiffre est saisi deux fois : {typed} pour {signatures}"
    return Effect("emargements", "emargements", detail, typed - signatures)


@_on_roll("roll-total", msg("the sheet of sign-in counts has a row with the commune's total among its bureaux"))
def _roll_total(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    registered = sum(evidence.roll_registered or 0 for evidence in commune)
    signatures = sum(evidence.roll_signatures or 0 for evidence in commune)
    commune[at].roll_total = registered, signatures
    return [(at, Effect("emargements", "bureau", "une ligne de total est restée sous celle du bureau"))]


@_in_record(
    "record-lost", msg("there is no PV, and the centralising record and the published results have its figures")
)
@of_bureau
def _record_lost(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    evidence.record.lost = True
    return Effect("pv", "ligne", "le procès-verbal est perdu après la centralisation")


@_in_record("records-exchanged", msg("the PVs of two bureaux of the commune are filed for each other"))
def _records_exchanged(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    other = draw_partner(
        commune, at, random, lambda each: not struck_by("records-exchanged", each), range(len(commune))
    )
    if other is None or commune[at].record.figures == commune[other].record.figures:
        return []
    commune[at].record, commune[other].record = commune[other].record, commune[at].record
    return state_exchange(commune, at, other, "pv", "voix", "les procès-verbaux", "saisis l'un pour l'autre")


@_in_record("machine-forgotten", msg("the PV of a bureau with several urns has the counters of the first one only"))
@of_bureau
def _machine_forgotten(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    if len(evidence.exports) < 2:
        return None
    try:
        first = export.parse(evidence.exports[0][1])
    except FormatError:
        return None
    figures = evidence.record.figures
    found, right = first.cast, figures.votes_found
    if right is None or right <= found:
        return None
    figures.votes_found, figures.blank, figures.null = found, first.blank, 0
    figures.valid, figures.votes = sum(first.tallies), list(first.tallies)
    return Effect("pv", "votes_trouves", "le procès-verbal n'a que les compteurs de la première machine", found - right)


@_in_record("record-copied", msg("all figures of the PV are those of another bureau of the commune"))
def _record_copied(commune: list[BureauEvidence], at: int, random: RandomStream) -> Struck:
    if not at:
        return []
    other = commune[random.number(at)]
    if other.record.figures == commune[at].record.figures:
        return []
    commune[at].record.figures = other.record.figures.copy()
    detail = f"tous les chiffres sont ceux du bureau {other.bureau.code}"
    return [(at, Effect("pv", "voix", detail))]


@_in_record("votes-slipped", msg("the votes by choice stand one line too low in the PV, the first of them twice"))
@of_bureau
def _votes_slipped(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    votes = evidence.record.figures.votes
    slipped = [votes[0], *votes[:-1]]
    if slipped == votes:
        return None
    evidence.record.figures.votes = slipped
    return Effect("pv", "voix", "les voix ont glissé d'une ligne : la première y est deux fois")


@_in_record("proxies-registered", msg("the PV has the registered voters as the number of proxies"))
@of_bureau
def _proxies_registered(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    record = evidence.record
    registered, signatures = record.figures.registered, record.figures.signatures
    if registered is None or signatures is None or registered <= signatures:
        return None
    record.proxies = registered
    return Effect("pv", "procurations", "les procurations sont les inscrits, de la ligne voisine")


@_in_record(
    "bundle-as-nulls",
    msg("a hundred ballots of a paper bureau are nulls in its PV, though their names were counted"),
    paper=True,
)
@of_bureau
def _bundle_as_nulls(evidence: BureauEvidence, random: RandomStream) -> Effect | None:
    figures = evidence.record.figures
    if figures.null is None or figures.valid is None or figures.valid < BUNDLE:
        return None
    figures.null += BUNDLE
    figures.valid -= BUNDLE
    return Effect("pv", "nuls", f"un paquet de {BUNDLE} bulletins est compté avec les nuls", BUNDLE)
