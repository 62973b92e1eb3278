"""Evidence that was read, before it is lined up, completed by what is plain: its polls, constituencies and communes.

Nothing is guessed: with two polls a row, its sheet or its file must say which, and a name that two communes have stands
for neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.election import Election
from protocol.errors import InputError
from protocol.words import Text, cited, msg, without_accents
from verify.model import machine_evidence
from verify.model.bureau_codes import TextColumns
from verify.model.evidence import Sources
from verify.model.failures import Failure
from verify.model.figures import Texts, filled
from verify.model.published import Level, Published
from verify.model.table_faults import WrongShare
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe, find_units
from verify.model.use import Input, archive_of
from verify.read.sheet import Sheet, texts_of
from verify.read.totals import names_total

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading
    from verify.model.follow_ups import FollowUp


@dataclass(slots=True)
class Files:
    """Evidence that was read, before it is lined up. ``name`` gives the name under which a path is shown.

    ``sources`` is what the user gave and asked for.
    ``way_up`` has the tables of the way up by their names in the folder of a night.
    """

    name: Callable[[Path], str]
    sources: Sources = field(default_factory=Sources)
    problems: list[InputError] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    election: Election | None = None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    reading: ExportReading | None = None
    urns: UrnReading | None = None
    manifest: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default_factory=Thresholds)
    shares: list[WrongShare] = field(default_factory=list)
    other_round: Published | Sheet | None = None
    other_choices: Sheet | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    dumps: tuple[DumpReading, ...] = ()
    way_up: dict[str, Sheet] = field(default_factory=dict)

    def note(self, file: str, said: Text) -> None:
        """Add to what is said of a file as it was read."""
        self.inputs[:] = [each.with_note(said) if each.path == archive_of(file) else each for each in self.inputs]


def polls_of(files: Files) -> tuple[int, ...]:
    """The numbers of the day's polls: as the election has them, else as the evidence names them."""
    if files.election is not None:
        return tuple(poll.number for poll in files.election.polls)
    found: set[int] = set()
    for sheet in files.sheets.values():
        if "scrutin" in sheet.texts:
            found |= {int(poll) for poll in sheet.coded("scrutin").labels if night.is_poll(poll)}
            found |= numbers_of_titles(sheet)
    if files.reading is not None:
        found |= set(np.unique(files.reading.columns["poll"][files.reading.verdict == 0]).tolist())
    if files.urns is not None:
        images = files.urns.urns.columns
        found |= set((np.flatnonzero((images["choices"][images["verdict"] == 0] > 0).any(axis=0)) + 1).tolist())
    return tuple(sorted(found)) or (1,)


def divide_list(files: Files, universe: Universe, polls: tuple[int, ...]) -> Universe:
    """A list of bureaux that stands in for the official one, with the constituencies that other evidence names."""
    if universe.official or not len(universe) or universe.constituencies or filled(universe.constituency).all():
        return universe
    areas: dict[int, dict[int, str]] = {number: {} for number in polls}
    sources: list[str] = []

    def name(source: str, number: int, insee: Texts, bureau: Texts, cells: Texts) -> None:
        unit = find_units(universe, insee, bureau)
        known = np.flatnonzero((unit >= 0) & (cells != ""))
        areas[number].update(zip(unit[known].tolist(), cells[known].tolist(), strict=True))
        sources.extend([source] if len(known) else [])

    for number in polls:  # the machines' own come last, and stay
        for published in files.published:
            if published.level is Level.BUREAU:
                name(published.file, number, published.insee, published.bureau, published.constituency)
        if files.urns is not None:
            images = files.urns.urns.columns
            images = images[images["verdict"] == 0]
            place = (machine_evidence.text(images["insee"]), machine_evidence.text(images["bureau"]))
            name(night.URNS, number, *place, machine_evidence.text(images["constituency"][:, number - 1]))
        if files.reading is not None:
            whole = files.reading.columns[(files.reading.verdict == 0) & (files.reading.columns["poll"] == number)]
            place = (machine_evidence.text(whole["insee"]), machine_evidence.text(whole["bureau"]))
            name(night.EXPORTS, number, *place, machine_evidence.text(whole["constituency"]))
    if not sources:
        return universe
    columns = {
        number: np.array([found.get(unit, own) for unit, own in enumerate(universe.constituency.tolist())], np.str_)
        for number, found in areas.items()
    }
    return replace(universe, constituencies=columns, constituencies_from=", ".join(dict.fromkeys(sources)))


_NUMBERED = re.compile(r"(?<![a-z])(?:scrutin|poll)[ _-]*(?:n[o°]?[ ._-]*)?([1-5])(?![0-9])")
_WORD = re.compile(r"[a-z]{3,}")


def with_named_polls(sheet: Sheet, polls: Sequence[int], election: Election | None) -> Sheet:
    """A sheet with the number of a poll in each row that names it otherwise, or whose sheet or file does.

    Args:
        sheet: what an auditor gave.
        polls: numbers of the day's polls, several.
        election: what is said of the day, with the names of its polls.
    """
    words = _words_of_polls(election)
    cells = sheet.texts["scrutin"]
    by_text = {text: _poll_of(text, polls, words) for text in np.unique(cells).tolist()}
    of_piece = [_of_title(piece.sheet, piece.file, polls, words) for piece in sheet.pieces]
    given = np.array([text if night.is_poll(text) else by_text[text] for text in cells.tolist()], np.str_)
    titled = np.array(of_piece, np.str_)[sheet.piece_of]
    named = np.where(cells == "", titled, np.where(given == "", cells, given))
    return sheet if (named == cells).all() else sheet.with_texts("scrutin", named)


def numbers_of_titles(sheet: Sheet) -> set[int]:
    """The numbers of polls in the titles of a workbook's sheets, as « Scrutin 2 », where these name several."""
    titles = [_NUMBERED.search(without_accents(piece.sheet[:200])) for piece in sheet.pieces]
    found = {int(title[1]) for title in titles if title is not None}
    return found if len(found) > 1 else set()


def poll_of_file(file: str, election: Election | None) -> str:
    """The number of the poll that the name of a file says, else that of a folder in its path; empty for none."""
    polls = range(1, 6) if election is None else [poll.number for poll in election.polls]
    return _of_file(file, polls, _words_of_polls(election)) if len(polls) > 1 else ""


def _words_of_polls(election: Election | None) -> Mapping[int, frozenset[str]]:
    """By poll the words of its name and type that no other poll of the day has."""
    polls = () if election is None else election.polls
    words = {poll.number: _words(f"{poll.name} {poll.type}") for poll in polls}
    every = [word for of_poll in words.values() for word in of_poll]
    return {number: frozenset(word for word in of_poll if every.count(word) == 1) for number, of_poll in words.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(without_accents(text[:200])))


def _of_title(sheet: str, file: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The poll that the title of a sheet names, else the name of its file or of a folder."""
    return _poll_of(sheet, polls, words) or _of_file(file, polls, words)


def _of_file(file: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The poll that the name of a file says, else a folder that it is in within the night's, the nearest one first."""
    *folders, name = re.split(r"[/\\]", file)
    within = folders if folders and folders[0] and ":" not in folders[0] else []
    said = (_poll_of(text, polls, words) for text in (name.rpartition(".")[0], *reversed(within)))
    return next(filter(None, said), "")


def _poll_of(text: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The number of the only poll that a text names, empty for none: by its number, or by the beginning of a word."""
    if (found := _NUMBERED.search(without_accents(text[:200]))) is not None:
        return found[1] if int(found[1]) in polls else ""
    said = _words(text)
    meant = [poll for poll, own in words.items() if any(each.startswith(word) for word in said for each in own)]
    return str(meant[0]) if len(meant) == 1 else ""


_OTHER_ROUND = "other round"
"""In place of a file's name, for the PVs of the other round."""
_PUBLISHED = "published "
"""Before the number of published results that stand by their names of communes, in place of a file's name."""
_COUNTED = (night.RECORDS.kind, night.SIGNATURES.kind, night.VOTES.kind, _OTHER_ROUND)
_COMPARED = 50
"""Names of communes of a file that are compared with all that are known, to say which one was meant."""
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
    named = {
        f"{_PUBLISHED}{number}": Sheet(each.file, each.row, TextColumns(texts_of(each)), {}, TextColumns({}), ())
        for number, each in enumerate(files.published)
        if each.level is Level.BUREAU and not filled(each.insee).all()
    }
    other = {_OTHER_ROUND: files.other_round} if isinstance(files.other_round, Sheet) else {}
    done = _complete_sheets({**files.sheets, **other, **named}, files, polls)
    for name in named:
        number, texts = int(name.removeprefix(_PUBLISHED)), done.pop(name).texts
        files.published[number] = replace(files.published[number], insee=texts["insee"], commune=texts["commune"])
    files.other_round = done.pop(_OTHER_ROUND, files.other_round)
    files.sheets = done


def _complete_sheets(given: Mapping[str, Sheet], files: Files, polls: Sequence[int]) -> dict[str, Sheet]:
    sheets = {file: with_whole_codes(sheet) for file, sheet in given.items()}
    published, problems = files.published, files.problems
    counted = (*_COUNTED, *(file for file in sheets if file.startswith(_PUBLISHED)))
    done = {
        file: _with_poll(sheet, polls, files.election) if file in counted else sheet for file, sheet in sheets.items()
    }
    if all(done[file].texts.all_have_communes for file in counted if file in done):
        return done
    official = sheets.get(night.UNIVERSE.kind)
    codes = _codes([official] if official is not None else list(sheets.values()), published if not official else ())
    names = _fullest_names([done[file] for file in counted if file in done])
    if official is None:
        _join_the_only_two(codes, names, given, files)
    for file in counted:
        sheet = done.get(file)
        if sheet is not None and "commune" in sheet.texts and (sheet.texts["insee"] == "").any():
            done[file] = _by_name(sheet, codes, names, official, problems)
    own = {str(code) for file in (night.UNIVERSE.kind, *_COUNTED) if file in done for code in _insee(done[file])}
    own = own - {""} or _communes_of_dumps(files)
    others = {str(code) for each in published for code in np.unique(each.insee)}
    others |= {str(code) for file in counted if file in done for code in _insee(done[file])}
    own, others = ({place for place in places if place and not names_total(place)} for places in (own, others))
    places = own if len(own) == 1 else own | others
    for file in counted:
        if file in done and len(done[file]):
            done[file] = _in_the_only_commune(done[file], places, files)
    return done


def with_whole_codes(sheet: Sheet) -> Sheet:
    """A sheet without what spreadsheets do to codes: the apostrophe that marks a text, the zero ahead of 01001."""
    for name in ("insee", "bureau"):
        cells = sheet.texts.get(name)
        if cells is None or not len(cells):
            continue
        marked = np.strings.startswith(cells, "'")
        short = (np.strings.str_len(cells) == _WITHOUT_ZERO) & (name == "insee")
        if (marked | short).any():
            codes = np.strings.lstrip(cells, "'")
            number = np.strings.isdigit(codes) & (np.strings.str_len(codes) == _WITHOUT_ZERO) & (name == "insee")
            sheet = sheet.with_texts(name, np.where(number, np.strings.zfill(codes, _WITHOUT_ZERO + 1), codes))
    return sheet


_WITHOUT_ZERO = 4
"""Digits of an INSEE code that became a number: 1001."""


def _communes_of_dumps(files: Files) -> set[str]:
    """INSEE codes in the exports and images of urns that are as they should be."""
    found: set[str] = set()
    if files.reading is not None:
        found |= {
            code.decode("ascii") for code in np.unique(files.reading.columns["insee"][files.reading.verdict == 0])
        }
    if files.urns is not None:
        images = files.urns.urns.columns
        found |= {code.decode("ascii") for code in np.unique(images["insee"][images["verdict"] == 0])}
    return found


def _in_the_only_commune(sheet: Sheet, places: Collection[str], files: Files) -> Sheet:
    """A sheet with the only commune that there is in each of its pieces that names none."""
    insee, piece_of = sheet.texts["insee"], sheet.piece_of
    named = np.zeros(len(sheet.pieces), np.bool_)
    named[piece_of[insee != ""]] = True
    silent = np.setdiff1d(np.unique(piece_of), np.flatnonzero(named))
    if not len(silent):
        return sheet
    if len(places) == 1:
        [only] = places
        for piece in silent.tolist():
            files.note(sheet.pieces[piece].file, msg("commune by the other evidence: {commune}", commune=only))
        return sheet.with_texts("insee", np.where(named[piece_of], insee, only))
    for piece in silent.tolist() if places else ():
        expected = msg("a column « Code INSEE » or « Commune »")
        got = msg("none, and {places} communes", places=len(places))
        files.problems.append(InputError(sheet.pieces[piece].name, None, "insee", expected, got))
    return sheet


def with_bureaux(shares: Sequence[WrongShare], universe: Universe) -> list[WrongShare]:
    """Percentages with the codes of their bureaux as the list has them, where it has these."""
    if not shares:
        return []
    named = {plain(name): code for name, code in zip(universe.commune.tolist(), universe.insee.tolist(), strict=True)}
    only = str(universe.insee[0]) if len(set(universe.insee.tolist())) == 1 else ""
    insee = np.array([named.get(plain(share.insee), share.insee or only) for share in shares], np.str_)
    bureau = np.array([share.bureau for share in shares], np.str_)
    unit = find_units(universe, insee, bureau)
    found = []
    for share, at, code in zip(shares, unit.tolist(), insee.tolist(), strict=True):
        place = (str(universe.insee[at]), str(universe.bureau[at])) if at >= 0 else (code, share.bureau)
        found.append(replace(share, insee=place[0], bureau=place[1]))
    return found


def _insee(sheet: Sheet) -> list[str]:
    return np.unique(sheet.texts["insee"]).tolist() if "insee" in sheet.texts else []


def _with(sheet: Sheet, column: str, cells: list[str]) -> Sheet:
    return sheet.with_texts(column, np.array(cells, np.str_))


def _with_poll(sheet: Sheet, polls: Sequence[int], election: Election | None) -> Sheet:
    """A sheet with the only poll of the day in each of its pieces that names none, or one by its name only."""
    scrutin = sheet.coded("scrutin")
    if all(map(night.is_poll, scrutin.labels)):
        return sheet
    if len(polls) > 1:
        return with_named_polls(sheet, polls, election)
    numbers = np.array([night.is_poll(label) for label in scrutin.labels], np.bool_)
    least, most = np.full(len(sheet.pieces), len(scrutin.labels)), np.full(len(sheet.pieces), -1)
    np.minimum.at(least, sheet.piece_of, scrutin.codes)
    np.maximum.at(most, sheet.piece_of, scrutin.codes)
    several = (least != most)[sheet.piece_of]  # else there is nothing, or the name of the election in every row
    if several.any():
        sheet = with_named_polls(sheet, polls, election)
        numbers = np.array([night.is_poll(text) for text in sheet.coded("scrutin").labels], np.bool_)
        scrutin = sheet.coded("scrutin")
    return sheet.with_texts(
        "scrutin", np.where(several | numbers[scrutin.codes], sheet.texts["scrutin"], str(polls[0]))
    )


def _codes(sheets: Sequence[Sheet], published: Sequence[Published]) -> dict[str, dict[str, str]]:
    """INSEE codes of the communes of each name, with the name as it is written there.

    A code that stands behind a name only, « BREST (29019) », counts where the name has no other.
    """
    codes: dict[str, dict[str, str]] = {}
    behind: dict[str, dict[str, str]] = {}
    for each in sheets:
        for cell in dict.fromkeys(each.texts["commune"].tolist()) if "commune" in each.texts else ():
            if both := _WITH_CODE.fullmatch(cell):
                behind.setdefault(plain(both[1]), {})[both[2]] = both[1]
    columns = [(s.texts["insee"], s.texts["commune"]) for s in sheets if {"insee", "commune"} <= s.texts.keys()]
    for insee, commune in [*columns, *((each.insee, each.commune) for each in published)]:
        for code, name in dict.fromkeys(zip(insee.tolist(), commune.tolist(), strict=True)):
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
    found: dict[tuple[str, str], str] = {}
    known = {code for of_name in codes.values() for code in of_name}
    insee, communes = sheet.texts["insee"].tolist(), sheet.texts["commune"].tolist()
    for index, (name, department) in enumerate(zip(communes, departments, strict=True)):
        if insee[index] or not name:
            continue
        stated = ""
        if both := _WITH_CODE.fullmatch(name):
            name, stated = both.groups()
            communes[index] = name
        if (name, department) not in found:
            fitting = [code for code in codes.get(plain(name), ()) if code.startswith(department)]
            if stated and (stated in known or not fitting):
                found[name, department] = stated
            elif len(fitting) == 1:
                found[name, department] = fitting[0]
            else:
                found[name, department] = names.get(plain(name), name)
                if (official is not None or len(fitting) > 1) and not names_total(name):
                    said: Text = ", ".join(fitting[:5]) if fitting else cited(name)
                    near = "" if fitting or len(found) > _COMPARED else _nearest(name, codes)
                    if near:
                        said = msg("{word}; the nearest is {near}", word=said, near=cited(near))
                    source = "the evidence" if official is None else official.file
                    expected = msg("the name of one commune of {source}", source=source)
                    problems.append(InputError(sheet.shown(index), int(sheet.row[index]), "commune", expected, said))
        insee[index] = found[name, department]
    return _with(_with(sheet, "commune", communes), "insee", insee)


def _fullest_names(sheets: Sequence[Sheet]) -> dict[str, str]:
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


def _join_the_only_two(
    codes: dict[str, dict[str, str]], names: Mapping[str, str], sheets: Mapping[str, Sheet], files: Files
) -> None:
    """Give the only commune that has no code the only code that has no name, as of dumps."""
    coded = {code for sheet in sheets.values() for code in _insee(sheet)}
    coded |= {str(code) for each in files.published for code in np.unique(each.insee)} | _communes_of_dumps(files)
    named = {code for of_name in codes.values() for code in of_name}
    unnamed = {code for code in coded - named if code and not names_total(code)}
    strange = [name for name in names.keys() - codes.keys() if not names_total(names[name])]
    if len(unnamed) == len(strange) == 1 and not _WITH_CODE.fullmatch(names[strange[0]]):
        codes[strange[0]] = {unnamed.pop(): names[strange[0]]}


def communes_of(sheets: Sequence[Sheet]) -> list[list[str]]:
    """For each sheet the commune of each row: its code, if any sheet says it, else its plain name, else nothing."""
    pairs = [
        list(
            zip(
                *(sheet.texts.get(name, np.full(len(sheet), "")).tolist() for name in ("insee", "commune")), strict=True
            )
        )
        for sheet in sheets
    ]
    if all(code for each in pairs for code, _ in each):
        return [[code for code, _ in each] for each in pairs]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for code, name in dict.fromkeys(pair for each in pairs for pair in each):
        both = _WITH_CODE.fullmatch(name)
        found[code, name] = (code or (both[2] if both else ""), plain(both[1] if both else name))
    codes: dict[str, set[str]] = {}
    for code, name in found.values():
        if code and name:
            codes.setdefault(name, set()).add(code)
    only = {name: next(iter(several)) for name, several in codes.items() if len(several) == 1}
    return [[(of := found[pair])[0] or only.get(of[1], of[1]) for pair in each] for each in pairs]


def _nearest(name: str, codes: Mapping[str, Mapping[str, str]]) -> str:
    import difflib

    close = difflib.get_close_matches(plain(name), list(codes), 1, 0.7)
    return next(iter(codes[close[0]].values())) if close else ""


def plain(name: str) -> str:
    """A commune's name in small letters without accents and punctuation, Saint and Sainte in full."""
    words = [_SAINT.get(word, word) for word in re.findall(r"[a-z0-9]+", without_accents(name[:100]))]
    return _TOWN.sub("", " ".join(words))
