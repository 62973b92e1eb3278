"""The bureaux that there are, by the official list, else all that any evidence names; and how evidence writes codes.

Without an official list nobody says whether ``9`` and ``0009`` are one bureau. Two files that have one of them each
write it in their own ways; a table that has both tells them apart. A piece may have another code of a commune.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from protocol import night
from protocol.errors import InputError, wrong_file
from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.words import Text, cited, first_of, msg, series
from verify.align.communes import fuller, plain
from verify.align.files import (
    BureauTable,
    Files,
    sheet_of_exports,
    sheet_of_results,
    sheet_of_urns,
    tables_of_bureaux,
)
from verify.align.lined_tables import MOST, repeat
from verify.align.polls import polls_of
from verify.model import universe as universe_list
from verify.model.bureau_codes import TextColumns
from verify.model.evidence import Counted, LinedEvidence, OtherCode, Repeat
from verify.model.figures import Bools, Ints, Texts, filled, starts_with_digit, sum_groups
from verify.model.published import Level, Published
from verify.model.universe import Universe, find_units, without_zeros
from verify.read.sheet import Sheet, join_sheets
from verify.read.totals import names_total

MAX_BUREAUX = 100_000
"""Bureaux that a list may have, where a nation has 70,000: every array of figures is as long as it …"""
MAX_LINES = 150_000
"""… for each poll, and whatever lacks in one of these lines is a finding: with two polls there are 75,000 at most."""

_NAME = re.compile(r"[^\W\d_]{4}")
"""The name of a place, and no code in letters such as A or BV9."""
Columns = dict[str, Texts | Ints]
"""Columns of a list of bureaux, as `universe_list.build` takes them."""
_NONE = np.zeros(0, np.str_)
_TEXTS = ("insee", "bureau", "commune", "departement", "circonscription")


def universe_of(files: Files) -> tuple[Universe, list[Repeat]]:
    """The official list, else the bureaux of all other evidence, each under the code of the source that is asked first.

    Codes that differ by their zeros only are of one bureau, if no file has both of them; it then has the longer one.

    Returns also the rows of the official list that name a bureau again. A source that fails is passed over.
    """
    official = files.sheets.get(night.UNIVERSE.kind)
    if official is not None:
        found = files.attempt(official.file, partial(_official_list, files, official))
        if found is not None:
            return found
    sources = list(_sources(files))
    nobody = {"insee": _NONE, "bureau": _NONE}
    return _with_one_name(_joined(files, sources)) if sources else universe_list.build([], [], nobody)[0], []


def _sources(files: Files) -> Iterator[BureauTable]:
    """All evidence that names bureaux, the best first; rows of no commune only where none before them has one.

    Nor are the names of places bureaux where evidence before them has numbers of the commune. What results publish of
    other contests than those of the communes that other evidence is of is no part of the day.
    """
    communes, before, tables = False, list[Sheet](), list(tables_of_bureaux(files))
    for table in tables:
        sheet = files.attempt(table.sheet.file, partial(_naming, table))
        if sheet is None:
            continue
        if table.result >= 0:
            ours = set().union(*(each.sheet.texts.different("insee") for each in tables if each.result < 0))
            sheet = sheet.some(_of_same_contests(files.published[table.result], ours))
        placed = filled(sheet.texts["insee"])
        sheet = sheet.some(placed) if communes and not placed.all() else sheet
        communes |= bool(placed.any())
        named = _only_named(sheet, before)
        sheet = sheet.some(~named) if named.any() else sheet
        before.append(sheet)
        if len(sheet):
            yield replace(table, sheet=sheet)


def _of_same_contests(published: Published, communes: Collection[str]) -> Bools:
    """Find rows with most of their choices among those of some communes; all, where it has nothing of these."""
    ours = np.isin(published.insee, sorted(communes))
    common = np.isin(published.vote_label, published.vote_label[ours[published.vote_unit]])
    counts = np.bincount(published.vote_unit, minlength=len(ours))
    shared = np.bincount(published.vote_unit[common], minlength=len(ours))
    return ours | (2 * shared > counts) | (counts == 0) if ours.any() else np.ones_like(ours)


def _only_named(sheet: Sheet, before: Sequence[Sheet]) -> Bools:
    """Find rows whose bureau has a name in the place of a number, in communes of which sheets before have numbers."""
    bureau = sheet.texts["bureau"]
    named = ~starts_with_digit(bureau)
    if named.any():
        numbers = (each.texts["insee"][starts_with_digit(each.texts["bureau"])] for each in before)
        named &= np.isin(sheet.texts["insee"], np.concatenate([_NONE, *numbers]))
        named[named] = [_NAME.search(cell) is not None for cell in bureau[named].tolist()]
    return named


def _naming(table: BureauTable) -> Sheet:
    """A table's statements on its bureaux; rows that name a total are of none."""
    sheet, name = table.sheet, Quantity.REGISTERED
    texts = TextColumns({name: sheet.texts[name] for name in _TEXTS if name in sheet.texts})
    counts = {name.value: sheet.counts[name]} if name in sheet.counts else {}
    counts["counting"] = _counting(table)
    sheet = replace(sheet, texts=texts, counts=counts, extra=TextColumns({}), lines={}, shares=())
    kept = starts_with_digit(texts["insee"]) & starts_with_digit(texts["bureau"])
    if kept.all() or table.result >= 0 or table.kind in DUMPS:
        return sheet
    for row in np.flatnonzero(~kept).tolist():
        kept[row] = not names_total(str(texts["insee"][row]), str(texts["bureau"][row]))
    return sheet.some(kept)


def _joined(files: Files, sources: Sequence[BureauTable]) -> Universe:
    """The bureaux of several sources, each as the first that names it has it, with what this one does not say."""
    first, *others = sources
    universe = _union(files, [first])
    # whose constituencies another source names, `divide_list` says of all bureaux alike
    further = [
        replace(each, sheet=each.sheet.without("circonscription")) for each in _with_further_bureaux(universe, others)
    ]
    if further:
        universe = _union(files, [first, *further])
    for each in sources:
        universe = _completed(universe, each)
    return universe


def _with_further_bureaux(universe: Universe, sources: Sequence[BureauTable]) -> list[BureauTable]:
    """The sources that name a bureau which the list has not, each with its rows of the communes of all of these."""
    places = [(each, each.sheet.texts["insee"], each.sheet.texts["bureau"]) for each in sources]
    further = [(each, insee, insee[universe.find(insee, bureau) < 0]) for each, insee, bureau in places]
    communes = np.concatenate([_NONE, *(strange for *_, strange in further)])
    return [
        replace(each, sheet=each.sheet.some(np.isin(insee, communes)))
        for each, insee, strange in further
        if len(strange)
    ]


def _union(files: Files, sources: Sequence[BureauTable]) -> Universe:
    """The bureaux of several sources, each once, as the first of its rows has it."""
    whole = join_sheets([each.sheet for each in sources])
    source = np.repeat(np.arange(len(sources)), [len(each.sheet) for each in sources])
    owners = [(at, file) for at, each in enumerate(sources) for file in each.sheet.files]
    of_piece = [owners.index((at, piece.file)) for at, each in enumerate(sources) for piece in each.sheet.pieces]
    columns: Columns = {**whole.texts, **whole.counts}
    columns["bureau"] = with_one_code_each(whole.texts["insee"], whole.texts["bureau"], whole.piece_of)
    columns |= {"row": whole.row, "of": np.array(of_piece, np.int64)[whole.piece_of]}
    names, kinds = [file for _, file in owners], [sources[at].kind.piece for at, _ in owners]
    universe, again = _build(files, names, kinds, columns)
    naming = np.bincount(np.delete(source, again), minlength=len(sources)) > 0
    kept = [number for number, (at, _) in enumerate(owners) if naming[at]]
    return replace(
        universe,
        sources=tuple(names[at] for at in kept),
        pieces=tuple(kinds[at] for at in kept),
        of=np.searchsorted(kept, universe.of),
    )


def _counting(table: BureauTable) -> Ints:
    """The way in which each row's bureau counts, as far as the kind of evidence or a column of it says that."""
    way = universe_list.MACHINE if table.kind in DUMPS else universe_list.UNKNOWN
    columns = map(table.sheet.extra.coded, table.sheet.extra)
    told = (universe_list.counting_of(cells)[0] for cells in columns if universe_list.is_counting_column(cells))
    return next(told, np.full(len(table.sheet), way, np.int64))


def _completed(universe: Universe, table: BureauTable) -> Universe:
    """A list with what a source says of its bureaux and the list does not."""
    texts = table.sheet.texts
    said: Columns = {"commune": texts.get("commune", _NONE), "department": texts.get("departement", _NONE)}
    for field, theirs in (said | {"counting": table.sheet.counts["counting"]}).items():
        ours, rows = getattr(universe, field), np.flatnonzero(~_says_nothing(theirs))
        if not len(rows) or not _says_nothing(ours).any():
            continue
        unit = find_units(universe, texts["insee"], texts["bureau"])[rows]
        rows, unit = rows[unit >= 0], unit[unit >= 0]
        lacking = np.flatnonzero(_says_nothing(ours)[unit])[::-1]  # of several rows the first: it is written last
        if len(lacking):
            values = ours.astype(np.promote_types(ours.dtype, theirs.dtype))
            values[unit[lacking]] = theirs[rows[lacking]]
            universe = replace(universe, **{field: values})
    return universe


def _says_nothing(values: Texts | Ints) -> Bools:
    return np.asarray(values == ("" if values.dtype.kind == "U" else universe_list.UNKNOWN), np.bool_)


def _build(
    files: Files, sources: Sequence[str], pieces: Sequence[EvidenceKind], columns: Columns
) -> tuple[Universe, Ints]:
    """`universe_list.build` of as many bureaux as there may be: what is more is a problem."""
    universe, again = universe_list.build(sources, pieces, columns)
    most = min(MAX_BUREAUX, MAX_LINES // len(polls_of(files)))
    if len(universe) <= most:
        return universe, again
    got = msg("{universe}; the first are used", universe=len(universe))
    files.problems.append(wrong_file(" + ".join(sources), msg("at most {most} bureaux", most=most), got))
    end = np.delete(np.arange(len(columns["insee"])), again)[most]
    return universe_list.build(sources, pieces, {name: values[:end] for name, values in columns.items()})


def _with_one_name(universe: Universe) -> Universe:
    """The list with each commune under one name: where it is written in several ways, the one that says most."""
    names = universe.commune
    of_first = names[universe.communes][universe.commune_number]
    odd = (names != of_first) & ~_says_nothing(names) & ~_says_nothing(of_first)
    if not odd.any():
        return universe
    ends = [*universe.communes[1:].tolist(), len(universe)]
    for commune in np.unique(universe.commune_number[odd]).tolist():
        units = slice(int(universe.communes[commune]), ends[commune])
        fullest: dict[str, str] = {}
        written = names[units].tolist()
        for name in written:
            fullest[plain(name)] = fuller(fullest.get(plain(name), name), name)
        one_name = np.array([fullest[plain(name)] for name in written], np.str_)
        names = names.astype(np.promote_types(names.dtype, one_name.dtype))
        names[units] = one_name
    return universe if names is universe.commune else replace(universe, commune=names)


def _official_list(files: Files, sheet: Sheet) -> tuple[Universe, list[Repeat]] | None:
    if not len(sheet):
        files.problems.append(wrong_file(sheet.file, msg("a list of bureaux"), msg("a header only")))
        return None
    counting, odd = universe_list.counting_of(sheet.coded("comptage"))
    for index in odd[:MOST]:
        got = cited(str(sheet.texts["comptage"][index]))
        files.problems.append(InputError(sheet.file, int(sheet.row[index]), "comptage", msg("machine or papier"), got))
    columns: Columns = {
        **{name: sheet.texts[name] for name in universe_list.TEXTS if name in sheet.texts},
        "registered": sheet.counts["registered"],
        "opening": sheet.counts["ouverture"],
        "closing": sheet.counts["cloture"],
        "counting": counting,
        "parts": universe_list.parts_of(sheet.coded("machine")),
        **{name: sheet.extra[name] for name in sheet.extra if name.startswith("circonscription_")},
        "row": sheet.row,
    }
    universe, again = _build(files, [sheet.file], [EvidenceKind.UNIVERSE], columns)
    if not len(again):
        return universe, []

    def named(at: int) -> Text:
        row = int(again[at])
        return msg("{place} again", place=f"{sheet.texts['insee'][row]} {sheet.texts['bureau'][row]}")

    return universe, [repeat(sheet.file, "bureau", msg("each bureau once"), sheet.row[again], named)]


def divide_list(files: Files, universe: Universe, polls: tuple[int, ...]) -> Universe:
    """A list of bureaux that stands in for the official one, with the constituencies that other evidence names."""
    if universe.official or not len(universe) or universe.constituencies or filled(universe.constituency).all():
        return universe
    results = [sheet_of_results(each) for each in files.published if each.level is Level.BUREAU]
    sources: list[str] = []
    columns = {number: universe.constituency.astype(object) for number in polls}
    for number, areas in columns.items():
        urns = [] if files.urns is None else [sheet_of_urns(files.urns, number)]
        exports = [] if files.reading is None else [sheet_of_exports(files.reading, number)]
        for sheet in (*results, *urns, *exports):  # the machines' own come last, and stay
            cells = sheet.texts["circonscription"]
            unit = find_units(universe, sheet.texts["insee"], sheet.texts["bureau"])
            known = np.flatnonzero((unit >= 0) & (cells != ""))
            areas[unit[known]] = cells[known]
            sources += [sheet.file] if len(known) else []
    if not sources:
        return universe
    constituencies = {number: areas.astype(np.str_) for number, areas in columns.items()}
    named = ", ".join(dict.fromkeys(sources))
    return replace(universe, constituencies=constituencies, constituencies_from=named)


@dataclass(frozen=True, slots=True)
class _Writings:
    """The bureaux, without regard to zeros, whose codes are written in several ways.

    Attributes:
        of: number of each row's bureau, -1 for all others; shape ``(n,)``.
        code: index into ``codes`` of each row.
        codes: each code once.
    """

    of: Ints
    code: Ints
    codes: Texts


def with_one_code_each(insee: Texts, bureau: Texts, piece: Ints) -> Texts:
    """The codes of bureaux in several files or sheets, those of one bureau made the longest of them.

    Codes that one file has both of stay as they are. Where nothing is changed, it is the same array.

    Args:
        insee: of each row.
        bureau: of each row.
        piece: index of the file or sheet that it is in.
    """
    groups = _groups_of(insee, bureau) if (piece != piece[:1]).any() else None
    if groups is None:
        return bureau
    rows = np.flatnonzero(groups.of >= 0)
    of, code, pieces = groups.of[rows], groups.code[rows], int(piece.max()) + 1
    order = np.array(sorted(range(len(groups.codes)), key=lambda at: _rank(str(groups.codes[at]))), np.int64)
    longest = np.full(int(of.max()) + 1, -1, np.int64)
    np.maximum.at(longest, of, np.argsort(order)[code])
    named = np.unique((of * pieces + piece[rows]) * len(groups.codes) + code) // len(groups.codes)
    longest[named[1:][named[1:] == named[:-1]] // pieces] = -1
    one = longest[of] >= 0
    if not one.any():
        return bureau
    meant = groups.code.copy()
    meant[rows[one]] = order[longest[of[one]]]
    codes = groups.codes[meant]
    widened = _as_wide(insee, codes, rows[one])
    widened[rows[~one]] = codes[rows[~one]]  # 12 beside 0012 in one file
    return widened


def _as_wide(insee: Texts, bureau: Texts, rows: Ints) -> Texts:
    """Codes with as many zeros as the longest of their commune's in some rows: 0111 by 0106.

    A bureau that one file alone names is written as the others are.
    """
    lengths = np.where(np.strings.isdigit(bureau), np.strings.str_len(bureau), 0)
    _, commune = np.unique(insee, return_inverse=True)
    most = np.zeros(commune.max() + 1, np.int64)
    np.maximum.at(most, commune[rows], lengths[rows])
    width = most[commune]
    short = (lengths > 0) & (lengths < width)
    return np.where(short, np.strings.zfill(bureau, width), bureau)


def _rank(code: str) -> tuple[bool, int, str]:
    return code[:1].isdigit(), len(code), code  # « BV9 » is no longer code than 0009


def _groups_of(insee: Texts, bureau: Texts) -> _Writings | None:
    """The bureaux whose codes are written in several ways, None where there are none."""
    lengths = np.strings.str_len(bureau)
    if (lengths == lengths[:1]).all() and starts_with_digit(bureau).all():  # no two differ by their zeros only
        return None
    codes, code = np.unique(bureau, return_inverse=True)
    short, of_code = np.unique(without_zeros(codes), return_inverse=True)
    if len(short) == len(codes):
        return None
    of_row = of_code[code]
    _, group = np.unique(universe_list.keys(insee, short[of_row]), return_inverse=True)
    several = np.bincount(np.unique(group * len(codes) + code) // len(codes)) > 1
    found = several[group] & (short[of_row] != "")
    return _Writings(np.where(found, group, -1), code, codes) if found.any() else None


def doubtful_codes(universe: Universe, files: Files) -> list[InputError]:
    """Report codes of one evidence that other evidence writes in two ways: each may mean either.

    Of an official list nothing is in doubt.
    """
    groups = None if universe.official or not len(universe) else _groups_of(universe.insee, universe.bureau)
    if groups is None:
        return []
    members: dict[int, list[int]] = {}
    for at in np.flatnonzero(groups.of >= 0).tolist():
        members.setdefault(int(groups.of[at]), []).append(at)
    found: dict[tuple[str, int], dict[int, int]] = {}
    for shown, row, unit in _rows_of(universe, groups, files):
        found.setdefault((shown, int(groups.of[unit])), {}).setdefault(unit, row)
    lacking = [(name, units) for name, units in found.items() if len(units) < len(members[name[1]])]
    problems = []
    for (shown, group), units in lacking[:MOST]:
        unit, row = next(iter(units.items()))
        got = msg(
            "{code}, where another table has {codes} as bureaux of their own; taken as it is written",
            code=str(universe.bureau[unit]),
            codes=series(str(universe.bureau[at]) for at in members[group]),
        )
        problems.append(InputError(shown, row, "bureau", msg("a code that can be of one bureau only"), got))
    return problems


def _rows_of(universe: Universe, groups: _Writings, files: Files) -> Iterator[tuple[str, int, int]]:
    """The name of the file or sheet, row and unit of all that is said of the bureaux of some groups."""
    for table in (each for each in tables_of_bureaux(files) if each.kind not in DUMPS):
        sheet = table.sheet
        shown = sheet.shown if table.result < 0 else files.published[table.result].file_of
        unit = universe.find(sheet.texts["insee"], sheet.texts["bureau"])
        for row in np.flatnonzero((unit >= 0) & (groups.of[unit] >= 0)).tolist():
            yield shown(row), int(sheet.row[row]), int(unit[row])


_FEW = 3
"""Figures that have to be the same at least …"""
_OF_TEN = 9
"""… and of ten."""
_MOST = 2**18
"""Pairs of communes that are compared; where there are more a piece is of other places."""
_WITH_COMMUNES = (
    EvidenceKind.RECORDS,
    EvidenceKind.SIGNATURES,
    EvidenceKind.VOTES,
    EvidenceKind.EXPORTS,
    EvidenceKind.PUBLISHED,
)
"""Evidence of which communes are compared, the best first."""

_Bureaux = Mapping[str, Mapping[str, int]]
"""The figures of the bureaux of a commune, by the code of the bureau without zeros and the name of the count."""


def with_one_code(files: Files) -> tuple[OtherCode, ...]:
    """Give such communes, in the files, the code that the list or more of the others have; which they were.

    A piece without figures that any other one has follows one that has the same bureaux under the same code.
    """
    pieces = _with_communes(files)
    codes = [piece.sheet.texts.different("insee") for piece in pieces]
    for each in codes:
        each.discard("")
    if all(each == codes[0] for each in codes):
        return ()
    official = codes[0] if pieces[0].kind is EvidenceKind.UNIVERSE else None
    found: list[OtherCode] = []
    left: list[tuple[BureauTable, str, _Bureaux]] = []
    decided: dict[tuple[str, frozenset[str]], tuple[BureauTable, str]] = {}
    for at, piece in enumerate(pieces):
        others = set().union(*(each for number, each in enumerate(codes) if number != at))
        strange, lacking = codes[at] - (others if official is None else official), others - codes[at]
        if piece.kind in _AS_IT_IS or not 0 < len(strange) * len(lacking) <= _MOST:
            continue
        references = [(other, _bureaux_of(other, lacking & each)) for other, each in zip(pieces, codes, strict=True)]
        for code, bureaux in _bureaux_of(piece, strange).items():
            same = [
                (other, right)
                for number, (other, theirs) in enumerate(references)
                for right in theirs
                if _are_same(bureaux, theirs[right]) and _is_right(right, code, codes, official, earlier=number < at)
            ]
            if len({right for _, right in same}) == 1:
                found.append(_recode(files, piece, code, *same[0], len(bureaux)))
                decided[code, frozenset(bureaux)] = same[0]
            else:
                left.append((piece, code, bureaux))
    for piece, code, bureaux in left:
        if (known := decided.get((code, frozenset(bureaux)))) is not None:
            found.append(_recode(files, piece, code, *known, len(bureaux)))
    return tuple(found)


def _are_same(ours: _Bureaux, theirs: _Bureaux) -> bool:
    """Test whether nearly all bureaux and figures are the same; those of zero say nothing."""
    bureaux = ours.keys() & theirs.keys()
    if 10 * len(bureaux) < _OF_TEN * max(len(ours), len(theirs)):
        return False
    both = [(count, theirs[code].get(name, -1)) for code in bureaux for name, count in ours[code].items()]
    both = [(one, other) for one, other in both if other >= 0 and (one or other)]
    same = sum(one == other for one, other in both)
    return same >= _FEW and 10 * same >= _OF_TEN * len(both)


def _is_right(right: str, code: str, codes: Sequence[set[str]], official: set[str] | None, *, earlier: bool) -> bool:
    """Test whether the list has a code, or else more pieces have it than the other one, or as many and a better one."""
    if official is not None:
        return right in official
    ours, theirs = (sum(each in own for own in codes) for each in (code, right))
    return theirs > ours or (theirs == ours and earlier)


def _recode(files: Files, piece: BureauTable, code: str, against: BureauTable, right: str, bureaux: int) -> OtherCode:
    files.replace_codes(piece, code, right)
    of = None if against.kind is EvidenceKind.UNIVERSE else against.kind.piece
    return OtherCode(piece.sheet.file, piece.kind.piece, against.sheet.file, of, code, right, bureaux)


_AS_IT_IS = (EvidenceKind.UNIVERSE, EvidenceKind.EXPORTS)
"""Evidence that has the right codes, or no hand has written."""


def _with_communes(files: Files) -> list[BureauTable]:
    """The official list, and the evidence that names communes, the best first."""
    found = [table for table in tables_of_bureaux(files) if table.kind in _WITH_COMMUNES]
    found.sort(key=lambda table: _WITH_COMMUNES.index(table.kind))
    official = files.sheets.get(night.UNIVERSE.kind)
    return [*([BureauTable(EvidenceKind.UNIVERSE, official)] if official is not None and len(official) else []), *found]


def _bureaux_of(table: BureauTable, communes: set[str]) -> dict[str, _Bureaux]:
    """The bureaux of some communes; of rows that name one again the first. Of votes by choice the valid votes."""
    if not communes:
        return {}
    sheet = table.sheet
    insee, bureau = sheet.texts["insee"], sheet.texts["bureau"]
    counted = {name: sheet.counts[name] for name in VOTERS if name in sheet.counts}
    if table.kind is EvidenceKind.VOTES:
        _, first, of = np.unique(universe_list.keys(insee, bureau), return_index=True, return_inverse=True)
        counted = {Quantity.VALID: sum_groups(sheet.counts[Quantity.VOTES], of.reshape(-1), len(first))}
        insee, bureau = insee[first], bureau[first]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in np.flatnonzero(np.isin(insee, sorted(communes))).tolist():
        counts = {name.value: int(values[row]) for name, values in counted.items() if values[row] >= 0}
        found.setdefault(str(insee[row]), {}).setdefault(str(bureau[row]).lstrip("0"), counts)
    return dict(found)


_SHOWN = 3
"""Codes of each that are shown."""


def without_common(evidence: LinedEvidence, sheets: Mapping[str, Sheet]) -> list[InputError]:
    """Files of which no bureau is compared with those of the first one, though both are of the same commune.

    Published results may be a file for each constituency: those of other bureaux with codes that are written alike are
    parts, where one of them is the first file or has bureaux in common with it.

    Args:
        evidence: PVs, signatures and published results, lined up; with an official list each bureau is said by itself.
        sheets: by name of their table in a night.
    """
    if evidence.universe.official:
        return []
    insee = evidence.universe.insee
    pieces = list(_pieces_of_bureaux(evidence, sheets))
    problems = []
    parts = {lines.published.file for lines in evidence.published}
    for name, units in pieces[1:]:
        first, others = pieces[0]
        if name in parts and _is_part(evidence, units, [some for file, some in pieces if file in parts], others):
            continue
        communes = (insee[units], insee[others])
        if not len(units) or not len(others) or np.isin(units, others).any():
            continue
        if np.isin(*communes).any() or any((each == "").all() for each in communes):
            expected = msg("bureaux as in {file}: {codes}", file=first, codes=_codes(evidence, others))
            problems.append(InputError(name, None, "bureau", expected, _codes(evidence, units)))
    return problems


def _pieces_of_bureaux(evidence: LinedEvidence, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Ints]]:
    for kind, counted in ((night.RECORDS, evidence.records), (night.SIGNATURES, evidence.signatures)):
        if counted is not None and kind.kind in sheets:
            yield sheets[kind.kind].pieces[0].name, _units(counted)
    for lines in evidence.published:
        yield lines.published.file, _units(lines.counted)


def _units(counted: Counted) -> Ints:
    return np.flatnonzero(counted.present.any(axis=1))


def _is_part(evidence: LinedEvidence, units: Ints, published: list[Ints], first: Ints) -> bool:
    """Test whether published results of some bureaux go on with those that have bureaux of the first file."""
    known = [some for some in published if np.isin(some, first).any()]
    return any(not np.isin(units, some).any() and _forms(evidence, units) & _forms(evidence, some) for some in known)


def _forms(evidence: LinedEvidence, units: Ints) -> set[str]:
    """Forms of the codes of bureaux: numbers of any length as one, and letters."""
    codes = set(evidence.universe.bureau[units].tolist())
    return {re.sub(r"[^\W\d_]+", "A", re.sub(r"[0-9]+", "9", str(code))) for code in codes}


def _codes(evidence: LinedEvidence, units: Ints) -> Text:
    return first_of((cited(str(code)) for code in evidence.universe.bureau[units].tolist()), _SHOWN)
