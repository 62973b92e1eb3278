"""Until when: every kind of election, over the ends of months and years, and formulas where a day is not known."""

import datetime

import pytest

from protocol.words import Message
from regard.language import show
from regard.letters.law import (
    TIME,
    UNTIL,
    WHEN,
    From,
    Vote,
    closed_on,
    easter,
    end_of,
    in_words,
    law,
    time_allowed,
    working_day_before,
)
from regard.letters.steps import facts, time_of

D = datetime.date.fromisoformat


def said_of(line: str, vote: Vote) -> tuple[Message, str]:
    """The name of a line's time, and the time in English."""
    allowed = time_allowed(law()[line], vote)
    assert allowed is not None
    return allowed[0], show("en", allowed[1])


@pytest.mark.parametrize(
    ("line", "vote", "proclaimed", "ends"),
    [
        ("municipales", "2026-03-15", None, "2026-03-20"),
        ("municipales", "2026-03-29", None, "2026-04-03"),
        ("municipales", "2023-12-31", None, "2024-01-05"),
        ("departementales", "2021-06-27", None, "2021-07-02"),
        ("departementales", "2024-02-25", None, "2024-03-01"),
        ("departementales", "2023-02-26", None, "2023-03-03"),
        ("parliament", "2024-06-30", "2024-07-02", "2024-07-12"),
        ("parliament", "2023-09-24", "2023-09-25", "2023-10-05"),
        ("parliament", "2022-12-25", "2022-12-26", "2023-01-05"),
        ("regionales", "2021-06-27", "2021-06-28", "2021-07-08"),
        ("europeennes", "2024-06-09", "2024-06-13", "2024-06-23"),
        ("presidentielle-candidate", "2022-04-10", None, "2022-04-12"),
        ("presidentielle-candidate", "2017-12-31", None, "2018-01-02"),
        ("sign-in-lists", "2026-03-22", None, "2026-04-01"),
        ("sign-in-lists", "2024-12-22", None, "2025-01-01"),
    ],
)
def test_the_last_day(line: str, vote: str, proclaimed: str | None, ends: str) -> None:
    of_vote = Vote("municipales", D(vote), 0, None if proclaimed is None else D(proclaimed))
    end = end_of(law()[line], of_vote)
    assert end is not None
    assert end.date() == D(ends)


@pytest.mark.parametrize("line", ["parliament", "regionales", "europeennes"])
def test_no_day_is_guessed_without_the_proclamation(line: str) -> None:
    vote = Vote("legislatives", D("2024-06-30"))
    assert end_of(law()[line], vote) is None
    name, said = said_of(line, vote)
    assert name is TIME
    assert said.startswith("10 days after the proclamation")
    assert said.endswith("the day of the proclamation was not given")
    assert "2024" not in said
    assert ("18:00" in said) == (line == "parliament")  # no hour was read of the others


@pytest.mark.parametrize("line", [line for line in law().values() if line.since in (From.RECEIPT, From.UNSAID)])
def test_a_time_whose_beginning_no_date_tells_has_no_day(line: object) -> None:
    assert end_of(line, Vote("municipales", D("2026-03-15"), 1, D("2026-03-16"))) is None  # type: ignore[arg-type]


def test_hours_end_at_the_hour_of_the_close() -> None:
    assert said_of("presidentielle-candidate", Vote("presidentielle", D("2022-04-24"), 2)) == (
        UNTIL,
        "Tuesday 26 April 2022, 48 hours after the poll of Sunday 24 April 2022 closed",
    )


def test_a_sunday_is_not_moved() -> None:
    """Nothing was read of a rule that moves it."""
    assert said_of("parliament", Vote("legislatives", D("2024-07-07"), 2, D("2024-07-11"))) == (
        UNTIL,
        "Sunday 21 July 2024, 18:00 (day 10 after the proclamation)",
    )


def test_a_time_without_a_day_has_words_of_its_own() -> None:
    """Only days come after “until”."""
    vote = Vote("municipales", D("2026-03-15"), 1)
    assert said_of("records", vote) == (WHEN, "as long as there is time for complaints")
    assert said_of("municipales-prefect", vote) == (TIME, "15 days from when the préfecture received the PV")
    assert said_of("presidentielle-prefect", vote) == (TIME, "48 hours")
    assert [show("fr", name) for name in (UNTIL, TIME, WHEN)] == ["Jusqu'au", "Délai", "Quand"]
    assert show("fr", time_of(law()["records"], vote)) == (
        "Quand : tant que court le délai de réclamation, donc jusqu'au vendredi 20 mars 2026 à 18 h 00 (5e jour après "
        "le vote)."
    )
    assert show("fr", time_of(law()["records"], Vote("regionales", D("2021-06-20"), 1))) == (
        "Quand : tant que court le délai de réclamation, donc 10 jours après la proclamation ; le jour de la "
        "proclamation n'a pas été indiqué."
    )
    assert show("fr", time_of(law()["municipales"], vote)).startswith("Jusqu'au vendredi 20 mars 2026")
    assert show("en", time_of(law()["machines"], vote)) == "No time limit was read."


def test_days_in_words() -> None:
    assert show("en", in_words(D("2026-05-01"))) == "Friday 1 May 2026"
    assert show("fr", in_words(D("2026-05-01"))) == "vendredi 1er mai 2026"
    assert show("fr", in_words(D("2024-02-29"))) == "jeudi 29 février 2024"
    year = [show("fr", in_words(D(f"2026-{month:02}-15"))).split()[2] for month in range(1, 13)]
    assert year == [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "day",
    ["1818-03-22", "1954-04-18", "1981-04-19", "2000-04-23", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"],
)
def test_easter(day: str) -> None:
    assert easter(int(day[:4])) == D(day)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        *(("2026-03-20", ""), ("2026-03-21", "a Saturday"), ("2026-03-22", "a Sunday")),
        *(("2026-04-06", "a holiday (Easter Monday)"), ("2026-05-14", "a holiday (Ascension Day)")),
        *(("2026-05-25", "a holiday (Whit Monday)"), ("2025-07-14", "a holiday (Bastille Day)")),
        *(("2026-05-01", "a holiday (Labour Day)"), ("2026-04-03", ""), ("2024-12-25", "a holiday (Christmas Day)")),
    ],
)
def test_days_on_which_offices_are_closed(day: str, why: str) -> None:
    found = closed_on(D(day))
    assert ("" if found is None else show("en", found)) == why


def test_the_working_day_before() -> None:
    assert working_day_before(D("2026-04-07")) == D("2026-04-03")
    assert working_day_before(D("2024-07-14")) == D("2024-07-12")


def test_a_last_day_that_is_no_working_day_is_told_and_not_moved() -> None:
    vote = Vote("legislatives", D("2024-06-30"), 1, D("2024-07-04"))
    told = (
        "That last day is a Sunday, and nothing was read on whether the time then runs on: act by Friday 12 July 2024"
    )
    assert show("en", time_of(law()["parliament"], vote)).startswith("Until Sunday 14 July 2024, 18:00")
    for line in ("parliament", "records"):
        assert told in show("en", time_of(law()[line], vote))
        assert told in [show("en", said)[: len(told)] for _, said in facts(law()[line], vote)]
    assert "Ce dernier jour est un dimanche" in show("fr", time_of(law()["parliament"], vote))
    for working in (Vote("legislatives", D("2024-06-30"), 1, D("2024-07-02")), Vote("legislatives", D("2024-06-30"))):
        assert "last day is" not in show("en", time_of(law()["parliament"], working))
        assert "Mind" not in [show("en", name) for name, _ in facts(law()["parliament"], working)]


def test_the_time_of_a_document_is_not_stated_once_anyone_may_see_it() -> None:
    during, after = (
        facts(law()["records"], Vote("legislatives", D("2024-06-30"), 1, D("2024-07-02"), at))
        for at in (datetime.datetime(2024, 7, 5), datetime.datetime(2024, 8, 1))
    )
    assert "When" in [show("en", name) for name, _ in during]
    assert "When" not in [show("en", name) for name, _ in after]
    assert any("anyone may ask for it now" in show("en", said) for _, said in after)
