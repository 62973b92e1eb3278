"""The benchmark of bulletins: it does its work."""

from pathlib import Path

from bench import bulletins
from protocol.bu.schema import FormatVersion


def test_a_wrong_bulletin_is_seen(tmp_path: Path) -> None:
    for version in FormatVersion:
        (folder := tmp_path / version.value).mkdir()
        paths = bulletins.write_files(folder, 2, version)
        assert bulletins.ours(paths, signatures=True) == 0
        data = paths[0].read_bytes()
        paths[0].write_bytes(data.replace(b"\x82\x01\x02\x04\x40", b"\x82\x01\x03\x04\x40", 1))  # one blank vote more
        assert (data != paths[0].read_bytes()) == (version is FormatVersion.V2022)
        paths[1].write_bytes(data[:-1])
        assert bulletins.ours(paths, signatures=True) > 1


def test_the_bulletins_are_of_the_size_of_a_real_one() -> None:
    assert sum(len(office.nominal) for office in bulletins.make_day(1).offices) == 127
    assert bulletins.make_day(1) == bulletins.make_day(1)
    assert bulletins.make_day(1) != bulletins.make_day(2)
