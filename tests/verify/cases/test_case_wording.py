"""Words of a case: its corrections, what agrees with them, its place, where to look; in both languages."""

from dataclasses import replace

import pytest

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Message, msg
from regard.language import show
from verify.cases.place_names import place_of
from verify.cases.wording import KINDS, SURE, headline, sentence, told_by, told_of_several, what_to_do
from verify.model.cases import CaseDetail, CaseReading, Correction, Sure
from verify.model.figures import BLANK
from verify.model.finding_table import FindingTable
from verify.model.findings import file_of, finding, shown_source
from verify.model.rule_results import Named, Side
from verify.rulebook.causes import CaseKind, causes

HERE = Named("76351", "0023", 1)
NAMES = {"76351": "Le Havre"}
VOTES = Correction(HERE, "pv", "pv.csv:45", "votes_found", 626, 662)
SLIP = causes()["digits-exchanged"]
GAP = "1,177 votes for 1,168 signatures: 9 more."


def said(
    language: str,
    detail: CaseDetail,
    codes: tuple[str, ...] = ("R202",),
    cause: str = "digits-exchanged",
    sure: Sure = Sure.LIKELY,
) -> str:
    once = tuple(dict.fromkeys(codes))
    return show(language, sentence(causes()[cause], sure, detail, GAP, once, several=len(codes) > 1))


def test_a_cause_that_says_what_its_rule_does_is_not_said_again() -> None:
    side, other = Side("exports/a.esf", 3), Side("exports/a.esf", 4)
    misfiled = [finding("A102", side, other, field="bureau", insee="76351", bureau=code) for code in "12"]
    table = FindingTable([misfiled[0], replace(misfiled[1], left=Side("exports/b.esf", 3))])
    told = told_of_several(table, (0, 1), 0, Sure.LIKELY)
    assert show("fr", sentence(causes()["misfiled"], Sure.LIKELY, CaseDetail(), told, ("A102",), several=True)) == (
        "Le nom du fichier et l'export ne disent pas le même bureau : exports/a.esf, exports/b.esf."
    )
    assert show("en", sentence(SLIP, Sure.LIKELY, CaseDetail(), told, ("A102",), several=True)).endswith(
        "b.esf (two digits exchanged)."
    )


def test_it_is_said_that_a_piece_adds_up_by_itself() -> None:
    assert "With 662 the PV adds up." in said("en", CaseDetail((VOTES,), adds_up=True))


def test_no_more_is_said_than_agrees() -> None:
    for agree, expected in (
        (("exports",), "With 662 the PV agrees with the machine. "),
        (("modules", "emargements"), "With 662 the PV agrees with the urn and the sign-in list. "),
        (("recap", "modules"), "With 662 the PV agrees with the centralising record and the urn. "),
        ((), ""),
    ):
        start = "votes found, 626 in the PV, should read 662 (two digits exchanged). "
        assert said("en", CaseDetail((VOTES,), agree=agree)) == f"{start}{expected}".strip()


def test_what_is_missing_is_not_zero() -> None:
    for correction, english, french in (
        (
            replace(VOTES, was=None),
            "nothing in the PV: 662 by the other pieces",
            "rien au PV : 662 d'après les autres pièces",
        ),
        (
            replace(VOTES, was=BLANK),
            "blank in the PV: 662 by the other pieces",
            "vide au PV : 662 d'après les autres pièces",
        ),
        (
            replace(VOTES, becomes=None),
            "626 in the PV, is not the figure of this bureau",
            "626 au PV, n'est pas le chiffre de ce bureau",
        ),
        (replace(VOTES, was=0, becomes=1234), "0 in the PV, should read 1,234", "0 au PV, à lire 1\u202f234"),
    ):
        assert said("en", CaseDetail((correction,))).startswith(f"votes found, {english} (")
        assert said("fr", CaseDetail((correction,))).startswith(f"votes trouvés, {french} (")


def test_the_sum_of_a_commune_is_not_taken_for_a_figure_of_a_bureau() -> None:
    of_commune = CaseDetail((replace(VOTES, place=Named("76351", "", 1), was=77155, becomes=77783),))
    assert said("en", of_commune).startswith("votes found in all, 77,155 in the PV, should read 77,783 (")
    assert said("fr", of_commune).startswith("votes trouvés en tout, 77\u202f155 au PV, à lire 77\u202f783 (")


def test_copies_are_not_named_and_the_first_ones_are_counted_on() -> None:
    rest = [replace(VOTES, field=name) for name in ("blank", "null", "valid", "signatures")]
    copy = replace(VOTES, piece="publie", copied=True)
    shown = said("en", CaseDetail((VOTES, copy, *rest), agree=("exports",)))
    assert shown.startswith(
        "votes found, 626 in the PV, should read 662; blank votes, 626 in the PV, should read 662; "
        "null votes, 626 in the PV, should read 662; and 2 more (two digits exchanged)."
    )
    assert "With these figures the PV agrees with the machine." in shown
    assert "; and 1 more (" in said("en", CaseDetail((VOTES, *rest[:3])))
    assert "more" not in said("en", CaseDetail((VOTES, *rest[:2])))


def test_in_short_one_of_many_corrections_is_named() -> None:
    def short(*corrections: Correction) -> str:
        return show("en", headline(SLIP, Sure.LIKELY, CaseDetail(corrections), GAP, several=True, short=True))

    null, blank = replace(VOTES, field="null"), replace(VOTES, field="blank")
    assert short(VOTES, null).count("should read") == 2
    one = "two digits exchanged (votes found, 626 in the PV, should read 662; and 2 more)."
    assert short(VOTES, null, blank) == one


def test_without_corrections_a_finding_says_it() -> None:
    assert said("en", CaseDetail(), ("R201",), "open-gap") == GAP
    assert said("en", CaseDetail(), ("R201", "P401"), "open-gap") == GAP
    assert said("en", CaseDetail(), ("R204", "M112"), "gap-unmentioned") == GAP
    assert said("en", CaseDetail(), ("R209", "R204"), "gap-as-nulls") == (
        f"{GAP.removesuffix('.')} (as many null votes as the gap)."
    )
    assert said("en", CaseDetail(), ("T301",), "figure-wrong") == GAP
    assert said("en", CaseDetail(), ("T301", "T301"), "figure-wrong") == GAP
    assert said("en", CaseDetail(), ("T301", "T301"), "digit-wrong") == f"{GAP[:-1]} (one digit wrong)."


LISTED = Correction(HERE, "emargements", "emargements.csv:5", "signatures", 652, 655)
SIGNED = Correction(HERE, "pv", "pv.csv:45", "signatures", 655, 652)
ASKED = CaseDetail(readings=(CaseReading((LISTED,)), CaseReading((SIGNED,), 3)), values={"twice": "pv"})


def test_an_open_case_says_both_readings_with_both_figures_and_no_cause() -> None:
    assert said("en", ASKED, ("R204", "R205"), "digit-wrong", Sure.OPEN) == (
        "the PV has 655 signatures and 655 votes found, the sign-in list 652: count again. Either 652 "
        "on the sign-in list should read 655; or "
        "655 in the PV should read 652 and there are 3 more votes than signatures."
    )
    assert said("fr", ASKED, ("R204", "R205"), "digit-wrong", Sure.OPEN) == (
        "le PV porte 655 émargements et 655 votes trouvés, la liste d'émargement 652 : à recompter. "
        "Soit 652 sur la liste d'émargement est à "
        "lire 655 ; soit 655 au PV est à lire 652 et il y a 3 votes de plus que d'émargements."
    )
    once = said("en", replace(ASKED, values={}), ("R204", "R205"), "digit-wrong", Sure.OPEN)
    assert once.startswith(f"{GAP} Either 652 on the sign-in list should read 655; or ")
    assert "Where to look: the sign-in list, emargements.csv row 5; the PV, pv.csv row 45." in show(
        "en", what_to_do(SLIP, ASKED)
    )


def test_the_readings_of_an_open_case_name_several_counts_and_a_gap_as_it_stands() -> None:
    other = replace(VOTES, field="valid", was=634, becomes=652)
    detail = CaseDetail(readings=(CaseReading((VOTES,), -1), CaseReading((other,)), CaseReading((), 1)))
    assert said("en", detail, cause="figure-wrong", sure=Sure.OPEN) == (
        f"{GAP} Either votes found, 626 in the PV, should read 662 and there is 1 vote fewer than signatures; or "
        "valid votes, 634 in the PV, should read 652; or every figure stands as it is and there is 1 more vote than "
        "signatures."
    )
    assert "chaque chiffre reste tel quel et il y a 1 vote de plus que d'émargements." in said("fr", detail)


@pytest.mark.parametrize(
    "detail", [CaseDetail(), CaseDetail((VOTES,)), CaseDetail(said=msg("two rows are alike")), ASKED]
)
def test_no_open_case_ends_with_a_cause(detail: CaseDetail) -> None:
    """An open case has no cause yet; any other one of the same words has it in brackets."""
    for short in (False, True):
        sentences = [
            show("en", headline(SLIP, sure, detail, GAP, several=True, short=short))
            for sure in (Sure.OPEN, Sure.LIKELY)
        ]
        assert sentences[0].endswith(".")
        assert "(" not in sentences[0]
        assert sentences[1].endswith(" (two digits exchanged).") == (detail is not ASKED)


def test_an_open_case_of_several_places_says_the_figures_of_the_first_ones() -> None:
    side, other = Side("pv.csv:2", 3, piece=EvidenceKind.RECORDS), Side("a.esf", 4, piece=EvidenceKind.EXPORTS)
    details = {"votes": 3, "others": 2}
    some = [
        finding("R208", side, other, field="blank", insee="76351", bureau=code, details=details) for code in "12345"
    ]
    told = show("en", told_of_several(FindingTable(some), range(5), 0, Sure.OPEN))
    assert told.startswith("1: 3 blank votes in the PV, 4 on the machine; 2: 3 blank votes in the PV")
    assert told.endswith("; 3: 3 blank votes in the PV, 4 on the machine; and 2 more.")


def test_a_correction_of_nothing_by_nothing_is_not_said() -> None:
    unknown = replace(VOTES, field="blank", was=None, becomes=None)
    assert said("en", CaseDetail((unknown, VOTES))).startswith("votes found, 626 in the PV, should read 662 (")


def test_one_number_added_to_a_column_is_said_once() -> None:
    for added, english, french in (
        (1, "signatures, 1 too many in each bureau (every", "émargements, 1 de trop dans chaque bureau (tous"),
        (-1200, "signatures, 1,200 too few in each", "émargements, 1\u202f200 de moins dans chaque"),
    ):
        detail = CaseDetail((VOTES,), values={"added": added, "field": "signatures"})
        assert said("en", detail, ("R202",), "constant-added").startswith(english)
        assert said("fr", detail, ("R202",), "constant-added").startswith(french)


def test_a_gap_is_said_by_the_finding_with_both_counts() -> None:
    for cause, codes, told in (
        ("open-gap", ("M112", "R201"), 1),
        ("gap-unmentioned", ("R204", "R201"), 0),
        ("open-gap", ("M112",), 0),
        ("gap-as-nulls", ("R209", "R204"), 0),
    ):
        assert told_by(causes()[cause], codes) == told


def test_a_sentence_says_a_place_in_words_and_without_brackets() -> None:
    for source, said, file in (
        ("pv.csv:12", "pv.csv ligne 12", "pv.csv"),
        ("C:\\soir\\pv.xlsx:3 [PV du soir]", "C:\\soir\\pv.xlsx › PV du soir ligne 3", "C:\\soir\\pv.xlsx"),
        ("pv.xlsx:3 [PV] [page 7]", "pv.xlsx › PV › page 7 ligne 3", "pv.xlsx"),
        ("pv.csv (Σ)", "somme de pv.csv", "pv.csv"),
        ("exports/a.esf@576", "exports/a.esf@576", "exports/a.esf@576"),
        ("", "", ""),
    ):
        assert show("fr", shown_source(source)) == said
        assert file_of(source) == file


def test_where_to_look_follows_what_to_do() -> None:
    assert show("en", what_to_do(SLIP, CaseDetail())) == show("en", SLIP.action)
    every = [replace(VOTES, source=f"pv.csv:{row}") for row in range(45, 49)]
    assert show("en", what_to_do(SLIP, CaseDetail((VOTES, replace(VOTES, piece="publie", copied=True))))) == (
        f"{SLIP.action} Where to look: the PV, pv.csv row 45."
    )
    assert show("fr", what_to_do(SLIP, CaseDetail(tuple(every)))) == (
        "Relire ce chiffre dans le document d'où il vient ; pour le résultat publié d'un bureau, c'est le PV. "
        "Où regarder : le PV, pv.csv ligne 45 ; le PV, pv.csv ligne 46 ; le PV, pv.csv ligne 47 ; et 1 autre."
    )
    assert show("en", what_to_do(SLIP, CaseDetail((replace(VOTES, source=""),)))) == show("en", SLIP.action)
    list_alone = CaseReading((replace(VOTES, piece="emargements", source=""),))
    assert "page by page" in show("en", what_to_do(SLIP, CaseDetail(readings=(list_alone,))))


def places(*bureaux: str, insee: str = "76351", poll: int = 1) -> list[Named]:
    return [Named(insee, bureau, poll) for bureau in bureaux]


def test_places() -> None:
    for where, english, french in (
        ([HERE], "Le Havre, bureau 0023", "Le Havre, bureau 0023"),
        (places("0023", poll=2), "Le Havre, bureau 0023, poll 2", "Le Havre, bureau 0023, scrutin 2"),
        ([HERE, Named("76351", "0023", 2)], "Le Havre, bureau 0023", "Le Havre, bureau 0023"),
        (places("0003", "0004", "0005", "0006"), "Le Havre, bureaux 0003 to 0006", "Le Havre, bureaux 0003 à 0006"),
        (places("0003", "0004"), "Le Havre, bureaux 0003 and 0004", "Le Havre, bureaux 0003 et 0004"),
        (
            places("0001", "0003", "0004", "0005", "A1"),
            "Le Havre, bureaux 0001, 0003 to 0005 and A1",
            "Le Havre, bureaux 0001, 0003 à 0005 et A1",
        ),
        (
            places("01", "03", "05", "07", "09", "10", "11"),
            "Le Havre, bureaux 01, 03, 05, 07 and 3 more",
            "Le Havre, bureaux 01, 03, 05, 07 et 3 autres",
        ),
        (places(""), "Le Havre", "Le Havre"),
        (places("1", insee="99999"), "99999, bureau 1", "99999, bureau 1"),
        ([Named()], "", ""),
        ([], "", ""),
        (
            [HERE, *places("1", "2", insee="2A004")],
            "Le Havre, bureau 0023 and 2A004, bureaux 1 and 2",
            "Le Havre, bureau 0023 et 2A004, bureaux 1 et 2",
        ),
        (
            [HERE, *places("1", "2", insee="2A004"), *places("1", insee="92012")],
            "4 bureaux in 3 communes",
            "4 bureaux dans 3 communes",
        ),
    ):
        assert show("en", place_of(where, NAMES)) == english
        assert show("fr", place_of(where, NAMES)) == french


def test_every_kind_and_piece_has_its_words() -> None:
    assert set(KINDS) == set(CaseKind)
    assert len(SURE) == 3
    assert {cause.piece for cause in causes().values()} - {""} <= set(EvidenceKind)
    every: list[Message] = [*KINDS.values(), *SURE.values(), *(each.one for each in EvidenceKind)]
    assert [show("fr", text) for text in every] != [show("en", text) for text in every]


@pytest.mark.parametrize(("insee", "said"), [("34", "département 34"), ("2A", "département 2A"), ("76351", "Le Havre")])
def test_a_departement_in_the_place_of_a_commune_is_called_one(insee: str, said: str) -> None:
    assert show("fr", place_of([Named(insee, "")], NAMES)) == said
