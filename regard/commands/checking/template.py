"""`regard template`: empty tables to fill in, for sign-in counts, PVs and votes, in the order of the official PV."""

from __future__ import annotations

import argparse
import itertools
import shlex
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol import night
from protocol.errors import InputError
from protocol.files import csv_lines, write_new
from protocol.opening import open_evidence
from protocol.output_refusals import check_name, check_new, make_folder, space_formula
from protocol.own_files import GUIDE
from protocol.words import Message, msg
from regard.language import show
from regard.printing import print_text
from regard.terminal import clean
from verify.forecasts.reading import TEMPLATE
from verify.model.figures import Texts
from verify.read.sheet import parse_sheet, read_sheet
from verify.read.tables import reading

PLACE = ("Code INSEE", "Commune", "Bureau")
SIGNATURES = ("Inscrits", "Émargements")
HOURS = ("Heure d'ouverture", "Heure de clôture")
COUNTS = (
    "Inscrits", "Procurations", "Émargements", "Bulletins trouvés dans l'urne", "Blancs", "Nuls", "Suffrages exprimés",
)  # fmt: skip
VOTES = ("Choix", "Voix")
REMARKS = ("Observations", "Page")
POLL = "Scrutin"
FORECASTS = "previsions.csv"
TOWN = "bureaux.csv"
PLANNED = ("Inscrits", "Machines", "Tables", "Ouverture", "Fermeture")


@dataclass(frozen=True, slots=True)
class ListedBureau:
    """A bureau of the list: INSEE code, name of its commune, circonscription, code, and circonscriptions by poll."""

    insee: str
    commune: str
    constituency: str
    code: str
    constituencies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListedChoice:
    """A choice of the préfecture's list: poll, circonscription (empty for all) and name."""

    poll: str
    constituency: str
    name: str


def run(args: argparse.Namespace) -> int:
    """Write the tables and the text that explains them. Returns 0.

    Raises:
        InputError: a list cannot be read.
        OutputRefused: a file is there already, or cannot be written; none was.
        OSError: the disk is full; nothing was written.
    """
    bureaux = read_bureaux(args.univers) if args.univers and not args.forecast else []
    choices = read_choices(args.choix) if args.choix else []
    readme = show(args.lang, msg("README.txt"))
    if args.forecast:
        contents = {FORECASTS: forecast_table(choices), readme: forecast_explanation(args.lang)}
        named = show(args.lang, msg("FILE"))
        then = f"regard forecast {shlex.quote(str(args.folder / FORECASTS))} --results {named}"
    elif args.plan:
        contents = {TOWN: town_list(bureaux), readme: town_explanation(args.lang)}
        then = f"regard plan {shlex.quote(str(args.folder / TOWN))}"
    else:
        contents = tables(bureaux, choices, wide=args.wide)
        contents[readme] = explanation(args.lang, wide=args.wide)
        then = f"regard verify {shlex.quote(str(args.folder))}"
    make_folder(args.folder)
    write_new({args.folder / name: data for name, data in contents.items()}, check_new)
    for name in contents:
        print(clean(str(args.folder / name)))
    count = show(args.lang, msg("{bureaux} bureaux filled in. ", bureaux=len(bureaux))) if bureaux else ""
    after = show(args.lang, msg("Fill in, then:"))
    print_text(clean(f"{count}{after} {then}"))
    return 0


def tables(bureaux: Sequence[ListedBureau], choices: Sequence[ListedChoice], *, wide: bool) -> dict[str, bytes]:
    """The tables by file name: semicolons, UTF-8 with its mark, as a French spreadsheet opens them."""
    polls = list(dict.fromkeys(choice.poll for choice in choices)) or [""]
    poll = (POLL,) if len(polls) > 1 else ()
    rows = [[*_place(bureau), *([number] if poll else [])] for bureau in bureaux for number in polls]
    columns = tuple(dict.fromkeys(choice.name for choice in choices)) if wide else ()
    found = {
        "emargements.csv": _csv((*PLACE, *poll, *SIGNATURES, "Page"), rows),
        "pv.csv": _csv((*PLACE, *poll, *HOURS, *COUNTS, *columns, *REMARKS), rows),
    }
    if not wide:
        votes = [
            [*_place(bureau), *([number] if poll else []), choice.name]
            for bureau in bureaux
            for number in polls
            for choice in _contest(choices, number, bureau)
        ]
        found["voix.csv"] = _csv((*PLACE, *poll, *VOTES, "Page"), votes)
    return found


def _place(bureau: ListedBureau) -> list[str]:
    return [bureau.insee, bureau.commune, bureau.code]


def _contest(choices: Sequence[ListedChoice], poll: str, bureau: ListedBureau) -> list[ListedChoice]:
    area = dict(bureau.constituencies).get(poll, bureau.constituency)
    own = [choice for choice in choices if choice.poll == poll and choice.constituency == area]
    return own or [choice for choice in choices if choice.poll == poll and not choice.constituency]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    table = [header, *([*row, *[""] * (len(header) - len(row))] for row in rows)]
    for name in {cell for row in table for cell in row}:
        check_name(name)
    return BOM_UTF8 + csv_lines(([*map(space_formula, row)] for row in table), ";", "\r\n")


def read_bureaux(path: Path) -> list[ListedBureau]:
    """The bureaux of an official list, a table of bureaux in any form, or published results, each once, in order.

    Raises:
        InputError: it is none of them.
    """
    file = open_evidence(path)
    further: dict[str, list[str]] = {}
    try:
        sheet = parse_sheet(file, night.UNIVERSE)
    except InputError:
        texts: Mapping[str, Texts] = reading.bureaux(file)
    else:
        texts = sheet.texts
        prefix = "circonscription_"
        named = [name for name in sheet.extra if name.startswith(prefix)]
        further = {name.removeprefix(prefix): sheet.extra[name].tolist() for name in named}
    names = ("insee", "commune", "circonscription", "bureau")
    columns = [texts[name].tolist() if name in texts else [""] * len(texts["bureau"]) for name in names]
    by_poll = zip(*further.values(), strict=True) if further else itertools.repeat(())
    bureaux = (
        ListedBureau(insee, commune, area, code, tuple(zip(further, areas, strict=True)))
        for (insee, commune, area, code), areas in zip(zip(*columns, strict=True), by_poll, strict=False)
    )
    return list(dict.fromkeys(bureaux))


def read_choices(path: Path) -> list[ListedChoice]:
    """The choices of a préfecture's list, in panel order.

    Raises:
        InputError: it cannot be read.
    """
    sheet = read_sheet(path, night.CHOICES)
    rows = zip(*(sheet.texts[name].tolist() for name in ("scrutin", "circonscription", "choix")), strict=True)
    numbered = sorted(zip(sheet.counts["panneau"].tolist(), range(len(sheet)), rows, strict=True))
    return [ListedChoice(*row) for _, _, row in numbered if row[2]]


def _readme(language: str, text: Message) -> bytes:
    return show(language, text).replace("\n", "\r\n").encode("utf-8-sig")


def forecast_table(choices: Sequence[ListedChoice]) -> bytes:
    """An empty table of forecasts, with a row for each choice of a list where there is one."""
    names = dict.fromkeys(choice.name for choice in choices)
    at = TEMPLATE.index("Candidat")
    return _csv(TEMPLATE, [[*[""] * at, name] for name in names])


def forecast_explanation(language: str) -> bytes:
    """The text that goes with the table of forecasts."""
    text = msg(
        """FORECASTS AND POLLS, TO BE COMPARED WITH A RESULT {mark}

previsions.csv   one row for each source, day and candidate

- "Institut": who says so. "Référence": where that can be read. "Part": the share in points of a hundred, 24.8.
- "Publié le", "Fin du terrain": 2022-04-08. Leave both empty where no source dated before the vote can be named: such
  figures are measured, listed apart and never ranked.
- "Hypothèse": where a poll asked about several lists of candidates, the name of each; empty for the only one.
- Candidates are matched by their names, in any order; an empty cell means "not said".

Then: regard forecast previsions.csv --results RESULTS. Formulas: `regard help forecasts`.
""",
        mark=GUIDE,
    )
    return _readme(language, text)


def town_list(bureaux: Sequence[ListedBureau]) -> bytes:
    """An empty list of a town's bureaux, with those of another list where there is one."""
    return _csv((*PLACE, *PLANNED), [_place(bureau) for bureau in bureaux])


def town_explanation(language: str) -> bytes:
    """The text that goes with the list of a town's bureaux."""
    text = msg(
        """THE TOWN'S BUREAUX, TO PLAN THE DAY OF A POLL {mark}

bureaux.csv   one row for each bureau that votes on machines

- "Inscrits": registered voters. "Machines": voting machines. "Tables": places at which identity is checked before the
  vote. "Ouverture", "Fermeture": whole hours, 8h and 19h.
- A cell that is left empty is assumed (one machine, one table, 8h to 19h), and the plan says so. "Inscrits" is needed.
- A bureau without a machine (0) is left out, and named.
- Codes of bureaux are text: 0012 is not 12. Spreadsheets take leading zeros away; set the column's format to Text.
- Save as CSV or as xlsx. Further columns, headers written otherwise, a row of totals: the plan says what was not used.

Then: regard plan bureaux.csv --report plan.html. The guide: `regard help office`.
""",
        mark=GUIDE,
    )
    return _readme(language, text)


def explanation(language: str, *, wide: bool) -> bytes:
    """The text that goes with the tables."""
    if wide:
        votes = msg('                  and one column a choice (candidate, pair or list) after "Suffrages exprimés"')
    else:
        votes = msg("voix.csv          the votes, one row a choice (candidate, pair or list)")
    text = msg(
        """TO BE FILLED IN FROM THE RECORDS (PV) AND THE SIGN-IN LISTS {mark}

emargements.csv   the number of signatures counted on the lists, if somebody counted them
pv.csv            one row a bureau, in the order of the official record (procès-verbal, PV)
{votes}

Fill in what there is, leave the rest empty. Then: regard verify FOLDER

- An empty cell means "not noted". For zero, write 0.
- "Émargements" (signatures) and "Bulletins trouvés dans l'urne" (ballots found) are two different counts: copy each
  from where it is written, never derive one from the other. On a machine the second is the total of the counter.
- "Observations": copy what the PV says of a gap. If it says nothing, write "néant"; where the column is used, an
  empty cell says the same. A column that is empty throughout means that remarks were not noted.
- "Inscrits" (registered): the number in the PV, not that of another list.
- "Code INSEE" or "Commune": one of them is enough. "Page": the page of the scan; it is named with every finding.
- Codes of bureaux are text: 0012 is not 12. Spreadsheets take leading zeros away; set the column's format to Text
  before typing. Otherwise regard names the nearest bureau.
- Save as CSV or as xlsx. Further columns, headers written otherwise, a total row: regard copes and says what it read.
  The whole guide: `regard help evidence`.

A gap says that two counts differ, not why.
""",
        votes=votes,
        mark=GUIDE,
    )
    return _readme(language, text)
