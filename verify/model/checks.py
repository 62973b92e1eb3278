"""The engine of the rules: collects what a rule needs, calls it, and turns the places that it returns into findings.

A rule is a function over columns. Each parameter is annotated with one of `verify.columns.needs`: a column or a table,
and the function that makes it. The rule is called only if the evidence has all of them, and returns the places where
it holds. Bureau, severity and text are added here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.model.evidence import LinedEvidence
from verify.model.findings import Found, Hits, finding, severity_of
from verify.model.rule_results import At, Held, Looked, Named, One, Where
from verify.rulebook.catalogue import Rule, rule


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Result of one rule's function: its findings, and the figures that it compared, each with a rule's code."""

    found: list[Found]
    looked: list[tuple[str, Looked]]


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A rule's function.

    Attributes:
        codes: of the rules that it applies.
        function: returns the places where they hold.
        needs: by the function's parameters, functions that make the argument, or None where the evidence lacks it.
    """

    codes: tuple[str, ...]
    function: Callable[..., Held | Iterable[Held]]
    needs: dict[str, Callable[[LinedEvidence], Any]]

    def __call__(self, evidence: LinedEvidence) -> list[Found]:
        """Find contradictions; none where the evidence lacks something that is needed. The result is kept."""
        return evidence.once(self.found_in).found

    def looks(self, evidence: LinedEvidence) -> list[tuple[str, Looked]]:
        """List the figures that it compared, each with the code of its rule."""
        return evidence.once(self.found_in).looked

    def found_in(self, evidence: LinedEvidence) -> FoundBy:
        """Call the function, and collect its findings and the figures that it compared."""
        given, by = {}, FoundBy([], [])
        for name, need in self.needs.items():
            given[name] = each = evidence.once(need)
            if each is None:
                return by
        held = self.function(**given)
        for each in (held,) if isinstance(held, (Where, One, Looked)) else held:
            looked = each if isinstance(each, Looked) else None if isinstance(each, One) else each.looked
            if looked is not None:
                by.looked.append((looked.code or each.code or self._only_code(), looked))
            if isinstance(each, One) or (isinstance(each, Where) and len(each.unit)):
                by.found.append(finding_of(evidence, each, each.code or self._only_code()))
        return by

    @property
    def name(self) -> str:
        """Name of the function and its module."""
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"

    def _only_code(self) -> str:
        [code] = self.codes
        return code


def check(*codes: str) -> Callable[[Callable[..., Held | Iterable[Held]]], Check]:
    """Make a function the check of the rules with these codes.

    Raises:
        TypeError: the annotation of a parameter is none of `verify.columns.needs`.
    """

    def checked(function: Callable[..., Held | Iterable[Held]]) -> Check:
        names = {name: kind for name, kind in function.__annotations__.items() if name != "return"}
        return Check(codes, function, {name: _need(function, kind) for name, kind in names.items()})

    return checked


def _need(function: Callable[..., object], annotation: str) -> Callable[[LinedEvidence], Any]:
    """Resolve the annotation of a parameter, ``Annotated[type, function that makes it]``, to the function."""
    stated = getattr(function, "__globals__", {}).get(annotation)
    given: tuple[Callable[[LinedEvidence], Any], ...] = getattr(stated, "__metadata__", ())
    if not given:
        raise TypeError(f"{function.__qualname__}: {annotation} is nothing that a rule can need")
    return given[0]


def finding_of(evidence: LinedEvidence, held: Where | One, code: str) -> Found:
    """Turn the result of a rule into findings, with its severity, its level, and the codes of the bureaux."""
    the_rule = rule(code)
    if isinstance(held, Where):
        universe = evidence.universe
        return Hits(
            code=code,
            severity=severity_of(the_rule, held.case),
            level=the_rule.level,
            field=held.field,
            insee=universe.insee,
            bureau=universe.bureau,
            unit=held.unit,
            poll=np.array(evidence.polls, np.int64)[held.poll],
            left=held.left,
            right=held.right,
            details=held.details,
            case=held.case,
        )
    place = _named(evidence, held.at)
    return finding(
        code,
        held.left,
        held.right,
        field=held.field,
        insee=place.insee,
        bureau=place.bureau,
        poll=place.poll,
        level=held.level or _level(the_rule, place.bureau),
        case=held.case,
        details=held.details,
    )


def _named(evidence: LinedEvidence, at: At) -> Named:
    if isinstance(at, Named):
        return at
    unit, poll = at
    number = evidence.polls[poll] if poll >= 0 else 0
    if unit < 0:
        return Named(poll=number)
    return Named(str(evidence.universe.insee[unit]), str(evidence.universe.bureau[unit]), number)


def _level(the_rule: Rule, bureau: str) -> str:
    """Choose the level: the bureau if there is one and the rule has that level, else its first other level."""
    if bureau and "bureau" in the_rule.levels:
        return "bureau"
    return next((level for level in the_rule.levels if level != "bureau"), the_rule.level)
