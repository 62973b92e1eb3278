"""The overview: how the case stands, what was given, and what each file was taken for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from protocol.evidence_kinds import DUMPS
from protocol.opening import MAX_FILE
from protocol.words import Message, Text, msg, nmsg
from regard.letters.asking import deadlines
from regard.reports.inputs import TAKEN, USED
from regard.serve.case_folder import SameFiles
from regard.serve.desk import Desk, see
from regard.serve.election_pages import election_values
from regard.serve.examining import BureauState, CaseGroup, Compared
from regard.serve.uploads import MOST_FILES, Receiver, Upload, UploadFate
from regard.views.audit import verdict, votes_added_up
from regard.views.contests import outcomes_in_short
from verify.cases.place_names import listed
from verify.model.use import Input, Use, Used, action_of

_MOST_DUMPS = 50
"""Dumps that are named one by one, of those that are not wholly used."""
_MOST_TILES = 300
"""Bureaux that the first page shows each by itself."""
_MOST_OUTCOMES = 5
USED_MARKS = {Used.WHOLE: "●", Used.PART: "◐", Used.NONE: "○"}
_OF_COLUMNS = "--map"
"""The option of commands that says what columns are."""
_KEPT = {
    UploadFate.STORED: msg("is in the folder now, as « {name} »"),
    UploadFate.ALREADY: msg("was there already, as « {name} »: the same bytes"),
    UploadFate.TOO_LARGE: msg("is too large and was not kept: {why}"),
    UploadFate.REFUSED: msg("was not kept: {why}"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the case: what it was taken for and how much of it was used."""

    path: str
    id: str
    taken: Text
    used: Used
    why: Text
    action: Text
    size: int
    columns: int


def file_id(path: str) -> str:
    """Identifier of a file in addresses and forms, whatever its name."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def kind_label(each: Input) -> Text:
    """Kind of a file, in words; of a workbook each sheet by itself."""
    kinds = dict.fromkeys(kind for use in each.sheets for kind in use.kinds)
    if kinds:
        named = [TAKEN.get(kind, kind) for kind in kinds]
        return listed(named)
    return TAKEN.get(each.kind, each.kind)


def action_on_page(each: Input | Use) -> Text:
    """Advice on a file or a sheet that can be followed here, not by an option of a command."""
    if isinstance(each, Input) and each.sheets:
        return action_of([replace(use, action=action_on_page(use)) for use in each.sheets])
    if _OF_COLUMNS in str(each.action):
        return msg("In the list of its columns, say what each one is, or leave it out.")
    return each.action


def _rows(inputs: Iterable[Input]) -> list[FileRow]:
    return [
        FileRow(
            path=each.path,
            id=file_id(each.path),
            taken=kind_label(each),
            used=each.used,
            why=each.why,
            action=action_on_page(each),
            size=each.size,
            columns=sum(len(use.columns) for use in each.sheets),
        )
        for each in inputs
    ]


def _dumps(inputs: Sequence[Input]) -> list[tuple[Text, list[tuple[Used, Message]]]]:
    """Dumps are counted: there may be a thousand of them."""
    counts = {kind: Counter(each.used for each in inputs if each.kind == kind) for kind in DUMPS}
    return [
        (TAKEN[kind], [(used, replace(_COUNTED[used], values={"count": number})) for used, number in count.items()])
        for kind, count in counts.items()
        if count
    ]


_COUNTED = {
    Used.WHOLE: nmsg("{count:n} used", "{count:n} used", 0),
    Used.PART: nmsg("{count:n} used in part", "{count:n} used in part", 0),
    Used.NONE: nmsg("{count:n} not used", "{count:n} not used", 0),
}


async def show_desk(desk: Desk, request: Request) -> Response:
    """The first page."""
    found = desk.examiner.latest()
    inputs = found.inputs
    shown = [each for each in inputs if each.kind not in DUMPS]
    odd = [each for each in inputs if each.kind in DUMPS and each.used is not Used.WHOLE]
    pages = desk.pages(request)
    return pages.show(
        "desk",
        **election_values(desk, pages.words),
        dumps=_dumps(inputs),
        error=found.error,
        files=_rows([*shown, *odd[:_MOST_DUMPS]]),
        more_dumps=max(len(odd) - _MOST_DUMPS, 0),
        largest=MAX_FILE // 2**20,
        marks=USED_MARKS,
        most=MOST_FILES,
        **_progress(found.compared),
        uploads=[(each, _said(each)) for each in desk.uploads],
        used=USED,
        verdict=None if found.compared is None else verdict(found.compared.result),
    )


def _progress(found: Compared | None) -> dict[str, Any]:
    """The part of the first page on what was found, until when one can complain, and how far the work is."""
    if found is None:
        return {}
    result, states = found.result, found.states
    counts, outcomes = states.counts(), outcomes_in_short(result)
    few = len(states.state) <= _MOST_TILES
    names = result.coverage.communes.items()
    return {
        "asking": int((found.cases.group != CaseGroup.INFORMATION).sum()),
        "communes": [(at, name or at, list(states.bureaux(at))) for at, name in names] if few else [],
        "compared": sum(counts[BureauState.LACKING :]),
        "coverage": result.coverage,
        "done": int((found.cases.group == CaseGroup.SETTLED).sum()),
        "more_outcomes": max(len(outcomes) - _MOST_OUTCOMES, 0),
        "outcomes": outcomes[:_MOST_OUTCOMES],
        "states": list(zip(BureauState, counts, strict=True)),
        "times": deadlines(found.evidence),
        "votes": votes_added_up(result.coverage),
    }


def _said(each: Upload) -> Message:
    if each.kept is UploadFate.STORED and each.name == each.called:
        return msg("is in the folder now")
    return Message(_KEPT[each.kept].text, {"name": each.name, "why": each.why})


async def take_files(desk: Desk, request: Request) -> Response:
    """Take files in, and show the overview again."""
    receiver = Receiver(desk.keys.check_form, desk.folder.claim, SameFiles().find)
    try:
        await receiver.take(request)
    finally:
        desk.uploads = receiver.files
        if receiver.files:
            desk.examiner.changed()
    return see("/#given")
