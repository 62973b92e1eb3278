"""Counts, times, delimiters and encodings are read in one way, whatever the table."""

import pytest

from protocol.night import SIGNATURES
from regard.language import show
from tests.sources import new_file
from tests.verify.night_builder import loaded
from verify import audit
from verify.model.figures import BLANK, UNREADABLE
from verify.read.counts import MAX_COUNT, parse_clock, parse_count
from verify.read.rows import COMMENT, delimiter_of, encoding_of
from verify.read.sheet import read_sheet


def test_a_count_is_one_however_it_is_written() -> None:
    for cell, count in (
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
        ("7,02E+02", 702),
        ("7.02e2", 702),
        ("1,30E+01", 13),
        ("0,00E+00", 0),
        ("5E+00", 5),
        ("1,2345E+04", 12345),
        ("1,23E+03", UNREADABLE),  # any of 1225 to 1234
        ("1,35E+01", UNREADABLE),
        ("7E+02", UNREADABLE),
        ("7,02E-02", UNREADABLE),
        ("70,2E+01", UNREADABLE),
        ("1,0E+99", UNREADABLE),
        ("-1", UNREADABLE),
        ("+1", UNREADABLE),
        ("٣", 3),
        ("１,０", 1),
        ("１ ０２４", 1024),
        ("١٬٠٢٤", 1024),
        ("1 024 électeurs", 1024),
        ("8 bulletins", 8),
        ("645 émarg.", 645),
        ("12 bureaux", UNREADABLE),
        ("1'280", 1280),
        ("1’280’000", 1_280_000),
        ("1'280 000", UNREADABLE),
        ("12'80", UNREADABLE),
        ("633*", 633),
        ("1'204 (1)", 1204),
        ("633¹", 633),
        ("633 (12)", UNREADABLE),
        ("1280 (mille deux cent quatre-vingt)", 1280),
        ("1 280 (Mille deux cent quatre-vingts)", 1280),
        ("871 (huit cent soixante et onze)", 871),
        ("2 199 (deux mille cent quatre-vingt-dix-neuf)", 2199),
        ("Trois cent vingt et un (321)", 321),
        ("0 (zéro)", 0),
        ("812 (huit cent treize)", UNREADABLE),
        ("812 (estimation)", UNREADABLE),
        ("0 (?)", UNREADABLE),
        ("(douze)", UNREADABLE),
        ("²", UNREADABLE),
        ("", BLANK),
        (" \u00a0", BLANK),
        (str(MAX_COUNT), MAX_COUNT),
        ("0" * 50 + "7", 7),
        (str(MAX_COUNT + 1), UNREADABLE),
        ("9" * 5000, UNREADABLE),
    ):
        assert parse_count(cell) == count


def test_a_time_of_the_day_is_one_however_it_is_written() -> None:
    for cell, minutes in (
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
    ):
        assert parse_clock(cell) == minutes


def test_the_delimiter_is_what_one_of_the_first_lines_has_most_of() -> None:
    for start, delimiter in (
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
        ("Bureau;Inscrits\n1;7,02E+02;5,50;0,5\n", ";"),
        ("Bureau\tInscrits\n7,02E+02\t5,50\n", "\t"),
        ("insee,bureau,scrutin,remarque\n29019,0001,1,a;b;c\n", ","),
    ):
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


def test_polish_letters_within_words_tell_central_europe() -> None:
    """Czech or Hungarian ones are letters of Western Europe as well: there the layout says its encoding."""
    assert encoding_of("Gmina;Głosów ważnych\nŁódź;5".encode("cp1250")) == "cp1250"
    assert encoding_of("Głosów".encode("cp1250") + b" \x81") == "latin-1"  # nothing in either


def test_signs_and_capitals_of_windows_are_no_older_accents() -> None:
    for text in ("Škoda", "Žižek", "L’urne – 5 €", "cœur", "Œuvre", "« Ici »", "‚ainsi‘ ", "3ƒ"):
        assert encoding_of(text.encode("cp1252") + b";1") == "cp1252"


def test_figures_that_commas_between_cells_cut_in_two_are_put_together() -> None:
    path = new_file(
        "emargements.csv",
        "insee,bureau,scrutin,inscrits,emargements\n77001,0001,1,7,02E+02,6,50E+02\n77001,0002,1,70,2,5,1\n",
    )
    sheet = read_sheet(path, SIGNATURES)
    assert sheet.counts["registered"][0] == 702
    assert sheet.counts["signatures"][0] == 650
    assert [problem.row for problem in sheet.problems] == [3]  # which may be one row in many ways
    path.write_text("Bureau,Inscrits,Votants,Émargements\n1,7,02E+02,6,50E+02,6,49E+02\n2,8,00E+02,7,00E+02,7,00E+02\n")
    evidence = loaded(records=(path,))
    assert evidence.problems == []
    assert [(gap.left.value, gap.right.value) for gap in audit.run(evidence).findings if gap.code == "R201"] == [
        (649, 650)
    ]


def test_a_figure_of_which_not_all_digits_are_shown_is_refused_with_what_to_do() -> None:
    path = new_file("a.csv", "Bureau;Votants;Émargements\n1;1,23E+03;6,50E+02\n")
    [problem] = loaded(records=(path,)).problems
    assert (problem.row, problem.column) == (2, "Votants")
    assert "« 1,23E+03 », dont les derniers chiffres ne sont pas affichés" in show("fr", problem.got)
