"""Files that are given to the page: streamed to the folder under names of ours, bounded, in place of no other."""

import contextlib
import gzip
import hashlib
import http.client
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regard.serve import uploads
from regard.serve.case_folder import LONGEST, CaseFolder, number_names, safe_name
from regard.serve.security import LOOPBACK
from regard.serve.uploads import UploadFate
from tests.programs import HANG
from tests.regard.serve.conftest import PV
from tests.regard.serve.running import BOUNDARY, Client, form_of

HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\system32\\evil.dll",
    "/etc/passwd",
    "C:\\autoexec.bat",
    "..",
    ".",
    "...",
    "",
    " ",
    ".bashrc",
    "CON",
    "nul.csv",
    "LPT1.pv.csv",
    "com¹.txt",
    "pv.csv:hidden",
    "pv\0.csv",
    "a\nb.csv",
    "\x1b[31mred.csv",
    "\u202egpj.csv",
    "<script>alert(1)</script>.csv",
    "=cmd|'/c calc'!A0.csv",
    "-rf.csv",
    "é" * 5000 + ".csv",
    "pv" + "." * 300,
    "~/pv.csv",
    "$HOME.csv",
    "%2e%2e%2fpv.csv",
    "pv.csv.regard",
]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_file_is_stored_as_it_is_and_said_so(client: Client, folder: Path) -> None:
    answer = client.give([("PV du 1er tour.csv", PV.encode()), ("scan.jpg", bytes(range(256)) * 1000)])
    assert (answer.status, answer.headers["Location"]) == (303, "/#given")
    assert files(folder) == {"PV du 1er tour.csv": PV.encode(), "scan.jpg": bytes(range(256)) * 1000}
    page = client.get("/").plain
    assert "PV du 1er tour.csv is in the folder now" in page
    assert "as « PV du 1er tour.csv »" not in page
    assert "scan.jpg another file ○ not used no file of this kind is read" in page


def test_nothing_that_is_there_is_replaced(client: Client, folder: Path) -> None:
    (folder / "pv.csv").write_bytes(b"first")
    client.give([("pv.csv", b"second"), ("PV.csv", b"third"), ("pv.csv", b"fourth")])
    stored = files(folder)
    assert stored["pv.csv"] == b"first"
    assert sorted(stored.values()) == [b"first", b"fourth", b"second", b"third"]
    assert {"pv (2).csv", "pv (3).csv"} <= stored.keys()


def test_the_same_bytes_are_not_stored_twice(client: Client, folder: Path) -> None:
    client.give([("pv.csv", b"one"), ("copy.csv", b"one"), ("other.csv", b"two")])
    client.give([("again.csv", b"two")])
    assert files(folder) == {"pv.csv": b"one", "other.csv": b"two"}
    assert "was there already, as « other.csv »: the same bytes" in client.get("/").plain


def test_dumps_go_to_folders_of_their_own(client: Client, folder: Path) -> None:
    client.give([("77001-0001-1-1.ESF", b"x"), ("77001-0001-1.urn", b"y")])
    assert files(folder) == {"exports/77001-0001-1-1.ESF": b"x", "modules/77001-0001-1.urn": b"y"}


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_stays_in_the_folder_and_is_shown_as_text(client: Client, folder: Path, name: str) -> None:
    client.give([(name.replace("\n", "%0A").replace("\0", "%00"), b"x")])
    stored = files(folder.parent)
    assert all(path.startswith("affaire/") and path.count("/") == 1 for path in stored)
    assert len(stored) <= 1  # a file without a name is none
    text = client.get("/").text
    assert "<script>alert" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@given(called=st.text(max_size=400) | st.sampled_from(HOSTILE))
@example("aux.")
@example("- 0")
@example("-.profile")
@example("x" * 149 + "é.csv")
def test_a_name_is_always_safe(called: str) -> None:
    name = safe_name(called)
    assert name
    assert len(name.encode()) <= LONGEST + 1
    assert Path(name).name == name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name[0] not in ".-+ "
    assert name[-1] not in ". "
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
    assert safe_name(name) == name


def test_a_name_keeps_what_tells_what_it_is() -> None:
    assert safe_name("PV du 1er tour (Évreux).xlsx") == "PV du 1er tour (Évreux).xlsx"
    assert safe_name("é" * 300 + ".xlsx").endswith("é.xlsx")
    names = number_names("pv.csv")
    assert [next(names) for _ in range(3)] == ["pv.csv", "pv (2).csv", "pv (3).csv"]


def test_a_file_that_is_too_large_is_not_kept_and_the_others_are(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE", 1000)
    client.give([("small.csv", b"x" * 1000), ("large.csv", b"x" * 1001), ("after.csv", b"y")])
    assert files(folder) == {"after.csv": b"y", "small.csv": b"x" * 1000}
    assert "large.csv is too large and was not kept: at most 1,000 bytes a file" in client.get("/").plain


def test_too_much_at_a_time_is_refused(client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    answer = client.give([(f"{number}.csv", bytes([number])) for number in range(5)])
    assert answer.status == 413
    assert sorted(files(folder)) == ["0.csv", "1.csv", "2.csv"]
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    assert client.give([("a.csv", b"x" * 2000)]).status == 413
    assert "a.csv" not in files(folder)


def test_a_large_file_is_never_held_in_memory(client: Client, folder: Path) -> None:
    piece, times = os.urandom(2**16), 512
    start, end = (form_of([("large.bin", b"|")], client.keys.form)).split(b"|")
    keys = client.keys
    connection = http.client.HTTPConnection(LOOPBACK, keys.port, timeout=HANG)
    tracemalloc.start()
    with contextlib.closing(connection):
        connection.putrequest("POST", "/files", skip_host=True)
        headers = {"Host": keys.hosts[0], "Cookie": client.cookie, **client.own}
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        headers["Content-Length"] = str(len(start) + len(piece) * times + len(end))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(start)
        for _ in range(times):
            connection.send(piece)
        connection.send(end)
        assert connection.getresponse().status == 303
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert hashlib.sha256((folder / "large.bin").read_bytes()).digest() == hashlib.sha256(piece * times).digest()
    assert peak < len(piece) * times // 4


@pytest.mark.parametrize(
    "body",
    [b"", b"nothing", b"--a-boundary-of-a-form\r\n", b"--a-boundary-of-a-form\r\n" + b"x" * 9000, bytes(1000)],
)
def test_a_form_that_is_none_is_refused(client: Client, folder: Path, body: bytes) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=a-boundary-of-a-form"}
    assert client.ask("POST", "/files", body, {**kind, **client.own}).status in (400, 403)
    for other in ("text/plain", "multipart/form-data", "multipart/form-data; boundary="):
        assert client.ask("POST", "/files", body, {"Content-Type": other, **client.own}).status == 400
    assert files(folder) == {}


def test_a_form_that_breaks_off_leaves_no_part_of_a_file(client: Client, folder: Path) -> None:
    whole = form_of([("first.csv", b"1"), ("second.csv", b"x" * 5000)], client.keys.form)
    kind = {"Content-Type": "multipart/form-data; boundary=a-boundary-of-a-form"}
    client.ask("POST", "/files", whole[:-3000], {**kind, **client.own})
    assert files(folder) == {"first.csv": b"1"}


def test_links_are_not_followed(client: Client, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "victim").write_bytes(b"victim")
    (folder / "exports").symlink_to(outside)
    (folder / "pv.csv").symlink_to(tmp_path / "victim")
    (folder / ".note.csv.regard").symlink_to(tmp_path / "victim")
    client.give([("a.esf", b"x"), ("pv.csv", b"y"), ("note.csv", b"z")])
    assert list(outside.iterdir()) == []
    assert (tmp_path / "victim").read_bytes() == b"victim"
    assert (folder / "pv (2).csv").read_bytes() == b"y"
    assert "a.esf was not kept" in client.get("/").plain
    assert {each.kept for each in client.server.desk.uploads} == {UploadFate.STORED, UploadFate.REFUSED}


def test_a_bomb_is_stored_and_named_and_the_rest_is_read(client: Client, folder: Path) -> None:
    client.give([("bomb.csv.gz", gzip.compress(b"a,b\n" * 2**25)), ("pv.csv", PV.encode())])
    page = client.get("/").plain
    assert "bomb.csv.gz" in page
    rows = {each.path: each.used.value for each in client.server.desk.examiner.latest().inputs}
    assert rows["bomb.csv.gz"] == "none"


def test_the_same_name_is_claimed_once(folder: Path) -> None:
    case = CaseFolder(folder)
    with case.claim("pv.csv") as one, case.claim("pv.csv") as other:
        assert (one.path.name, other.path.name) == ("pv.csv", "pv (2).csv")
        one.write(b"1")
        with case.claim("pv.csv") as third:
            assert third.path.name == "pv (3).csv"
    assert files(folder) == {"pv.csv": b"1"}
