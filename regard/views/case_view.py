"""The view of a case: all that is said of it, in one language, made once for every form that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from regard.terminal import without_start
from regard.views.cases import LinesOfCases, SmallGaps, by_case, followed_text
from regard.views.legal import Basis, bases
from regard.views.saying import Speaker, cut
from verify.audit import Audit
from verify.cases.place_names import bureau_codes, bureaux_of, commune_of, place_of, with_place
from verify.cases.wording import SURE, becoming, describe, describe_shortly, own_corrections, piece_name, told_by
from verify.cases.wording import what_to_do as action_of
from verify.columns.contests_at_hand import Judged, contests_at_hand, excess
from verify.explanations.side_by_side import FOUND, PUBLISHED, SIGNATURES, UNIVERSE, VOTES, SideBySide, lay_out
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.steps import change_of
from verify.model.cases import Case, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import SUMMED
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, shown
from verify.model.follow_ups import Followed
from verify.model.labels import BY_THE_OTHERS, SEVERITIES, field_label, is_made
from verify.model.rule_results import Named, Side, side_of
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind

MOST_REMARK = 500
"""Characters of a PV's remark that are quoted."""
_UNMENTIONED, _CELL = "R204", "cell"
_CONTRADICTING = msg("figures that contradict each other")
_MOST_PLACES = 40
"""Places of a case that are looked at for what it could change."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of a case: what it counts, where it stands, what stands there and, if known, what should.

    Attributes:
        named: what it counts, with the bureau where the case is of several.
        place: of the bureau.
        becomes: what it should read by the case's correction; empty for none.
        copied: whether it only repeats a figure that another piece has.
    """

    named: str
    place: str
    where: str
    piece: str
    value: str
    becomes: str = ""
    copied: bool = False


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding of a case: its sentence, its figures and their places."""

    code: str
    title: str
    severity: str
    severity_word: str
    message: str
    left_source: str
    right_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list, or the small gaps of a commune that are read as one.

    Attributes:
        cases: how many it stands for.
        severity, sure: names for programs; ``severity_word`` and ``sure_word`` for people.
        where: its place; ``insee`` the code of its commune, empty for several and for none.
        commune: name and code of it, or that it is of several, or of none that is given; ``bureaux`` its codes there.
        brief: what is said of it in a sentence or two, without its place; ``clause`` the same within a sentence, and
            ``placed`` with the place in front.
        followed: what people say became of it, a sentence each.
    """

    number: int
    cases: int
    severity: str
    severity_word: str
    sure: str
    sure_word: str
    where: str
    insee: str
    commune: str
    bureaux: str
    brief: str
    clause: str
    placed: str
    followed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(CaseLine):
    """One case.

    Attributes:
        kind: name for programs.
        title: what happened, in a few words; ``heading`` the same with the place in front.
        said: all that is said of it, without its place.
        figures: those that should read otherwise, or both figures of the finding that says it.
        more_figures: how many further corrections there are.
        change: what the votes of its contest could change; empty where it has no votes beyond signatures.
        bases: what the rules of its findings rest on.
        findings: those it explains, the gravest first; ``all_findings`` how many there are.
        way: of the figure that parts; None where there is no way to show.
    """

    kind: str
    title: str
    heading: str
    said: str
    figures: tuple[FigureView, ...]
    more_figures: int
    what_to_do: str
    change: str
    bases: tuple[Basis, ...]
    findings: tuple[FindingView, ...]
    all_findings: int
    way: Way | None

    @property
    def basis(self) -> tuple[str, ...]:
        """The law that it rests on, and nothing else."""
        return tuple(each.text for each in self.bases if each.law)


@dataclass(frozen=True)
class CaseLines:
    """Makes the lines of an audit's cases.

    Args:
        result: of the audit.
        speaker: of the language.
        lines: those in which cases are read; None to show each alone.
    """

    result: Audit
    speaker: Speaker
    lines: LinesOfCases | None = None

    @cached_property
    def _followed(self) -> dict[int, list[Followed]]:
        return by_case(self.result)

    def _together(self, case: Case) -> SmallGaps | None:
        return None if self.lines is None else self.lines.together.get(case.number)

    def line(self, case: Case) -> CaseLine:
        """A case in a list."""
        speaker, coverage, together = self.speaker, self.result.coverage, self._together(case)
        names, several = coverage.communes, coverage.several_polls
        places = case.places if together is None else (Named(case.places[0].insee),)
        brief = describe_shortly(case, self.result.findings) if together is None else together.text
        codes = {each.insee for each in places}
        insee = codes.pop() if len(codes) == 1 else ""
        elsewhere = msg("several communes") if codes else _unplaced(places)
        severity, where = case.severity.name.lower(), place_of(places, names, several)
        return CaseLine(
            number=case.number,
            cases=1 if together is None else len(together.numbers),
            severity=severity,
            severity_word=speaker.text(SEVERITIES[severity]),
            sure=case.sure.value,
            sure_word=speaker.text(_OF_PIECES.get(case.cause.name, SURE[case.sure])),
            where=speaker.name(where),
            insee=insee,
            commune=speaker.name(commune_of(insee, names.get(insee, "")) if insee else elsewhere),
            bureaux=speaker.name(bureau_codes(places, several)) if insee else "",
            brief=without_start(speaker.sentence(brief)),
            clause=without_start(speaker.text(brief)),
            placed=without_start(speaker.text(with_place(where, brief))),
            followed=tuple(speaker.sentence(followed_text(each)) for each in self._followed.get(case.number, ())),
        )


_OF_PIECES: dict[str, Message] = {
    **dict.fromkeys(("evidence-missing", "row-missing", "figures-missing"), msg("to ask for")),
    **dict.fromkeys(("file-unreadable", "cell-unreadable", "not-checked"), msg("not read")),
}
"""Words for causes by which something is only missing or unread: nothing is probable about these."""


def _shows_another_count(found: Finding) -> bool:
    """Check for a second figure that stands beside the first one and does not contradict it."""
    left, right = found.left.quantity, found.right.quantity
    return left != right and not found.is_gap and not is_made(left) and not is_made(right)


def _stands_in(side: Side) -> Text:
    """The piece of a figure, or that it is computed from it."""
    if side.piece is None:
        return ""
    if is_made(side.quantity) or SUMMED in side.source:
        return msg("computed from {piece}", piece=side.piece.one)
    return side.piece.one


def _unplaced(places: Sequence[Named]) -> Message:
    """Words in place of the commune of a case that has none."""
    if any(each.bureau for each in places):
        return msg("commune not given in the file")
    return msg("no single place")


@dataclass(frozen=True)
class CaseViews(CaseLines):
    """Makes the views of an audit's cases.

    Args:
        evidence: that was audited.
        most_figures, most_findings: of one case; the others are counted.
    """

    evidence: LinedEvidence = field(kw_only=True)
    most_figures: int = 8
    most_findings: int = 12

    @cached_property
    def _changes(self) -> _ContestChanges:
        return _ContestChanges(self.evidence, self.result.findings, self.speaker)

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.evidence, self.speaker)

    def view(self, case: Case) -> CaseView:
        """All of a case, or of the small gaps that are read with it."""
        speaker, together = self.speaker, self._together(case)
        line = self.line(case)
        cases = [case] if together is None else [self.result.cases[number - 1] for number in together.numbers]
        some = [self.result.findings[at] for each in cases for at in each.findings[: self.most_findings]]
        told = [self._told(each) for each in cases[: self.most_findings]]
        own = own_corrections(case.detail.corrections)
        figures = [self._correction(each, own) for each in own[: self.most_figures]]
        if len(own) == 1:
            figures += [each for each in self._both(told[0], named=False) if each.piece != figures[0].piece]
        figures = figures or self._read_otherwise(case)
        if not figures:
            figures = [each for found in told for each in self._both(found, named=together is not None)]
        of_all = len(figures) if together is None else 2 * len(cases)
        asks = case.sure is Sure.OPEN and case.cause.kind is CaseKind.REREAD  # of what happened nothing is said yet
        asks = asks and (bool(case.detail.readings) or not _shows_another_count(told[0]))
        title = speaker.sentence(_CONTRADICTING if asks else case.cause.title)
        return CaseView(
            **asdict(line),
            kind=case.cause.kind.name.lower(),
            title=title,
            heading=speaker.text(with_place(line.where, title)),
            said=without_start(
                speaker.sentence(self._said_of_gaps(line.brief, told) if together else self._said(case, told[0]))
            ),
            figures=tuple(figures[: self.most_figures]),
            more_figures=max(len(own), of_all) - len(figures[: self.most_figures]),
            what_to_do=without_start(speaker.text(action_of(case.cause, case.detail))),
            change=self._changes.of([place for each in cases for place in each.places][:_MOST_PLACES]),
            bases=tuple(bases([basis for found in some if (basis := rule(found.code).basis) is not None], speaker)),
            findings=tuple(map(self._finding, some[: self.most_findings])),
            all_findings=sum(len(each.findings) for each in cases),
            way=None if together else self._ways.of(case, told[0]),
        )

    def _said(self, case: Case, told: Finding) -> Text:
        """All that is said of a case; of one with a gap, also what the PV remarks."""
        said = describe(case, self.result.findings)
        found = [told, *(self.result.findings[at] for at in case.findings[: self.most_findings])]
        remark = self.evidence.remark(told.insee, told.bureau, told.poll)
        if not remark or len(case.places) > 1 or not any(each.is_gap for each in found):
            return said
        values = {"said": said, "remark": cut(remark, MOST_REMARK)}
        if any(each.code == _UNMENTIONED for each in found):
            return msg("{said} The PV remarks this alone: “{remark}”", **values)
        return msg("{said} The PV has this remark: “{remark}”", **values)

    def _said_of_gaps(self, brief: str, told: Sequence[Finding]) -> Text:
        """The sentence of small gaps that are read together, with the PVs' remarks."""
        remarks: list[Text] = [
            msg("{bureau}: “{remark}”", bureau=found.bureau, remark=cut(remark, MOST_REMARK))
            for found in told
            if (remark := self.evidence.remark(found.insee, found.bureau, found.poll))
        ]
        if not remarks:
            return brief
        return msg("{said} Remarks in the PVs, by bureau: {remarks}.", said=brief, remarks=series(remarks, msg("; ")))

    def figures_once(self, case: Case) -> list[FigureView]:
        """Each figure of a case once, corrections first; named with their bureaux where it is of several."""
        named = len({(each.insee, each.bureau) for each in case.places}) > 1
        own = own_corrections(case.detail.corrections)
        found = [self._correction(each, own) for each in own[: self.most_figures]]
        for at in case.findings[: self.most_findings]:
            found += self._both(self.result.findings[at], named=named)
        once: dict[tuple[str, str, str], FigureView] = {}
        for each in found:
            if each.value:
                once.setdefault((each.place, each.named, each.where), each)
        return list(once.values())

    def _told(self, case: Case) -> Finding:
        """The finding that says a case."""
        table = self.result.findings
        return table[case.findings[told_by(case.cause, (table[at].code for at in case.findings))]]

    def _figure(self, what: Text, place: Named, value: object, source: str, *, named: bool) -> FigureView:
        """A figure without its piece."""
        speaker, several = self.speaker, self.result.coverage.several_polls
        return FigureView(
            named=speaker.name(series((what, bureaux_of([place], several))) if named else what),
            place=speaker.name(place_of([place], self.result.coverage.communes, several)),
            where=speaker.place(source),
            piece="",
            value=speaker.name(value),
        )

    def _correction(self, each: Correction, every: Sequence[Correction]) -> FigureView:
        several = len({(one.place.insee, one.place.bureau) for one in every}) > 1
        return replace(
            self._figure(field_label(each.field), each.place, shown(each.was), each.source, named=several),
            piece=self.speaker.sentence(piece_name(each.piece)),
            becomes=self.speaker.name(becoming(each)),
            copied=each.copied,
        )

    def _read_otherwise(self, case: Case) -> list[FigureView]:
        """The counts that every reading of an open case changes, where these are more than two figures."""
        ways = [own_corrections(each.corrections) for each in case.detail.readings]
        shared = set.intersection(*({str(one.field) for one in way} for way in ways)) if ways else set()
        cells = [one for way in ways for one in way if str(one.field) in shared]
        counts = list(dict.fromkeys((one.place, str(one.field)) for one in cells))
        cells.sort(key=lambda one: counts.index((one.place, str(one.field))))
        return [replace(self._correction(each, cells), becomes="") for each in cells] if len(cells) > 2 else []

    def _both(self, found: Finding, *, named: bool) -> list[FigureView]:
        """Both figures of a finding; none where its sentence says all: a cell, a name of no bureau, one empty place."""
        nothing = found.left.value is None and (found.right.source, found.right.value) == ("", None)
        if nothing or found.left.quantity == _CELL or (found.field == "bureau" and found.right.value is None):
            return []
        place = Named(found.insee, found.bureau, found.poll)
        return [
            replace(
                self._figure(
                    found.label_of(found.left if side.quantity == BY_THE_OTHERS else side),
                    place,
                    shown(side.value),
                    side.source,
                    named=named,
                ),
                piece=self.speaker.sentence(_stands_in(side)),
            )
            for side in (found.left, found.right)
        ]

    def _finding(self, found: Finding) -> FindingView:
        speaker, severity = self.speaker, found.severity.name.lower()
        return FindingView(
            code=found.code,
            title=speaker.text(rule(found.code).title),
            severity=severity,
            severity_word=speaker.text(SEVERITIES[severity]),
            message=without_start(speaker.sentence(found.message)),
            left_source=speaker.place(found.left.source),
            right_source=speaker.place(found.right.source),
        )


class _ContestChanges:
    """Possible effects of deducting votes beyond signatures, and of annulling bureaux, for bureaux and polls."""

    def __init__(self, evidence: LinedEvidence, findings: FindingTable, speaker: Speaker) -> None:
        self._evidence, self._speaker, self._excess = evidence, speaker, evidence.once(excess)
        rows = np.flatnonzero(findings.keys().of("V501", "V502") & findings.of_first()).tolist()
        self._verdicts = {
            (found.code, found.poll, speaker.text(found.details["contest"])): found
            for found in map(findings.__getitem__, rows)
        }
        self._contests = evidence.once(contests_at_hand) if self._verdicts else []

    def of(self, places: Sequence[Named]) -> str:
        """Votes beyond signatures or voters in these places, and possible effects of all of the contest's.

        Empty where there are none, or where they are of several contests.
        """
        evidence, found, beyond, units = self._evidence, set(), 0, list[int]()
        for place in places:
            unit = evidence.universe.index(place.insee, place.bureau)
            if unit < 0 or place.poll not in evidence.polls:
                continue
            extra = int(self._excess[unit, evidence.polls.index(place.poll)])
            if extra > 0:
                beyond += extra
                units.append(unit)
                found.add(self._of(unit, place))
        index = found.pop() if len(found) == 1 else None
        if index is None or (verdict := self._verdict("V501", contest := self._contests[index])) is None:
            return ""
        material, together = verdict.details["verdict"] == ContestVerdict.MATERIAL.value, verdict.details["conclusion"]
        if verdict.details["verdict"] != ContestVerdict.CANNOT_TELL.value:  # else it is the reason, and short
            together = change_of(contest.count.scope, material=material)
        said = nmsg(
            "Of the {all:n} votes beyond signatures or voters in its contest, {count:n} is here. {together}",
            "Of the {all:n} votes beyond signatures or voters in its contest, {count:n} are here. {together}",
            beyond,
            all=verdict.right.value,
            together=series([together, verdict.details.get("note", "")], ""),
        )
        if material:
            here = contest.count.bureaux.some(np.isin(contest.units, units))
            if deduct(replace(contest.count, bureaux=here)).verdict is ContestVerdict.NOT_MATERIAL:
                said = msg("{first} {then}", first=said, then=msg("Those of this case alone change nothing."))
        annulled = self._verdict("V502", contest)
        irregular = np.isin(contest.units[contest.count.bureaux.irregular], units).any()
        if irregular and annulled is not None and annulled.details["verdict"] == ContestVerdict.MATERIAL.value:
            then = msg("Without the bureaux whose PVs do not mention their gap it can change.")
            said = msg("{first} {then}", first=said, then=then)
        return self._speaker.text(said)

    def _verdict(self, code: str, contest: Judged) -> Finding | None:
        return self._verdicts.get((code, contest.poll, self._speaker.text(contest.label)))

    def _of(self, unit: int, place: Named) -> int | None:
        """The index of the contest of a bureau and poll."""
        area = str(self._evidence.universe.constituency_of(place.poll)[unit])
        for index, each in enumerate(self._contests):
            if each.poll == place.poll and each.insee in ("", place.insee) and each.constituency in ("", area):
                return index
        return None


# --- The way of one figure of a bureau, from the machine to the published result, and where it parts ---


@dataclass(frozen=True, slots=True)
class WayStep:
    """One piece on the way of a figure: its name, where the figure stands there, and the figure.

    ``parts`` says that it is not what it should be or, where that is not known, not the figure of the step before;
    ``apart`` is by how much it differs from the step before.
    """

    name: str
    where: str
    value: int
    parts: bool
    apart: int


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one figure of a bureau from the polling station up."""

    what: str
    steps: tuple[WayStep, ...]


@dataclass(frozen=True, slots=True)
class _Stop:
    """Content of one piece for a figure."""

    piece: EvidenceKind
    where: str
    value: int


class Ways:
    """Follows figures through all evidence."""

    def __init__(self, evidence: LinedEvidence, speaker: Speaker) -> None:
        self._evidence, self._speaker = evidence, speaker

    def of(self, case: Case, told: Finding) -> Way | None:
        """The way of the figure that a case is about: of its first correction, else of the finding that says it.

        Of a gap it is that of the votes found, after the signatures. None where fewer than two pieces have the figure.
        """
        corrections = own_corrections(case.detail.corrections)
        place = corrections[0].place if corrections else Named(told.insee, told.bureau, told.poll)
        evidence = self._evidence
        unit = evidence.universe.index(place.insee, place.bureau)
        if unit < 0 or place.poll not in evidence.polls:
            return None
        laid = lay_out(evidence, np.array([unit]), np.array([evidence.polls.index(place.poll)]))
        if corrections:
            first = corrections[0]
            column = VOTES + first.choice if first.choice >= 0 else _column(laid, first.field)
            return self._way(first.field, self._stops(laid, column), first.becomes)
        if told.is_gap:
            both = series((field_label(Quantity.SIGNATURES), field_label(Quantity.VOTES_FOUND)), " / ")
            return self._way(both, [*self._stops(laid, SIGNATURES)[:1], *self._stops(laid, FOUND)])
        return self._way(told.field, self._stops(laid, _column(laid, told.field)))

    def _way(self, what: Text, stops: list[_Stop], right: int | None = None) -> Way | None:
        """The way of a figure; it parts where it is not what it should be or, where that is not known, changes."""
        if len(stops) < 2:
            return None
        steps = []
        for number, stop in enumerate(stops):
            apart = stop.value - stops[number - 1].value if number else 0
            steps.append(
                WayStep(
                    name=self._speaker.sentence(stop.piece.one),
                    where=self._speaker.place(stop.where),
                    value=stop.value,
                    parts=apart != 0 if right is None else stop.value != right,
                    apart=apart,
                )
            )
        return Way(self._speaker.sentence(field_label(what) if isinstance(what, str) else what), tuple(steps))

    def _stops(self, laid: SideBySide, column: int) -> list[_Stop]:
        """The pieces that have a figure, and those steps of the way up that have another one than the piece before."""
        if column < 0:
            return []
        stops = [
            (piece.kind, _Stop(EvidenceKind.named(piece.kind), piece.source(0, column), value))
            for piece in laid.pieces
            if (value := int(piece.values[0, column])) >= 0 and piece.kind != UNIVERSE
        ]
        found = [stop for kind, stop in stops if kind != PUBLISHED]
        found += self._steps(laid, column, found[-1:])
        return [*found, *(stop for kind, stop in stops if kind == PUBLISHED)]

    def _steps(self, laid: SideBySide, column: int, last: list[_Stop]) -> list[_Stop]:
        way, found, at = self._evidence.way_up, list[_Stop](), (int(laid.unit[0]), int(laid.poll[0]))
        name = f"voix_{column - VOTES + 1}" if column >= VOTES else str(laid.field(0, column))
        for counted in () if way is None else way.steps.values():
            side = side_of(counted.figures[name], *at) if name in counted.figures else None
            if side is None or side.piece is None or not isinstance(side.value, int) or side.value < 0:
                continue
            before = [*last, *found][-1:]
            if before and before[0].value != side.value:
                found.append(_Stop(side.piece, side.source, side.value))
        return found


def _column(laid: SideBySide, field: Text) -> int:
    """The column of a count or a choice; -1 where there is none."""
    columns = range(VOTES + int(laid.sizes[0]))
    return next((at for at in columns if str(laid.field(0, at)) == str(field)), -1)
