"""A feed's files as they are published: each edition kept, sealed, compared with the one before and across levels."""

import datetime
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from protocol.errors import InputError
from regard.live import feed_files
from regard.live.feed_files import FeedFiles, NotTaken, TakenFile, pack, unpack
from regard.live.feed_series import FeedSeries, FeedStep
from regard.live.points import parse_point
from regard.live.store import LiveFinding, LiveReturn, LiveStore, StoreReader, StoreRefused
from regard.live.totals import FollowedTotals, totals
from tests.regard.calling import CommandLine
from tests.regard.live.live_nights import note
from tests.verify.feed import feeds
from verify.read.feed.elements import parse

ABOUT = {"kind": "feed", "format": "1"}
EVENING = datetime.datetime(2024, 6, 30, 20, 0)
PAGE = b"<!DOCTYPE html>\n<html><body><h1>404 Not Found</h1></body></html>"
BOMB = b'<?xml version="1.0"?><!DOCTYPE Election [<!ENTITY a "aaaa">]><Election>&a;</Election>'
NAME = "2A/R12ACIR.xml"


class Night:
    """A folder in which files are published, and the store that they are taken into."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder, self.path, self.minutes = folder, store, 0

    def publish(self, *names: str, **changes: object) -> None:
        """Write the files of the small feed, all of them or some."""
        whole = feeds.new_feed(**changes)  # type: ignore[arg-type]
        feeds.written({name: data for name, data in whole.items() if not names or name in names}, self.folder)

    def put(self, name: str, data: bytes) -> None:
        feeds.written({name: data}, self.folder)

    @contextmanager
    def series(self) -> Iterator[FeedSeries]:
        with LiveStore(self.path, ABOUT) as store:
            yield FeedSeries(store, self.folder, note, lambda: EVENING + datetime.timedelta(minutes=self.minutes))

    def look(self) -> FeedStep | None:
        """One look, by a process that begins with it."""
        self.minutes += 1
        with self.series() as series:
            return series.look(at_once=True)

    def found(self) -> list[LiveFinding]:
        with StoreReader(self.path) as reader:
            return [each for _, each in reader.found()]

    def said(self) -> list[str]:
        return [f"{each.severity} {each.place['en']}: {each.said['en']}" for each in self.found()]

    def returns(self) -> list[LiveReturn]:
        with StoreReader(self.path) as reader:
            return [each for _, each in reader.returns(data=True)]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    folder = tmp_path / "LG2022"
    folder.mkdir()
    return Night(folder, tmp_path / "store")


def test_each_edition_is_kept_with_its_digest_and_sealed(night: Night) -> None:
    night.publish()
    step = night.look()
    assert step is not None
    assert (step.taken, step.cells, step.changed, len(step.awaited)) == (7, 0, 0, 0)
    assert night.look() is None
    files = feeds.new_feed()
    returns = night.returns()
    assert [each.key for each in returns] == sorted(files)
    for each in returns:
        assert each.source == sha256(files[each.key]).hexdigest()
        assert unpack(night.path, each.data) == files[each.key]
        leaf = {"format": "regard-feed-file@v1", "name": each.key, "sha256": each.source, "size": len(files[each.key])}
        assert json.loads(each.leaf) == leaf
        assert each.second == 20 * 3600 + 60
    with StoreReader(night.path) as reader:
        assert [(seal.size, seal.second) for seal in reader.seals()] == [(7, 20 * 3600 + 60)]
        followed = FollowedTotals(reader)
        followed.update()
    [point] = followed.points
    assert (point.there, point.level, point.figures["registered"]) == (1, "nation", 2925)
    assert point.choices == {"DURAND Anne": 1140, "PETIT Luc": 1110, "ROCHE Lia": 100}
    assert night.found() == []


def test_figures_that_grow_are_no_finding_and_those_that_fall_are(night: Night) -> None:
    place = ("02A", "01", "004")
    night.publish()
    night.look()
    more = feeds.communes() | {place: feeds.result(310, 290)}
    night.publish(results=more)
    step = night.look()
    assert step is not None
    assert step.taken == 4
    assert 0 < step.changed < step.cells
    night.publish(results=more | {place: feeds.result(305, 290)})
    night.look()
    said = night.said()
    assert len(said) == 4  # by constituency, commune, département, and of the nation
    assert all(each.startswith("warning ") for each in said)
    assert any(
        f"{NAME}: 4 figures went down since the edition before (constituency 2A 1, registered voters: 1,260, then"
        in each
        for each in said
    ), said


def test_the_cut_departement_is_found_although_it_is_well_formed(night: Night) -> None:
    night.publish()
    night.look()
    cut = {key: value for key, value in feeds.communes().items() if key[:2] != ("02A", "02")}
    night.publish(NAME, results=cut)
    night.look()
    said = night.said()
    assert (
        f"error {NAME}: 1 place of the edition before is not in this one (constituency 2A 2): the file may be cut "
        in (said[0])
    )
    assert any("there are 2 by the law" in each for each in said)
    assert any(each.startswith("error département 2A") for each in said)


def test_sums_by_level_are_held_against_the_nation(night: Night) -> None:
    night.publish()
    wrong = feeds.new_feed({**feeds.communes(), ("048", "01", "002"): feeds.result(401, 389)})
    night.put("R1FE.xml", wrong["R1FE.xml"])
    night.look()
    said = night.said()
    assert len([each for each in said if each.startswith("warning nation")]) == 2, said
    night.look()
    night.put("extra.xml", feeds.new_feed()["48/R148.xml"])
    night.look()
    assert len([each for each in night.said() if each.startswith("warning nation")]) == 2


def test_the_wrong_year_is_told_once(tmp_path: Path) -> None:
    folder = tmp_path / "LG2024" / "resultatsT1"
    folder.mkdir(parents=True)
    night = Night(folder, tmp_path / "store")
    night.publish("48/R148CIR.xml")
    night.look()
    night.publish()
    night.look()
    night.publish(results=feeds.communes() | {("048", "01", "003"): feeds.result(95, 85)})
    night.look()
    assert [each for each in night.said() if "2022" in each] == [
        f"error the feed: {tmp_path / 'LG2024'}: “LG2024” names another election than its files: "
        "legislative election 2022."
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (PAGE, "a page of a web server: it had no such file then"),
        (BOMB, "a document type"),
        (feeds.new_feed()[NAME][:900], "one that was cut short"),
        (b"<?xml version='1.0'?><Other/>", "XML of another form, with the root element « Other »: no reader knows it"),
    ],
)
def test_what_stands_in_place_of_a_file_is_kept_and_the_figures_stay(night: Night, data: bytes, why: str) -> None:
    night.publish()
    night.look()
    night.put(NAME, data)
    step = night.look()
    assert step is not None
    assert step.taken == 1
    [said] = night.said()
    assert said == f"error {NAME}: {why}; the figures stay those of the edition before"
    assert unpack(night.path, night.returns()[-1].data) == data
    night.put("48/R148.xml", data)
    night.put("new.xml", data)
    night.look()
    assert f"error new.xml: {why}; there are no figures of it yet" in night.said()
    grown = feeds.communes() | {("02A", "01", "004"): feeds.result(299, 280)}
    night.publish(NAME, results=grown)
    night.look()  # compared with the last whole one, by a process that has not seen it
    assert any(each.startswith(f"warning {NAME}: 4 figures went down") for each in night.said()), night.said()


def test_a_file_that_is_being_written_is_waited_for(night: Night) -> None:
    data = feeds.new_feed()[NAME]
    with night.series() as series:
        assert series.look() is None
        night.put(NAME, data[:700])
        assert series.look() is None  # seen for the first time
        night.put(NAME, data)
        assert series.look() is None  # it has changed since
        step = series.look()
        assert step is not None
        assert step.taken == 1
        assert series.look() is None
    [one] = night.returns()
    assert one.source == sha256(data).hexdigest()


def test_a_file_put_in_place_by_renaming_is_taken_whole(night: Night) -> None:
    data = feeds.new_feed()[NAME]
    with night.series() as series:
        night.put("2A/.R12ACIR.xml.tmp", data[:500])
        assert [series.look() for _ in range(3)] == [None] * 3
        night.put("2A/.R12ACIR.xml.tmp", data)
        (night.folder / "2A" / ".R12ACIR.xml.tmp").rename(night.folder / NAME)
        assert series.look() is None
        assert series.look() is not None
    assert [each.source for each in night.returns()] == [sha256(data).hexdigest()]


def test_what_is_not_of_the_folder_is_named_and_not_read(night: Night, tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes(feeds.new_feed()[NAME])
    (night.folder / "link.xml").symlink_to(tmp_path / "secret.xml")
    (night.folder / "loop").symlink_to(night.folder)
    (night.folder / "nowhere.xml").symlink_to("nothing")
    os.mkfifo(night.folder / "pipe.xml")
    night.put("readme.txt", b"hello")
    night.put("empty.xml", b"")
    step = night.look()
    assert step is not None
    assert step.taken == 0
    assert night.returns() == []
    named = {each.place["en"]: each.said["en"] for each in night.found()}
    assert named.keys() == {"link.xml", "loop", "nowhere.xml", "pipe.xml", "readme.txt", "empty.xml"}
    assert "leads out of it" in named["link.xml"]
    assert "a pipe" in named["pipe.xml"]
    night.look()
    assert len(night.found()) == 6


def test_a_folder_that_cannot_be_listed_is_named_once_and_stops_nothing(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.publish()
    night.put("closed/R1.xml", PAGE)
    feeds.close(monkeypatch, "closed")
    for _ in range(2):
        night.look()
    assert [said for said in night.said() if "closed" in said] == ["warning closed: a folder that cannot be listed"]
    assert len(night.returns()) == len(feeds.new_feed())
    monkeypatch.undo()
    night.look()
    assert len(night.returns()) == len(feeds.new_feed()) + 1


def test_thousands_of_files_are_taken_in_parts_and_more_are_refused(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(450):
        night.put(f"{number}.xml", PAGE + str(number).encode())
    step = night.look()
    assert step is not None
    assert step.taken == len(night.found()) == 450
    with StoreReader(night.path) as reader:
        assert [seal.size for seal in reader.seals()] == [450]
    monkeypatch.setattr(feed_files, "MAX_FEED", 449)
    with pytest.raises(InputError, match="at most 449 files"):
        night.look()


def test_a_folder_that_is_gone_is_said(night: Night) -> None:
    night.folder.rmdir()
    with pytest.raises(InputError, match="a folder that can be read"):
        night.look()


def test_a_file_too_large_is_named(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_files, "MAX_XML", 100)
    night.publish(NAME)
    night.look()
    [found] = night.found()
    assert "at most 100 bytes" in found.said["en"]


def test_a_file_that_changes_in_one_byte_is_another_edition(tmp_path: Path) -> None:
    files = FeedFiles(tmp_path, {})
    (tmp_path / "a.xml").write_bytes(b"<?xml version='1.0'?><Election/>")
    assert [type(each) for each in files.take(at_once=True)] == [TakenFile]
    os.utime(tmp_path / "a.xml", (1, 1))
    assert list(files.take(at_once=True)) == []  # the same bytes again
    (tmp_path / "a.xml").write_bytes(b"<?xml version='1.0'?><Election/> ")
    assert [type(each) for each in files.take(at_once=True)] == [TakenFile]
    (tmp_path / "a.xml").write_bytes(b"text")
    assert [type(each) for each in files.take(at_once=True)] == [NotTaken]


def test_what_a_store_keeps_is_unpacked_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unpack(tmp_path, pack(b"abc")) == b"abc"
    monkeypatch.setattr(feed_files, "MAX_DATA", 1000)
    for data in (pack(bytes(1001)), pack(b"abc")[:-3], b"no zlib"):
        with pytest.raises(StoreRefused, match="cannot be unpacked"):
            unpack(tmp_path, data)


def test_the_point_of_a_feed_that_is_none_is_said(night: Night) -> None:
    from tests.regard.live.test_live_store import change

    night.publish()
    night.look()
    for text in ("{", "[]", '{"a": 1}'):
        change(night.path, f"UPDATE points SET totals = '{text}'")  # noqa: S608
        with StoreReader(night.path) as reader, pytest.raises(StoreRefused, match="totals that are none"):
            reader.points()


def test_the_command_takes_a_folder_once(
    night: Night, tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # a line a sentence
    night.publish(results=feeds.communes() | {("048", "01", "003"): replace(feeds.result(90, 80), abstained=7)})
    command = ["live", str(night.folder), "--store", str(tmp_path / "s"), "--lang", "fr"]
    cli(*command)
    out = cli.out.splitlines()
    assert out[0].startswith("7 nouvelles éditions de fichiers ; 0 chiffre comparé à l'édition d'avant")
    assert len(out) > 1  # registered voters that are not abstentions and voters together
    cli(*command)
    assert cli.out == ""
    night.put("new.xml", PAGE)
    cli(*command)
    assert len(cli.out.splitlines()) == 2  # the edition, and what is new among what was found


def test_the_real_rehearsal_of_2024(real_data: Path, tmp_path: Path) -> None:
    """Sums of its circonscriptions, its year, and what is seen when one département is cut."""
    folder = tmp_path / "LG2024"
    [archive] = (real_data / "night_xml").glob("LG2024*.tar.gz")
    with tarfile.open(archive) as packed_files:
        packed_files.extractall(folder, filter="data")
    night = Night(folder, tmp_path / "store")
    assert night.look() is not None
    with StoreReader(night.path) as reader:
        [point] = reader.points()
    assert (point.there, point.due, len(point.awaited)) == (80, 577, 497)
    figures = {"registered": 6_895_385, "votes_found": 2_970_717, "blank": 44_571, "null": 16_408, "valid": 2_909_738}
    assert {name: point.figures[name] for name in figures} == figures
    assert sum(point.choices.values()) == 2_909_738
    [year] = [each for each in night.said() if "2022" in each]
    assert "“LG2024” names another election than its files: legislative election 2022." in year
    file = folder / "data" / "75" / "R175CIR.xml"
    data = file.read_bytes()
    end = data.rindex(b"<Circonscription>")
    file.write_bytes(data[:end] + b"</Circonscriptions></Departement></Election>")
    before = len(night.found())
    night.look()
    said = night.said()[before:]
    assert any("1 place of the edition before is not in this one (constituency 75 18)" in each for each in said)
    assert any("there are 18 by the law" in each for each in said)


def test_a_folder_without_a_feed_leaves_nothing_behind(night: Night, cli: CommandLine) -> None:
    for at in range(6):
        night.put(f"{at}.xml", b"no XML")
    night.put("drawing.xml", b'<?xml version="1.0"?><svg><x/></svg>')
    command = ["live", str(night.folder), "--store", str(night.path), "--lang", "en"]
    cli(*command, code=2)
    said, why = (cli.out, cli.err)
    assert said == ""
    assert "0.xml: no XML of the ministry's feed\n" in why
    assert "2 more files are not of the feed\n" in why
    assert "LG2022: no XML of the ministry's feed\n" in why
    assert "key" not in why
    assert [each.name for each in night.folder.parent.iterdir()] == [night.folder.name]
    (night.folder / "1.xml").unlink()
    (night.folder / "2.xml").unlink()
    cli(*command, code=2)
    assert "drawing.xml: expected XML of the feed, in an element « Election », got XML of another form, " in cli.err
    night.publish(NAME)
    cli(*command)
    assert "sealed" in cli.out


def test_where_nothing_is_sealed_no_seal_is_named(
    night: Night, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    def pause(seconds: float) -> None:
        if len(pauses) == 2:
            raise KeyboardInterrupt
        pauses.append(seconds)

    pauses: list[float] = []
    monkeypatch.setattr("regard.commands.sealing.live.time.sleep", pause)
    night.put("other.xml", b"no XML")
    command = ["live", str(night.folder), "--store", str(night.path), "--watch"]
    cli(*command, code=130)
    said, why = (cli.out, cli.err)
    assert "0 new editions of files; 0 figures compared with the edition before, 0 changed\n" in said
    assert "other.xml: no XML" in said
    assert "sealed" not in said
    assert why.count("LG2022: nothing of the ministry's feed is there yet.") == 1
    pauses.clear()
    night.publish(NAME)
    cli(*command, "--lang", "fr", code=130)
    said, why = (cli.out, cli.err)
    assert "scellé" in said
    assert "rien du flux" not in why
    cli(*command[:-1])  # without --watch it is gone on with


@pytest.mark.parametrize(("emptied", "there"), [(0, 2), (1, 1)])
def test_a_place_whose_figures_have_not_come_in_is_not_among_those_that_have(emptied: int, there: int) -> None:
    name, data = next((name, data) for name, data in feeds.new_feed().items() if name.endswith("2ACIR.xml"))
    parts = data.split(b"<Circonscription>")
    counts = b"Abstentions|Votants|Blancs|Nuls|Exprimes"
    for at in range(1, 1 + emptied):
        parts[at] = re.sub(rb"<(" + counts + rb")>\s*<Nombre>[0-9]+", rb"<\1>\n<Nombre>", parts[at])
        parts[at] = re.sub(rb"<NbVoix>[0-9]+", b"<NbVoix>", parts[at])
    point = totals([parse(b"<Circonscription>".join(parts), name)], 0)
    assert (point.there, point.due, point.level) == (there, 577, "circonscription")
    assert len(point.awaited) == 577 - there
    assert {key: name for key, name in point.awaited.items() if key.startswith("2A/")} == dict(
        [("2A/1/1", "Département 2A")][:emptied]
    )
    assert parse_point(0, point.text()) == point
    earlier = {name: value for name, value in json.loads(point.text()).items() if name != "awaited"}
    assert parse_point(0, json.dumps(earlier)) == replace(point, awaited={})
