"""One catalogue holds every rule, and code, catalogue, tests and texts belong together."""

import ast
import itertools
import re
import string
from pathlib import Path

from protocol.export.record import TIMES
from protocol.export.scan import Kind
from protocol.urn.image import Section
from protocol.words import language as language_of
from regard.language import show
from regard.reference.rule_text import paragraphs
from tests.each import for_each
from tests.verify.night_builder import codes_of, small_night
from tests.verify.rules.test_d import SEVERITIES
from verify import rules as rule_package
from verify.coverage import ON_REQUEST
from verify.model.findings import finding
from verify.model.labels import field_label
from verify.model.rule_results import Side
from verify.model.thresholds import MEANINGS
from verify.model.universe import SEALING
from verify.read import feed
from verify.read.published import checks
from verify.rulebook.catalogue import CATEGORIES, Rule, rules

CODE = re.compile(r"[ACDIMRTPV][1-5]\d\d")
SOURCES = [
    *(path for package in (rule_package, feed) for path in Path(str(package.__file__)).parent.glob("*.py")),
    Path(str(checks.__file__)),
]
"""The rules' modules, and what a published file or a night's feed shows by itself."""
BLAME = re.compile(
    r"\b(fraud|manipul|tamper|falsif|trich|rigg|steal|vol[ée]|coupabl|culprit|guilt|fault of|la faute|cheat|malveill)",
    re.I,
)


def codes_in_code() -> set[str]:
    """The codes that the rules' modules name, in any string that is a code and nothing else."""
    return {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def codes_tested() -> set[str]:
    """The codes that have a test of their own: `test_r201`; those of dumps share one."""
    return {
        name.upper()
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def test_(\w\d\d\d)\(", path.read_text("utf-8"), re.MULTILINE)
    }


def test_every_rule_has_a_test_of_its_name_and_no_test_is_of_another() -> None:
    assert codes_tested() | set(SEVERITIES) == set(rules())


def test_every_code_in_the_rules_is_in_the_catalogue_and_the_other_way_round() -> None:
    assert codes_in_code() == set(rules())


def fields_in_code() -> set[str]:
    """Fields of findings that the rules' modules name, or take from tables."""
    named = {
        str(word.value.value)
        for path in SOURCES
        for word in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(word, ast.keyword) and word.arg == "field" and isinstance(word.value, ast.Constant)
    }
    tables = (
        {section.name.lower() for section in Section} | set(TIMES) | set(SEALING) | {str(kind.value) for kind in Kind}
    )
    return named | tables | {"machine_serial", "module_serial", "zero_sum", "clock_sets", "repaired", "ouverture"}


def test_every_field_has_its_words() -> None:
    same = {"export", "bureau", "sha256"}  # codes, or one word in both
    found = fields_in_code() - same
    assert len(found) > 30
    french, english = ({field: show(language, field_label(field)) for field in found} for language in ("fr", "en"))
    assert [field for field in found if "_" in french[field] + english[field]] == []
    alike = {field for field in found if french[field] == english[field]}
    assert alike == {"configuration"}


def test_the_hours_out_of_order_are_named() -> None:
    sides = Side("a.esf@0", "08:00"), Side("a.esf@0", "07:00")
    found = finding("M105", *sides, field="opening", details={"earlier": "zero_check", "later": "opening"})
    assert show("fr", found.message) == "a.esf@0 : vérification à zéro à 08:00, ouverture à 07:00."
    assert show("en", found.message) == "a.esf@0: zero check at 08:00, opening at 07:00."


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts_of(rule: Rule, language: str) -> list[str]:
    """A rule's title, its sentence with the braces, and what to do, in a language."""
    spoken = language_of(language)
    return [spoken.template(message) for message in (rule.title, rule.text, rule.action)]


@for_each(rules())
def test_the_texts_are_there_in_both_languages_and_say_the_same(rule: Rule) -> None:
    french, english = texts_of(rule, "fr"), texts_of(rule, "en")
    for one, other in zip(french, english, strict=True):
        assert one.strip()
        assert other.strip()
        assert one != other
    assert fields_of(french[1]) == fields_of(english[1])
    for title, text, action in (french, english):
        assert text.endswith((".", "?", "…", "»", "”", "}")), text
        assert not fields_of(title)
        assert not fields_of(action)


@for_each(rules())
def test_no_text_says_who_is_to_blame(rule: Rule) -> None:
    for text in (*texts_of(rule, "fr"), *texts_of(rule, "en")):
        assert not BLAME.search(text), text


@for_each(rules())
def test_what_a_rule_states_of_itself_is_known(rule: Rule) -> None:
    assert rule.code[0] in CATEGORIES
    severities = [rule.severity, *(case.severity for case in rule.cases.values())]
    assert set(severities) <= {"error", "warning", "info"}
    for each in rule.yields:
        assert each.code in rules()
        assert each.code != rule.code
        assert each.case in ("", *rules()[each.code].cases)


def test_every_rule_is_either_checked_or_not_for_want_of_evidence_that_exists() -> None:
    coverage = small_night().run().coverage
    of_others = [code for code, rule in rules().items() if code[0] == "D" or "montee" in rule.needs]
    assert of_others  # named only where there is such evidence
    named = (*coverage.checked, *coverage.unchecked, *coverage.idle)
    assert sorted((*named, *of_others, *ON_REQUEST)) == sorted(rules())


def test_nothing_is_found_in_a_night_without_a_fault() -> None:
    """Every rule is quiet there; its own test shows where it fires and where it nearly does."""
    assert codes_of(small_night().run().findings) == {"C111"}  # how much there is of each piece


def test_nothing_suppresses_itself_in_a_circle() -> None:
    def above(code: str, seen: tuple[str, ...] = ()) -> None:
        assert code not in seen, seen
        for each in rules()[code].yields:
            above(each.code, (*seen, code))

    for code in rules():
        above(code)


def test_screens_are_indications_and_what_could_change_is_for_information() -> None:
    assert {rule.severity for rule in rules().values() if rule.code[0] in "PV"} <= {"info"}


def test_spaces_before_french_punctuation_do_not_break_a_line_in_english() -> None:
    for rule in rules().values():
        assert not re.search(r" [;:?!]", texts_of(rule, "en")[1]), rule.code
        assert not re.search(r"\w[;:?!](\s|$)", texts_of(rule, "fr")[1]), rule.code


def test_a_basis_is_one_that_was_read() -> None:
    for rule in rules().values():
        if rule.basis is not None:
            french, english = show("fr", rule.basis), show("en", rule.basis)
            assert "de mémoire" not in french, rule.code
            assert "memory" not in english, rule.code


def test_thresholds_name_the_rules_that_use_them() -> None:
    """A rule whose code takes thresholds is named by one of them, and says it where rules are explained."""
    named = {code for meaning in MEANINGS.values() for code in CODE.findall(meaning.text)}
    using = {
        code.value
        for path in SOURCES
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and "Limits" in ast.unparse(function.args)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and len(decorator.args) == 1
        for code in decorator.args
        if isinstance(code, ast.Constant)
    }
    assert using
    assert using <= named <= rules().keys()
    said = {rule.code: [show("en", each) for each in paragraphs(rule)] for rule in rules().values()}
    assert {code for code, texts in said.items() if any(text.startswith("Thresholds: ") for text in texts)} == named


@for_each(rules())
def test_when_another_severity_holds_stands_behind_it_in_brackets(rule: Rule) -> None:
    for case, language in itertools.product(rule.cases.values(), ("en", "fr")):
        said = show(language, case.when)
        assert said[:1].islower(), said
        assert not said.endswith("."), said
