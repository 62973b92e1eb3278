"""The rules as a document, `docs/rules.md` and `docs/regles.md`, from the catalogue."""

from __future__ import annotations

from functools import partial

from protocol.words import Message, msg, series
from protocol.words import language as language_of
from regard.language import show
from regard.reference.thresholds_document import thresholds
from verify.rulebook.catalogue import CATEGORIES, Rule, Yield, rules

_FRENCH = {
    "error": "erreur",
    "warning": "avertissement",
    "info": "information",
    "departement": "département",
    "file": "fichier",
    "contest": "scrutin",
    "region": "région",
}


def word(name: str, language: str) -> str:
    """A severity or a level as a word."""
    return _FRENCH.get(name, name) if language == "fr" else name


def paragraphs(rule: Rule, language: str) -> list[str]:
    """One rule in full, a line each: title, what is said, what to do, what it needs, its basis."""
    text = partial(show, language)
    either = text(msg(" or "))
    others = [case for case in rule.cases.values() if case.severity != rule.severity]
    cases = "".join(f" ({word(case.severity, language)} {text(case.when)})" for case in others)
    needed = [need.replace("|", either) for need in rule.needs]
    needed += [
        text(msg("{kind} (of some bureau, or complete)", kind=kind))
        for kind in rule.absence
        if kind not in "|".join(rule.needs).split("|")
    ]
    if rule.absence and not rule.needs:
        needed.append(text(msg("another list of bureaux")))
    needs = ", ".join(needed) or "-"
    says = language_of(language).template(Message(rule.text))
    lines = [
        f"{rule.code} {text(rule.title)}",
        text(
            msg(
                "Severity: {severity}. Level: {level}.",
                severity=word(rule.severity, language) + cases,
                level=either.join(word(level, language) for level in rule.levels),
            )
        ),
        text(msg("Needs: {needs}.", needs=needs)),
        text(msg("Says: “{says}”", says=says)),
        text(msg("What to do: {action}", action=rule.action)),
    ]
    if rule.basis is not None:
        lines.append(text(msg("Basis: {basis}", basis=rule.basis)))
    of_place = [_other(each, language) for each in rule.yields if not each.figure]
    of_figure = [_other(each, language) for each in rule.yields if each.figure]
    if of_place:
        lines.append(text(msg("Not reported where one of these is: {codes}.", codes=series(of_place))))
    if of_figure:
        lines.append(
            text(msg("Not reported where one of these shows its first figure: {codes}.", codes=series(of_figure)))
        )
    return lines


def _other(each: Yield, language: str) -> str:
    """A rule that another one yields to, and in which of its cases."""
    return f"{each.code} ({show(language, rules()[each.code].cases[each.case].when)})" if each.case else each.code


def english() -> str:
    """`docs/rules.md`."""
    return _document("en")


def french() -> str:
    """`docs/regles.md`."""
    return _document("fr")


def _document(language: str) -> str:
    parts = [
        show(language, msg("# The rules")),
        show(
            language,
            msg(
                "Generated from `verify/rulebook/` by `make docs`. A finding always gives both figures "
                "and their sources; it says what was seen, never who is to blame."
            ),
        ),
        show(
            language,
            msg(
                "Evidence has the names of its files in a night's folder ([night.md](night.md)); "
                "`autre_tour` is what `--other-round` gives, `publie_emargements` published results that "
                "count signatures as well. “Complete” refers to `complet` in `election.toml`."
            ),
        ),
    ]
    for letter, names in CATEGORIES.items():
        members = [rule for rule in rules().values() if rule.code[0] == letter]
        if not members:
            continue
        parts.append(f"## {letter}. {show(language, names)}")
        for rule in members:
            title, *rest = paragraphs(rule, language)
            parts.append(f"### {title}")
            parts.append("\n".join(f"- {line}" for line in rest))
    parts += thresholds(language)
    return "\n\n".join(parts) + "\n"
