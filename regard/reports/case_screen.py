"""Cases on a terminal: the three kinds in the order in which they are read, by commune, a line a case where it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from protocol.words import Message, msg, nmsg
from regard.language import show
from regard.terminal import clean, without_start
from regard.views.cases import LinesOfCases, by_case, followed_text
from verify.audit import Audit
from verify.cases.place_names import bureau_codes, commune_of, place_of, with_place
from verify.cases.wording import KINDS, SURE, describe_shortly
from verify.model.cases import Case
from verify.model.findings import Severity
from verify.model.follow_ups import Followed
from verify.rulebook.causes import CaseKind

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_LINES = 15
"""Lines that a heading has, about; what is left is counted."""
_LEAST = 3
"""Cases that it has in any case."""
NARROW = 50
"""Columns below which a screen has no room for a table with sentences in it."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One case as it stands on the screen.

    Attributes:
        commune: name and code, or that it is of several, or of none that the file gives.
        cases: how many cases it stands for.
    """

    commune: str
    bureaux: str
    sure: str
    text: str
    severity: Severity
    followed: tuple[str, ...] = ()
    cases: int = 1


def show_cases(result: Audit, language: str, console: Console, *, every: bool = False) -> None:
    """Every kind of case under a heading of its own, the first ones or all; those for information only are counted."""
    followed, lines = by_case(result), LinesOfCases(result)
    for kind in CaseKind:
        count = result.cases.number_of(kind)
        if not count:
            continue
        console.print(show(language, msg("{kind}: {count:n}", kind=KINDS[kind], count=count)), style="bold")
        asking = _asking(result, kind, followed, lines, language)
        shown = list(asking) if every else _fitting(asking, console.width)
        sure = max(len(each.sure) for each in shown)
        bureaux = min(max(len(each.bureaux) for each in shown), _MOST_BUREAUX)
        for commune, of_commune in groupby(shown, key=lambda each: each.commune):
            console.print(clean(f"  {commune}"))
            if console.width < NARROW:
                for each in of_commune:
                    console.print(" ".join(filter(None, (each.bureaux, each.sure, each.text))))
                    for follow_up in each.followed:
                        console.print(follow_up, style="cyan")
            else:
                console.print(_grid(list(of_commune), bureaux, sure))
        if rest := count - sum(each.cases for each in shown):
            said = nmsg("    … and {count:n} more: --verbose", "    … and {count:n} more: --verbose", rest)
            console.print(show(language, said))
        console.print()
    if for_information := number_for_information(result):
        said = nmsg(
            "{count:n} further case is for information only: --json, --csv",
            "{count:n} further cases are for information only: --json, --csv",
            for_information,
        )
        console.print(show(language, said))
        console.print()


def number_of_cases(result: Audit) -> int:
    """How many cases ask for something."""
    return int(result.cases.asks.sum())


def number_for_information(result: Audit) -> int:
    """How many cases there are besides."""
    return len(result.cases) - number_of_cases(result)


def counted_cases(count: int, for_information: int) -> Message:
    """That many cases, in words, and how many are for information only."""
    said = nmsg("{count:n} case", "{count:n} cases", count)
    if not for_information:
        return said
    return msg("{cases}, and {number:n} for information", cases=said, number=for_information)


_MOST_BUREAUX = 15
"""Characters of the column of bureaux: one with its poll, in any language, stands on one line."""


def _asking(
    result: Audit, kind: CaseKind, followed: Mapping[int, Sequence[Followed]], lines: LinesOfCases, language: str
) -> Iterator[_Shown]:
    """The lines of a kind of cases that ask for something, in their order."""
    cases = result.cases
    rows = cases.rows_of(kind)
    for at in rows[cases.asks[rows] & lines.begins()[rows]].tolist():
        shown = _shown(cases[at], result, followed.get(at + 1, ()), language)
        together = lines.together.get(at + 1)
        if together is not None:
            said = without_start(clean(show(language, together.text)))
            shown = replace(shown, bureaux="", text=said, cases=len(together.numbers))
        yield shown


def _shown(case: Case, result: Audit, followed: Sequence[Followed], language: str) -> _Shown:
    names = result.coverage.communes
    codes = {place.insee for place in case.places}
    several = len(codes) > 1
    insee = "" if several else "".join(codes)
    said = describe_shortly(case, result.findings)
    if not insee:
        said = with_place(place_of(case.places, names, result.coverage.several_polls), said)
    elsewhere = msg("several communes") if several else msg("commune not given in the file")
    return _Shown(
        commune=commune_of(insee, names.get(insee, "")) if insee else show(language, elsewhere),
        bureaux=clean(show(language, bureau_codes(case.places, result.coverage.several_polls))) if insee else "",
        sure=show(language, SURE[case.sure]),
        text=without_start(clean(show(language, said))),
        severity=case.severity,
        followed=tuple(f"→ {clean(show(language, followed_text(each)))}" for each in followed),
    )


def _fitting(cases: Iterator[_Shown], width: int) -> list[_Shown]:
    """As many of the first cases as there is room for."""
    shown: list[_Shown] = []
    lines = 0
    for each in cases:
        room = max(width - 8 - len(each.sure) - min(len(each.bureaux), _MOST_BUREAUX), 20)
        lines += sum(1 + len(text) // room for text in (each.text, *each.followed))
        lines += not shown or each.commune != shown[-1].commune
        if lines > _LINES and len(shown) >= _LEAST:
            break
        shown.append(each)
    return shown


def _grid(cases: list[_Shown], bureaux: int, sure: int) -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    grid.add_column(width=bureaux, overflow="fold")
    grid.add_column(width=sure, no_wrap=True)
    grid.add_column(overflow="fold")
    for each in cases:
        grid.add_row("", Line(each.bureaux, style=f"bold {COLOURS[each.severity]}"), each.sure, each.text)
        for follow_up in each.followed:
            grid.add_row("", "", "", Line(follow_up, style="cyan"))
    return grid
