"""The table of causes: every grave finding has a cause, and the table names only what there is."""

import re

from regard.language import show
from tests.each import for_each
from tests.verify.rules.test_catalogue import BLAME
from verify.cases.by_codes import explain
from verify.rulebook.catalogue import Rule, rules
from verify.rulebook.causes import CaseKind, Cause, causes


def is_grave(rule: Rule) -> bool:
    """Check that a finding of a rule can be an error or a warning."""
    return bool({"error", "warning"} & {rule.severity, *(case.severity for case in rule.cases.values())})


@for_each({code: code for code, rule in rules().items() if is_grave(rule)})
def test_every_code_of_an_error_or_warning_is_alone_a_sign_of_a_cause(code: str) -> None:
    taken = [codes for _, codes in explain(frozenset({code}))]
    assert taken == [frozenset({code})]


TOLD_OTHERWISE = {"booked-elsewhere", "communes-exchanged", "constant-added", "other-round"}
"""Causes without signs that are not weighed."""


@for_each(causes())
def test_signs_and_what_comes_with_them_are_codes_of_rules(cause: Cause) -> None:
    named = frozenset().union(*cause.signs) | cause.explains
    for code, _, case in (name.partition(".") for name in named):
        assert not case or case in rules()[code].cases
        assert code in rules()
    assert cause.cost > 0 or cause.signs or cause.name in TOLD_OTHERWISE
    assert cause.kind in CaseKind
    assert cause.together in (False, True)


def test_no_two_causes_have_the_same_sign() -> None:
    every = [sign for cause in causes().values() for sign in cause.signs]
    assert len(every) == len(set(every))


@for_each(causes())
def test_the_texts_of_a_cause_are_in_both_languages_and_blame_nobody(cause: Cause) -> None:
    for text in (cause.title, cause.action):
        french, english = show("fr", text), show("en", text)
        assert french != english
        assert not BLAME.search(french + english)
    for language in ("fr", "en"):
        title, action = show(language, cause.title), show(language, cause.action)
        assert title[0].islower()
        assert title[-1] not in ".;:"
        assert action[0].isupper()
        assert action.endswith(".")


@for_each(causes())
def test_french_punctuation_has_its_space(cause: Cause) -> None:
    assert not re.search(r"\w[;:?!](\s|$)", show("fr", cause.title) + " " + show("fr", cause.action))
