"""The files of each kind of evidence: names as findings cite them, bureaux covered, and files not used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import dirname

import numpy as np

from protocol import night
from protocol.transmission import FOLDER
from verify.columns.editions import editions
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.figures import Bools
from verify.model.universe import MACHINE, PAPER
from verify.model.use import Input, Used

_NAMED = 3


def of_table(table: Counted | LinedVotes | None) -> str:
    """The files that a table's figures stand in; empty where there is no table."""
    if table is None:
        return ""
    places = table.places if isinstance(table, LinedVotes) else next(iter(table.figures.values())).places
    return _named(file.removesuffix(":") for file in places.files)


def of_dumps(names: Sequence[str] | None) -> str:
    """The folder of exports or of images, or the files where they are few; empty where there are none."""
    if not names:
        return ""
    folders = {dirname(name) or "." for name in names}
    one = len(folders) == 1 and (len(names) > 1 or not folders.isdisjoint((night.EXPORTS, night.URNS)))
    return folders.pop() if one and folders != {"."} else _named(names)


def _named(files: Iterable[str]) -> str:
    different = list(dict.fromkeys(files))
    return " + ".join([*different[:_NAMED], "…"] if different[_NAMED:] else different)


def covered(evidence: LinedEvidence) -> dict[str, tuple[int, int, str]]:
    """For each kind of evidence: the bureaux that have it in every poll, out of how many, and its source."""
    every, machines = len(evidence.universe), int((evidence.universe.counting == MACHINE).sum())
    not_paper = evidence.universe.counting != PAPER

    def units(mask: Bools) -> int:
        return int(mask.all(axis=1).sum())

    found: dict[str, tuple[int, int, str]] = {}
    if evidence.exports is not None:
        known = evidence.exports.cast.known & not_paper[:, None]
        found["exports"] = (units(known), machines or every, of_dumps(evidence.exports.names))
    if evidence.urns is not None:
        with_image = np.zeros(every, np.bool_)
        with_image[evidence.urns.unit[evidence.urns.used]] = True
        found["modules"] = (int((with_image & not_paper).sum()), machines or every, of_dumps(evidence.urns.names))
    if evidence.signatures is not None:
        found["emargements"] = (units(evidence.signatures["signatures"].known), every, of_table(evidence.signatures))
    elif evidence.records is not None:  # where the PVs do not state them either, no gap can be seen
        signed = evidence.records["signatures"].known
        if (evidence.records.present & ~signed).any():
            found["emargements"] = (units(signed), every, of_table(evidence.records))
    if evidence.records is not None:
        found["pv"] = (units(evidence.records.present), every, of_table(evidence.records))
    if evidence.votes is not None:
        found["voix"] = (units(evidence.once(with_votes)), every, of_table(evidence.votes))
    for number, edition in enumerate(evidence.once(editions), 1):
        kind = "publie" if number == 1 else f"publie {number}"
        found[kind] = (int(edition.present.any(axis=1).sum()), every, edition.source)
    if evidence.way_up is not None:
        steps = [counted.present for counted in evidence.way_up.steps.values()]
        if steps:
            found["montee"] = (int(np.logical_or.reduce(steps).all(axis=1).sum()), every, FOLDER)
    return found


def with_votes(evidence: LinedEvidence) -> Bools:
    """Bureaux of whose PV the votes for a choice are known, shape ``(units, polls)``."""
    if evidence.votes is None:
        return np.zeros(evidence.shape, np.bool_)
    return np.asarray(np.einsum("...i->...", evidence.votes.values >= 0), np.bool_)  # quicker than `any`


def by_poll(evidence: LinedEvidence) -> dict[str, dict[int, int]]:
    """For kinds of evidence that not every poll of the day has of as many bureaux: how many, by the poll's number.

    Published results are about one poll, and are always there where the day has several.
    """
    if len(evidence.polls) == 1:
        return {}
    masks: dict[str, Bools] = {}
    if evidence.exports is not None:
        masks["exports"] = evidence.exports.cast.known & (evidence.universe.counting != PAPER)[:, None]
    if evidence.signatures is not None:
        masks["emargements"] = evidence.signatures["signatures"].known
    if evidence.records is not None:
        masks["pv"] = evidence.records.present
    if evidence.votes is not None:
        masks["voix"] = evidence.once(with_votes)
    for number, edition in enumerate(evidence.once(editions), 1):
        masks["publie" if number == 1 else f"publie {number}"] = edition.present
    counts = {kind: dict(zip(evidence.polls, mask.sum(axis=0).tolist(), strict=True)) for kind, mask in masks.items()}
    return {kind: of_polls for kind, of_polls in counts.items() if len(set(of_polls.values())) > 1}


def unused_files(evidence: LinedEvidence) -> list[Input]:
    """Files given by their names of which nothing is used, though nothing in them is wrong and nothing was raised.

    Those that contradict what is used in their place, wherever they lie. Those among the documents of the way up as
    well: what lies there is meant to be one. The text beside a template's tables is none of them.
    """
    wrong = {problem.file for problem in evidence.problems} | {each.what for each in evidence.failures}
    given = (each for each in evidence.inputs if each.named or each.contradicts or each.path.startswith(f"{FOLDER}/"))
    unused = (each for each in given if each.used is Used.NONE and not each.explains)
    return [each for each in unused if not any(file.startswith(each.path) for file in wrong)]
