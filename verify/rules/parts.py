"""C, continued: bureaux whose day has several parts, each with a machine of its own, or one on paper."""

from __future__ import annotations

from collections.abc import Iterator

from verify.columns.needs import Exports, Machines, NotTheRecord, PaperPart, PartsAlike, Records
from verify.model.checks import check
from verify.model.figures import Figures
from verify.model.holds import One, Where, look, one, where


@check("C112")
def parts_of_the_day(machines: Machines, records: Records, paper: PaperPart, apart: NotTheRecord) -> Where:
    """C112: a bureau with several modules, or with a paper part: the parts do not add up to its PV."""
    places = machines.cast.places
    made = Figures("votes_found in all", machines.cast.values + paper, places)
    parts, on_paper = Figures("parts", machines.parts, places), Figures("paper", paper, places)
    looked = look(records["votes_found"], machines.cast, among=(machines.parts > 1) | (paper > 0))
    return where(apart, records["votes_found"], made, looked=looked, parts=parts, paper=on_paper)


@check("C124")
def parts_alike(exports: Exports, pairs: PartsAlike) -> Iterator[One]:
    """C124: two parts of a bureau's day have the same votes for every choice: one export was made from the other."""
    for pair in pairs:
        first, second = (exports.side(record, int(exports.columns["cast"][record])) for record in pair)
        serials = [exports.columns["machine_serial"][record].decode("ascii", "replace") for record in pair]
        yield one(exports.at(pair[0]), first, second, field="cast", first=serials[0], second=serials[1])
