"""A case for people: what happened, both figures and where they stand, the law, what it could change, its findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from protocol.words import Text, series
from regard.dossier.changes import Changes
from regard.dossier.legal import bases, with_articles
from regard.dossier.model import CardFigure, CardFinding, CaseCard, CaseColumns
from regard.dossier.ways import Ways
from regard.terminal import without_start
from regard.views.cases import LinesOfCases, SmallGaps, by_case, followed_text
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.place_names import bureaux_of, place_of, with_place
from verify.cases.wording import SURE, becoming, own_corrections, piece_name, sentence, told_by, told_of, what_to_do
from verify.model.cases import Case, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.field_names import field_label
from verify.model.findings import Finding, Severity, shown
from verify.model.follow_ups import Followed
from verify.model.holds import Named
from verify.model.labels import SEVERITIES
from verify.rulebook.catalogue import rule

MOST_FINDINGS = 12
"""Findings that a card has; the others are counted."""
_MOST_FIGURES = 8
_MOST_PLACES = 40
"""Places of a case that are looked at for what it could change."""


@dataclass(frozen=True)
class CardMaker:
    """Makes the cards of an audit's cases."""

    evidence: LinedEvidence
    result: Audit
    speaker: Speaker
    lines: LinesOfCases

    @cached_property
    def _changes(self) -> Changes:
        return Changes(self.evidence, self.result.findings, self.speaker)

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.evidence, self.speaker)

    @cached_property
    def _followed(self) -> dict[int, list[Followed]]:
        return by_case(self.result)

    def card(self, case: Case) -> CaseCard:
        """The card of one case, or of the small gaps of a commune that are read with it."""
        together = self.lines.together.get(case.number)
        return self._card(case) if together is None else self._together(self._card(case), together)

    def _together(self, card: CaseCard, together: SmallGaps) -> CaseCard:
        """The card of the first of them as that of all."""
        speaker, table = self.speaker, self.result.findings
        cases = [self.result.cases[number - 1] for number in together.numbers]
        rows = [[table[at] for at in case.findings] for case in cases[:MOST_FINDINGS]]
        told = [
            each[told_by(case.cause, (found.code for found in each))] for case, each in zip(cases, rows, strict=False)
        ]
        figures = [figure for found in told for figure in self._both(found, named=True)]
        commune = Named(cases[0].places[0].insee)
        where = speaker.name(place_of([commune], self.result.coverage.communes))
        return replace(
            card,
            cases=len(cases),
            heading=speaker.text(with_place(where, card.title)),
            where=where,
            said=without_start(speaker.sentence(together.text)),
            figures=tuple(figures[:_MOST_FIGURES]),
            more_figures=2 * len(cases) - len(figures[:_MOST_FIGURES]),
            change=self._changes.of([place for case in cases for place in case.places][:_MOST_PLACES]),
            findings=tuple(self._finding(found) for each in rows for found in each)[:MOST_FINDINGS],
            all_findings=sum(len(case.findings) for case in cases),
            way=None,
        )

    def _card(self, case: Case) -> CaseCard:
        speaker, findings = self.speaker, self.result.findings
        own = own_corrections(case.detail.corrections)
        codes = list(dict.fromkeys(findings[at].code for at in case.findings[:MOST_FINDINGS]))
        several = len(case.findings) > 1
        told = findings[case.findings[told_by(case.cause, (findings[at].code for at in case.findings))]]
        said = sentence(case.cause, case.sure, case.detail, told_of(case, findings), codes, several=several)
        some = [findings[at] for at in case.findings[:MOST_FINDINGS]]
        names = self.result.coverage.communes
        codes_of_communes = {place.insee for place in case.places}
        commune = codes_of_communes.pop() if len(codes_of_communes) == 1 else ""
        several_places = len({(each.place.insee, each.place.bureau) for each in own}) > 1
        figures = [self._correction(each, named=several_places) for each in own[:_MOST_FIGURES]]
        where, title = (
            speaker.name(place_of(case.places, names, self.result.coverage.several_polls)),
            speaker.sentence(case.cause.title),
        )
        return CaseCard(
            number=case.number,
            kind=case.cause.kind.name.lower(),
            severity=case.severity.name.lower(),
            severity_word=speaker.text(SEVERITIES[case.severity.name.lower()]),
            sure=case.sure.value,
            sure_word=speaker.text(SURE[case.sure]),
            title=title,
            heading=speaker.text(with_place(where, title)),
            where=where,
            commune=speaker.name(names.get(commune, commune)),
            said=without_start(speaker.sentence(said)),
            figures=tuple(figures or self._both(told)),
            more_figures=max(len(own) - _MOST_FIGURES, 0),
            what_to_do=without_start(speaker.text(what_to_do(case.cause, case.detail))),
            change=self._changes.of(case.places[:_MOST_PLACES]),
            basis=self._law(some),
            findings=tuple(map(self._finding, some)),
            all_findings=len(case.findings),
            way=self._ways.of(case, told),
            followed=tuple(speaker.sentence(followed_text(each)) for each in self._followed.get(case.number, ())),
        )

    def _law(self, some: Iterable[Finding]) -> tuple[str, ...]:
        """The law that the rules of some findings rest on, and nothing else that they rest on."""
        given = [basis for found in some if (basis := rule(found.code).basis) is not None]
        return tuple(each.text for each in bases(given, self.speaker) if each.law)

    def _correction(self, each: Correction, *, named: bool) -> CardFigure:
        speaker = self.speaker
        what: Text = field_label(each.field)
        if named:
            what = self._with_bureau(what, each.place)
        return CardFigure(
            what=speaker.name(what),
            where=speaker.place(each.source),
            piece=speaker.sentence(piece_name(each.piece)),
            value=speaker.name(shown(each.was)),
            becomes=speaker.name(becoming(each)),
            copied=each.copied,
        )

    def _with_bureau(self, what: Text, place: Named) -> Text:
        return series((what, bureaux_of([place], self.result.coverage.several_polls)))

    def _both(self, found: Finding, *, named: bool = False) -> list[CardFigure]:
        """Both figures of a finding; none where it has none and one place, or a name of no bureau: it says that."""
        speaker = self.speaker
        nothing = found.left.value is None and (found.right.source, found.right.value) == ("", None)
        if nothing or (found.field == "bureau" and found.right.value is None):
            return []
        return [
            CardFigure(
                what=speaker.name(
                    self._with_bureau(found.label_of(side), Named(found.insee, found.bureau, found.poll))
                    if named
                    else found.label_of(side)
                ),
                where=speaker.place(side.source),
                piece=speaker.sentence(side.piece.one) if side.piece is not None else "",
                value=speaker.name(shown(side.value)),
            )
            for side in (found.left, found.right)
        ]

    def _finding(self, found: Finding) -> CardFinding:
        speaker, the_rule = self.speaker, rule(found.code)
        return CardFinding(
            code=found.code,
            severity=found.severity.name.lower(),
            severity_word=speaker.text(SEVERITIES[found.severity.name.lower()]),
            message=without_start(speaker.sentence(found.message)),
            field=speaker.name(found.compared),
            left=speaker.name(shown(found.left.value)),
            left_source=speaker.place(found.left.source),
            right=speaker.name(shown(found.right.value)),
            right_source=speaker.place(found.right.source),
            what_to_do=speaker.text(the_rule.action),
            basis=with_articles(speaker.text(the_rule.basis)) if the_rule.basis else "",
        )


def further_cases(result: Audit, after: int, lines: LinesOfCases, speaker: Speaker) -> CaseColumns:
    """The lines of the cases after the one of a number, as columns."""
    keys, sures = result.findings.keys(), tuple(Sure)
    severities = (Severity.INFO, Severity.WARNING, Severity.ERROR)
    titles: dict[str, int] = {}
    columns: dict[str, list[int]] = {name: [] for name in ("number", "cases", "cause", "sure", "severity", "place")}
    begins = lines.begins()
    for block in result.cases.blocks():
        rows = [row for row in range(max(after - block.number + 1, 0), len(block)) if begins[block.number + row - 1]]
        causes = [titles.setdefault(speaker.sentence(cause.title), len(titles)) for cause in block.causes]
        cause, sure, severity = block.cause.tolist(), block.sure.tolist(), block.severity.tolist()
        place = keys.place[block.findings[block.start[:-1]]].tolist()
        for row in rows:
            columns["number"].append(block.number + row)
            columns["cases"].append(lines.size(block.number + row))
            columns["cause"].append(causes[cause[row]])
            columns["sure"].append(sure[row])
            columns["severity"].append(severity[row] - 1)
            columns["place"].append(place[row])
    at = np.array(columns["place"], np.int64)
    return CaseColumns(
        number=np.array(columns["number"], np.int64),
        cases=np.array(columns["cases"], np.int64),
        cause=np.array(columns["cause"], np.int64),
        sure=np.array(columns["sure"], np.int64),
        severity=np.array(columns["severity"], np.int64),
        insee=tuple(map(speaker.name, keys.places.insee[at].tolist())) if len(at) else (),
        bureau=tuple(map(speaker.name, keys.places.bureau[at].tolist())) if len(at) else (),
        causes=tuple(titles),
        sures=tuple(speaker.text(SURE[each]) for each in sures),
        severities=tuple(speaker.text(SEVERITIES[each.name.lower()]) for each in severities),
    )
