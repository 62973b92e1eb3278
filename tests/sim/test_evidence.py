"""Evidence of a bureau's day: a copy of it is changed apart."""

from sim.bureaux import Bureau
from sim.evidence import Area, BureauEvidence, PaperFigures, PublishedRow, Record, Truth

BUREAU = Bureau("77513", "", "", "", "", "", "0001", 9, 1, 8, 19)


def figures() -> PaperFigures:
    return PaperFigures(9, 8, 7, 1, 2, 4, [3, 1])


def evidence(second: BureauEvidence | None = None) -> BureauEvidence:
    return BureauEvidence(
        bureau=BUREAU,
        parts=1,
        exports=[("a.esf", b"a")],
        urns=[("a.urn", b"u")],
        roll_registered=9,
        roll_signatures=8,
        hourly=(4, 8),
        record=Record(figures(), 0, "08:00", "19:00", ["une remarque"]),
        tabulated=figures(),
        published=[PublishedRow(figures(), {1: "x"})],
        first_edition=PublishedRow(figures(), {1: "x"}),
        only_in_sums=[PublishedRow(figures(), {1: "x"})],
        left_out={Area.COMMUNE},
        truth=[Truth("f", "77001", "0001", "pv", "valid", 1, "")],
        tickets=[("t.txt", b"t")],
        second=second,
    )


def change(of: BureauEvidence) -> None:
    """Change all that can be changed in it."""
    assert of.first_edition is not None
    for row in (*of.published, *of.only_in_sums, of.first_edition):
        row.cells[2] = "y"
        row.figures.votes[0] = 99
        row.figures.valid = None
    for paper in (of.record.figures, of.tabulated):
        paper.votes.append(99)
        paper.blank = 99
    of.record.remarks.append("une autre")
    of.record.closing = ""
    of.left_out.add(Area.DEPARTEMENT)
    of.exports.clear()
    of.urns.clear()
    of.tickets.clear()
    of.published.clear()
    of.only_in_sums.clear()
    of.truth.clear()


def test_a_copy_is_changed_apart() -> None:
    original = evidence(evidence())
    copied = original.copy()
    assert copied == original
    for one in copied.polls:
        change(one)
    assert original == evidence(evidence())
    assert copied != original
