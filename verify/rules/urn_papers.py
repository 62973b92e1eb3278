"""A where a module image is at hand: is it what its export, the sealing record and the préfecture's list say."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from protocol import civil_time
from protocol.export.terms import APPROVED_MODEL, TIMES
from protocol.urn.terms import DIFFERS, LABEL_SIZE, Section
from protocol.words import Text
from verify.model.evidence import Evidence
from verify.model.exports import Exports, text
from verify.model.figures import Bools, Ints, Texts
from verify.model.findings import Checks, Finding
from verify.model.holds import Side
from verify.model.modules import Modules
from verify.model.universe import SEALING
from verify.rules.authenticity import APPROVED_SINCE, SEALED
from verify.rules.official_lists import is_same
from verify.rules.urns import about, said_of_export

_LONGEST = 100
"""Characters of a panel's labels that a finding shows."""
_ONCE = ("registered", "opening", "closing")
"""What an urn and each export that was read from it have in common, beside the numbers of the sealing record."""


def other_export(evidence: Evidence) -> Iterator[Finding]:
    """A113: an urn and an export of the same bureau and part do not say the same of themselves.

    Serial and seal numbers only where the sealing record has none for the bureau: else A105 names the wrong one.
    """
    modules, exports = evidence.modules, evidence.exports
    if modules is None or exports is None or not (modules.export >= 0).any():
        return
    record = modules.export.max(axis=1)
    for column, name in zip(SEALING, SEALED, strict=True):
        among = (record >= 0) & (evidence.universe.sealing[column][modules.unit] == "")
        of_urns, of_exports = text(modules.columns[name]), text(exports.columns[name][record])
        yield from _unequal(evidence, modules, exports, "A113", name, among, record, of_urns, of_exports)
    for name in _ONCE:
        one: Ints = modules.columns["closed_at" if name == "closing" else name]
        other: Ints = exports.columns[name][record]
        among = (record >= 0) & (one >= 0) & (other >= 0)
        yield from _unequal(evidence, modules, exports, "A113", name, among, record, one, other)
    if not evidence.contests.official:  # else A103 and A115 hold each of the two against the lists
        yield from _other_polls(evidence, modules, exports)


def _other_polls(evidence: Evidence, modules: Modules, exports: Exports) -> Iterator[Finding]:
    """A113 for what an urn and its export say of one poll."""
    for number in evidence.polls:
        record = modules.export[:, number - 1]
        area = np.ascontiguousarray(modules.columns["constituency"][:, number - 1])
        digest = np.ascontiguousarray(modules.columns["choices_digest"][:, number - 1])
        for name, of_urns, of_exports in (
            ("constituency", text(area), text(exports.columns["constituency"][record])),
            ("choices_digest", _hex(digest), _hex(exports.columns["choices_digest"][record])),
        ):
            yield from _unequal(
                evidence, modules, exports, "A113", name, record >= 0, record, of_urns, of_exports, number
            )


def _hex(digests: npt.NDArray[np.void]) -> Texts:
    """Digests as the beginning of their hexadecimal text."""
    different, code = np.unique(digests, return_inverse=True)
    return np.array([each.tobytes().hex()[:16] for each in different] or [""])[code]


def _unequal(
    evidence: Evidence,
    modules: Modules,
    exports: Exports,
    code: str,
    name: str,
    among: Bools,
    record: Ints,
    of_urns: Texts | Ints,
    of_exports: Texts | Ints,
    poll: int = 0,
) -> Iterator[Finding]:
    """A finding for each urn of some that does not have the value that its export has."""
    for image in np.flatnonzero(among & (of_urns != of_exports)).tolist():
        values = (_shown(name, each[image]) for each in (of_urns, of_exports))
        places = modules.place(image), exports.place(int(record[image]))
        left, right = (Side(place, value) for place, value in zip(places, values, strict=True))
        yield about(evidence, modules, image, code, left, right, field=name, poll=poll)


def _shown(name: str, value: np.generic) -> int | Text | None:
    if isinstance(value, np.integer):
        return int(value) if name not in TIMES else civil_time.text(int(value))
    return str(value) or None


def labels(evidence: Evidence) -> Iterator[Finding]:
    """A114: the labels on an urn's panel are not those of the list whose digest it carries.

    Of labels that are not as the format has them I119 says so.
    """
    modules = evidence.modules
    if modules is None:
        return
    for poll, number in enumerate(evidence.polls):
        index, fit = (modules.columns[name][:, number - 1] for name in ("labels", "labels_fit"))
        among = np.flatnonzero(modules.used & modules.columns["allowed"][:, Section.CHOICES] & (index >= 0))
        other = _other_labels(evidence, modules, poll, among)
        for image in among[(other[:, 0] > 0) | (fit[among] == DIFFERS)].tolist():
            at, contest = other[np.searchsorted(among, image)].tolist()
            panel, place = modules.reading.modules.lists[int(index[image])], modules.place(image)
            details: dict[str, int | str] = {"number": at or ""}
            if at:
                choice = evidence.contests.contests[contest].choices[at - 1]
                sides, field = (Side(place, panel[at - 1]), Side(evidence.contests.source, choice)), "choix"
            else:
                stated = modules.columns["choices_digest"][image, number - 1].tobytes().hex()[:16]
                sides, field = (Side(place, " | ".join(panel)[:_LONGEST]), Side(place, stated)), "choices_digest"
            yield about(evidence, modules, image, "A114", *sides, field=field, poll=number, details=details)


def _other_labels(evidence: Evidence, modules: Modules, poll: int, among: Ints) -> Ints:
    """For some images: the first label that is not the list's, from 1, 0 for none; and the contest. Shape ``(m, 2)``.

    Only where the urn carries the digest of the préfecture's list. Thousands of urns have one panel.
    """
    contests, number = evidence.contests, evidence.polls[poll]
    found = np.zeros((len(among), 2), np.int64)
    if not contests.official:
        return found
    contest = contests.of[modules.unit[among], poll]
    digests = np.array([each.digest for each in contests.contests] + [bytes(32)], dtype="V32")
    same = (contest >= 0) & (modules.columns["choices_digest"][among, number - 1] == digests[contest])
    pairs = np.stack([modules.columns["labels"][among, number - 1], contest], axis=1)[same]
    different, code = np.unique(pairs, axis=0, return_inverse=True)
    lists = modules.reading.modules.lists
    first = [_other_label(lists[panel], contests.contests[of].choices) for panel, of in different.tolist()]
    found[same, 0] = np.array(first or [0], np.int64)[code.reshape(-1)]
    found[:, 1] = contest
    return found


def _other_label(panel: tuple[str, ...], choices: tuple[str, ...]) -> int:
    """The number of the first label that is not the list's, 0 for none."""
    pairs = enumerate(zip(panel, choices, strict=False), 1)
    return next((at for at, (label, choice) in pairs if not _is_label_of(label, choice)), 0)


def _is_label_of(label: str, choice: str) -> bool:
    """Whether a label is that of a choice, cut to the width of the panel or not, in whatever normal form."""
    forms = (choice, unicodedata.normalize("NFC", choice), unicodedata.normalize("NFD", choice))
    cut = {form.encode()[:LABEL_SIZE].decode(errors="ignore") for form in forms}
    return label in cut or unicodedata.normalize("NFC", label) == forms[1]


def other_choices(evidence: Evidence) -> Iterator[Finding]:
    """A103 for an urn: its list of choices is not the préfecture's, and no export has said so already."""
    modules, contests = evidence.modules, evidence.contests
    if modules is None or not contests.official:
        return
    used = np.flatnonzero(modules.used)
    digests = np.array([contest.digest for contest in contests.contests] + [bytes(32)], dtype="V32")
    sizes = np.array([len(contest.choices) for contest in contests.contests] + [0], np.int64)
    for poll, number in enumerate(evidence.polls):
        of = contests.of[modules.unit[used], poll]
        choices, digest = (modules.columns[name][used, number - 1] for name in ("choices", "choices_digest"))
        wrong = (of >= 0) & (choices > 0) & ((digest != digests[of]) | (choices != sizes[of]))
        for at in np.flatnonzero(wrong).tolist():
            image, listed = int(used[at]), contests.contests[int(of[at])]
            if said_of_export(evidence, image, "choices_digest", digest[at], number):
                continue
            yield about(
                evidence,
                modules,
                image,
                "A103",
                Side(modules.place(image), int(choices[at])),
                Side(contests.source, len(listed.choices)),
                field="choix",
                poll=number,
                details={"machine": digest[at].tobytes().hex()[:16], "prefecture": listed.digest.hex()[:16]},
            )


def other_model(evidence: Evidence) -> Iterator[Finding]:
    """A104 for an urn that was programmed for another model than the approved one."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    since = columns["date"] >= APPROVED_SINCE
    for image in np.flatnonzero(modules.used & since & (columns["model"] != APPROVED_MODEL.encode())).tolist():
        if not said_of_export(evidence, image, "model", columns["model"][image]):
            left, right = Side(modules.place(image), modules.text("model", image)), APPROVED_MODEL
            yield about(evidence, modules, image, "A104", left, Side("arrêté du 12 avril 2007", right), field="model")


def other_sealing(evidence: Evidence) -> Iterator[Finding]:
    """A105 for an urn: a machine, module or seal number is not the sealing record's, or one of them has none."""
    modules, universe = evidence.modules, evidence.universe
    if modules is None or not modules.used.any():
        return
    for column, name in zip(SEALING, SEALED, strict=True):
        stated = universe.sealing[column]
        if not (stated != "").any():
            continue
        differs = modules.used & (text(modules.columns[name]) != stated[modules.unit])
        for image in np.flatnonzero(differs).tolist():
            unit, part = int(modules.unit[image]), int(modules.columns["part"][image])
            parts = str(stated[unit]).split("+")
            expected = parts[part - 1].strip() if part <= len(parts) else ""
            carried = modules.text(name, image)
            if carried == expected or said_of_export(evidence, image, name, carried.encode()):
                continue
            case = "" if carried and expected else "absent"
            left, right = Side(modules.place(image), carried or None), Side(universe.place(unit), expected or None)
            yield about(evidence, modules, image, "A105", left, right, field=column, case=case)


def other_constituency(evidence: Evidence) -> Iterator[Finding]:
    """A115: an urn is of another constituency than its bureau, by the official list; C115 says it of an export."""
    modules, universe = evidence.modules, evidence.universe
    if modules is None or not universe.official or not modules.used.any():
        return
    for number in evidence.polls:
        carried = text(np.ascontiguousarray(modules.columns["constituency"][:, number - 1]))
        listed = universe.constituency_of(number)[modules.unit]
        differs = modules.used & (carried != listed) & (listed != "") & (carried != "")
        for image in np.flatnonzero(differs).tolist():
            ours, theirs, unit = str(carried[image]), str(listed[image]), int(modules.unit[image])
            said = said_of_export(evidence, image, "constituency", ours.encode(), number)
            if not said and not is_same(ours, theirs, str(universe.insee[unit])):
                sides = Side(modules.place(image), ours), Side(universe.place(unit), theirs)
                yield about(evidence, modules, image, "A115", *sides, field="circonscription", poll=number)


CHECKS: Checks = {
    other_export: ("A113",),
    labels: ("A114",),
    other_choices: ("A103",),
    other_model: ("A104",),
    other_sealing: ("A105",),
    other_constituency: ("A115",),
}
