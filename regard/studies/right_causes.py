"""For each fault of the simulator, which causes name it rightly; where nothing tells two of them apart, why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from protocol.words import Message, msg
from sim.tables import rows_of

GAPS = (
    *("signed-without-vote", "signed-early", "voted-twice", "voted-without-signing", "line-skipped", "line-doubled"),
    *("envelope-doubled", "left-with-envelope"),
)
"""Faults by which votes and signatures differ, and nothing else."""
MADE_OF_GAPS = frozenset({"gap-unmentioned", "gap-as-nulls", "found-from-signatures", "gap-corrected"})
"""Causes that papers give to a gap: a case of one is right for the gap as well, if both happened in one bureau."""

RIGHT = {row["fault"]: row["cause"] for row in rows_of("right_causes.csv", "regard.studies")}
"""By fault its cause; empty for what leaves no trace, or none that contradicts anything: there every case is wrong."""

PIECES: dict[str, str] = {
    **dict.fromkeys(("test-votes-left", "wrong-date"), "exports"),
    "dump-counters-other": "modules",
    **dict.fromkeys(("record-digit", "record-sum-short", "record-sum-twice"), "recap"),
    **dict.fromkeys(("prefecture-sum-short", "prefecture-sum-twice"), "rappel"),
    "feed-sum-short": "publie",
}
"""By fault, another piece that a case may rightly blame.

The dump, for faults of the day that it alone shows; the urn, where it and its export contradict each other and nothing
says which is right.
"""


@dataclass(frozen=True, slots=True)
class CauseClass:
    """Causes that are as right as the fault's own.

    Attributes:
        faults: by name.
        causes: by name.
        reason: why nothing tells them apart.
        without: parts of evidence (`regard.studies.evidence_sets.PARTS`) that would;
            the class holds where all of them lack.
    """

    faults: tuple[str, ...]
    causes: tuple[str, ...]
    reason: Message
    without: frozenset[str] = frozenset()


_NO_MACHINE = frozenset({"dumps", "modules"})
_WRONG_BY_ONE_OR_TEN = ("figure-wrong", "digit-doubled", "digit-lost", "zero-for-missing")

CLASSES: tuple[CauseClass, ...] = (
    CauseClass(
        GAPS,
        ("open-gap",),
        msg("a vote too many and a signature too few leave the same two counts, and nobody can say whose"),
    ),
    CauseClass(
        ("wrong-clock",),
        ("hours",),
        msg("of two clocks that tell different hours none says which is right"),
    ),
    CauseClass(
        ("late-opening", "early-closing"),
        ("clock",),
        msg("without the PV, a clock that is off and another hour look alike"),
        frozenset({"pv"}),
    ),
    CauseClass(
        ("test-votes-left",),
        ("open-gap",),
        msg("on paper, votes of the test are votes without a signature"),
        _NO_MACHINE,
    ),
    CauseClass(
        ("dump-read-twice", "module-read-twice"),
        ("read-before-closing",),
        msg("a second reading of before the closing is both"),
    ),
    CauseClass(
        ("dump-clock-behind",),
        ("read-before-closing",),
        msg("an export dated before the closing was read early, or its clock was put back"),
    ),
    CauseClass(
        ("dump-registered-short",),
        ("registered-differ",),
        msg("a registered count that lacks a digit is another registered count as well"),
    ),
    CauseClass(
        ("dump-tally-wrong",),
        ("machine-counters", *_WRONG_BY_ONE_OR_TEN),
        msg("a counter that went wrong and one that was typed over look alike in an export"),
    ),
    CauseClass(
        ("dump-votes-moved",),
        ("choices-exchanged",),
        msg("votes that are moved may leave each choice with the other one's"),
    ),
    CauseClass(
        ("dump-votes-moved",),
        ("machine-counters",),
        msg("without papers, the export contradicts its urn and nothing else"),
        frozenset({"pv", "published"}),
    ),
    CauseClass(
        ("urn-registered-old", "dump-counters-other"),
        ("urn-and-export",),
        msg("the urn and its export contradict each other, and that is all there is"),
    ),
    CauseClass(
        ("urn-closing-time-other",),
        ("machine-counters",),
        msg("two times of one closing: a clock, or a closing entry that is not of this day"),
    ),
    CauseClass(
        ("dump-cut", "dump-text-mode", "dump-batch-torn", "dump-version-other"),
        ("bytes-damaged", "cut-short"),
        msg("of the bytes that are left, none says whether others were lost or changed"),
    ),
    CauseClass(
        ("digits-exchanged",),
        ("digit-lost",),
        msg("a zero that comes first is not written: 10 with its digits exchanged, and without its zero, is 1"),
    ),
    CauseClass(
        ("roll-slipped",),
        ("figures-exchanged", "bureaux-exchanged"),
        msg("a run of two rows that slipped is an exchange of two counts"),
    ),
    CauseClass(
        ("roll-missing",),
        ("figures-missing",),
        msg("a list that is missing and a count left blank are the same row without a count"),
    ),
    CauseClass(
        ("digits-exchanged", "digit-wrong"),
        ("digit-lost",),
        msg("a first digit that becomes 0 is lost"),
    ),
    CauseClass(
        ("digits-exchanged", "digit-wrong", "found-from-roll"),
        ("figure-wrong",),
        msg("from papers alone a sum does not work out, and each of its figures may be the one"),
        _NO_MACHINE,
    ),
    CauseClass(
        ("blank-null-exchanged", "gap-as-nulls"),
        ("null-votes",),
        msg("without the machine's counters, null votes are null votes"),
        _NO_MACHINE,
    ),
    CauseClass(
        ("machine-forgotten",),
        ("open-gap", "gap-unmentioned"),
        msg("without the machines' counters, votes are missing, and none of them says from where"),
        _NO_MACHINE,
    ),
    CauseClass(
        ("registered-outdated",),
        ("digit-wrong",),
        msg("one registered voter more or less is one digit as well"),
    ),
    CauseClass(
        ("proxies-registered",),
        ("proxies",),
        msg("that they are too many is what their line says; where they come from is the same thing, said in full"),
    ),
    CauseClass(
        ("published-registered-overwritten",),
        ("registered-differ",),
        msg("voters in the place of the registered are another registered count as well"),
    ),
    CauseClass(
        ("published-figure-wrong",),
        _WRONG_BY_ONE_OR_TEN,
        msg("the fault adds or takes 1 or 10, which changes one digit or several, or their number, or leaves 0"),
    ),
    CauseClass(
        ("published-figure-wrong",),
        ("figure-of-another-line",),
        msg("a wrong figure may by chance be that of another line"),
    ),
    CauseClass(
        ("tabulated-changed",),
        ("digit-wrong", "figure-wrong", "open-gap"),
        msg("without the PV, nothing says what the figures were before they were changed"),
        frozenset({"pv"}),
    ),
    CauseClass(
        ("published-by-telephone",),
        ("evidence-missing",),
        msg("the fault is two: the PV is missing, and two choices are exchanged"),
    ),
)
"""Further right causes, beside `RIGHT`; `docs/guide/cases.md` lists them."""


def right_causes(fault: str, parts: Collection[str]) -> frozenset[str]:
    """The causes that name a fault rightly, by evidence that has these parts; none where it leaves no trace."""
    own = RIGHT[fault]
    further = (each.causes for each in CLASSES if fault in each.faults and each.without.isdisjoint(parts))
    return frozenset([own, *(cause for causes in further for cause in causes)]) if own else frozenset()
