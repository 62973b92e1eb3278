"""A night on disk: its tables, the names of its files, and an `election.toml` from anybody."""

import dataclasses
import datetime
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import night
from protocol.election import Election, Poll, election_toml, read_election
from protocol.errors import InputError
from protocol.night import export_name, parse_export_name, urn_name
from protocol.structured import MAX_TOML
from tests.sources import new_file

CODES = st.text(min_size=1, max_size=12)


def test_the_name_of_an_export() -> None:
    for insee, bureau, poll, part, name in (
        ("77513", "0001", 1, 1, "77513-0001-1-1.esf"),
        ("2A004", "0A11", 5, 12, "2A004-0A11-5-12.esf"),
        ("92076", "01.1", 1, 2, "92076-01_2e1-1-2.esf"),
        ("29019", "bv 1", 1, 1, "29019-_62_76_201-1-1.esf"),
        ("29019", "é/..", 1, 1, "29019-_c3_a9_2f_2e_2e-1-1.esf"),
        ("29019", "1-2", 1, 1, "29019-1_2d2-1-1.esf"),
        ("29019", "1_2", 1, 1, "29019-1_5f2-1-1.esf"),
    ):
        assert export_name(insee, bureau, poll, part) == name
        assert parse_export_name(name) == (insee, bureau, poll, part)


def test_the_number_of_a_poll() -> None:
    assert all(map(night.is_poll, ("1", "5", "01", "05")))
    assert not any(map(night.is_poll, ("0", "6", "00", "001", "1.", "", " 1", "-1", "\u0661", "²", "1" * 5000)))


def test_a_choice_can_be_voted_for_or_is_gone() -> None:
    for text in ("retire", "Retirée", " RETIRÉS ", "retirees"):
        assert (night.is_gone(text), night.is_choice(text)) == (True, False)
    for text in ("candidat", "Candidate", "Binôme", "listes"):
        assert (night.is_gone(text), night.is_choice(text)) == (False, True)


@given(CODES, CODES, st.integers(1, 5), st.integers(1, 255))
def test_every_code_can_be_read_back_from_a_name(insee: str, bureau: str, poll: int, part: int) -> None:
    assert parse_export_name(export_name(insee, bureau, poll, part)) == (insee, bureau, poll, part)


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_name_is_safe_on_every_file_system(insee: str, bureau: str) -> None:
    """No separator, no dot but the last, nothing that differs only in case, no device name of Windows."""
    for name in (export_name(insee, bureau, 1, 1), urn_name(insee, bureau, 1)):
        stem, dot, _ = name.rpartition(".")
        assert dot
        assert set(stem) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_-")
        assert "-" in stem  # CON, NUL, COM1 and the like have none
        assert Path(name).name == name
    assert (export_name(insee, bureau, 1, 1).upper() == export_name(bureau, insee, 1, 1).upper()) == (insee == bureau)


@given(st.lists(CODES, min_size=2, max_size=2, unique=True))
def test_two_codes_never_share_a_name_even_where_case_does_not_count(codes: list[str]) -> None:
    one, two = (export_name("77513", code, 1, 1).casefold() for code in codes)
    assert one != two


def test_other_names_are_not_of_this_form() -> None:
    for name in (
        "",
        "export.esf",
        "77513-0001-1.esf",
        "77513-0001-1-1.ESF",
        "77513-0001-0-1.esf",
        "77513-0001-1-01.esf",
        "77513-0001-1-1.esf\n",
        "77513-01_2E1-1-1.esf",
        "77513-_ff-1-1.esf",
        "77513-_-1-1.esf",
        "77513-_2-1-1.esf",
        "77513-ab-1-1.esf",
        "../77513-0001-1-1.esf",
        "77513-0001-1-1000.esf",
        "-0001-1-1.esf",
        "７７513-0001-1-1.esf",
    ):
        assert parse_export_name(name) is None


@given(st.text(st.sampled_from("0A_-.esfé/\\2e1"), max_size=24))
def test_a_name_that_can_be_read_is_the_only_one_for_its_codes(name: str) -> None:
    parts = parse_export_name(name)
    if parts is not None:
        assert parse_export_name(export_name(*parts)) == parts
        assert export_name(*parts) == name


ELECTION = Election(
    id="2022-presidentielle",
    name='Élection présidentielle "2022"\n\\ \x7f\t\'',
    date=datetime.date(2022, 4, 10),
    round=1,
    polls=(Poll(1, "Présidentielle", "presidentielle", 1000, whole=True), Poll(3, "Cantonale", "", 1)),
    opening="08:00",
    closing="19:00",
    complete=frozenset({"exports", "pv"}),
    proclaimed=datetime.date(2022, 4, 13),
    rehearsed=True,
)


def test_an_election_is_read_as_it_was_written() -> None:
    path = new_file("election.toml", election_toml(ELECTION))
    assert read_election(path) == ELECTION


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_comes_back(tmp_path: Path, name: str, poll: str) -> None:
    path = tmp_path / "election.toml"
    day = datetime.date(2022, 4, 10)
    written = Election(name, poll, day, 2, (Poll(1, poll, name),), "07:30", "24:10", frozenset())
    path.write_bytes(election_toml(written))
    assert read_election(path) == written


def read_text(text: str | bytes) -> Election:
    return read_election(new_file("election.toml", text))


LEAST = 'id = "x"\ndate = 2022-04-10\n[[scrutins]]\nnumero = 1\nnom = "n"\n'


def test_what_may_be_left_out() -> None:
    assert read_text(LEAST) == Election(
        "x", "", datetime.date(2022, 4, 10), 1, (Poll(1, "n", ""),), "", "", frozenset()
    )


HOSTILE: dict[str, str | bytes] = {
    "not TOML": "id = ",
    "not UTF-8": b"\xff\xfe",
    "a null byte": b'id = "\0"',
    "empty": b"",
    "no date": 'id = "x"\n[[scrutins]]\nnumero = 1\nnom = "n"\n',
    "a date with a time": LEAST.replace("2022-04-10", "2022-04-10T08:00:00"),
    "an impossible date": LEAST.replace("2022-04-10", "2022-02-30"),
    "a number for a text": LEAST.replace('"x"', "1"),
    "a truth value for a number": LEAST.replace("numero = 1", "numero = true"),
    "a fraction for a number": LEAST.replace("numero = 1", "numero = 1.0"),
    "poll 0": LEAST.replace("numero = 1", "numero = 0"),
    "poll 6": LEAST.replace("numero = 1", "numero = 6"),
    "a huge number": LEAST.replace("numero = 1", "numero = " + "9" * 5000),
    "polls as a table": 'id = "x"\ndate = 2022-04-10\n[scrutins]\nnumero = 1\n',
    "polls as numbers": 'id = "x"\ndate = 2022-04-10\nscrutins = [1]\n',
    "round 0": "tour = 0\n" + LEAST,
    "round 3": "tour = 3\n" + LEAST,
    "no polls": 'id = "x"\ndate = 2022-04-10\nscrutins = []\n',
    "deep lists": "x = [" + "[\n" * 30_000,
    "deep tables": "x = " + "{a=" * 330,
    "lists and tables in turn": "x = " + "[{a=" * 240,
    "a long dotted key": ".".join("a" * 20_000) + " = 1\n" + LEAST,
    "a long list for a number": LEAST.replace("numero = 1", "numero = [" + "1,\n" * 20_000 + "]"),
    "too long": "#\n" * (MAX_TOML // 2) + "#",
    "too long a line": "#" * 1001 + "\n" + LEAST,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_election_is_an_input_error(text: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_text(text)
    assert Path(caught.value.file).name == "election.toml"
    assert len(str(caught.value)) < 2000


def test_all_that_an_election_lacks_is_said_at_once() -> None:
    with pytest.raises(InputError, match="id, date, scrutins: expected what `regard help auditor` shows"):
        read_text('type = "presidentielle"\ntour = 1\n')


@given(st.one_of(st.binary(max_size=200), st.text(st.sampled_from('[]{}=".\n1a#,+-:T'), max_size=200)))
def test_any_bytes_are_an_election_or_an_input_error(data: str | bytes) -> None:
    with pytest.raises(InputError):
        read_text(data)


@pytest.mark.parametrize("clock", ["early", "8:00", "08:60", "40:00", "08:00\\n", "", "０8:00"])
def test_a_clock_of_the_election_is_a_clock(clock: str) -> None:
    found = read_text(f'ouverture = "{clock}"\ncloture = "{clock}"\n' + LEAST)
    assert [each.column for each in found.problems] == ["ouverture", "cloture"]
    assert (found.opening, found.closing) == ("", "")


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("nom", ["1"]),
        ("complet", ['["verite"]', '[["pv"]]', "[{pv = 1}]", "{pv = true}"]),
        ("rejouee", ['"yes"', "0"]),
        ("proclamation", ['"lundi"', "13", "2022-04-09"]),
        ("scrutins.nom", ["1"]),
        ("scrutins.type", ["1"]),
        ("scrutins.sieges", ["-1", "0", "1001", "true", '"2"', "2.0"]),
        ("scrutins.entier", ['"yes"', "1"]),
    ],
)
def test_a_wrong_value_is_dropped_and_named_and_the_rest_holds(key: str, values: list[str]) -> None:
    least = read_text(LEAST)
    for value in values:
        table, _, name = key.rpartition(".")
        text = f"{LEAST}{name} = {value}\n" if table else f"{name} = {value}\n{LEAST}"
        found = read_text(text.replace('nom = "n"\n', "") if key == "scrutins.nom" else text)
        assert [each.column for each in found.problems] == [name]
        wanted = dataclasses.replace(least, polls=(Poll(1, "", ""),)) if key == "scrutins.nom" else least
        assert found == wanted


def test_a_wrong_poll_is_dropped_where_there_is_another() -> None:
    for number in ("0", '"2"', "1"):
        found = read_text(f'{LEAST}[[scrutins]]\nnumero = {number}\nnom = "m"\n')
        assert [each.column for each in found.problems] == ["numero"]
        assert found.polls == (Poll(1, "n", ""),)


def test_a_date_may_stand_in_quotes() -> None:
    found = read_text(LEAST.replace("2022-04-10", '"2022-04-10"'))
    assert (found, found.problems) == (read_text(LEAST), ())


def test_every_number_of_a_poll_that_there_may_be() -> None:
    path = new_file(
        night.ELECTION, LEAST + "".join(f'[[scrutins]]\nnumero = {number}\nnom = "n"\n' for number in (5, 3))
    )
    assert [poll.number for poll in read_election(path).polls] == [1, 5, 3]


@pytest.mark.parametrize(("keys", "named"), [(1, "“a”"), (6, "“e”, “f”"), (7, "“e”, “f”, …")])
def test_unknown_keys_are_named_up_to_six(keys: int, named: str) -> None:
    path = new_file(night.ELECTION, "".join(f"{key} = 1\n" for key in "abcdefg"[:keys]) + LEAST)
    [said] = read_election(path).problems
    assert str(said.got).endswith(named)
    path.write_text("compelt = []\n" + LEAST)
    assert "complet" in str(read_election(path).problems[0].expected)
    path.write_text(LEAST)
    assert read_election(path).problems == ()


def test_what_is_lacking_and_what_is_of_another_kind_are_told_apart() -> None:
    for text, got in ((LEAST.replace('id = "x"', ""), "nothing"), (LEAST.replace('id = "x"', "id = 1"), "1")):
        with pytest.raises(InputError) as caught:
            read_text(text)
        assert (caught.value.column, str(caught.value.got)) == ("id", got)
    [said] = read_text(f"{LEAST}entier = 1\n").problems
    assert str(said.expected) == "true or false"


def test_long_keys_take_little_memory() -> None:
    """The TOML reader keeps every beginning of a dotted key: the square of its parts."""
    keys = "".join(".".join(["a"] * 450) + f".a{number:04} = 1\n" for number in range(70))
    tracemalloc.start()
    read_text(LEAST + "[x]\n" + keys)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * 2**20


def test_an_election_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file, found nothing"):
        read_election(tmp_path / "election.toml")


def test_every_table_has_a_key_and_no_column_twice() -> None:
    for table in night.TABLES:
        assert len(set(table.header)) == len(table.header)
        assert "scrutin" in table.header or "insee" in table.header
    assert len({table.file for table in night.TABLES}) == len(night.TABLES)


def test_columns_of_evidence_hold_what_the_law_counts() -> None:
    header: Any = night.RECORDS.header
    assert header[:4] == ("insee", "bureau", "scrutin", "inscrits")
    assert header[4:9] == ("emargements", "votes_trouves", "blancs", "nuls", "exprimes")


@pytest.mark.parametrize("bureau", ["0001", "01.1", "0A11", "a-b", "é"])
def test_the_name_of_an_image_is_read_back(bureau: str) -> None:
    assert night.parse_urn_name(night.urn_name("2A004", bureau, 2)) == ("2A004", bureau, 2)


@pytest.mark.parametrize("name", ["2A004-0001-1-1.esf", "2A004-0001-0.urn", "2A004-_zz-1.urn", "photo.urn", "../x.urn"])
def test_a_name_of_another_form_is_no_image_s(name: str) -> None:
    assert night.parse_urn_name(name) is None
