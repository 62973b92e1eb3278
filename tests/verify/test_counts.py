"""Counts, times, delimiters and encodings are read in one way, whatever the table."""

from __future__ import annotations

import pytest

from verify.model.figures import BLANK, UNREADABLE
from verify.read.counts import MAX_COUNT, parse_count
from verify.read.rows import COMMENT, delimiter_of, encoding_of
from verify.read.sheet import parse_clock


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("0", 0),
        ("0805", 805),
        (" 805 ", 805),
        ("1 805", 1805),
        ("1\u202f805", 1805),
        ("12\u00a0345\u00a0678", 12_345_678),
        ("805,0", 805),
        ("805.00", 805),
        ("805,000", UNREADABLE),
        ("1.805", UNREADABLE),
        ("805,5", UNREADABLE),
        ("80 5", UNREADABLE),
        ("1805 200", UNREADABLE),
        ("1 805,0", UNREADABLE),
        ("-1", UNREADABLE),
        ("+1", UNREADABLE),
        ("٣", UNREADABLE),
        ("²", UNREADABLE),
        ("", BLANK),
        (" \u00a0", BLANK),
        (str(MAX_COUNT), MAX_COUNT),
        ("0" * 50 + "7", 7),
        (str(MAX_COUNT + 1), UNREADABLE),
        ("9" * 5000, UNREADABLE),
    ],
)
def test_a_count_is_one_however_it_is_written(cell: str, count: int) -> None:
    assert parse_count(cell) == count


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("19:00", 1140),
        ("19h00", 1140),
        ("8 h 05", 485),
        ("8h", 480),
        ("20H", 1200),
        ("08:00:00", 480),
        ("24:15", 1455),
        ("47:59", 2879),
        ("48:00", UNREADABLE),
        ("48h", UNREADABLE),
        ("19:60", UNREADABLE),
        ("8:", UNREADABLE),
        ("8h5", UNREADABLE),
        ("8", UNREADABLE),
        ("h", UNREADABLE),
        (" ", BLANK),
    ],
)
def test_a_time_of_the_day_is_one_however_it_is_written(cell: str, minutes: int) -> None:
    assert parse_clock(cell) == minutes


@pytest.mark.parametrize(
    ("start", "delimiter"),
    [
        ("insee,bureau", ","),
        ("insee\tbureau", "\t"),
        ("Élection du 10 avril, premier tour\n\nBureau;Inscrits;Votants\n", ";"),
        ("Bureau;Part\n1;25,5\n", ";"),
        (f"{COMMENT} a, b, c, d, e\n1;2;3\n", ";"),
        ("\n" * 19 + "a,b", ","),
        ("a;b\n" * 20 + "a,b,c,d", ";"),
        ('a;b\n1;"é, i, o, u, y"\n', ";"),
        ("bureau", ";"),
        ("", ";"),
    ],
)
def test_the_delimiter_is_what_one_of_the_first_lines_has_most_of(start: str, delimiter: str) -> None:
    assert delimiter_of(start) == delimiter


def test_what_is_no_utf_8_is_of_windows_where_windows_has_all_its_letters() -> None:
    assert encoding_of("Blancs et nuls déclarés, 5 €".encode()) == "utf-8"
    assert encoding_of("5 €, déclarés".encode("cp1252")) == "cp1252"
    assert encoding_of(b"d\xe9clar\xe9s \x81") == "latin-1"


@pytest.mark.parametrize("codec", ["cp850", "mac_roman"])
@pytest.mark.parametrize("text", ["Bureau;Émargements;Exprimés", "Bureau;Exprimés", "Suffrages exprimés : relevé"])
def test_accents_within_words_tell_older_encodings(text: str, codec: str) -> None:
    assert encoding_of(text.encode(codec)) == codec
    assert encoding_of(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("text", ["Škoda", "Žižek", "L’urne – 5 €", "cœur", "Œuvre", "« Ici »", "‚ainsi‘ ", "3ƒ"])
def test_signs_and_capitals_of_windows_are_no_older_accents(text: str) -> None:
    assert encoding_of(text.encode("cp1252") + b";1") == "cp1252"
