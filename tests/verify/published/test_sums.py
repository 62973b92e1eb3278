"""Sums of published results to a higher level, two files compared, and what a file shows by itself."""

import pytest

from regard.language import show
from tests.sources import new_file
from tests.verify.published import samples
from verify.model.figures import BLANK, MISSING, UNREADABLE
from verify.model.published import Level, Published
from verify.read.published.checks import derived_null, flaws, gaps
from verify.read.published.comparison import Comparison, compare, pairs
from verify.read.published.sums import NoSum, by_label, keys, regions, sum_up
from verify.read.results_files import read, read_all

BUREAUX = """departement,commune,bureau,circonscription,commune_libelle,inscrits,votants,blancs,exprimes,ROUGE,BLEU
01,004,0001,4,Ambérac,400,300,12,288,188,100
01,004,0002,4,Ambérac,90,80,0,78,40,38
01,005,0001,5,Brénaz,50,40,1,39,20,19
69,001,0001,1,Celles,10,9,0,9,4,5
ZZ,001,0001,9,Port-Lointain,30,20,0,20,10,10
"""


def reading(content: str, name: str = "a.csv") -> Published:
    return read(new_file(name, content))


def table(found: Published) -> list[list[int]]:
    """Registered voters and the votes of each unit."""
    rows = [[int(count)] for count in found.counts["registered"]]
    for unit, votes in zip(found.vote_unit.tolist(), found.votes.tolist(), strict=True):
        rows[unit].append(votes)
    return rows


def test_sums_of_every_level() -> None:
    found = reading(BUREAUX)
    communes = sum_up(found, Level.COMMUNE)
    assert communes.insee.tolist() == ["01004", "01005", "69001", "99001"]
    assert communes.commune.tolist() == ["Ambérac", "Brénaz", "Celles", "Port-Lointain"]
    assert table(communes) == [[490, 228, 138], [50, 20, 19], [10, 4, 5], [30, 10, 10]]
    constituencies = sum_up(found, Level.CONSTITUENCY)
    assert keys(constituencies, Level.CONSTITUENCY).tolist() == ["01/4", "01/5", "69/1", "99/9"]
    departments = sum_up(found, Level.DEPARTMENT)
    assert departments.department.tolist() == ["01", "69", "99"]
    assert (
        table(departments) == table(sum_up(communes, Level.DEPARTMENT)) == [[540, 248, 157], [10, 4, 5], [30, 10, 10]]
    )
    regions = sum_up(found, Level.REGION)  # voters abroad belong to none
    assert regions.region.tolist() == ["84"]
    assert table(regions) == [[550, 252, 162]]
    assert table(sum_up(found, Level.NATION)) == [[580, 262, 172]]
    assert by_label(found) == {"ROUGE": 262, "BLEU": 172}
    assert (sum_up(found, Level.NATION).counts["null"] == MISSING).all()


@pytest.mark.parametrize(("cell", "absent"), [("", BLANK), ("x", UNREADABLE)])
def test_a_sum_with_an_absent_part_is_absent(cell: str, absent: int) -> None:
    text = BUREAUX.replace("Ambérac,400", f"Ambérac,{cell}").replace("188,100", f"188,{cell or 'x'}")
    departments = sum_up(reading(text), Level.DEPARTMENT)
    assert departments.counts["registered"].tolist() == [absent, 10, 30]
    assert departments.votes.tolist() == [248, UNREADABLE, 4, 5, 10, 10]


def test_what_does_not_add_up_is_said() -> None:
    found = reading(BUREAUX)
    with pytest.raises(NoSum, match="do not say their canton"):
        sum_up(found, Level.CANTON)
    with pytest.raises(NoSum, match="results by département cannot be added up by commune"):
        sum_up(sum_up(found, Level.DEPARTMENT), Level.COMMUNE)
    with pytest.raises(NoSum, match="rows that do not say to which constituency they belong") as raised:
        sum_up(reading(BUREAUX.replace("0002,4", "0002,")), Level.CONSTITUENCY)
    assert show("fr", raised.value.message).endswith("des lignes ne disent pas leur circonscription")


def test_every_department_belongs_to_one_region() -> None:
    names, of = regions()
    assert (len(names), len(of)) == (18, 101)
    assert names.keys() == set(of.values())


def test_sums_are_exact_beyond_32_bits() -> None:
    row = "01,004,{:04},4,Ambérac,250000000,1,0,1,250000000,0\n"
    found = reading(BUREAUX.splitlines()[0] + "\n" + "".join(row.format(n) for n in range(40)))
    assert sum_up(found, Level.NATION).counts["registered"].tolist() == [10_000_000_000]
    assert by_label(found)["ROUGE"] == 10_000_000_000


def compared(one: str, other: str) -> list[Comparison]:
    return compare(reading(one, "a.csv"), reading(other, "b.csv"))


def test_a_file_is_equal_to_itself_and_to_its_sums() -> None:
    communes = "departement,commune,commune_libelle,inscrits,votants,blancs,exprimes,BLEU,ROUGE\n" + (
        "01,004,Ambérac,490,380,12,366,138,228\n01,005,Brénaz,50,40,1,39,19,20\n"
        "69,001,Celles,10,9,0,9,5,4\nZZ,001,Port-Lointain,30,20,0,20,10,10\n"
    )
    for other in (BUREAUX, communes):
        levels = compared(BUREAUX, other)
        assert [level.differences for level in levels] == [()] * len(levels)
    assert [level.level for level in levels] == [Level.COMMUNE, Level.DEPARTMENT, Level.REGION, Level.NATION]
    assert levels[0].units == 4
    assert levels[0].fields == ("registered", "votes_found", "blank", "valid", "ROUGE", "BLEU")


def test_every_cell_that_differs_is_named_at_every_level() -> None:
    other = BUREAUX.replace("188,100", "178,110").replace("Celles,10", "Celles,12").replace("01,004,0002", "01,004,2")
    levels = {level.level: level for level in compared(BUREAUX, other)}
    bureaux = levels[Level.BUREAU]
    assert [(d.place, d.field, d.left, d.right, d.left_row, d.right_row) for d in bureaux.differences] == [
        ("01004/1", "ROUGE", 188, 178, 2, 2),
        ("01004/1", "BLEU", 100, 110, 2, 2),
        ("69001/1", "registered", 10, 12, 5, 5),
    ]
    assert (bureaux.units, bureaux.differing_units) == (5, 2)
    nation = levels[Level.NATION]
    assert [(d.field, d.left, d.right, d.left_row) for d in nation.differences] == [
        ("registered", 580, 582, -1),
        ("ROUGE", 262, 252, -1),
        ("BLEU", 172, 182, -1),
    ]


def test_what_only_one_has_is_named_and_not_compared_above() -> None:
    other = (
        "\n".join(line for line in BUREAUX.splitlines() if not line.startswith("69"))
        + "\n75,056,0101,1,Paris,5,4,0,4,2,2\n"
    )
    levels = compared(BUREAUX, other)
    assert levels[0].only_left == ("69001/1",)
    assert levels[0].only_right == ("75056/101",)
    assert [level.differences for level in levels] == [()] * len(levels)


def test_a_bureau_twice_is_named() -> None:
    line = BUREAUX.splitlines()[3]
    found = compared(BUREAUX, BUREAUX + line.replace("50,40", "51,41") + "\n")[0]
    assert found.twice == ("01005/1",)
    assert found.differences == ()


def test_choices_without_an_equal_are_named() -> None:
    found = compared(BUREAUX, BUREAUX.replace("BLEU", "VERT"))[0]
    assert found.unmatched == (("BLEU",), ("VERT",))
    assert found.differences == ()


def test_a_choice_written_in_two_ways_is_added_up_unless_one_row_has_both() -> None:
    header, *rows = BUREAUX.splitlines()
    apart = "\n".join([header + ",M. BLEU", *(f"{row}," for row in rows[:-1]), rows[-1].replace("10,10", "10,,10")])
    assert [level.differences for level in compared(BUREAUX, apart)] == [()] * 6
    both = apart.replace("188,100,", "188,100,7")
    found = compared(BUREAUX, both)[0]
    assert found.unmatched == ((), ("M. BLEU",))
    assert [(d.place, d.field, d.right) for d in found.differences] == [("99001/1", "BLEU", MISSING)]


def test_a_choice_that_one_row_lacks_is_a_difference() -> None:
    found = compared(BUREAUX, BUREAUX.replace("188,100", "188,"))[0]
    assert [(d.field, d.left, d.right) for d in found.differences] == [("BLEU", 100, MISSING)]


def test_other_constituencies_are_named_and_the_sums_follow_the_first() -> None:
    levels = compared(BUREAUX, BUREAUX.replace("0002,4", "0002,5"))
    assert levels[0].moved == ("01004/2",)
    assert [level.differences for level in levels] == [()] * len(levels)


WIDE = "inscrits,votants,blancs,exprimes,DE L'ÉTANG Anne,PETIT Luc"
DEPARTMENT_29 = f"departement,{WIDE}\n29,9000,8000,12,7988,4000,3988\n"
DEPARTMENT_75 = f"departement,{WIDE}\n75,490,380,12,366,228,139\n"


def test_a_city_is_not_its_department() -> None:
    city, department = reading(samples.BREST), reading(DEPARTMENT_29, "b.csv")
    for one, other in ((city, department), (department, city)):
        assert pairs([one], [other]) == []
        with pytest.raises(NoSum, match="no common level"):
            compare(one, other)


def meet_in_their_department(one: Published, other: Published, votes: tuple[int, int]) -> None:
    """Two tables are compared from the département up, in either order, and differ in one choice's votes there."""
    for left, right, differ in ((one, other, votes), (other, one, votes[::-1])):
        assert pairs([left], [right]) == [(left, right)]
        levels = compare(left, right)
        assert [level.level for level in levels] == [Level.DEPARTMENT, Level.REGION, Level.NATION]
        assert [[(d.left, d.right) for d in level.differences] for level in levels] == [[differ]] * 3


def test_paris_is_its_department() -> None:
    meet_in_their_department(reading(samples.PARIS), reading(DEPARTMENT_75, "b.csv"), (138, 139))


def test_a_city_and_the_ministry_have_their_bureaux_and_all_above_in_common() -> None:
    ministry = (
        f"departement,commune,bureau,circonscription,commune_libelle,{WIDE}\n"
        "29,019,0104,2,Brest,400,300,12,288,187,101\n29,019,0012,2,Brest,90,80,0,78,40,38\n"
        "29,011,0001,2,Bohars,50,40,0,40,20,20\n"
    )
    city, other = reading(samples.BREST), reading(ministry, "b.csv")
    levels = compare(city, other)
    assert [len(level.differences) for level in levels] == [2] * 6
    assert levels[0].only_right == ("29011/1",)
    assert [level.level for level in compare(other, city)] == [level.level for level in levels]


def test_communes_and_constituencies_meet_in_their_department() -> None:
    communes = (
        f"departement,commune,commune_libelle,{WIDE}\n01,004,A,400,300,12,288,188,100\n01,005,B,90,80,2,78,40,38\n"
    )
    halves = f"departement,circonscription,{WIDE}\n01,1,300,200,8,192,128,64\n01,2,190,180,6,174,101,74\n"
    one, other = reading(communes), reading(halves, "b.csv")
    assert (one.level, other.level) == (Level.COMMUNE, Level.CONSTITUENCY)
    meet_in_their_department(one, other, (228, 229))


def test_a_feed_that_numbers_its_lists_is_compared_by_its_counts() -> None:
    ministry = f"departement,commune,bureau,commune_libelle,{WIDE}\n31,555,0155,Toulouse,400,299,12,288,188,100\n"
    city, other = reading(samples.TOULOUSE), reading(ministry, "b.csv")
    assert pairs([city], [other]) == [(city, other)]
    assert pairs([other], [city]) == [(other, city)]
    lowest = compare(city, other)[0]
    assert [(d.field, d.left, d.right) for d in lowest.differences] == [("votes_found", 300, 299)]
    assert lowest.unmatched == (("liste 62", "liste 137"), ("DE L'ÉTANG Anne", "PETIT Luc"))


def test_files_of_other_elections_have_no_pairs() -> None:
    one, other = reading(BUREAUX), reading(BUREAUX.replace("ROUGE,BLEU", "VERT,GRIS"), "b.csv")
    assert pairs([one], [other]) == []


def test_rounds_of_one_file_are_paired_with_a_file_by_their_choices() -> None:
    first, second = read_all(new_file("rounds.txt", samples.ROWS_2012))
    later = reading("departement,inscrits,votants,exprimes,PETIT\n01,401,310,300,300\n", "d.csv")
    ((one, other),) = pairs([first, second], [later])
    assert (one.title, other.level) == ("tour 2", Level.DEPARTMENT)
    assert compare(one, other)[0].differences == ()


def told(found: Published) -> list[tuple[str, int, str, object, object]]:
    return [(flaw.code, int(found.row[flaw.unit]), flaw.field, flaw.left, flaw.right) for flaw in flaws(found)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("400,100,300", "400,101,300"), ("T306", 2, "abstentions", 101, 100)),
        (("12,0,288", "11,0,288"), ("T306", 2, "valid", 288, 289)),
        (("188,100", "188,101"), ("T306", 2, "valid", 288, 289)),
        (("400,100,300,12,0,288,188,100", "400,400,0,0,0,0,0,0"), ("T308", 2, "registered", 400, 0)),
    ],
)
def test_sums_and_zeros(change: tuple[str, str], found: tuple[str, int, str, int, int]) -> None:
    assert told(reading(samples.CITY_TIDY.replace(*change))) == [found]


def test_absent_figures_are_not_checked() -> None:
    for change in (("400,100,300", ",100,300"), ("12,0,288", ",0,288"), ("188,100", "188,x")):
        assert not {code for code, *_ in told(reading(samples.CITY_TIDY.replace(*change)))} - {"C120"}


def test_without_null_votes_blank_and_valid_must_fit_into_the_votes_found() -> None:
    good = BUREAUX.replace("50,40,1,39", "50,41,1,39")  # one null vote, unpublished
    assert told(reading(good)) == []
    assert derived_null(reading(good)) == 3
    bad = BUREAUX.replace("50,40,1,39", "50,39,1,39")
    assert told(reading(bad)) == [("T306", 4, "valid", 39, 38)]


def test_gaps_between_both_counts() -> None:
    both = gaps(reading(samples.PARIS))
    assert both is not None
    assert (both.compared, both.more, both.fewer) == (2, 0, 1)
    assert gaps(reading(BUREAUX)) is None
