"""Invariants of every audit that any test makes: its findings are as the rulebook and the documents have them."""

import functools
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from protocol.words import Text
from verify.audit import Audit
from verify.cases.wording import describe, what_to_do
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding
from verify.rulebook.catalogue import rules

Run = Callable[..., Audit]
_ROW = re.compile(r"\.(csv|txt|xlsx|toml|esf|urn|xml|json):\d")
"""A place as programs write it: no sentence has one."""
_MOST = 20
"""Cases of which one of each cause is looked at."""


def documented(run: Run) -> Run:
    """`verify.audit.run` that fails on a finding that is not as documented."""

    @functools.wraps(run)
    def checked(evidence: LinedEvidence, *arguments: object, **named: object) -> Audit:
        audit = run(evidence, *arguments, **named)
        apart = {table.file for other in evidence.other_elections for table in other.evidence.tables}
        findings = [found for found in audit.findings if not is_apart(found, apart)]
        wrong = [why for found in findings if (why := undocumented(found, audit))]
        assert not wrong, "\n".join(dict.fromkeys(wrong))
        rows = [text for said in sentences(findings, audit) if _ROW.search(text := str(said))]
        assert not rows, "\n".join(rows)
        return audit

    return checked


def sentences(findings: Collection[Finding], audit: Audit) -> Iterator[Text]:
    """A sentence of each rule with findings, and of each cause among the first cases."""
    yield from {found.code: found.message for found in findings}.values()
    for case in {case.cause.name: case for case in islice(audit.cases, _MOST)}.values():
        yield describe(case, audit.findings)
        yield what_to_do(case.cause, case.detail)


def is_apart(found: Finding, files: Collection[str]) -> bool:
    """Check that a finding is about the results of another election: coverage is that of the night alone."""
    sources = found.left.source, found.right.source
    return any(source == file or source.startswith(f"{file}:") for source in sources for file in files)


def undocumented(found: Finding, audit: Audit) -> str:
    """Find a departure of a finding from the rulebook; empty if there is none."""
    rule, coverage = rules()[found.code], audit.coverage
    severities = {rule.severity, *(case.severity for case in rule.cases.values())}
    if found.severity.name.lower() not in severities:
        return f"{found.code} is {found.severity.name}, documented: {sorted(severities)}"
    if found.level not in rule.levels:
        return f"{found.code} is about a {found.level}, documented: {rule.levels}"
    if found.code in coverage.failed:
        return ""
    if found.code in coverage.unchecked:
        return f"{found.code} found something without {coverage.unchecked[found.code]}, which it needs: {rule.needs}"
    for group in coverage.groups:
        if found.code in group.unchecked and (found.insee, found.bureau) in group.bureaux:
            return f"{found.code} found something of a bureau without {group.unchecked[found.code]}: {rule.needs}"
    return ""
