"""Bulletins and votes one by one: totals, two rolls, names, signatures, chains; the real samples and made-up days."""

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.bu import reader
from protocol.bu.bulletin import read_envelope
from protocol.bu.counts import OfficeCounts
from protocol.bu.schema import BULLETIN, ENVELOPE, VOTES, FormatVersion, decode, encode
from protocol.dumps.checks import CheckTopic, CheckVerdict
from protocol.dumps.tallies import NOT_GIVEN, ChoiceKind, Tallies, TallyKind
from tests.protocol.bu.days import (
    BALLOTS_NAME,
    BULLETIN_NAME,
    LAYOUT,
    UNIT,
    change_offices,
    day,
    failing,
    offices,
    outcomes,
    read_folder,
    votes,
    write_day,
)
from tests.protocol.bu.writing import write_bulletin

HOLDS, FAILS, NOT_CHECKED = CheckVerdict.HOLDS, CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED
BOTH = pytest.mark.parametrize("version", FormatVersion)
OFFICIAL = "official/o00406-0605000020824.bu"
REHEARSAL = "samples/simulado/mr1/s02100-0139200090033"


def test_totals_of_the_samples_are_the_expected_ones(samples: Path) -> None:
    with (samples / "expected_bu.csv").open(encoding="utf-8", newline="") as table:
        expected = list(csv.DictReader(table))
    for name in {row["file"] for row in expected}:
        tallies = reader.read(LAYOUT, [samples / name]).tallies
        rows = {f"{row['election']} {row['office']}": row for row in expected if row["file"] == name}
        found = {f"{each.id.split('/')[0]} {each.name}": index for index, each in enumerate(tallies.contests)}
        assert found.keys() == rows.keys()
        for key, row in rows.items():
            counts = tallies.counts[tallies.counts["contest"] == found[key]][0]
            assert (counts["registered"], counts["ballots"]) == (int(row["eligible"]), int(row["turnout"]))
            sums: Counter[str] = Counter()
            named: dict[str, int] = {}
            for _, contest, choice, kind, number in tallies.rows.tolist():
                if contest == found[key]:
                    if kind != TallyKind.CHOICE:
                        sums[TallyKind(kind).name] += number
                    elif tallies.choices[choice].kind is ChoiceKind.PARTY:
                        sums["party"] += number
                    else:
                        named[tallies.choices[choice].name] = number
            assert (sums["BLANK"], sums["NULL"]) == (int(row["blank"]), int(row["null"]))
            assert (sum(named.values()), sums["party"]) == (int(row["named"]), int(row["party_only"]))
            assert len(named) == int(row["choices"])
            if named:
                assert named[row["first_choice"]] == int(row["first_choice_votes"])


def test_every_signature_of_the_samples_holds(samples: Path) -> None:
    reading = read_folder(samples)
    held = {check.code: check for check in reading.checks if check.verdict is HOLDS and check.code != "D103"}
    assert (held["D102"].times, held["D102"].topic) == (143, CheckTopic.INTEGRITY)
    signers = {str(check.text): check for check in reading.checks if check.code == "D103" and check.verdict is HOLDS}
    assert sorted(check.times for check in signers.values()) == [1, 1, 1, 12]  # issuer, machine, key of lines; the chip
    assert {check.topic for check in signers.values()} == {CheckTopic.AUTHENTICITY}
    [check] = failing(reading)
    assert (check.code, check.source) == ("D117", "qr_manual_2016_simulado.txt")


def test_samples_encode_again_to_the_same_bytes(samples: Path) -> None:
    for path in (samples / OFFICIAL, samples / f"{REHEARSAL}.bu"):
        data = path.read_bytes()
        envelope = decode(FormatVersion.V2022, ENVELOPE, data)
        assert encode(FormatVersion.V2022, ENVELOPE, envelope.value) == data
        bulletin = decode(FormatVersion.V2022, BULLETIN, envelope.value["conteudo"])
        assert encode(FormatVersion.V2022, BULLETIN, bulletin.value) == envelope.value["conteudo"]
        assert envelope.deviations == bulletin.deviations == ()
    data = (samples / f"{REHEARSAL}.rdv").read_bytes()
    assert encode(FormatVersion.V2022, VOTES, decode(FormatVersion.V2022, VOTES, data).value) == data


def test_a_senator_with_null_votes_only(samples: Path) -> None:
    reading = reader.read(LAYOUT, [samples / f"{REHEARSAL}.bu", samples / f"{REHEARSAL}.rdv"])
    assert {key: number for key, number in votes(reading).items() if key[0] == "2102/5"} == {
        ("2102/5", "blank", ""): 0,
        ("2102/5", "null", ""): 2,
    }
    [check] = [check for check in reading.checks if check.code == "D107"]
    assert (check.verdict, check.times) == (HOLDS, 32)
    assert dict(reading.facts)  # a rehearsal says that it is no result
    assert not re.search(r"\b(920|923|096)\b", repr(reading))


def counts_of(tallies: Tallies) -> dict[tuple[str, str], OfficeCounts]:
    """Tallies as counts again, by the names of units and the identifiers of contests."""
    found: dict[tuple[str, str], OfficeCounts] = {}
    for unit, contest, registered, ballots in tallies.counts.tolist():
        each = tallies.contests[contest]
        election, _, office = each.id.partition("/")
        counts = OfficeCounts(int(election), int(office), votes_per_voter=each.vote_for)
        counts.registered = None if registered == NOT_GIVEN else registered
        counts.turnout = None if ballots == NOT_GIVEN else ballots
        found[tallies.units[unit], each.id] = counts
    for unit, contest, choice, kind, number_of in tallies.rows.tolist():
        counts = found[tallies.units[unit], tallies.contests[contest].id]
        if kind == TallyKind.BLANK:
            counts.blank = number_of
        elif kind == TallyKind.NULL:
            counts.null = number_of
        elif tallies.choices[choice].kind is ChoiceKind.PARTY:
            counts.party[int(tallies.choices[choice].party)] = number_of
        else:
            number, party = tallies.choices[choice].id, tallies.choices[choice].party
            counts.nominal[int(number)] = number_of
            counts.parties[int(number)] = int(party or number[:2])
    return found


@BOTH
def test_a_day_that_was_written_is_read_the_same(tmp_path: Path, version: FormatVersion) -> None:
    made = write_day(tmp_path, version)
    reading = read_folder(tmp_path)
    assert (reading.problems, failing(reading)) == ((), [])
    assert outcomes(reading) == dict.fromkeys(("D102", "D104", "D105", "D107", "D109", "D118"), HOLDS)
    found = [counts for (unit, _), counts in counts_of(reading.tallies).items() if unit == UNIT]
    assert [replace(each, votes_per_voter=None) for each in found] == list(made.offices)
    again = replace(made, offices=found)
    assert write_bulletin(again, version) == (tmp_path / BULLETIN_NAME[version]).read_bytes()


@BOTH
def test_a_changed_count_breaks_the_proof_of_its_line(tmp_path: Path, version: FormatVersion) -> None:
    write_day(tmp_path, version)
    path = tmp_path / BULLETIN_NAME[version]
    data = bytearray(path.read_bytes())
    at = data.index(b"\x82\x01\x03\xa3")  # three votes for 1212
    data[at + 2] = 2
    path.write_bytes(bytes(data))
    reading = read_folder(tmp_path)
    found = {check.code: check for check in failing(reading)}
    assert found.keys() == {"D102", "D104", "D105", "D107"}
    assert str(found["D102"].place) == "deputadoFederal, line 1212"
    assert (str(found["D104"].left), str(found["D104"].right)) == ("7", "8")
    assert "1212: 2" in str(found["D107"].left)
    assert "1212: 3" in str(found["D107"].right)


def test_a_key_that_is_none_fails(tmp_path: Path) -> None:
    made = day()
    value = decode(
        FormatVersion.V2022, BULLETIN, read_envelope(write_bulletin(made, FormatVersion.V2022)).content
    ).value
    value["chaveAssinaturaVotosVotavel"] = b"short"
    envelope = decode(FormatVersion.V2022, ENVELOPE, write_bulletin(made, FormatVersion.V2022)).value
    envelope["conteudo"] = encode(FormatVersion.V2022, BULLETIN, value)
    (tmp_path / "any.bu").write_bytes(encode(FormatVersion.V2022, ENVELOPE, envelope))
    [check] = failing(read_folder(tmp_path))
    assert (check.code, check.times) == ("D102", 10)


@BOTH
def test_a_name_of_another_section_is_said(tmp_path: Path, version: FormatVersion) -> None:
    write_day(tmp_path, version)
    (tmp_path / BULLETIN_NAME[version]).rename(tmp_path / BULLETIN_NAME[version].replace("0824", "0825"))
    reading = read_folder(tmp_path)
    [check] = failing(reading)
    assert check.code == "D109"
    assert "0825" in str(check.left)
    assert reading.tallies.units == (UNIT,)


def test_an_envelope_of_another_section_is_said(tmp_path: Path) -> None:
    made = day()
    envelope = decode(FormatVersion.V2022, ENVELOPE, write_bulletin(made, FormatVersion.V2022)).value
    envelope["identificacao"][1]["secao"] = 825
    (tmp_path / "a.bu").write_bytes(encode(FormatVersion.V2022, ENVELOPE, envelope))
    [check] = failing(read_folder(tmp_path))
    assert check.code == "D109"


def test_the_envelope_of_a_spare_machine_has_no_section(tmp_path: Path) -> None:
    for town, expected in ((6050, []), (6051, ["D109"])):
        envelope = decode(FormatVersion.V2022, ENVELOPE, write_bulletin(day(), FormatVersion.V2022)).value
        envelope["identificacao"] = ("identificacaoContingencia", {"municipioZona": {"municipio": town, "zona": 2}})
        (tmp_path / "a.bu").write_bytes(encode(FormatVersion.V2022, ENVELOPE, envelope))
        assert [check.code for check in failing(read_folder(tmp_path))] == expected


@BOTH
def test_two_senators_where_the_votes_say_so(tmp_path: Path, version: FormatVersion) -> None:
    def two(counts: list) -> None:  # type: ignore[type-arg]
        counts[1].null, counts[1].votes_per_voter = 16, 2

    write_day(tmp_path, version, change_offices(day(2024), two))
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert {each.name: each.vote_for for each in reading.tallies.contests}["senador"] == 2
    (tmp_path / BALLOTS_NAME[version]).unlink()
    [check] = failing(read_folder(tmp_path))
    assert check.code == "D104"
    write_day(tmp_path, version, change_offices(day(2026), two))
    (tmp_path / BALLOTS_NAME[version]).unlink()
    assert failing(read_folder(tmp_path)) == []


def test_more_voters_than_the_roll(tmp_path: Path) -> None:
    def more(counts: list) -> None:  # type: ignore[type-arg]
        counts[2].registered = 16

    write_day(tmp_path, FormatVersion.V2022, change_offices(day(), more))
    [check] = failing(read_folder(tmp_path))
    assert (check.code, str(check.left), str(check.right)) == ("D104", "17", "16")


def test_one_section_is_counted_once(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    copy = tmp_path / "copy"
    write_day(copy, FormatVersion.V2022, made)
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert votes(reading)["544/1", "choice", "13"] == 9
    later = change_offices(replace(made, written="20221002T180000"), lambda counts: counts.pop())
    write_day(copy, FormatVersion.V2022, later)
    (copy / BALLOTS_NAME[FormatVersion.V2022]).unlink()
    reading = read_folder(tmp_path)
    [check] = [check for check in failing(reading) if check.code == "D111"]
    assert check.topic is CheckTopic.COVERAGE
    assert ("544/1", "choice", "13") not in votes(reading)  # the one written last is counted


def test_more_than_one_section(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    other = replace(made, section=replace(made.section, section=7))
    (tmp_path / "o00406-0605000020007.bu").write_bytes(write_bulletin(other, FormatVersion.V2022))
    reading = read_folder(tmp_path)
    assert sorted(reading.tallies.units) == ["06050/0002/0007", UNIT]
    assert failing(reading) == []
    assert sum(votes_ for _, _, _, _, votes_ in reading.tallies.tidy()) == 2 * sum(each.votes for each in offices())


def test_without_the_libraries_it_is_said_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_day(tmp_path, FormatVersion.V2022)
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None if name == "asn1tools" else True)
    reading = read_folder(tmp_path)
    assert "not installed here: asn1tools. To install: " in str(reading.problems[0])
    assert all(file.taken_for == "" and "asn1tools" in str(file.note) for file in reading.files)
    assert len(reading.tallies.rows) == 0
