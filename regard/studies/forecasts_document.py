"""``python -m regard.studies.forecasts_document DATA``: how forecasts are measured, and polls of 2022 measured so.

Writes the document in every language with its pictures into `docs/studies/`. It needs the polls, forecasts and results
(`../shared/data`), which are not part of the repository; only figures measured from them go into the documents.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from protocol import files
from protocol.opening import open_evidence
from protocol.words import Language, language, languages, msg
from regard.forecasts import wording
from regard.forecasts.apart import apart_section
from regard.forecasts.contents import sections
from regard.forecasts.pictures import pictures
from regard.forecasts.sections import ForecastSection, ForecastTable
from regard.reference import markdown
from regard.reference.documents import name_in
from regard.studies.expected_shares import ExpectedShares, measure_expectations
from verify.forecasts.choosing import ForecastStanding, Question
from verify.forecasts.model import ForecastFile
from verify.forecasts.reading import read_forecasts
from verify.forecasts.result import CheckedResult, ResultWay, made_of, read_result
from verify.forecasts.study import ForecastStudy, study_forecasts

TEMPLATE = Path(__file__).with_name("forecasts.md.j2")
FOLDER = Path(__file__).parents[2] / "docs" / "studies"
POLLS = "polls-2022-presidentielle-nsppolls.csv.gz"
FORECASTS = "forecasts-filteris-qotmii.csv"
RESULT_2022 = "2022-presidentielle-resultats-par-niveau-dpt-t1-france-entiere.xlsx"
RESULT_2017 = "2017-presidentielle-1_par_departement_large.csv.gz"
BUREAUX_2017 = tuple(f"2017-presidentielle-{turn}_par_bureau_large.csv.gz" for turn in (1, 2))
PROCLAIMED_2012 = {
    "HOLLANDE": 10_272_705,
    "SARKOZY": 9_753_629,
    "LE PEN": 6_421_426,
    "MÉLENCHON": 3_984_822,
    "BAYROU": 3_275_122,
    "JOLY": 828_345,
    "DUPONT-AIGNAN": 643_907,
    "POUTOU": 411_160,
    "ARTHAUD": 202_548,
    "CHEMINADE": 89_545,
}
"""Round 1 of 2012 as it was proclaimed by the Conseil constitutionnel; from memory, they add up to the valid votes."""
VOTES = {2012: datetime.date(2012, 4, 22), 2017: datetime.date(2017, 4, 23), 2022: datetime.date(2022, 4, 10)}
SINCE = datetime.date(2022, 4, 1)
"""The first day of the polls of the tables of 2022: each institute's last one."""


def studies(data: Path) -> dict[int, ForecastStudy]:
    """The three elections, by their year."""
    given = [file for name in (POLLS, FORECASTS) for file in read_forecasts(data / name)]
    votes = tuple(PROCLAIMED_2012.values())
    results = {
        2012: made_of(tuple(PROCLAIMED_2012), [ResultWay(msg("as proclaimed"), votes, sum(votes))]),
        2017: read_result(data / RESULT_2017),
        2022: read_result(data / RESULT_2022),
    }
    last = {2022: results[2017]}
    return {year: _study(given, year, result, last.get(year)) for year, result in results.items()}


def _study(
    given: Sequence[ForecastFile], year: int, result: CheckedResult, last: CheckedResult | None
) -> ForecastStudy:
    since = SINCE if year == SINCE.year else None
    return study_forecasts(given, Question(VOTES[year], 1, since), result, last)


def document(data: Path, by_year: dict[int, ForecastStudy], expected: ExpectedShares, words: Language) -> str:
    """The text in one language."""
    main, name = by_year[2022], name_in(words.code, "forecasts")
    parts = [part for part in sections(main, words) if part.name in ("same", "week", "candidates", "intervals")]
    whole = study_forecasts(main.files, Question(VOTES[2022], 1), main.result, main.baseline)
    parts += [part for part in sections(whole, words) if part.name == "learning"]
    drawn = pictures(whole, words, alone=True)
    earlier = [(year, text) for year in (2017, 2012) for text in [_earlier(by_year[year], words)] if text]
    return markdown.document(
        TEMPLATE,
        words,
        code=words.code,
        command="python -m regard.studies.forecasts_document DATA",
        sources=[(each, open_evidence(data / each).sha256[:16]) for each in _sources()],
        parts=[_part(part, f"{name}-{part.picture}.svg" if part.picture in drawn else "") for part in parts],
        earlier=earlier,
        expected=_expected(expected, words),
        bureaux=words.number(expected.bureaux),
        shifted=words.number(expected.shifted),
        against_nation=wording.decimals(words, expected.against_nation * 100, 0),
    )


def _sources() -> Iterator[str]:
    yield from (POLLS, FORECASTS, RESULT_2022, RESULT_2017, *BUREAUX_2017)


def _part(part: ForecastSection, picture: str) -> str:
    lines = [f"### {part.title}", *part.lines]
    if picture:
        lines.append(f"![{part.title}]({picture})")
    for table in part.tables:
        lines += [f"**{table.caption}**"] if table.caption else []
        lines.append(_markdown(table))
    return "\n\n".join(lines)


def _markdown(table: ForecastTable) -> str:
    return markdown.table(table.head, table.rows, table.numbers)


def _earlier(study: ForecastStudy, words: Language) -> str:
    """All measured forecasts of an earlier election: what was published, and then what was claimed afterwards."""
    first = (msg("date"), "n", msg("mean error"), msg("RMSE"), msg("largest error"))
    head = (*first, msg("tau"), msg("first 2"), msg("standing"))
    rows = []
    for each in study.main.placed:
        if each.scored is None or each.standing is ForecastStanding.OTHER_ELECTION:
            continue
        accuracy, key = each.scored.accuracy, each.forecast.key
        rows.append(
            (
                f"{key.source}, {key.published or key.end}",
                str(len(accuracy.errors)),
                wording.decimals(words, accuracy.mean_absolute),
                wording.root(words, accuracy.mean_square),
                wording.largest(words, study.result.names, accuracy.largest),
                wording.tau(words, accuracy.tau),
                wording.places(accuracy.first(2), 2),
                words.show(each.standing.text),
            )
        )
    found = [markdown.table([words.show(each) for each in head], rows, (1, 2, 3, 5))]
    apart = apart_section(study, words)
    for table in apart.tables[1:] if apart is not None else ():
        found += [f"**{table.caption}**", _markdown(table)]
    return "\n\n".join(found)


def _expected(found: ExpectedShares, words: Language) -> str:
    """How often each expectation names a bureau of real results, and how often one with votes moved."""
    head = [msg("round"), msg("compared with"), msg("spread"), msg("named"), *(f"{moved} %" for moved in found.moved)]
    rows = [
        (
            str(line.round),
            words.show(line.text),
            words.decimal(line.spread, 4),
            words.number(line.named),
            *(f"{words.decimal(100 * share, 1)} %" for share in line.caught),
        )
        for line in found.lines
    ]
    return markdown.table([words.show(each) for each in head], rows, range(2, len(head)))


def main(argv: Sequence[str] | None = None) -> int:
    """Write the documents and their pictures; returns 0, or 2 where no folder of data was named."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given:
        print(f"usage: {__doc__.split(':')[0].strip('`')} [FOLDER]", file=sys.stderr)
        return 2
    data, folder = Path(given[0]), Path(given[1]) if len(given) > 1 else FOLDER
    by_year = studies(data)
    expected = measure_expectations(*(data / name for name in BUREAUX_2017))
    whole = study_forecasts(by_year[2022].files, Question(VOTES[2022], 1), by_year[2022].result, by_year[2022].baseline)
    for code in languages():
        words = language(code)
        name = name_in(code, "forecasts")
        for picture, drawn in pictures(whole, words, alone=True).items():
            files.write(folder / f"{name}-{picture}.svg", drawn.encode() + b"\n")
        text = document(data, by_year, expected, words)
        files.write(folder / f"{name}.md", text.encode())
        print(folder / f"{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
