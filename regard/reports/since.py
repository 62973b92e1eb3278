"""Changes since an earlier report: findings that went, that came, and whose figures moved."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from protocol.errors import InputError, RegardError
from protocol.opening import open_evidence
from protocol.own_files import END, START, is_own
from protocol.structured import parse_json
from protocol.words import ENGLISH, Message, Text, languages, msg, nmsg, series
from regard.reports.rows import report_value
from verify.audit import Audit
from verify.cases.place_names import with_place
from verify.model.findings import Finding
from verify.rulebook.catalogue import rules

_ROW = re.compile(r":[0-9]+(?=$| \[)")
"""The row of a source, which moves when rows are added above it."""
_NAMED = 5
"""Cases that came, and cases that went, which the screen names."""


class NoEarlierReport(RegardError):
    """A file given as an earlier report that is none.

    Args:
        path: of the file.
        why: what it is instead.
    """

    def __init__(self, path: str, why: Text) -> None:
        super().__init__(
            msg(
                "--since {path}: this is not an earlier result of regard; {why}. Give the JSON file that "
                "`regard verify … --json FILE` wrote then; the report in HTML or PDF, the CSV and the workbook do not "
                "do.",
                path=path,
                why=why,
            )
        )


Key: TypeAlias = tuple[str, ...]
Values: TypeAlias = tuple[object, object]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding of the earlier report: what it is told apart by, its two figures, and what it said."""

    key: Key
    values: Values
    message: str

    @property
    def code(self) -> str:
        """Its rule."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """An earlier report in JSON, with its findings, and the language in which it gives texts that stand for figures."""

    path: str
    size: int
    sha256: str
    findings: tuple[Earlier, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Since:
    """The difference between two reports.

    Attributes:
        earlier: the earlier one.
        went: findings of it that are there no more.
        came: positions in today's table of those that were not in it.
        moved: positions of those that have other figures, with what they were.
    """

    earlier: EarlierReport
    went: tuple[Earlier, ...]
    came: tuple[int, ...]
    moved: tuple[tuple[int, Earlier], ...]


def read_earlier(path: Path) -> EarlierReport:
    """The findings of a report that `regard verify --json` wrote, of this version or an earlier one.

    Raises:
        InputError: it cannot be opened.
        NoEarlierReport: it is no such report.
    """
    file = open_evidence(path)
    name = str(path)
    if not file.data.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[")):
        own = is_own(file.data[:START], file.data[-END:])
        raise NoEarlierReport(name, msg("it is regard's, in another form") if own else msg("it is no JSON"))
    try:
        found = parse_json(file.data, name)
    except InputError as error:
        raise NoEarlierReport(name, msg("it is cut short or damaged: {what}", what=error.got)) from error
    if not isinstance(found, dict) or found.get("tool") != "regard" or not isinstance(found.get("findings"), list):
        raise NoEarlierReport(name, msg("it is JSON of something else"))
    try:
        findings = tuple(map(_earlier, found["findings"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise NoEarlierReport(name, msg("its findings are not as `regard verify` writes them")) from error
    return EarlierReport(name, len(file.data), file.sha256, findings, str(found.get("language")))


def compare(earlier: EarlierReport, result: Audit) -> Since:
    """Find findings that went, came and moved: first by figures, then by place."""
    left: dict[Key, list[Earlier]] = defaultdict(list)
    for each in earlier.findings:
        left[each.key].append(each)
    language = earlier.language if earlier.language in languages() else ENGLISH.code
    today = [(at, _key(found), _values(found, language)) for at, found in enumerate(result.findings)]
    other = [(at, key) for at, key, values in today if not _take(left.get(key), values)]
    came, moved = [], []
    for at, key in other:
        before = left.get(key)
        if before:
            moved.append((at, before.pop(0)))
        else:
            came.append(at)
    went = tuple(each for several in left.values() for each in several)
    return Since(earlier, went, tuple(came), tuple(moved))


def _take(several: list[Earlier] | None, values: Values) -> bool:
    """Take the first finding with these figures away; False where there is none."""
    at = next((at for at, each in enumerate(several or ()) if each.values == values), None)
    if several is None or at is None:
        return False
    del several[at]
    return True


def _earlier(found: Mapping[str, Any]) -> Earlier:
    left, right = found["left"], found["right"]
    texts = [str(found[name]) for name in ("code", "insee", "bureau", "scrutin", "field")]
    if texts[0] not in rules():
        raise KeyError(texts[0])
    sources = (_without_row(str(side["source"])) for side in (left, right))
    return Earlier((*texts, *sources), (left["value"], right["value"]), str(found["message"]))


def _key(found: Finding) -> Key:
    sources = (_without_row(side.source) for side in (found.left, found.right))
    return (found.code, found.insee, found.bureau, str(found.poll or ""), str(found.field), *sources)


def _values(found: Finding, language: str) -> Values:
    return report_value(found.left.value, language), report_value(found.right.value, language)


def _without_row(source: str) -> str:
    return _ROW.sub("", source)


def difference(since: Since) -> dict[str, object]:
    """The difference as a report has it."""
    return {
        "path": since.earlier.path,
        "size": since.earlier.size,
        "sha256": since.earlier.sha256,
        "went": [
            {"code": each.code, "insee": each.key[1], "bureau": each.key[2], "scrutin": each.key[3]}
            | {"field": each.key[4], "message": each.message}
            for each in since.went
        ],
        "came": list(since.came),
        "moved": [{"finding": at, "left": each.values[0], "right": each.values[1]} for at, each in since.moved],
    }


def in_words(since: Since, result: Audit) -> Iterator[Text]:
    """The difference in sentences, the first ones of each kind one by one."""
    counts = series(
        (
            nmsg("{count:n} finding went", "{count:n} findings went", len(since.went)),
            nmsg("{count:n} came", "{count:n} came", len(since.came)),
            nmsg("{count:n} has other figures", "{count:n} have other figures", len(since.moved)),
        )
    )
    yield msg("Since {path}: {counts}", path=since.earlier.path, counts=counts)
    for each in since.went[:_NAMED]:
        yield msg(
            "  went: {said} ({code})", code=each.code, said=_placed(each.key[1], each.key[2], each.message, result)
        )
    yield from _more(len(since.went))
    for at in since.came[:_NAMED]:
        yield msg("  came: {said} ({code})", **_found(at, result))
    yield from _more(len(since.came))
    for at, before in since.moved[:_NAMED]:
        then = msg("{left} and {right}", left=_shown(before.values[0]), right=_shown(before.values[1]))
        yield msg("  moved: {said} Then: {then}. ({code})", **_found(at, result), then=then)
    yield from _more(len(since.moved))


def _more(count: int) -> Iterator[Message]:
    if count > _NAMED:
        yield nmsg("  … and {count:n} more: --json", "  … and {count:n} more: --json", count - _NAMED)


def _found(at: int, result: Audit) -> dict[str, Text]:
    found = result.findings[at]
    return {"code": found.code, "said": _placed(found.insee, found.bureau, found.message, result)}


def _placed(insee: str, bureau: str, message: Text, result: Audit) -> Text:
    """A finding with its place in front; a file or a contest is named in its text."""
    commune = result.coverage.communes.get(insee, "").strip() or insee
    return with_place(" ".join(filter(None, (commune, bureau))), message)


def _shown(value: object) -> Text:
    return msg("nothing") if value is None else str(value)
