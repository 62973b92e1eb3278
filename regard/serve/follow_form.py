"""The form for what became of a case: which case it is about, whatever its number is by now, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import unquote

import numpy as np

from protocol.words import Message, Plural, Text, msg, quoted, series
from regard.serve.examining import ExaminedCase
from verify.align.followed_up import place_today
from verify.audit import Audit
from verify.model.cases import Case
from verify.model.findings import Finding
from verify.read.counts import parse_count
from verify.read.follow_ups import STATUS_CELLS
from verify.rulebook.catalogue import rules
from verify.rulebook.causes import causes

TEXTS = ("remarque", "piece", "auteur")
_LONGEST = 500
_LONGEST_COUNT = 40


@dataclass(frozen=True, slots=True)
class CaseIdentity:
    """What tells a case from others: its gravest finding and its cause, never its number.

    Attributes:
        insee, bureau, poll: of the finding.
        code: of its rule.
        field: that it is about.
        figures: both of them, as text.
        cause: name of the case's.
    """

    insee: str
    bureau: str
    poll: str
    code: str
    field: str
    figures: str
    cause: str

    @classmethod
    def of(cls, case: Case) -> CaseIdentity:
        """That of a case."""
        first = case.first
        poll = str(first.poll or "")
        return cls(first.insee, first.bureau, poll, first.code, str(first.field), figures_of(first), case.cause.name)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> CaseIdentity | None:
        """That of the case that a form was shown with; None where it has none."""
        names = [f"case-{each.name}" for each in fields(cls)]
        if not all(name in form for name in names):
            return None
        found = cls(*(unquote(form[name], errors="surrogatepass") for name in names))
        is_known = found.code in rules() and found.cause in causes() and found.poll in ("", "1", "2", "3", "4", "5")
        return found if is_known else None

    def fields(self) -> dict[str, str]:
        """It as the fields of a form, where each stands as a part of an address: pages show no text as it is."""
        return {f"case-{name}": value for name, value in asdict(self).items()}


def figures_of(finding: Finding) -> str:
    """Both figures of a finding, as the column `chiffres` has them."""
    sides = (finding.left.value, finding.right.value)
    return " / ".join(str(value) for value in sides if isinstance(value, int) and value >= 0)


def find_again(found: ExaminedCase, number: int, wanted: CaseIdentity) -> Case | None:
    """The case that a form was about: the same, or what it has become; None where nothing of it is found any more.

    Args:
        found: what the folder holds today.
        number: that the case had.
        wanted: which one it was.
    """
    if found.result is None or found.evidence is None:
        return None
    cases = found.result.cases
    if 1 <= number <= len(cases) and CaseIdentity.of(case := cases[number - 1]) == wanted:
        return case
    insee, bureau = place_today(found.evidence.universe, wanted.insee, wanted.bureau)
    candidates = _candidates(found.result, {(wanted.insee, wanted.bureau), (insee, bureau or "")}, wanted)
    return min(candidates, key=lambda each: _how_unlike(CaseIdentity.of(each), wanted), default=None)


def _candidates(result: Audit, places: set[tuple[str, str]], wanted: CaseIdentity) -> list[Case]:
    """The cases with a finding of this rule in one of the places, or with this cause and a first finding there."""
    keys = result.findings.keys()
    at = [index for index in range(len(keys.places)) if keys.places[index] in places]
    here = np.flatnonzero(np.isin(keys.place, at))
    if wanted.poll:
        here = here[(keys.poll[here] == int(wanted.poll)) | (keys.poll[here] == 0)]
    code = keys.codes.index(wanted.code) if wanted.code in keys.codes else -1
    numbers = np.unique(result.cases.number[here])
    of_rule = set(result.cases.number[here[keys.code[here] == code]].tolist())
    cases = [result.cases[number - 1] for number in numbers.tolist() if number]
    return [each for each in cases if each.number in of_rule or each.cause.name == wanted.cause]


def _how_unlike(one: CaseIdentity, wanted: CaseIdentity) -> tuple[bool, bool, bool, bool]:
    return one.code != wanted.code, one.cause != wanted.cause, one.figures != wanted.figures, one.field != wanted.field


def changes(then: CaseIdentity, now: CaseIdentity) -> list[Message]:
    """What is not as it was when the form was made; nothing where only the number is another."""
    said = []
    if then.cause != now.cause:
        known = causes()
        said.append(
            msg(
                "Its cause was {then} and is {now} now.",
                then=quoted(known[then.cause].title),
                now=quoted(known[now.cause].title),
            )
        )
    if then.code != now.code:
        said.append(msg("Its first finding was {then} and is {now} now.", then=then.code, now=now.code))
    if then.figures != now.figures:
        was, becomes = map(figures_shown, (then.figures, now.figures))
        said.append(msg("Its figures were {then} and are {now} now.", then=was, now=becomes))
    if (then.insee, then.bureau) != (now.insee, now.bureau):
        places = [" ".join(filter(None, (each.insee, each.bureau))) for each in (then, now)]
        said.append(msg("It was of {then} and is of {now} now.", then=places[0], now=places[1]))
    return said


def figures_shown(figures: str) -> Text:
    """Figures as they are kept, for people: with their digits in groups."""
    counts = [Plural(each) for each in figures.split(" / ") if each.isdecimal() and len(each) < 20]
    return series(counts, " / ") if counts else msg("none")


def too_many(found: ExaminedCase, case: Case, votes: int) -> Message | None:
    """What is asked where somebody speaks of more votes than the bureaux of a case have voters; None otherwise."""
    if found.evidence is None or not case.places:
        return None
    universe = found.evidence.universe
    insee, bureau = (np.array([getattr(each, name) for each in case.places], np.str_) for name in ("insee", "bureau"))
    units = np.unique(universe.find(insee, bureau))
    voters = universe.registered[units]
    registered = int(voters.sum())
    if (units < 0).any() or (voters < 0).any() or votes <= registered:  # of some it is not known
        return None
    return msg(
        "{votes:n} votes, and {registered:n} registered voters where the case is: is that the number?",
        votes=votes,
        registered=registered,
    )


def read_follow_up(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """What was typed, as the cells of a row; and what cannot be taken, by field."""
    wrong: dict[str, Text] = {}
    status = form.get("status", "")
    cells = {name: " ".join(form.get(name, "").split())[:_LONGEST] for name in TEXTS}
    known = {each.value: cell for each, cell in STATUS_CELLS.items()}
    if status in known:
        cells["statut"] = known[status]
    else:
        wrong["status"] = msg("choose a status")
    typed = form.get("count", "").strip()
    number = parse_count(typed[:_LONGEST_COUNT]) if typed else 0
    if number < 0:
        wrong["count"] = msg("a whole number is expected, or nothing")
    cells["nombre"] = str(number) if typed else ""
    return cells, wrong
