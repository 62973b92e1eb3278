"""Messages become sentences only where they are shown, in any language that there is a catalogue for."""

import gettext
import pickle

from protocol.words import (
    ENGLISH,
    LOCALE,
    LONGEST_CITED,
    Language,
    cited,
    language,
    msg,
    nmsg,
    pmsg,
    quoted,
    series,
)


class _Catalogue(gettext.NullTranslations):
    """Turns every text round, so that what did not come through it is seen."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def pgettext(self, context: str, message: str) -> str:
        return {",": "·", ".": "!"}.get(message, f"«{context}|{message}»")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid1 if n < 2 else msgid2}»"


OTHER = Language("xx", _Catalogue())


def test_a_message_is_shown_with_its_values() -> None:
    for message, english, other in (
        (msg("a file"), "a file", "«a file»"),
        (msg("{file}, row {row}", file="pv.csv", row=1200), "pv.csv, row 1200", "«pv.csv, row 1200»"),
        (msg("{count:n} votes", count=1234567), "1,234,567 votes", "«1·234·567 votes»"),
        (msg("{rate:.1f} %", rate=2.25), "2.2 %", "«2!2 %»"),
        (nmsg("{count:n} bureau", "{count:n} bureaux", 1), "1 bureau", "«1 bureau»"),
        (nmsg("{count:n} bureau", "{count:n} bureaux", 0), "0 bureaux", "«0 bureau»"),
        (pmsg("of a cell", "blank"), "blank", "«of a cell|blank»"),
        (msg("expected {what}", what=msg("a date")), "expected a date", "«expected «a date»»"),
        (msg("{what}", what=None), "nothing", "««nothing»»"),
        (msg("braces {} stay"), "braces {} stay", "«braces {} stay»"),
    ):
        assert (str(message), OTHER.show(message)) == (english, other)


def test_several_values_are_shown_with_a_joint_of_the_language() -> None:
    assert str(series(["a", msg("b")])) == "a, b"
    assert OTHER.show(series(["a", msg("b")])) == "a«, »«b»"


def test_a_text_that_stands_somewhere_is_shown_as_it_is() -> None:
    assert OTHER.show("{count} of a file") == "{count} of a file"
    assert str(msg("found {got}", got="{braces}")) == "found {braces}"


def test_a_message_crosses_processes() -> None:
    message = nmsg("{count} file in {where}", "{count} files in {where}", 3, where=msg("a folder"))
    assert ENGLISH.show(pickle.loads(pickle.dumps(message))) == "3 files in a folder"  # noqa: S301 - our own bytes


def test_values_are_cited_in_the_quotation_marks_of_the_language() -> None:
    french = language("fr")
    assert [ENGLISH.show(cited("5O1")), french.show(cited("5O1"))] == ["“5O1”", "« 5O1 »"]
    assert [ENGLISH.show(cited("")), french.show(cited(" "))] == ["nothing", "des espaces seulement"]
    assert [ENGLISH.show(cited(12)), french.show(cited(12))] == ["12", "12"]
    assert ENGLISH.show(cited("x" * 10_000)) == f"“{'x' * LONGEST_CITED}…”"
    assert ENGLISH.show(quoted("x" * 10_000)) == f"“{'x' * 10_000}”"


def test_no_sentence_shows_a_value_as_python_writes_it() -> None:
    catalogue = LOCALE / "fr" / "LC_MESSAGES" / "regard.po"
    assert "!r}" not in catalogue.read_text("utf-8")
