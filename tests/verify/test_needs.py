"""Evidence that the functions of a rule ask for equals the evidence that the rulebook states.

Each is a condition on the kinds of evidence that there are, and is looked at for every set of kinds.
"""

import itertools
from collections.abc import Iterable, Iterator

from tests.each import for_each
from verify.columns import needs
from verify.model.checks import Check, Need
from verify.rulebook.catalogue import Rule, rules
from verify.rules import CHECKS

OF_FINDINGS = {"R213", "I121", "V503"}
"""Rules that look at what the others found, or could not."""
ALWAYS = {
    getattr(needs, name).__metadata__[0] for name in ("Universe", "Election", "Polls", "Contests", "Limits", "Complete")
}
"""Needs that are always there, if only in part."""


def checks(code: str) -> list[Check]:
    return [check for check in CHECKS if code in check.codes]


def asked(check: Check) -> set[str]:
    """The needs of a function, as the rulebook would have them."""
    return {need for each in check.needs.values() for need in each.kinds.split()}


def is_stated(check: Check) -> bool:
    """Check that every need of a function states its kinds of evidence."""
    return all(need.kinds or need in ALWAYS for need in check.needs.values())


def are_met(wanted: Iterable[str], kinds: set[str]) -> bool:
    return all(kinds & set(need.split("|")) for need in wanted)


def sets_of_kinds(code: str) -> Iterator[set[str]]:
    """Every set of the kinds that a rule or its functions name; published signatures are published results."""
    named = {kind for need in (*rules()[code].needs, *rules()[code].absence) for kind in need.split("|")}
    named |= {kind for check in checks(code) for need in asked(check) for kind in need.split("|")}
    for size in range(len(named) + 1):
        for chosen in itertools.combinations(sorted(named), size):
            yield {*chosen, *(("publie",) if "publie_emargements" in chosen else ())}


def test_every_rule_has_a_function_but_those_on_findings() -> None:
    assert {code for code in rules() if not checks(code)} == OF_FINDINGS


@for_each({code: rule for code, rule in rules().items() if code not in OF_FINDINGS})
def test_what_a_rule_needs_is_what_its_functions_ask_for(rule: Rule) -> None:
    code = rule.code
    for kinds in sets_of_kinds(code):
        met = are_met(rule.needs, kinds)
        # what a rule finds to be lacking is there of other bureaux
        if met and are_met(rule.absence, kinds):
            assert any(are_met(asked(check), kinds) for check in checks(code)), f"checked by nothing with {kinds}"
        for check in checks(code):
            if is_stated(check) and are_met(asked(check), kinds):
                assert met, f"{check.name} looks at {kinds}, which is not what {code} needs: {rule.needs}"


def test_the_kinds_that_needs_come_from_are_those_of_the_rulebook() -> None:
    known = {kind for rule in rules().values() for need in (*rule.needs, *rule.absence) for kind in need.split("|")}
    stated = [each for name in vars(needs) for each in getattr(vars(needs)[name], "__metadata__", ())]
    assert sum(isinstance(each, Need) for each in stated) == len(stated) > 70
    assert {kind for each in stated for need in each.kinds.split() for kind in need.split("|")} <= known
