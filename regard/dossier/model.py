"""Model of a report in any form: texts in one language, harmless to show, and figures as whole numbers.

Every text from an input has been cleaned of control and direction characters and bounded by a visible cut. A form has
to escape it and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regard.letters.handout import HandoutSection
from regard.views.case_view import CaseView
from verify.model.figures import Ints, Texts

States = npt.NDArray[np.int8]  # `coverage_states.PieceState` of bureaux


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One kind of evidence: how many bureaux have it in every poll, and out of how many."""

    name: str
    there: str
    of: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One quantity in the pieces that were set side by side: of how many of its figures, out of how many."""

    quantity: str
    pieces: str
    compared: str
    of: str


@dataclass(frozen=True, slots=True)
class GapSummary:
    """Votes found less signatures, bureau by bureau and poll by poll.

    Attributes:
        compared: with both counts; of these ``equal``, with ``more`` votes, and with ``fewer``.
        unlisted: of these, those of which no sign-in list was counted: the signatures are another document's.
        beyond: votes beyond the signatures, ``short``: signatures without a vote, nothing netted between bureaux.
        outside: gaps larger than ``permille`` ‰ of the votes found.
        largest: the largest gap in either direction, without its sign.
    """

    compared: int
    unlisted: int
    equal: int
    more: int
    fewer: int
    beyond: int
    short: int
    outside: int
    largest: int
    permille: int


@dataclass(frozen=True, slots=True)
class CaseSection:
    """The cases of one kind: its heading, what it holds, how many there are, those that have a card."""

    title: str
    about: str
    count: int
    cards: tuple[CaseView, ...]


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """Possible change in one contest, by V501, V502 or V503; ``steps`` are the sentences of its sum."""

    code: str
    title: str
    contest: str
    conclusion: str
    votes: str
    steps: tuple[str, ...]
    what_to_do: str
    basis: str


@dataclass(frozen=True, slots=True)
class ScreenSaid:
    """One indication of a screen, in no case."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class DumpContestSaid:
    """One contest of a dump: its name, and each count with its label, over all units."""

    name: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DumpSaid:
    """A dump of another machine.

    Attributes:
        facts: what it says of itself, as name and value.
        contests: the first of them.
        checks: outcome, what was checked, topic, and where; those that do not hold first.
        left: what is not listed.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    contests: tuple[DumpContestSaid, ...]
    checks: tuple[tuple[str, str, str, str], ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InputLine:
    """One file that was given: what it was taken for, how much of it was used, and why not all of it."""

    path: str
    kind: str
    taken_for: str
    used: str
    used_word: str
    size: int
    sha256: str
    note: str
    why: str


@dataclass(frozen=True, slots=True)
class LawLine:
    """Rules that a basis is cited for, by code and title, and whether it is law."""

    basis: str
    law: bool
    codes: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BureauColumns:
    """Every bureau and poll, one after another, as columns of one length: by commune, and there by their numbers.

    Attributes:
        commune: index of each into ``communes``.
        poll: number of the poll.
        figures: by the column's name, with its heading; below zero is an absence.
        gap: votes found less signatures; ``compared`` where both are known, else 0.
        found: votes found, below zero where they are not known.
        states: by kind of evidence, with its heading.
        case, cases: number of the first case that it is in, 0 for none, and how many those are.
    """

    commune: Ints
    bureau: Texts
    poll: Ints
    figures: Mapping[str, tuple[str, Ints]]
    gap: Ints
    compared: npt.NDArray[np.bool_]
    found: Ints
    states: Mapping[str, tuple[str, States]]
    case: Ints
    cases: Ints

    def __len__(self) -> int:
        return len(self.commune)


@dataclass(frozen=True, slots=True)
class CommuneColumns:
    """Every commune, in the order of the list, as columns of one length.

    Attributes:
        counts: by the names of their headings in ``words``: how many bureaux it has, those with both counts, gaps as in
            `GapSummary`, and how many errors and warnings.
    """

    insee: tuple[str, ...]
    name: tuple[str, ...]
    department: tuple[str, ...]
    counts: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.insee)

    def called(self, index: int) -> str:
        """The name of one of them; its code where it has none."""
        return self.name[index] or self.insee[index]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A report.

    Attributes:
        words: the fixed texts, by the names of `fixed_words.WORDS`.
        title: with the election where it is known; ``places`` what it is about.
        elections: date and round, further polls, other elections that results were given of; a line each.
        verdict: in a sentence or two.
        gaps_said: the gaps in a few sentences, as the evidence stands and with the corrections.
        first: the cases for the first page; each is among ``sections`` as well. ``further``: how many have no card.
        followed: how many follow-ups there are, and those of what is not found any more.
        not_checked: what was not checked, a sentence each; ``partly``: bureaux with less evidence than others.
        steps: until when, to whom and how to complain, and what may be seen; none where the vote is not known.
        fingerprint: SHA-256 over the SHA-256 and names of all inputs, as `sha256sum` writes them.
        model: that the format of dumps is a model; empty where no dump was used.
    """

    language: str
    words: Mapping[str, str]
    title: str
    elections: tuple[str, ...]
    places: str
    verdict: tuple[str, ...]
    model: str
    evidence: tuple[EvidenceLine, ...]
    compared: tuple[ComparedLine, ...]
    not_checked: tuple[str, ...]
    partly: tuple[str, ...]
    gaps: GapSummary
    gaps_said: str
    followed: tuple[str, ...]
    changes: tuple[ChangeSaid, ...]
    first: tuple[CaseView, ...]
    sections: tuple[CaseSection, ...]
    further: int
    bureaux: BureauColumns
    communes: CommuneColumns
    steps: tuple[HandoutSection, ...]
    dumps: tuple[DumpSaid, ...]
    screens: tuple[ScreenSaid, ...]
    all_screens: int
    limits: tuple[str, ...]
    law: tuple[LawLine, ...]
    inputs: tuple[InputLine, ...]
    fingerprint: str
    versions: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    thresholds: str

    @property
    def cards(self) -> list[CaseView]:
        """The cases that have a card, kind by kind."""
        return [card for section in self.sections for card in section.cards]

    @property
    def places_known(self) -> bool:
        """True if evidence names any bureau or published place, beyond dumps of other machines."""
        return not self.dumps or len(self.bureaux) > 0 or bool(self.evidence)
