"""C, continued: bureaux whose day has several parts, each with a machine of its own, or one on paper."""

from __future__ import annotations

from collections.abc import Iterator

from verify.columns.day_parts import alike, not_the_record, paper_part
from verify.model.evidence import Evidence
from verify.model.figures import Figures
from verify.model.findings import Checks, Finding, Found, finding, where
from verify.model.holds import Side


def parts_of_the_day(evidence: Evidence) -> Iterator[Found]:
    """C112: a bureau with several modules, or with a paper part: the parts do not add up to its PV."""
    machines, records = evidence.machines, evidence.records
    if machines is None or records is None:
        return
    paper, cast = paper_part(evidence), machines.cast
    sums = Figures("cast", cast.values + paper, cast.places)
    details = {"parts": Figures("parts", machines.parts, cast.places), "paper": Figures("paper", paper, cast.places)}
    yield from where(evidence, "C112", not_the_record(evidence), records["votes_found"], sums, details=details)


def parts_alike(evidence: Evidence) -> Iterator[Finding]:
    """C124: two parts of a bureau's day have the same votes for every choice: one export was made from the other."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    for first, second in evidence.once(alike):
        unit, poll = int(exports.unit[first]), int(exports.poll[first])
        one, other = (columns["machine_serial"][record].decode("ascii", "replace") for record in (first, second))
        yield finding(
            "C124",
            Side(exports.place(first), int(columns["cast"][first])),
            Side(exports.place(second), int(columns["cast"][second])),
            field="cast",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"first": one, "second": other},
        )


CHECKS: Checks = {
    parts_of_the_day: ("C112",),
    parts_alike: ("C124",),
}
