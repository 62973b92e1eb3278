"""The language of entries on small tables: shapes, cells, rows of sums, and what it refuses."""

from pathlib import Path

import pytest

from protocol.errors import InputError
from protocol.opening import OpenedFile
from tests.verify.published import samples
from verify.model.figures import BLANK, MISSING, UNREADABLE
from verify.model.published import Published, UnknownLayout
from verify.read.cells import fitting
from verify.read.layouts.built_in import FOLDER
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import parse_layout
from verify.read.published.checks import flaws
from verify.read.published.sums import totals
from verify.read.results_files import parse_all

HEAD = 'name = "x"\ntitle = "X"\ncountry = "xx"\n'
LONG = (
    HEAD + 'needs = ["Precinct", "Votes"]\n[place]\nstation = "Precinct"\n[choices]\nlabel = "Name"\nvotes = "Votes"\n'
)
WIDE = HEAD + 'needs = ["Unit", "A"]\n[place]\nstation = "Unit"\n[choices]\nfrom = "A"\nto = "B"\n'


def read(entry: str, data: str | bytes, name: str = "results.csv") -> list[Published]:
    data = data.encode() if isinstance(data, str) else data
    return parse_all(OpenedFile(Path(name), data), parse_layout(entry.encode(), "x.toml"))


def votes_of(table: Published) -> dict[tuple[str, str], int]:
    return {
        (str(table.bureau[unit]), table.labels[label]): votes
        for unit, label, votes in zip(
            table.vote_unit.tolist(), table.vote_label.tolist(), table.votes.tolist(), strict=True
        )
    }


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("name = ", "TOML"),
        ('name = "x"\n', "title"),
        (HEAD + 'needs = ["A"]\nchoises = {}\n', "choices"),
        (HEAD + 'needs = ["A"]\n', "choices"),
        (WIDE + 'checks = ["valid = votes"]', "choices.checks"),
        (HEAD + 'needs = ["A"]\nchecks = ["valid = votes"]\n[choices]\nfrom = "A"\n', "valid"),
        (HEAD + 'needs = ["A"]\nchecks = ["votes ~ votes"]\n[choices]\nfrom = "A"\n', "checks"),
        (HEAD + 'needs = ["/(/"]\n[choices]\nfrom = "A"\n', "regular expression"),
        (HEAD + "needs = ['/(.)\\1/']\n[choices]\nfrom = \"A\"\n", "regular expression"),
        (HEAD + 'needs = ["A"]\nencoding = "klingon"\n[choices]\nfrom = "A"\n', "encoding"),
        (HEAD + 'needs = ["A"]\nlevel = "planet"\n[choices]\nfrom = "A"\n', "bureau"),
        (HEAD + 'needs = ["A"]\n[counts]\n"a b" = "A"\n', "name of a count"),
        (HEAD + '[choices]\nfrom = "A"\n', "needs"),
        (LONG.replace("votes =", "add ="), "true or false"),
        (HEAD + 'headers = ["A"]\n[choices]\nfrom = "A"\n', "without a header"),
        (HEAD + "needs = 3\n", "list"),
        (HEAD + 'needs = ["A"]\n[turned]\nlabels = 0\n', "number"),
        (WIDE + '[counts]\nchecks = ["valid = votes"]\n', "above the first"),
        (WIDE + '[counts]\nvoters = "V"\n', "another name"),
        (WIDE + '[percentages]\n"votes/valid" = "%"\n', "under \\[choices\\]"),
        (WIDE + 'percentages = { "valid/registered" = "%" }\n', "ratio of votes"),
        (LONG + 'from = "A"\n', "not both"),
    ],
)
def test_an_entry_that_says_nonsense_is_refused_with_its_key(entry: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_layout(entry.encode(), "x.toml")


@pytest.mark.parametrize("data", ["Unit,Votes\n1,2\n", "", "\n\n"])
def test_a_file_of_another_layout_is_refused_with_what_it_lacks(data: str) -> None:
    with pytest.raises(UnknownLayout, match="Precinct"):
        read(LONG, data)
    with pytest.raises(UnknownLayout, match="R/Town/Party"):
        read(TREE, data)


def test_cells_of_other_countries() -> None:
    entry = WIDE.replace("needs", 'thousands = "."\nabsent = ["-", "s.d."]\nencoding = "windows-1251"\nneeds')
    table = read(entry, "Unit;A;B\nСело;1.234;-\n2;;s.d.\n3;x;1\n".encode("windows-1251"))[0]
    assert votes_of(table) == {("Село", "A"): 1234, ("3", "A"): -2, ("3", "B"): 1}
    assert [problem.row for problem in table.problems] == [4]


def test_figures_in_groups_of_any_country() -> None:
    entry = WIDE.replace("needs", 'thousands = ","\nneeds')
    table = read(entry, "Unit;A;B\n1;1,23,456;1,234.00\n2;12,00,000;12.0\n3;1,2,3;1,23\n")[0]
    assert votes_of(table) == {
        ("1", "A"): 123456,
        ("1", "B"): 1234,
        ("2", "A"): 1200000,
        ("2", "B"): 12,
        ("3", "A"): -2,
        ("3", "B"): -2,
    }


def test_a_text_in_another_encoding_than_the_entry_says_is_refused() -> None:
    with pytest.raises(InputError, match="ascii"):
        read(WIDE.replace("needs", 'encoding = "ascii"\nneeds'), "Unit;A;B\né;1;2\n")


def test_headers_are_found_by_name_number_and_pattern() -> None:
    entry = (
        HEAD + 'needs = ["/Unit.*/"]\n[place]\nstation = ["#1", "Key#2"]\n[counts]\nvalid = ["no", "Válid  votes"]\n'
    )
    table = read(entry, 'title above\nUnit no,Key,KEY,"valid\nVOTES"\n1,a,b,7\n')[0]
    assert (table.bureau[0], table.counts["valid"][0], table.row[0]) == ("1/b", 7, 4 - 1)
    header = HeaderNames(["Key", "Key 2", "2", "Key", "#4"])
    found = {name: header.find((name,)) for name in ("Key#2", "#2", "2", "key 2", "#4", "#5", "Key#3")}
    assert found == {"Key#2": 3, "#2": 1, "2": 2, "key 2": 1, "#4": 4, "#5": 4, "Key#3": None}


@pytest.mark.parametrize("country", ["xx", "fr"])
def test_a_table_without_a_header_has_the_names_of_its_entry(country: str) -> None:
    entry = HEAD.replace("xx", country) + 'headers = ["Unit", "Valid", "Green", "Red"]\nchecks = ["valid = votes"]\n'
    entry += 'place.station = "Unit"\ncounts.valid = "Valid"\nchoices.from = "Green"\n'
    [table] = read(entry, "Results;;Party;\n;of all;one;two\n1;3;1;2\n2;7;3;4\n3;8;3;4\n4;4;4;0\n5;2;2;0\n")
    assert (table.bureau.tolist(), table.labels) == (["1", "2", "3", "4", "5"], ("Green", "Red"))
    assert [(flaw.unit, flaw.left, flaw.right) for flaw in flaws(table)] == [(2, 8, 7)]
    with pytest.raises(UnknownLayout, match="first rows of which most"):
        read(entry, "1;3;1;2\n2;8;3;4\n3;8;3;4\n")


NAMED = {
    "blocks headed once": ('columns = "Votes"\nnames = ["Name", "First"]\n', "Name,First,Votes"),
    "blocks headed each time": (
        'columns = "Votes"\nnames = ["Name", "First"]\n',
        "Name 1,First 1,Votes 1,Name 2,First 2,Votes 2",
    ),
    "by a group": (
        "columns = '/Votes (.)/'\nnames = [['/Name (.)/'], ['/First (.)/']]\n",
        "Name A,First A,Votes A,Name B,First B,Votes B",
    ),
    "with words before": ("columns = '/V(.)/'\nnames = 'list {/N(.)/}'\n", "NA,x,VA,NB,y,VB"),
}


@pytest.mark.parametrize("country", ["xx", "fr"])
@pytest.mark.parametrize("form", NAMED)
def test_the_names_of_choices_stand_in_the_rows(form: str, country: str) -> None:
    choices, header = NAMED[form]
    entry = HEAD.replace("xx", country) + 'needs = ["Unit", "Roll", "Valid"]\n[place]\nstation = "Unit"\n'
    entry += f'[counts]\nregistered = "Roll"\nvalid = "Valid"\n[choices]\n{choices}'
    rows = "1,9,3,Li,Ada,1,Roi,Bo,2\n2,9,7,Roi,Bo,3,Li,Ada,4\n3,9,5,,,5,,,\n4,0,0,,,,,,,\n"
    [table] = read(entry, f"Unit,Roll,Valid,{header}\n{rows}")
    li, roi = ("list Li", "list Roi") if "list" in choices else ("Li Ada", "Roi Bo")
    assert votes_of(table) == {("1", li): 1, ("1", roi): 2, ("2", roi): 3, ("2", li): 4}
    assert [(each.row, str(each.expected)) for each in table.problems] == [(4, "the name of a choice for these votes")]


@pytest.mark.parametrize("country", ["xx", "fr"])
def test_a_table_with_a_row_for_each_choice_of_any_country(country: str) -> None:
    [table] = read(LONG.replace("xx", country), "Precinct,Name,Votes\n1,A,1\n2,A,2\n")
    assert votes_of(table) == {("1", "A"): 1, ("2", "A"): 2}


def test_rows_of_a_station_in_no_order_are_one_station() -> None:
    entry = LONG.replace("[place]", "[counts]\nregistered = 'Roll'\n[place]")
    table = read(entry, "Precinct,Roll,Name,Votes\n1,9,A,1\n2,8,A,2\n1,9,B,3\n2,7,B,\n1,,C,4\n")[0]
    assert votes_of(table) == {("1", "A"): 1, ("1", "B"): 3, ("1", "C"): 4, ("2", "A"): 2, ("2", "B"): BLANK}
    assert table.counts["registered"].tolist() == [9, 8]
    assert [problem.row for problem in table.problems] == [5], "7 is not 8"


def test_a_choice_twice_is_a_problem_unless_its_rows_are_added() -> None:
    data = "Precinct,Name,Votes\n1,A,1\n1,A,2\n1,B,5\n"
    plain, added = read(LONG, data)[0], read(LONG + "add = true\n", data)[0]
    assert votes_of(plain)["1", "A"] == UNREADABLE
    assert [problem.row for problem in plain.problems] == [3]
    assert votes_of(added)["1", "A"] == 3
    assert not added.problems


def test_parts_are_compared_with_the_votes_or_are_them() -> None:
    data = "Precinct,Name,Votes,Day,Mail\n1,A,3,1,2\n1,B,9,1,2\n1,C,,1,\n"
    entry = LONG + 'parts = ["Day", "Mail", "Absentee"]\n'
    [flaw] = read(entry, data)[0].flaws
    assert (flaw.code, flaw.field, flaw.left, flaw.right) == ("T306", "B", 9, 3)
    summed = read(entry.replace('votes = "Votes"\n', ""), data)[0]
    assert votes_of(summed) == {("1", "A"): 3, ("1", "B"): 3, ("1", "C"): 1}


def test_rows_that_are_counts() -> None:
    rows = '[quantity_rows]\ncolumn = "Name"\nvalues = { BLANK = "blank" }\n'
    data = "Precinct,Name,Votes\n1,A,1\n1,Blank,2\n2,A,3\n2,BLANK,1\n2,blank,4\n3,A,1\n"
    table = read(LONG + rows, data)[0]
    assert table.labels == ("A",)
    assert table.counts["blank"].tolist() == [2, 1, MISSING]
    assert not read(LONG + rows.replace('"blank"', '"left out"'), data)[0].problems
    assert [problem.row for problem in table.problems] == [6]
    zero = read(LONG.replace("needs", "no_row_is_zero = true\nneeds") + rows, data)[0]
    assert zero.counts["blank"].tolist() == [2, 1, 0]


TOWNS = WIDE.replace('station = "Unit"', 'station = "Unit"\ncommune = "Town"\nregion = "Region"')
TOTALS = {
    "a wrong one": ("1,1,2\n2,3,4\nTotal,4,7\n", [("B", 7, 6)]),
    "all rows, one of them blank": ("1,1,2\n2,,\nTotal,1,2\n", []),
    "more than the rows that are not blank": ("1,1,2\n2,,\nTotal,1,9\n", [("B", 9, 2)]),
    "above, by kinds": ("1,1,2\n- x,1,2\n2,3,4\n3,5,6\n- y,8,10\nTotal,9,12\n", []),
    "below, by kinds": ("Total,9,12\n- x,1,2\n1,1,2\n- y,8,11\n2,3,4\n3,5,6\n", [("B", 11, 10)]),
    "nested, the last group alone in its own": ("- x,4,6\n> a,4,6\n1,1,2\n2,3,4\n- y,5,6\n> b,5,6\n3,5,6\n", []),
}
TOTALS_OF_TOWNS = {
    "of the town, and of all": ("r,a,1,1,2\nr,a,Total,1,3\nr,b,1,3,4\n,,Total,4,6\n", [("B", 3, 2)]),
    "of the town, one station blank": ("r,a,1,1,2\nr,a,2,,\nr,a,Total,1,2\nr,b,1,3,4\n,,Total,4,6\n", []),
    "before their parts": ("r,,Total,4,6\nr,a,Total,1,2\nr,a,1,1,2\nr,b,Total,3,4\nr,b,1,3,4\ns,c,1,5,6\n", []),
    "without a town on the way": ("r,a,1,1,2\nr,a,Total,1,2\nr,,post,7,8\nr,,Total,8,10\n", []),
    "that leaves a town out": (
        "r,a,1,1,2\nr,a,Total,1,2\nr,b,1,3,4\nr,b,Total,3,4\n,,Total,3,4\n",
        [("A", 3, 4), ("B", 4, 6)],
    ),
}


@pytest.mark.parametrize("case", TOTALS)
def test_a_total_is_compared_with_the_rows_that_it_fits(case: str) -> None:
    entry = WIDE + "[totals]\nUnit = ['Total', '/- .*/', '/> .*/']\n"
    data, expected = TOTALS[case]
    [table] = read(entry, f"Unit,A,B\n{data}")
    assert [(flaw.field, flaw.left, flaw.right) for flaw in table.flaws] == expected
    assert not table.problems
    assert table.checked[-1].made == table.checked[-1].of == sum(row[0] in "T->" for row in data.splitlines())


@pytest.mark.parametrize("case", TOTALS_OF_TOWNS)
def test_a_total_sums_up_the_rows_of_the_places_that_it_states(case: str) -> None:
    data, expected = TOTALS_OF_TOWNS[case]
    [table] = read(TOWNS + "[totals]\nUnit = 'Total'\n", f"Region,Town,Unit,A,B\n{data}")
    assert [(flaw.field, flaw.left, flaw.right) for flaw in table.flaws] == expected


PLACES = {
    "the cell that marks it is no place": 'station = "Town"\ncommune = "Unit"\n[totals]\nUnit = "Total"\n',
    "its own name is none": 'commune = "Unit"\n[totals]\nTown = "t"\n',
}


@pytest.mark.parametrize("case", PLACES)
def test_a_total_has_the_places_of_its_parts_only(case: str) -> None:
    entry = WIDE.replace('station = "Unit"\n', "") + f'[derived]\nvalid = "votes"\n[place]\n{PLACES[case]}'
    name = "Total" if "marks" in case else "1"
    [table] = read(entry.replace("[place]\n[choices]", "[choices]"), f"Town,Unit,A,B\na,1,1,2\nb,2,3,4\nt,{name},5,9\n")
    assert [(flaw.field, flaw.left, flaw.right) for flaw in table.flaws] == [("A", 5, 4), ("B", 9, 6)]


def test_a_total_that_fits_no_rows_is_named() -> None:
    [table] = read(TOWNS + "[totals]\nUnit = 'Total'\n", "Region,Town,Unit,A,B\nr,a,1,1,2\nr,all,Total,7,8\n")
    assert [each.row for each in table.problems] == [3]
    assert (table.checked[-1].made, table.checked[-1].of, table.flaws) == (0, 1, ())


def test_a_total_without_a_figure_or_of_blank_rows_is_not_compared() -> None:
    [table] = read(WIDE + "[totals]\nUnit = ['Total', 'Sum']\n", "Unit,A,B\n1,1,\nTotal,,\nSum,,5\n")
    assert (table.checked[-1].made, table.checked[-1].of, table.flaws, table.problems) == (0, 2, (), ())


def test_levels_in_one_table() -> None:
    entry = WIDE.replace('"Unit"\n', '"Unit"\ncommune = "Town"\n')
    entry += '[levels]\ncolumn = "Kind"\nvalues = { S = "bureau", T = "total", C = "commune", X = "left out" }\n'
    data = "Kind,Town,Unit,A,B\nS,a,1,1,2\nS,b,1,3,4\nT,a,,1,3\nC,b,,3,4\nX,,,9,9\nY,,,9,9\n"
    bureaux, communes = read(entry, data)
    assert (bureaux.level.value, bureaux.commune.tolist()) == ("bureau", ["a", "b"])
    assert (communes.level.value, communes.commune.tolist()) == ("commune", ["b"])
    assert [(flaw.field, flaw.left, flaw.right) for flaw in bureaux.flaws] == [("B", 3, 2)]
    assert not communes.problems, "the total is of the bureaux"
    assert [(problem.row, str(problem.got)) for problem in bureaux.problems] == [(7, "Y: not read")]


def test_checks_name_the_station_and_leave_out_what_is_not_known() -> None:
    entry = WIDE.replace("needs", 'zero_is_none = ["registered"]\nneeds').replace(
        "[place]",
        (
            'checks = ["valid = votes", "valid <= registered"]\nderived = { null = "registered - valid" }\n[counts]\n'
            "registered = 'Roll'\nvalid = 'Valid'\n[place]"
        ),
    )
    table = read(entry, "Unit,Roll,Valid,A,B\n1,9,3,1,2\n2,9,4,1,2\n3,0,5,1,4\n4,,,1,2\n5,1,3,1,2\n")[0]
    found = [(table.bureau[flaw.unit], flaw.field, flaw.left, flaw.right, str(flaw.how)) for flaw in table.flaws]
    assert found == [("2", "valid", 4, 3, "votes by choice"), ("5", "valid", 3, 1, "≤ registered voters")]
    assert table.counts["null"].tolist() == [6, 5, MISSING, MISSING, MISSING]


NAMES = {
    "a count": ("counts.valid = 'Valdi'", "valid = Valdi"),
    "a choice": ("choices.columns = ['A', 'Bee']", "choices = Bee"),
    "the end of a run": ("choices.to = 'Z'", "choices = Z"),
    "a column that is taken out": ("choices = { from = 'A', except = 'Z' }", "choices.except = Z"),
    "the label": ("choices = { label = 'Nme', votes = 'A' }", "choices = Nme"),
    "parts of the votes": ("choices = { label = 'Unit', votes = 'A', parts = ['C', 'D'] }", "choices.parts = C | D"),
    "a percentage": ("percentages = { 'votes_found/registered' = '%' }", "votes_found/registered = %"),
    "a value that is a count": ("quantity_rows = { column = 'Unit', values = { x = 'null' } }", "quantity_rows = 'x'"),
    "a total": ("totals.Unit = ['', 'Totl']", "totals = 'Totl'"),
    "the column of levels": ("levels = { column = 'Kind', values = { S = 'bureau' } }", "levels = Kind"),
}


@pytest.mark.parametrize("what", NAMES)
def test_names_that_the_file_does_not_have_are_told(what: str) -> None:
    key, expected = NAMES[what]
    entry = HEAD + f'needs = ["Unit"]\nplace.station = "Unit"\n{key}\n'
    [table] = read(entry + ("" if "choices" in key else 'choices.from = "A"'), "Unit,Valid,A,B\n1,9,3,1\n")
    assert table.lacking == (expected,)


def test_a_path_that_finds_nothing_is_told() -> None:
    [table] = read(TREE.replace("Town/Out[@why='null']", "Town/Uot"), XML, "x.xml")
    assert table.lacking == ("tree.columns.null = Town/Uot",)


def test_it_is_said_on_how_many_rows_a_check_was_made() -> None:
    entry = WIDE.replace("needs", 'checks = ["valid = votes", "valid <= registered"]\nneeds').replace(
        "[choices]", "[counts]\nvalid = 'Valid'\nregistered = 'Roll'\n[choices]"
    )
    [table] = read(entry, "Unit,Roll,Valid,A,B\n1,,4,3,1\n2,,,3,1\n")
    assert [(each.made, each.of) for each in table.checked] == [(1, 2), (0, 2)]
    assert (table.lacking, table.applied, table.flaws) == ((), ("T306",), ())


def test_a_row_that_stands_there_twice_is_a_problem_and_two_rows_of_a_place_are_none() -> None:
    table = read(WIDE, "Unit,A,B\n1,3,1\n2,4,4\n1,3,1\n2,4,5\n")[0]
    assert [(each.row, str(each.got)) for each in table.problems] == [(4, "row 2 again")]


@pytest.mark.parametrize("letters", [60, 300])
def test_long_names_that_begin_alike_stay_apart(letters: int) -> None:
    long = "x" * letters
    [table] = read(LONG, f"Precinct,Name,Votes\n{long}1,{long}A,1\n{long}1,{long}B,2\n{long}2,{long}A,3\n{long},C,4\n")
    assert (len(set(table.bureau.tolist())), len(table.labels), table.votes.tolist()) == (3, 3, [1, 2, 3, 4])
    assert bool(table.problems) is (letters > 200)


def test_a_choice_without_a_header_is_called_by_its_number() -> None:
    entry, data = HEAD + 'needs = ["Unit"]\nplace.station = "Unit"\nchoices = { ', "Unit,A,,B,\n1,2,3,4,\n"
    [named] = read(entry + 'columns = ["#2", "#3"] }', data)
    [run] = read(entry + 'from = "A" }', data)
    assert (named.labels, named.votes.tolist(), named.unused) == (("A", "#3"), [2, 3], ("B",))
    assert (run.labels, run.unused) == (("A", "#3", "B"), ())


def test_further_rows_of_a_header_are_no_stations() -> None:
    [table] = read(WIDE, "Unit,A,B\n,first,second\n1,2,3\nUNIT,x,y\nUnit,A,B\n2,x,5\n")
    assert (table.row.tolist(), table.bureau.tolist()) == ([3, 4, 6], ["1", "UNIT", "2"])
    assert [(each.row, each.column) for each in table.problems] == [(4, "A"), (6, "A"), (4, "B")]


def test_a_station_without_any_figure_has_no_zeros_either() -> None:
    entry = LONG.replace("needs", "no_row_is_zero = true\nabsent = '-1'\nneeds")
    entry += '[quantity_rows]\ncolumn = "Name"\nvalues = { BLANK = "blank", NULL = "null" }\n'
    [table] = read(entry, "Precinct,Name,Votes\n1,A,1\n1,NULL,4\n2,A,-1\n3,BLANK,2\n")
    assert [table.counts[name].tolist() for name in ("blank", "null")] == [[0, MISSING, 2], [4, MISSING, 0]]


def test_a_total_says_of_how_many_rows_it_is_and_a_change_is_a_column_of_figures() -> None:
    [table] = read(WIDE, "Unit,A,B,change\n1,2,,-3\n2,3,4,+1\n")
    assert [(each.name, each.sum, each.known, each.of) for each in totals(table)[1]] == [("A", 5, 2, 2), ("B", 4, 1, 2)]
    assert table.unused == ("change",)


def test_turned_tables() -> None:
    entry = HEAD + 'needs = ["Roll", "Number"]\nturned = { labels = 2, first = 3 }\n[place]\nstation = "Number"\n'
    entry += "[counts]\nregistered = 'Roll'\n[choices]\ncolumns = '/(\\d)\\|(.*)/'\n"
    table = read(entry, "Facts;x\n\n;Number;12;13\n;Roll;10;20\n1;Left;3;4\n2;Right;5;\n")[0]
    assert table.bureau.tolist() == ["12", "13"]
    assert table.row.tolist() == [3, 4], "the columns of the file"
    assert votes_of(table) == {("12", "1 Left"): 3, ("12", "2 Right"): 5, ("13", "1 Left"): 4}


TREE = (
    HEAD
    + """
[tree]
rows = ["R/Town/Party"]
[tree.columns]
town = "Town/@name"
null = "Town/Out[@why='null']"
party = ["@short", "Name"]
votes = "Votes"
[place]
station = "town"
[counts]
null = "null"
[choices]
label = "party"
votes = "votes"
"""
)
XML = (
    "<R xmlns:k='urn:k'><Town name='T&amp;U'><Out why='other'>7</Out><k:Out why='null'>2</k:Out>"
    "<Party short='A'><Votes> 3 </Votes></Party><Party><Name>B</Name><Votes>4</Votes></Party></Town></R>"
)


@pytest.mark.parametrize(
    "data",
    [
        XML[:-5],
        XML.replace("<R ", "<!DOCTYPE R [<!ENTITY a 'b'>]><R "),
        "<R>" + "<a>" * 100 + "</a>" * 100 + "</R>",
        "<R><b></R>",
    ],
)
def test_damaged_xml_is_refused(data: str) -> None:
    with pytest.raises((InputError, UnknownLayout)):
        read(TREE, data, "x.xml")


def test_no_regular_expression_takes_more_than_its_cells() -> None:
    for pattern in ("/(a+)+b/", "/(a|a)*b/", "/(?:a*a*a*a*)*b/"):
        assert fitting(pattern, ("a" * 100_000, "aab")) in ([None, "aa"], [None, "a"], [None, "aab"])
        assert fitting(pattern, ("a" * 50 + "\ud800",)) == [None]


def test_the_groups_of_a_regular_expression_are_what_is_kept() -> None:
    cells = ("Mme LI - votes", "Mme LI - voix", "M. ROI - votes")
    assert fitting("/(?:Mme|(M\\.)) (.*) - (votes)?/", cells) == ["LI votes", None, "M. ROI votes"]
    assert fitting("/.* - votes/", cells) == [cells[0], None, cells[2]]
    assert fitting("/(/", cells) is None


def test_the_regular_expressions_of_all_entries_are_some() -> None:
    for path in FOLDER.glob("*.toml"):
        assert parse_layout(path.read_bytes(), path.name).name


def test_a_french_entry_has_the_codes_of_french_places_with_a_row_for_each_choice() -> None:
    entry = LONG.replace('country = "xx"', 'country = "fr"').replace('"Name"', '"Candidate"')
    entry = entry.replace("[place]\n", '[place]\ndepartment = "Dep"\ncommune_code = "Com"\n')
    [found] = read(entry, "Dep,Com,Precinct,Candidate,Votes\n1,4,0001,A,5\n1,4,0001,B,6\n")
    assert (found.insee.tolist(), found.department.tolist(), found.votes.tolist()) == (["01004"], ["01"], [5, 6])


def test_a_row_of_another_length_is_named_in_any_country() -> None:
    [found] = read(WIDE, "Unit,A,B\n1,1,2\n2,3\n3,4,5,6\n")
    assert [(problem.row, str(problem.expected)) for problem in found.problems] == [(3, "3 cells"), (4, "3 cells")]
    assert found.row.tolist() == [2, 3, 4]


def test_a_table_without_a_choice_of_its_entry_has_its_counts_and_names_what_is_left() -> None:
    entry = HEAD + 'needs = ["Unit", "Roll"]\nplace.station = "Unit"\ncounts.registered = "Roll"\n'
    entry += 'choices.columns = "/L(.*)/"\n'
    [found] = read(entry, "Unit,Roll,Green\n1,20,7\n")
    assert (found.counts["registered"].tolist(), found.labels, found.unused) == ([20], (), ("Green",))
    with pytest.raises(UnknownLayout, match=r"/L\(\.\*\)/"):
        read(entry.replace('country = "xx"', 'country = "fr"'), "Unit,Roll,Green\n1,20,7\n")


def test_a_header_with_other_columns_begins_a_table_of_its_own() -> None:
    data = "Unit,A,B\n1,2,3\nUnit,A,B\n2,4,5\nOthers,,\nB,Unit,A\n7,1,6\nUnit,A,\nUnit,A,C\n,,low\n1,8,9\n"
    entry = WIDE.replace('to = "B"\n', "").replace('"A"\n', '"#2"\n')
    found = read(entry.replace("from", "rest = true\nfrom"), data)
    assert [votes_of(each) for each in found] == [
        {("1", "A"): 2, ("1", "B"): 3, ("2", "A"): 4, ("2", "B"): 5},
        {("1", "A"): 6},
        {("1", "A"): 8, ("1", "C"): 9},
    ]
    assert [each.title for each in found] == ["", "Others", ""]
    assert [each.row.tolist() for each in found] == [[2, 4], [7], [11]]


def test_no_table_has_any_number_of_headers() -> None:
    found = read(WIDE, "".join(f"Unit,A,B,{at}x\n1,2,3,4\n" for at in range(150)))
    assert len(found) == 101
    assert [str(each.expected) for each in found[0].problems] == ["at most 100 headers"]


LOWER = {
    "below a merged cell": ("Unit,Valid,Votes,,\n,,Ann,Bob,Cid\n", ("Ann", "Bob", "Cid")),
    "with the numbers of the columns": ("Unit,Valid,Ann,Bob,Cid\n1,2,3,4,5\n", ("Ann", "Bob", "Cid")),
    "several of one name": ("Unit,Valid,Ann,,Bob\n,,day,mail,day\n", ("Ann day", "mail", "Bob")),
}


@pytest.mark.parametrize("case", LOWER)
@pytest.mark.parametrize("run", ['from = "#3"', "rest = true", 'columns = ["#3", "#4", "#5"]'])
def test_the_lower_rows_of_a_header_name_columns(case: str, run: str) -> None:
    head, labels = LOWER[case]
    entry = HEAD + 'needs = ["Unit", "Valid"]\nchecks = ["valid = votes"]\nplace.station = "Unit"\n'
    [table] = read(entry + f'counts.valid = "Valid"\n[choices]\n{run}\n', head + "1,60,30,20,10\n")
    assert (table.labels, table.votes.tolist(), table.bureau.tolist()) == (labels, [30, 20, 10], ["1"])
    assert (flaws(table), table.problems, table.title) == ([], (), "")


def test_a_column_is_found_by_a_lower_row_and_by_what_stands_above() -> None:
    header = HeaderNames(["Unit", "Votes", "", "Roll"], [["", "Ann", "Bob", "of all"]])
    assert header.cells == ("Unit", "Ann", "Bob", "Roll")
    assert [header.find((name,)) for name in ("Votes", "Ann", "/B.*/", "Roll", "of all")] == [1, 1, 2, 3, None]


def test_the_rest_of_another_country_has_no_words_of_french_tables() -> None:
    entry = HEAD + 'needs = ["Unit"]\nplace.station = "Unit"\ncounts.valid = "Valid"\nchoices.rest = true\n'
    [table] = read(entry, "Unit,Valid,YES,NO,Code,% YES\n1,6,1,2,3,16.67\n")
    assert (table.labels, table.votes.tolist(), table.unused) == (("YES", "NO", "Code"), [1, 2, 3], ("% YES",))


def test_a_total_that_no_key_names_counts_for_no_place() -> None:
    [table] = read(WIDE, "Unit,A,B\n1,1,2\n2,3,4\nTotal,4,7\n")
    assert table.bureau.tolist() == ["1", "2"]
    assert [(flaw.code, flaw.left) for flaw in table.flaws] == [("C110", "Total"), ("C125", 7)]
    levels = "[levels]\ncolumn = 'Unit'\nvalues = { '/.*/' = 'bureau' }\n"
    assert read(WIDE + levels, "Unit,A,B\nTotal,4,7\n")[0].bureau.tolist() == ["Total"]


def test_percentages_in_a_table_with_a_row_for_each_choice() -> None:
    entry = LONG.replace("[choices]", '[counts]\nvalid = "Valid"\n[choices]')
    entry += 'percentages = { "votes/valid" = "Share" }\n'
    [table] = read(entry, "Precinct,Valid,Name,Votes,Share\n1,3,A,1,33.33333333333333\n1,3,B,2,99.99\n")
    assert [(flaw.code, flaw.left, flaw.right) for flaw in flaws(table)] == [("T307", "99.99", "66,67")]


def test_a_table_without_a_header_may_have_a_row_for_each_choice_and_parts_for_checks() -> None:
    entry = HEAD + 'headers = ["Unit", "Name", "Day", "Mail", "Votes"]\nplace.station = "Unit"\n'
    entry += 'choices = { label = "Name", votes = "Votes", parts = ["Day", "Mail"] }\n'
    [table] = read(entry, "1;A;1;2;3\n1;B;2;2;4\n3;A;1;2;3\n2;B;1;2;4\n")
    assert [(flaw.field, flaw.left, flaw.right) for flaw in flaws(table)] == [("B", 4, 3)]


def test_an_element_without_a_row_is_named() -> None:
    data = XML.replace("</Town></R>", "</Town><Town name='none'><Out why='null'>1</Out></Town></R>")
    [table] = read(TREE, data, "x.xml")
    assert [str(problem.expected) for problem in table.problems] == ["Party in Town"]


def test_a_file_in_another_encoding_is_refused_with_what_it_was_read_as() -> None:
    with pytest.raises(UnknownLayout, match=r"not of the layout x: no row with the headers .* encoding says it"):
        read(WIDE.replace('"Unit"', '"Район"'), "Район;A;B\n1;2;3\n".encode("windows-1251"))
    with pytest.raises(UnknownLayout, match="JSON without a list"):
        read(WIDE, '{"a": {"b": 1}}', "x.json")


def test_a_file_with_a_header_that_the_layout_must_not_have_is_of_another() -> None:
    entry = WIDE.replace("needs", 'without = ["Room", "No"]\nneeds')
    assert read(entry, "Unit,A,B\n1,1,2\n")[0].labels == ("A", "B")
    with pytest.raises(UnknownLayout, match="a header of another layout: No"):
        read(entry, "Unit,A,B,No\n1,1,2,3\n")


FORM_20 = """Unit|Votes for|||Valid
|Ann|Bob|Cid|
1|2|3|4|5
12|10|20|30|{valid}
Unit|Votes for|||Valid
|{again}|
1|2|3|4|5
13|1|2|3|6
Sum|11|22|33|66
"""


@pytest.mark.parametrize("names", ["Ann|Bob|Cid", "Dan|Eva|Flo"])
@pytest.mark.parametrize("book", [False, True])
def test_a_header_that_comes_again_has_its_lower_rows_again(names: str, book: bool) -> None:
    entry = HEAD + 'needs = ["Unit", "Valid"]\nchecks = ["valid = votes"]\nplace.station = "Unit"\n'
    entry += 'counts.valid = "Valid"\nchoices = { from = "#2", to = "#4" }\ntotals.Unit = ["Sum"]\n'
    text = FORM_20.format(valid=60, again=names)
    data = samples.workbook({"AC 1": text}) if book else text.replace("|", ";").encode()
    tables = read(entry, data, "f.xlsx" if book else "f.csv")
    assert [each for table in tables for each in table.bureau.tolist()] == ["12", "13"]
    assert tables[-1].labels == tuple(names.split("|"))
    assert len(tables) == (1 if names.startswith("Ann") else 2)
    assert not any(table.problems for table in tables)


def test_a_row_of_sums_above_its_rows_may_be_what_names_their_place() -> None:
    entry = HEAD + 'needs = ["Town", "Unit"]\nplace.commune = "Town"\nplace.station = "Unit"\n'
    entry += 'choices.from = "A"\ntotals.Town = ["All"]\ntotals.Unit = ["Sum"]\n'
    text = "Town,Unit,A\nPost,,1\nAix,Sum,5\n,1,2\nAll,,15\n,2,3\nBrou,Sum,9\n,1,4\n,2,5\n"
    [table] = read(entry, text)
    assert table.commune.tolist() == ["Post", "Aix", "Aix", "Brou", "Brou"]
    assert (flaws(table), table.problems) == ([], ())


def test_a_column_of_a_count_is_no_choice() -> None:
    entry = HEAD + 'needs = ["Unit"]\nchecks = ["valid = votes"]\nplace.station = "Unit"\n'
    entry += "counts.valid = 'Valid now'\nchoices.columns = '/(.*) now/'\n"
    [table] = read(entry, "Unit,Valid now,Valid then,A now,A then\n1,3,9,3,9\n")
    assert (table.labels, flaws(table)) == (("A",), [])


def test_what_stands_above_a_header_names_columns_too() -> None:
    entry = HEAD + 'needs = ["Unit", "Day"]\nchecks = ["valid = votes"]\nplace.station = "Unit"\n'
    entry += "counts.valid = 'Total'\nchoices.columns = '/(.*) Sum/'\n"
    text = "Mayor|||||||\n|ANN|||BOB|||\nUnit|Day|Mail|Sum|Day|Mail|Sum|Total\n1|1|2|3|2|2|4|7\n\n"
    first, second = read(entry, (text + text.replace("ANN", "CID").replace("|7", "|8")).replace("|", ";"))
    assert (first.labels, first.votes.tolist(), first.title) == (("ANN", "BOB"), [3, 4], "Mayor")
    assert (second.labels, second.bureau.tolist(), second.title) == (("CID", "BOB"), ["1"], "Mayor")
    assert [(flaw.left, flaw.right) for flaw in (*flaws(first), *flaws(second))] == [(8, 7)]
    again = text.replace("Mayor|||||||\n", "")
    for page in (again, again.replace("ANN", "").replace("BOB", ""), again.replace("|ANN|||BOB", "|||||")):
        [table] = read(entry, (text + page).replace("|", ";"))
        assert (table.bureau.tolist(), table.labels) == (["1", "1"], ("ANN", "BOB"))


MEASURES = [("Sheriff", "Ann,Bob,Cid", "1,2,3"), ("Mayor", "Dan", "4"), ("Judge", "Eva,Flo,Gil,Hal", "5,6,7,8")]


@pytest.mark.parametrize("padded", [False, True])
def test_tables_of_other_widths_below_one_another(padded: bool) -> None:
    entry = (
        HEAD + 'needs = ["Unit", "Cast"]\nplace.station = "Unit"\ncounts.votes_found = "Cast"\nchoices.from = "#3"\n'
    )
    text = "".join(
        f"{title}{names.count(',') * padded * ','}\nUnit,Cast,{names}\n7,9,{votes}\n"
        for title, names, votes in MEASURES
    )
    tables = read(entry, text)
    assert [(table.title, ",".join(table.labels), ",".join(map(str, table.votes))) for table in tables] == MEASURES
    assert [table.problems for table in tables] == [(), (), ()]
    [table] = read(entry, "Unit,Cast,Ann,Bob,Cid\n7,9,1,2,3\nnote\n8,9\n")
    assert [problem.row for problem in table.problems] == [3, 4]


def test_the_same_header_below_another_title_is_of_another_contest() -> None:
    page = "County{}\nMeasure {}{}\nUnit,Yes,No\n{},1,2\nPage {}\n"
    entry = WIDE.replace('["Unit", "A"]', '["Unit", "Yes"]').replace('"A"', '"Yes"').replace('"B"', '"No"')
    pages = [("A", 1), ("A", 2), ("B", 1), ("B", 2)]
    for wide in ("", ",,"):
        text = "".join(page.format(wide, measure, wide, unit, unit) for measure, unit in pages)
        tables = read(entry, text)
        assert [table.bureau.tolist() for table in tables] == [["1", "2"], ["1", "2"]]
        assert [table.title[-9:] for table in tables] == ["County", "Measure B"]


def test_capitals_of_turkish_headers_need_not_match() -> None:
    entry = HEAD + 'needs = ["Sandık No", "İl Adı"]\nplace.station = "Sandık No"\nchoices.columns = ["İYİ PARTİ"]\n'
    assert read(entry, "İL ADI;SANDIK NO;İyi Parti\nAĞRI;1;2\n")[0].bureau.tolist() == ["1"]


def test_a_station_without_figures_above_a_header_is_none_of_its_rows() -> None:
    entry = HEAD + 'needs = ["Unit", "A"]\nplace.commune = "Town"\nplace.station = "Unit"\nchoices.from = "A"\n'
    [table] = read(entry, "Town;Unit;A\nAix;1;2\n;Hall;\nTown;Unit;A\nBrou;3;4\n")
    assert table.bureau.tolist() == ["1", "Hall", "3"]


def test_rows_whose_level_is_not_said_are_stations() -> None:
    levels = "[levels]\ncolumn = 'Unit'\nvalues = { 'Sum' = 'total', '/Turnout.*/' = 'left out' }\n"
    [table] = read(WIDE + levels, "Unit,A,B\n1,1,2\n2,3,4\nSum,4,7\nTurnout %,50,40\n")
    assert (table.bureau.tolist(), table.problems) == (["1", "2"], ())
    assert [(flaw.code, flaw.left, flaw.right) for flaw in table.flaws] == [("C125", 7, 6)]


def test_a_figure_that_is_not_shown_leaves_out_its_checks_and_is_no_problem() -> None:
    entry = WIDE.replace("[place]", 'absent = ["-"]\nhidden = ["*", "<5"]\nchecks = ["valid = votes"]\n[place]')
    entry += '[counts]\nvalid = "Valid"\n[totals]\nUnit = ["Sum"]\n'
    [table] = read(entry, "Unit,Valid,A,B\n1,9,*,7\n2,8,<5,5\n3,5,-,5\n4,6,2,3\nSum,28,7,20\n")
    assert [(flaw.unit, flaw.left, flaw.right) for flaw in flaws(table)] == [(3, 6, 5)]
    assert table.problems == ()
    assert (table.checked[0].made, table.checked[0].of) == (2, 4)
    assert {each.name: each.whole for each in totals(table)[1]} == {"A": None, "B": 20}


ROLL = HEAD + 'needs = ["Unit", "R"]\nplace.station = "Unit"\ncounts.registered = "R"\nchoices.rest = true\n'


def test_a_note_below_a_table_is_no_station() -> None:
    for wide in ("", ",,"):
        text = f"One{wide}\nUnit,R,A\n1,5,2\n*Counted again on Monday{wide}\nTwo{wide}\nUnit,R,B\n12,6,4\nHall,,\n"
        tables = read(ROLL, f"{text}Source: the ministry{wide}\n")
        assert [(table.title, table.bureau.tolist()) for table in tables] == [("One", ["1"]), ("Two", ["12", "Hall"])]
        said = sorted(name for table in tables for name in table.unused)
        assert said == ["« *Counted again on Monday »", "« Source: the ministry »"]
        assert sum(len(table.problems) for table in tables) == 0


WARDS = """needs = ["Candidate", "Votes"]
checks = ["valid = votes"]
place.station = "ward"
counts = { registered = "roll", valid = "good" }
choices = { label = "Candidate", votes = "Votes" }
above = { ward = '/Ward (\\d+).*/', roll = "Electorate", good = "Valid votes" }
"""
COUNT = """Results|||
Ward 1 - Hill|||
Electorate:|90||Quorum|7
Valid votes|12||
Quota|5||
Candidate|Party|Votes|Stage
Ann|X|7|1
Bob|Y|5|2
|||
Ward 2 (Dale)|||
Electorate:|80|||
Valid votes|9||
Candidate|Party|Votes|Stage
Ann|X|4|1
Cid|Y|4|2
Source: the clerk|||
"""


@pytest.mark.parametrize("book", [False, True])
def test_what_stands_in_labelled_cells_above_the_rows_is_read_with_them(book: bool) -> None:
    data = samples.workbook({"A": COUNT}) if book else COUNT.replace("|", ";")
    [table] = read(HEAD + WARDS, data, "f.xlsx" if book else "f.csv")
    assert table.bureau.tolist() == ["1", "2"]
    assert (table.counts["registered"].tolist(), table.counts["valid"].tolist()) == ([90, 80], [12, 9])
    assert votes_of(table) == {("1", "Ann"): 7, ("1", "Bob"): 5, ("2", "Ann"): 4, ("2", "Cid"): 4}
    assert [(flaw.unit, flaw.left, flaw.right) for flaw in flaws(table)] == [(1, 9, 8)]
    assert table.problems == ()
    assert set(table.unused) == {"Stage", "« Electorate: 90 Quorum 7 »", "« Quota 5 »", "« Source: the clerk »"}


def test_figures_above_a_table_are_named_where_no_label_says_them() -> None:
    [table] = read(ROLL, "Kent,,\nElectors in all,5000,\nUnit,R,A\n1,5,2\n")
    assert table.unused == ("« Electors in all 5000 »",)


def test_a_label_holds_for_rows_without_a_header_of_their_own() -> None:
    [table] = read(HEAD + WARDS, "Ward 1;;\nCandidate;Party;Votes\nAnn;X;7\nWard 2;;\nBob;Y;5\nCid;;4\n")
    assert votes_of(table) == {("1", "Ann"): 7, ("2", "Bob"): 5, ("2", "Cid"): 4}
    assert len(table.lacking) == 2  # the labels that the file does not have


def test_a_row_of_sums_without_its_percentages_is_read_in_a_workbook() -> None:
    entry = ROLL + 'totals.Unit = "Sum"\ncounts.valid = "V"\npercentages = { "valid/registered" = "%" }\n'
    rows = "Unit,R,A,V,%\n1,5,2,2,40.0\n2,10,4,4,40.0\nSum,15,6,7\n"
    [table] = read(entry, samples.workbook({"Hall": rows.replace(",", "|")}), "f.xlsx")
    assert table.problems == ()
    assert [(flaw.code, flaw.left, flaw.right) for flaw in table.flaws] == [("C125", 7, 6)]


def test_figures_alone_below_a_table_are_no_note() -> None:
    rows = "Unit,R,A\n" + "".join(f"{at},5,2\n" for at in range(60))
    [table] = read(ROLL, f"{rows}Hall 3;7;2\n")
    assert (table.unused, len(table.problems)) == ((), 1)
    [table] = read(ROLL, rows + "".join(f"Note of the clerk {at}\n" for at in range(50)))
    assert 0 < len(table.unused) < 50 == len(table.unused) + len(table.problems)


def test_a_file_that_ends_within_a_place_is_cut_and_has_no_note() -> None:
    rows = "Unit,R,A\n" + "".join(f"Hall of {at},5,2\n" for at in range(60)) + "Hall of"
    assert [(len(table.problems), table.unused) for table in read(ROLL, rows)] == [(1, ())]
    assert [(len(table.problems), table.unused) for table in read(ROLL, rows + "\n")] == [(0, ("« Hall of »",))]


def test_what_to_write_into_the_layout_stands_beside_what_cannot_be_read() -> None:
    [table] = read(ROLL, 'Unit,R,A\n1,"2,151",2\n2,3,1\'204\n01/02/2024,3,4\n4|5|6\n')
    said = " ".join(f"{problem.got}" for problem in table.problems)
    assert "204" not in said  # an apostrophe separates thousands, as a space does
    for expected in ("layout says thousands = ','", "which looks like a date", "their delimiter"):
        assert expected in said
    assert read('thousands = ","\n' + ROLL, 'Unit,R,A\n1,"2,151",2\n')[0].problems == ()
