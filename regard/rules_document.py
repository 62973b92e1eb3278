"""The rules as a document, `docs/rules.md` and `docs/regles.md`, from the catalogue."""

from __future__ import annotations

from regard.language import say
from regard.thresholds_document import thresholds
from verify.catalogue import CATEGORIES, Rule, rules

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
    cases = "".join(f" ({word(case.severity, language)} {case.when[language]})" for case in rule.cases.values())
    severity = word(rule.severity, language) + cases
    level = say(language, " ou ", " or ").join(word(level, language) for level in rule.levels)
    either = say(language, " ou ", " or ")
    needed = [need.replace("|", either) for need in rule.needs]
    given = say(language, "{} (d'un bureau au moins, ou complet)", "{} (of some bureau, or complete)")
    needed += [given.format(kind) for kind in rule.absence if kind not in "|".join(rule.needs).split("|")]
    if rule.absence and not rule.needs:
        needed.append(say(language, "une autre liste de bureaux", "another list of bureaux"))
    needs = ", ".join(needed) or "-"
    says = {each: text.replace(":fr}", "}") for each, text in rule.text.items()}
    lines = [
        f"{rule.code} {rule.title[language]}",
        say(language, f"Gravité : {severity}. Niveau : {level}.", f"Severity: {severity}. Level: {level}."),
        say(language, f"Pièces : {needs}.", f"Needs: {needs}."),
        say(language, f"Dit : « {says['fr']} »", f"Says: “{says['en']}”"),
        say(language, f"Que faire : {rule.action['fr']}", f"What to do: {rule.action['en']}"),
    ]
    if rule.basis[language]:
        lines.append(say(language, f"Fondement : {rule.basis['fr']}", f"Basis: {rule.basis['en']}"))
    if rule.suppressed_by:
        codes = ", ".join(rule.suppressed_by)
        lines.append(
            say(
                language,
                f"Non signalé quand l'une de ces règles l'est : {codes}.",
                f"Not reported where one of these is: {codes}.",
            )
        )
    return lines


def english() -> str:
    """`docs/rules.md`."""
    return _document("en")


def french() -> str:
    """`docs/regles.md`."""
    return _document("fr")


def _document(language: str) -> str:
    parts = [
        say(language, "# Les règles", "# The rules"),
        say(
            language,
            "Engendré à partir de `verify/rulebook/` par `make docs`. Un constat donne toujours les deux chiffres "
            "et leurs sources ; il dit ce qui a été vu, jamais à qui la faute.",
            "Generated from `verify/rulebook/` by `make docs`. A finding always gives both figures and their "
            "sources; it says what was seen, never who is to blame.",
        ),
        say(
            language,
            "Les pièces portent le nom de leurs fichiers dans une nuit ([night.md](night.md)) ; `autre_tour` "
            "est ce que donne `--other-round`, `publie_emargements` un résultat publié qui compte aussi les "
            "émargements. « Complet » renvoie à `complet` dans `election.toml`.",
            "Evidence has the names of its files in a night's folder ([night.md](night.md)); `autre_tour` is what "
            "`--other-round` gives, `publie_emargements` published results that count signatures as well. “Complete” "
            "refers to `complet` in `election.toml`.",
        ),
    ]
    for letter, names in CATEGORIES.items():
        members = [rule for rule in rules().values() if rule.code[0] == letter]
        if not members:
            continue
        parts.append(f"## {letter}. {say(language, *names)}")
        for rule in members:
            title, *rest = paragraphs(rule, language)
            parts.append(f"### {title}")
            parts.append("\n".join(f"- {line}" for line in rest))
    parts += thresholds(language)
    return "\n\n".join(parts) + "\n"
