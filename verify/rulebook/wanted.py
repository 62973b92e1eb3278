"""Kinds of evidence that each rule needs, and those missing beside others."""

from __future__ import annotations

from collections.abc import Collection

from verify.rulebook.catalogue import rules

_COLUMNS = {
    "R206": ("votes_found",),
    "R208": ("blank",),
    "R209": ("null",),
    "R210": ("valid",),
    "R215": ("blank", "null"),
    "R220": ("proxies",),
}
"""Figures of a PV without which a rule has nothing to look at, though the PV is there."""
ON_REQUEST = frozenset(("P402", "P403", "P404"))
"""Rules that are applied only where the threshold `screen_one_in` asks for them."""
_OF_BOTH_COUNTS = ("R201", "R202", "R204", "V501", "V502")
"""Rules that compare the votes found, of machine, PV or results, with the signatures."""


def figures_of_records() -> list[str]:
    """The figures of PVs that rules ask for."""
    return sorted({name for names in _COLUMNS.values() for name in names})


def lacking(code: str, there: Collection[str], unordered: bool) -> tuple[str, ...]:
    """List the unmet needs of a rule, given the evidence at hand, a set: kinds, absences, and columns of PVs."""
    rule = rules()[code]
    needs = rule.needs
    if unordered and {"exports|modules", "voix"} <= set(needs):
        needs = (*needs, "choix")
    lacks = [_asked_for(need) for need in needs if not any(kind in there for kind in need.split("|"))]
    for kind in rule.absence:
        if kind not in "|".join(needs).split("|") and f"missed: {kind}" not in there:
            lacks.append(kind if f"expected: {kind}" not in there else "univers")
    if "pv" in there:
        lacks += [f"pv: {name}" for name in _COLUMNS.get(code, ()) if f"pv: {name}" not in there]
        lacks += ["pv: votes_found"] if code in _OF_BOTH_COUNTS and "votes found" not in there else []
    return tuple(lacks)


def _asked_for(need: str) -> str:
    """The kinds of evidence that can be asked for: what few cities publish stands for them where it is there."""
    kinds = need.split("|")
    return "|".join([kind for kind in kinds if kind != "publie_emargements"] or kinds)
