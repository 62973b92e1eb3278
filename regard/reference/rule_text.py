"""Text of a rule, for `regard rules` and for the document of the rules."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from protocol.words import Message, Series, Text, msg, nmsg, series
from verify.model.labels import LEVELS, SEVERITIES, evidence_label
from verify.model.thresholds import MEANINGS, Thresholds
from verify.rulebook.catalogue import Rule, Yield, rules


def title(rule: Rule) -> Message:
    """Code and name of a rule."""
    return msg("{code} {title}", code=rule.code, title=rule.title)


def paragraphs(rule: Rule) -> list[Message]:
    """Severity, needs, scope, thresholds, the sentence with dots for its values, what to do, its basis, its silence."""
    lines = [
        msg("Severity: {severity}. Level: {level}.", severity=_severity(rule), level=_either(LEVELS, rule.levels)),
        msg("Needs: {needs}.", needs=series(needs) if (needs := _needs(rule)) else "-"),
        *([msg("Looks at: {scope}", scope=rule.scope)] if rule.scope is not None else []),
        *([msg("Thresholds: {names}.", names=series(limits))] if (limits := _thresholds(rule)) else []),
        *([msg("Says: “{says}”", says=says)] if (says := _says(rule)) is not None else []),
        msg("What to do: {action}", action=rule.action),
    ]
    if rule.basis is not None:
        lines.append(msg("Basis: {basis}", basis=rule.basis))
    if of_place := [_other(each) for each in rule.yields if not each.figure]:
        lines.append(
            nmsg(
                "Not reported if this rule reports it: {codes}.",
                "Not reported if one of these rules reports it: {codes}.",
                len(of_place),
                codes=series(of_place),
            )
        )
    if of_figure := [_other(each) for each in rule.yields if each.figure]:
        lines.append(
            nmsg(
                "Not reported if this rule shows its first figure: {codes}.",
                "Not reported if one of these rules shows its first figure: {codes}.",
                len(of_figure),
                codes=series(of_figure),
            )
        )
    return lines


def _says(rule: Rule) -> Message | None:
    """The sentence with dots for its values; None where it is nothing else."""
    if not any(map(str.isalpha, re.sub(r"\{[^}]*\}", "", rule.text.text))):
        return None
    return replace(rule.text, values=defaultdict(lambda: "…", note=""))


def _thresholds(rule: Rule) -> list[str]:
    """The thresholds of a rule, as a file of them has them: those whose meaning names it."""
    own = Thresholds()
    return [f"{name} = {getattr(own, name)}" for name, meaning in MEANINGS.items() if rule.code in meaning.text]


def _other(each: Yield) -> Text:
    """A rule that another one yields to, and in which of its cases."""
    if not each.case:
        return each.code
    return msg("{code} ({when})", code=each.code, when=rules()[each.code].cases[each.case].when)


def _severity(rule: Rule) -> Series:
    cases = (
        msg("({severity} {when})", severity=SEVERITIES[case.severity], when=case.when)
        for case in rule.cases.values()
        if case.severity != rule.severity
    )
    return series([SEVERITIES[rule.severity], *cases], " ")


def _either(labels: dict[str, Message], names: tuple[str, ...]) -> Series:
    return series((labels[name] for name in names), msg(" or "))


def _needs(rule: Rule) -> list[Text]:
    named = "|".join(rule.needs).split("|")
    needed: list[Text] = [evidence_label(need) for need in rule.needs]
    needed += [
        msg("{kind} (of some bureau, or complete)", kind=evidence_label(kind))
        for kind in rule.absence
        if kind not in named
    ]
    if rule.absence and not rule.needs:
        needed.append(msg("another list of bureaux"))
    return needed
