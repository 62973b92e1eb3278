"""Communes of tables: their codes by their names, where these can be known, and names in one form.

Nothing is guessed: a name that two communes have stands for neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import DUMPS
from protocol.quantities import Quantity
from protocol.words import Text, cited, msg, without_accents
from verify.align.files import Files, sheet_of_results, tables_of_bureaux
from verify.align.polls import with_polls
from verify.model.figures import filled, signs
from verify.model.identity import are_apart
from verify.model.published import Level
from verify.read.sheet import Sheet
from verify.read.tables.towns import is_of_town, town_of_file
from verify.read.totals import names_total

_OTHER_ROUND = "other round"
"""In place of a file's name, for the PVs of the other round."""
_COUNTED = (night.RECORDS.kind, night.SIGNATURES.kind, night.VOTES.kind, _OTHER_ROUND)
_COMPARED = 50
"""Names of communes of a file that are compared with all that are known, to say which one was meant."""
_FEW = 2
"""Bureaux from which on other figures are those of another commune."""
_VOTERS = (Quantity.REGISTERED, Quantity.SIGNATURES, Quantity.VOTES_FOUND)
_Place = TypeVar("_Place", str, int)
_SAINT = {"st": "saint", "ste": "sainte", "sts": "saints"}
_ACCENTED = re.compile(r"[^\W\d_a-zA-Z]")
_TOWN = re.compile(r"^(?:commune|ville|mairie) (?:de |d |des |du )")
_WITH_CODE = re.compile(
    r"(?:(?:commune|ville|mairie) (?:de |d['’]|des |du ))?(.*?) ?\(((?:[0-9]{2}|2[AB])[0-9]{3})\)", re.IGNORECASE
)
"""A commune with a code behind its name, which may be that of the post: « Ville de BREST (29019) »."""


def complete(files: Files, polls: Sequence[int]) -> None:
    """Fill in polls and communes where they can be known, of results as well that name communes without a code.

    A commune of which only the name is given gets its INSEE code if one commune of the official list, of the published
    results or of another sheet has that name; else its name stands for it, the same in all sheets. Where neither is
    given, it is the only commune of the PVs, lists and votes (of dumps, where these name none), or else of all that
    there is; a row of totals is of none.
    """
    files.sheets = {kind: with_whole_codes(sheet) for kind, sheet in files.sheets.items()}
    tables: dict[str | int, Sheet] = {}
    tables |= {kind: files.sheets[kind] for kind in _COUNTED if kind in files.sheets}
    if isinstance(files.other_round, Sheet):
        tables[_OTHER_ROUND] = with_whole_codes(files.other_round)
    tables = {key: with_polls(sheet, polls, files) for key, sheet in tables.items()}
    for number, each in enumerate(files.published):
        if each.level is Level.BUREAU and not filled(each.insee).all():
            tables[number] = with_whole_codes(sheet_of_results(each))
    if not all(sheet.texts.all_have_communes for sheet in tables.values()):
        _fill_in(tables, files)
    for key, sheet in tables.items():
        if isinstance(key, int):
            texts = sheet.texts
            files.published[key] = replace(files.published[key], insee=texts["insee"], commune=texts["commune"])
        elif key == _OTHER_ROUND:
            files.other_round = sheet
        else:
            files.sheets[key] = sheet


def _fill_in(tables: dict[str | int, Sheet], files: Files) -> None:
    """Give the rows of tables their communes; tables by name of the night's file, or by index of the results."""
    every = dict[str | int, Sheet]((*files.sheets.items(), *tables.items()))
    official = files.sheets.get(night.UNIVERSE.kind)
    published = list(map(sheet_of_results, files.published))
    results = set[str]().union(*map(_insee, published))
    codes = _codes([*every.values(), *published] if official is None else [official])
    names = _fullest_names(tables.values())
    if official is None:
        _join_the_only_two(codes, names, results.union(*map(_insee, every.values())) | _communes_of_dumps(files))
    for key, sheet in tables.items():
        if "commune" in sheet.texts and (sheet.texts["insee"] == "").any():
            tables[key] = _by_name(sheet, codes, names, official, files.problems)
    given = [sheet for key, sheet in tables.items() if isinstance(key, str)]
    own = set[str]().union(*map(_insee, given if official is None else [official, *given]))
    own = own - {""} or _communes_of_dumps(files)
    others = results.union(*map(_insee, tables.values()))
    own, others = ({place for place in places if place and not names_total(place)} for places in (own, others))
    places = own if len(own) == 1 else own | others
    named = {code: plain(name) for of_name in codes.values() for code, name in of_name.items()}
    bureaux: dict[str, _Bureaux] = {}
    for sheet in (each for each in (*tables.values(), *published) if "insee" in each.texts):
        for place, some in _bureaux(sheet, sheet.texts["insee"].tolist()).items():
            bureaux.setdefault(place, set()).update(some)
    communes = {place: named.get(place, plain(place)) for place in places}
    for key, sheet in tables.items():
        if len(sheet):
            tables[key] = _in_the_commune(sheet, communes, bureaux, files)


def with_whole_codes(sheet: Sheet) -> Sheet:
    """A sheet without what spreadsheets do to codes: the apostrophe that marks a text, the zero ahead of 01001."""
    for name in ("insee", "bureau"):
        cells = sheet.texts.get(name)
        if cells is None or not len(cells):
            continue
        marked = signs(cells)[:, 0] == ord("'")
        if marked.any() or (name == "insee" and (np.strings.str_len(cells) == _WITHOUT_ZERO).any()):
            codes = np.strings.lstrip(cells, "'")
            number = np.strings.isdigit(codes) & (np.strings.str_len(codes) == _WITHOUT_ZERO) & (name == "insee")
            sheet = sheet.with_texts(name, np.where(number, np.strings.zfill(codes, _WITHOUT_ZERO + 1), codes))
    return sheet


_WITHOUT_ZERO = 4
"""Digits of an INSEE code that became a number: 1001."""


def _communes_of_dumps(files: Files) -> set[str]:
    """INSEE codes in the exports and images of urns that are as they should be."""
    dumps = (table.sheet for table in tables_of_bureaux(files) if table.kind in DUMPS)
    return set[str]().union(*map(_insee, dumps))


_Bureaux = set[tuple[str, int]]
"""Codes of bureaux without the zeros ahead, each with 0, and with what was counted of its voters."""


def _bureaux(sheet: Sheet, places: Sequence[_Place]) -> dict[_Place, _Bureaux]:
    """The bureaux of a sheet by the place of each row."""
    found: dict[_Place, _Bureaux] = {}
    counts = [sheet.counts[name].tolist() for name in _VOTERS if name in sheet.counts]
    for place, code, *counted in zip(places, sheet.texts["bureau"].tolist(), *counts, strict=True):
        found.setdefault(place, set()).update((code.lstrip("0"), max(count, 0)) for count in (0, *counted))
    return found


def _has(place: _Bureaux, own: _Bureaux) -> bool:
    """Test whether a commune has some bureaux, and their figures are not those of other ones."""
    ours, theirs = (frozenset(each for each in bureaux if each[1]) for bureaux in (own, place))
    codes = {(code, 0) for code, _ in own if code and not names_total(code)}
    return codes <= place and not are_apart(ours, theirs, _FEW)


def _in_the_commune(sheet: Sheet, places: Mapping[str, str], bureaux: Mapping[str, _Bureaux], files: Files) -> Sheet:
    """A sheet with a commune in each of its pieces that names none.

    The only one that there is; else the only one that its sheet, or its file, is named after, or that has all of its
    bureaux and not other figures of them.

    Args:
        sheet: the sheet.
        places: the name of each commune in its plain form, by its code.
        bureaux: of each commune.
        files: whose problems and notes are added to.
    """
    insee, piece_of = sheet.texts["insee"].tolist(), sheet.piece_of.tolist()
    named = {piece for piece, code in zip(piece_of, insee, strict=True) if code}
    if len(named) == len({*piece_of}):
        return sheet
    found: dict[int, str] = {}
    for at, own in _bureaux(sheet, piece_of).items():
        if at in named:
            continue
        piece = sheet.pieces[at]
        texts = (piece.sheet, piece.file)
        by_name = ({place for place, name in places.items() if stands_in(name, text)} for text in texts)
        for ways in (places, *by_name, {place for place in places if _has(bureaux.get(place, set()), own)}):
            if len(ways) == 1:
                [found[at]] = ways
                break
        if at in found:
            files.note(piece.file, msg("commune by the other evidence: {commune}", commune=found[at]))
        elif places:
            expected = msg("a column « Code INSEE » or « Commune »")
            got = msg("none, and {places} communes", places=len(places))
            files.problems.append(InputError(piece.name, None, "insee", expected, got))
    if not found:
        return sheet
    filled_in = [code or found.get(piece, "") for code, piece in zip(insee, piece_of, strict=True)]
    return sheet.with_texts("insee", np.array(filled_in, np.str_))


def _insee(sheet: Sheet) -> set[str]:
    return sheet.texts.different("insee") if "insee" in sheet.texts else set()


def _codes(sheets: Iterable[Sheet]) -> dict[str, dict[str, str]]:
    """INSEE codes of the communes of each name, with the name as it is written there.

    A code that stands behind a name only, « BREST (29019) », counts where the name has no other.
    """
    codes: dict[str, dict[str, str]] = {}
    behind: dict[str, dict[str, str]] = {}
    for texts in (sheet.texts for sheet in sheets if "commune" in sheet.texts):
        communes = texts["commune"].tolist()
        for name in dict.fromkeys(communes):
            if both := _WITH_CODE.fullmatch(name):
                behind.setdefault(plain(both[1]), {})[both[2]] = both[1]
        insee = texts["insee"].tolist() if "insee" in texts else ()
        for code, name in dict.fromkeys(zip(insee, communes, strict=False)):
            if code and name:
                codes.setdefault(plain(name), {})[code] = name
    return behind | codes


def _by_name(
    sheet: Sheet,
    codes: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
    official: Sheet | None,
    problems: list[InputError],
) -> Sheet:
    """A sheet with a code, or the name in its place, in each row that has a name; ``names`` is for all sheets."""
    departments = sheet.texts.get("departement", np.full(len(sheet), "")).tolist()
    found: dict[tuple[str, str, str], str] = {}
    homes = [_WITH_CODE.fullmatch(town_of_file(piece.file)) for piece in sheet.pieces]
    known = {code for of_name in codes.values() for code in of_name} | {home[2] for home in homes if home}
    insee, communes = sheet.texts["insee"].tolist(), sheet.texts["commune"].tolist()
    for index, (name, department) in enumerate(zip(communes, departments, strict=True)):
        if insee[index] or not name:
            continue
        stated = ""
        if both := _WITH_CODE.fullmatch(name):
            name, stated = both.groups()
            communes[index] = name
        elif (home := homes[sheet.piece_of[index]]) and plain(home[1]) == plain(name):
            stated = home[2]
        if (place := (name, department, stated)) not in found:
            fitting = [code for code in codes.get(plain(name), ()) if code.startswith(department)]
            if stated and (stated in known or not fitting):
                found[place] = stated
            elif len(fitting) == 1:
                found[place] = fitting[0]
            else:
                found[place] = names.get(plain(name), name)
                if (official is not None or len(fitting) > 1) and not names_total(name):
                    said: Text = ", ".join(fitting[:5]) if fitting else cited(name)
                    near = "" if fitting or len(found) > _COMPARED else _nearest(name, codes)
                    if near:
                        said = msg("{word}; the nearest is {near}", word=said, near=cited(near))
                    source = "the evidence" if official is None else official.file
                    expected = msg("the name of one commune of {source}", source=source)
                    problems.append(InputError(sheet.shown(index), int(sheet.row[index]), "commune", expected, said))
        insee[index] = found[place]
    return sheet.with_texts("commune", np.array(communes, np.str_)).with_texts("insee", np.array(insee, np.str_))


def _fullest_names(sheets: Iterable[Sheet]) -> dict[str, str]:
    """By its plain form, how each commune is written that is named without a code, at the fullest."""
    found: dict[str, str] = {}
    for sheet in sheets:
        if "commune" in sheet.texts:
            for name in dict.fromkeys(sheet.texts["commune"][sheet.texts["insee"] == ""].tolist()):
                found[plain(name)] = fuller(found.get(plain(name), name), name)
    return found


def fuller(one: str, other: str) -> str:
    """Choose the way to write a name that says more: with accents, not in capitals; else the first."""
    return max(one, other, key=lambda name: (len(name) - len(_ACCENTED.sub("", name)), name != name.upper()))


def _join_the_only_two(codes: dict[str, dict[str, str]], names: Mapping[str, str], coded: set[str]) -> None:
    """Give the only commune that has no code the only code that has no name, as of dumps."""
    named = {code for of_name in codes.values() for code in of_name}
    unnamed = {code for code in coded - named if code and not names_total(code)}
    strange = [name for name in names.keys() - codes.keys() if not names_total(names[name])]
    if len(unnamed) == len(strange) == 1 and not _WITH_CODE.fullmatch(names[strange[0]]):
        codes[strange[0]] = {unnamed.pop(): names[strange[0]]}


def communes_of(sheets: Sequence[Sheet]) -> list[list[str]]:
    """For each sheet the commune of each row: its code, if any sheet says it, else its plain name, else nothing."""
    codes = _codes(sheets)

    @cache
    def commune(code: str, name: str) -> str:
        both = _WITH_CODE.fullmatch(name)
        name, code = (both[1], code or both[2]) if both else (name, code)
        known = codes.get(plain(name), {})
        return code or (next(iter(known)) if len(known) == 1 else plain(name))

    columns = [
        [sheet.texts.get(of, np.full(len(sheet), "")).tolist() for of in ("insee", "commune")] for sheet in sheets
    ]
    return [list(map(commune, *each)) for each in columns]


def _nearest(name: str, codes: Mapping[str, Mapping[str, str]]) -> str:
    import difflib

    close = difflib.get_close_matches(plain(name), list(codes), 1, 0.7)
    return next(iter(codes[close[0]].values())) if close else ""


def plain(name: str) -> str:
    """A commune's name in small letters without accents and punctuation, Saint and Sainte in full."""
    words = [_SAINT.get(word, word) for word in re.findall(r"[a-z0-9]+", without_accents(name[:100]))]
    return _TOWN.sub("", " ".join(words))


def stands_in(name: str, text: str) -> bool:
    """Test whether a text has a plain name that is no part of another: « Bois-Colombes » is not Colombes."""
    for joined in _JOINED.findall(text):
        words = plain(joined), plain(" ".join(filter(is_of_town, joined.split("-"))))
        text = text if name in words else text.replace(joined, "")
    return f" {name} " in f" {plain(text)} "


_JOINED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
