"""`regard next` as it is used: wide and narrow, in every language, with a folder, with pieces, and refused."""

import contextlib
import io
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from rich.console import Console

from regard.cli import main
from regard.letters.forms import show_steps
from regard.letters.law import ELECTIONS, Vote
from regard.letters.making import handout
from regard.letters.matter import Matter
from regard.reports.screen import Printer
from tests.regard import pseudo
from tests.regard.letters.test_law import DATE
from tests.verify.night_builder import small_night

KNOWN = pseudo.vocabulary()
Say = Callable[..., tuple[int, str]]
"""`regard next` with these arguments: its exit code and what it printed."""


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = 2
        with contextlib.suppress(SystemExit):
            code = main(["next", *map(str, arguments)])
        return code, "".join(capsys.readouterr())

    return run


@pytest.mark.parametrize("election", ELECTIONS)
def test_every_line_fits(election: str, language: str, say: Say) -> None:
    code, said = say("--election", election, "--date", "2026-03-15", "--lang", language)
    assert code == 0
    assert max(map(len, said.splitlines())) <= 80
    assert {"en": "What was looked for and not found", "fr": "Ce qui a été cherché et non trouvé"}[language] in said


@pytest.mark.parametrize("width", [30, 49, 50])
def test_a_narrow_window(width: int) -> None:
    out = io.StringIO()
    made = handout(Vote("municipales", DATE, 1), Matter(), (), "fr")
    show_steps(made, Printer("fr", Console(width=width, file=out)))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert any("18 h 00" in line for line in lines)


def test_a_folder_says_what_was_voted_on_and_when(tmp_path: Path, say: Say) -> None:
    small_night().write(tmp_path / "night")
    code, said = say(tmp_path / "night", "--lang", "en", "--html", tmp_path / "next.html", "--pdf", tmp_path / "n.pdf")
    assert code == 0
    assert "presidential election, first round" in said
    assert (tmp_path / "next.html").read_bytes().startswith(b"<!doctype html>")
    assert (tmp_path / "n.pdf").read_bytes().startswith(b"%PDF-")
    again, _ = say(tmp_path / "night", "--lang", "fr", "--html", tmp_path / "next.html")  # its own is replaced
    assert again == 0
    assert 'lang="fr"' in (tmp_path / "next.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ("--date 15/03/2026", "dimanche 15 mars 2026"),
        ("--election municipales", "élections municipales"),
        ("--round 2", "second tour"),
        ("--round 2 --date 2022-04-24", "second tour, dimanche 24 avril 2022"),
        ("--election presidentielle --date 10/04/2022 --round 1", ""),
    ],
)
def test_no_option_overrides_what_a_folder_says(options: str, refused: str, tmp_path: Path, say: Say) -> None:
    small_night().write(tmp_path / "night")
    code, said = say(tmp_path / "night", *options.split(), "--lang", "fr", "--html", tmp_path / "n.html")
    assert code == (2 if refused else 0)
    assert (tmp_path / "n.html").exists() is not bool(refused)
    both = "le dossier dit : élection présidentielle, premier tour, dimanche 10 avril 2022 ; il est demandé"
    assert (f"{both} : {refused}. Demander le scrutin du dossier" in " ".join(said.split())) is bool(refused)


@pytest.mark.parametrize(
    "date", ["2026-03-15", "15/03/2026", "15.03.2026", "15-3-2026", "dimanche 15  mars 2026", "15 March 2026"]
)
def test_days_are_taken_as_france_writes_them(date: str, say: Say) -> None:
    code, said = say("--election", "municipales", "--date", date, "--lang", "fr")
    assert code == 0
    assert "vendredi 20 mars 2026 à 18 h 00" in said
    assert "À revoir d'abord" not in said


def test_a_day_that_is_no_sunday_is_asked_about(tmp_path: Path, say: Say) -> None:
    given = ("--election", "municipales", "--date", "16/03/2026", "--lang", "fr", "--html", tmp_path / "n.html")
    code, said = say(*given)
    assert code == 0
    asked = "Le lundi 16 mars 2026 n'est pas un dimanche : est-ce bien le jour du vote ?"
    assert asked in " ".join(said.split())
    page = unescape((tmp_path / "n.html").read_text("utf-8")).replace("\u00a0", " ")
    assert asked in page


@pytest.mark.parametrize(("election", "used"), [("municipales", False), ("legislatives", True)])
def test_a_proclamation_that_changes_nothing_is_said(election: str, used: bool, say: Say) -> None:
    code, said = say("--election", election, "--date", "2026-03-15", "--proclaimed", "16/03/2026", "--lang", "en")
    assert code == 0
    unused = "The day of the proclamation (Monday 16 March 2026) changes nothing here"
    assert (unused in " ".join(said.split())) is not used
    assert ("day 10 after the proclamation" in " ".join(said.split())) is used


def test_pieces_by_themselves(tmp_path: Path, say: Say) -> None:
    small_night().write(tmp_path / "night")
    pieces = [tmp_path / "night" / name for name in ("pv.csv", "emargements.csv")]
    code, said = say(*pieces, "--election", "municipales", "--date", "2026-03-15", "--lang", "en")
    assert code == 0
    assert "Friday 20 March 2026" in said
    assert say(*pieces, "--lang", "en")[0] == 2


def test_columns_are_given_a_meaning_as_for_verify(tmp_path: Path, say: Say) -> None:
    """A workbook whose headers verify was told has the same letters: a gap of two is one of its facts."""
    path = tmp_path / "pv.csv"
    path.write_text("Commune;Bureau;Inscrits;Ont signé;Compteur;Blancs;Nuls;A;B\nVauréal;1;900;640;642;2;0;400;240\n")
    told = ("--map", "Ont signé=émargements", "--map", "Compteur=votes trouvés")
    letters = tmp_path / "lettres.html"
    vote = ("--election", "legislatives", "--date", "2026-03-15", "--lang", "fr", "--html", letters, "--force")
    for given, there in (((), False), (told, True)):
        assert say(path, *vote, *given)[0] == 0
        assert (" 642 " in letters.read_text("utf-8")) is there


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "--election municipales --date 2026-03-15"),
        ("--election municipales", "--date"),
        ("--election plebiscite --date 2026-03-15", "no kind of election"),
        ("--election municipales --date 03/15/2026", "no day as 2026-03-15 or 15/03/2026"),
        ("--election municipales --date 15/03/26", "no day as 2026-03-15 or 15/03/2026"),
        ("--election municipales --date 15/03.2026", "no day as 2026-03-15 or 15/03/2026"),
        ("--election municipales --date 2026-02-30", "the calendar has no such day"),
        ("--election municipales --date 9999-12-30", "no day as 2026-03-15"),
        ("--election municipales --date ２０２６-03-15", "no day as 2026-03-15"),
        ("--election européennes --date 2024-06-09 --round 2", "there is one round only"),
        ("--election legislatives --date 2024-07-07 --proclaimed 2024-07-01", "cannot have been proclaimed before"),
        ("--election municipales --date 2026-03-15 --round 3", "from 1 to 2"),
        ("/absentee --election municipales --date 2026-03-15", "/absentee"),
    ],
)
def test_wrong_usage(arguments: str, says: str, say: Say) -> None:
    code, said = say(*arguments.split(), "--lang", "en")
    assert code == 2
    assert says in " ".join(said.split())


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("lundi 15 mars 2026", "that day is a Sunday"),
        ("32 mars 2026", "the calendar has no such day"),
        ("15 brumaire 2026", "no day as 2026-03-15"),
        ("15 mars 9026", "no day as 2026-03-15"),
    ],
)
def test_days_in_words_that_are_none(day: str, why: str, say: Say) -> None:
    code, said = say("--election", "municipales", "--date", day, "--lang", "en")
    assert (code, why in " ".join(said.split())) == (2, True)


def test_the_first_of_a_month_in_words(say: Say) -> None:
    code, said = say("--election", "municipales", "--date", "1er février 2026", "--lang", "fr")
    assert (code, "dimanche 1er février 2026" in said) == (0, True)


def test_two_folders_are_two_nights(tmp_path: Path, say: Say) -> None:
    for name in "ab":
        small_night().write(tmp_path / name)
    code, said = say(tmp_path / "a", tmp_path / "b", "--lang", "en")
    assert (code, "one folder at most" in said) == (2, True)


def test_evidence_is_never_written_over(tmp_path: Path, say: Say) -> None:
    small_night().write(tmp_path / "night")
    (tmp_path / "night" / "scan.html").write_bytes(b"a scan")
    code, said = say(tmp_path / "night", "--html", tmp_path / "night" / "scan.html", "--force", "--lang", "en")
    assert (code, "must end with" in said) == (2, False)
    assert (tmp_path / "night" / "scan.html").read_bytes() == b"a scan"
    (tmp_path / "mine.pdf").write_bytes(b"%PDF-1.7 somebody's")
    given = ("--election", "municipales", "--date", "2026-03-15", "--lang", "en")
    assert say(*given, "--pdf", tmp_path / "mine.pdf")[0] == 2
    assert (tmp_path / "mine.pdf").read_bytes() == b"%PDF-1.7 somebody's"


@pytest.mark.parametrize(
    ("option", "name"), [("--docx", "a.pdf"), ("--pdf", "a.docx"), ("--html", "a.pdf"), ("--pdf", "a")]
)
def test_a_file_is_called_what_it_is(option: str, name: str, tmp_path: Path, say: Say) -> None:
    given = ("--election", "municipales", "--date", "2026-03-15", "--lang", "en")
    code, said = say(*given, option, tmp_path / name)
    assert (code, "the name must end with" in " ".join(said.split())) == (2, True)
    assert not (tmp_path / name).exists()


def test_a_third_language_is_one_file(pseudo_language: str) -> None:
    for election in ELECTIONS:
        made = handout(Vote(election, DATE, 1, DATE), Matter(), (), pseudo_language)
        for section in made.sections:
            if section.tone == "letter":
                continue
            for text in (
                section.title,
                *(cell for b in section.blocks for row in (*b.rows, (b.text,)) for cell in row),
            ):
                assert pseudo.plain(text, KNOWN) == [], text


HEAD = "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;DURAND Anne;PETIT Luc;MOREL Ida"
ROWS = ("29999;Essai;0001;1043;688;12;3;673;313;339;21", "29999;Essai;0002;1118;757;15;2;740;367;350;23")


def pieces(folder: Path) -> tuple[object, ...]:
    """PVs with a sum that is off by 4, published as they are but for blank and null votes, exchanged in one bureau."""
    wrong = ROWS[1].replace("367;350", "367;346")
    for name, rows in (("pv.csv", (ROWS[0], wrong)), ("publie.csv", (ROWS[0].replace("12;3", "3;12"), wrong))):
        (folder / name).write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    return "--pv", folder / "pv.csv", "--published", folder / "publie.csv"


def test_errors_of_a_publication_are_in_a_letter_to_who_published_it(tmp_path: Path, say: Say) -> None:
    given = pieces(tmp_path)
    page = tmp_path / "next.html"
    code, said = say(
        *given, "--election", "legislatives", "--date", "19/06/2022", "--round", 2, "--lang", "en", "--html", page
    )
    assert code == 0
    assert "A request to correct the published results." in said
    letters = " ".join(unescape(page.read_text("utf-8")).split())
    assert "Essai, bureau 0001 : votes blancs, 3 dans le résultat publié et 12 au PV." in letters
    assert "Essai, bureau 0002 : exprimés, 740 au PV ; le calcul donne 736" in letters
    assert "somme des voix, " not in letters  # nobody wrote it


def test_readings_say_once_what_several_pieces_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *map(str, pieces(tmp_path)), "--lang", "en", "--verbose"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "blank votes 3 and null votes 12 in the published result, the other way round in the PV: one of the two" in said
    )
    assert "null votes, 2 in the PV and in the published result, should read 6" in said
    assert "4 votes more for one of 2 other choices" in said
