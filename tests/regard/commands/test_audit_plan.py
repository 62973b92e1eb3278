"""`regard audit plan` as a person uses it."""

import json
from pathlib import Path

import pytest

from regard.cli import main
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text


@pytest.fixture
def town() -> Path:
    """A first round in two communes, forty bureaux: 18,400 papers, the second 38 votes ahead of the third."""
    header = "Code INSEE,Commune,Bureau,Inscrits,Votants,Blancs,Nuls,Exprimés,ZOLA Émile,CURIE Marie,HUGO Victor\n"
    rows = [
        f"{insee},{name},{at:04},800,460,10,0,450,{220 + at % 3},{116 - at % 3},114\n"
        for insee, name in (("77001", "Essai"), ("77002", "Marne"))
        for at in range(1, 21)
    ]
    path = new_file("résultats.csv", header + "".join(rows))
    return path


def plan_of(town: Path, *options: str) -> dict[str, object]:
    out = town.with_name("plan.json")
    assert main(["audit", "plan", str(town), *options, "--json", str(out), "--force", "--lang", "en"]) == 0
    [plan] = json.loads(out.read_text("utf-8"))["plans"]
    assert isinstance(plan, dict)
    return plan


PRESIDENTIAL = ("--election", "presidentielle", "--round", "1")


def test_says_what_proves_the_outcome(town: Path, cli: CommandLine) -> None:
    cli("audit", "plan", town, *PRESIDENTIAL)
    screen = cli.said
    assert "40 bureaux, 18,400 papers." in screen
    assert "second round: “ZOLA Émile”, “CURIE Marie”. Risk limit 5%." in screen
    assert "“CURIE Marie” has more votes than “HUGO Victor”: margin of 0.21 in 100 papers" in screen
    assert "No French law orders such an audit" in screen


def test_in_french(town: Path, cli: CommandLine) -> None:
    cli("audit", "plan", town, *PRESIDENTIAL, "--lang", "fr")
    assert "40 bureaux, 18 400 bulletins." in cli.said
    assert "Aucune loi française ne prévoit un tel audit" in cli.said


def test_a_larger_risk_and_a_larger_margin_need_fewer_papers(town: Path) -> None:
    def papers(*options: str) -> int:
        costs = plan_of(town, *options)["costs"]
        assert isinstance(costs, list)
        return int(costs[0]["papers_compared"]["expected"])

    strict, loose = papers(*PRESIDENTIAL, "--risk", "1%"), papers(*PRESIDENTIAL, "--risk", "10 %")
    assert loose < strict <= 18400
    assert papers("--election", "referendum", "--risk", "10 %") < loose


def test_bureaux_without_paper_are_taken_as_their_pvs_say(town: Path) -> None:
    listed = put_text(town.with_name("papier.csv"), "insee;bureau\n77002;\n")
    plan = plan_of(town, *PRESIDENTIAL, "--paper", str(listed))
    assert (plan["papers"], plan["papers_to_audit"], plan["bureaux_to_audit"]) == (18400, 9200, 20)
    put_text(listed, "insee;bureau\n77002;1\n77002;0002\n")
    assert plan_of(town, *PRESIDENTIAL, "--paper", str(listed))["bureaux_to_audit"] == 2


@pytest.mark.parametrize(
    ("options", "said_of_it"),
    [
        ((), "which election it is is not known: --election"),
        (("--election", "presidentielle"), "which round it is is not known: --round"),
        (("--election", "europeennes"), "the number of seats is not known: --seats"),
        (("--election", "referendum", "--paper", "no.csv"), "no.csv"),
    ],
)
def test_what_is_missing_is_named(town: Path, cli: CommandLine, options: tuple[str, ...], said_of_it: str) -> None:
    cli("audit", "plan", town, *options, code=2)
    assert said_of_it in cli.complained


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a,b\n1,2\n", b'insee\n"unclosed\n', b"insee\n\n,\n"])
def test_a_damaged_list_is_named(town: Path, cli: CommandLine, content: bytes) -> None:
    listed = town.with_name("papier.csv")
    listed.write_bytes(content)
    cli("audit", "plan", town, *PRESIDENTIAL, "--paper", listed, code=2)
    assert "papier.csv" in cli.err or not content.strip()


@pytest.mark.parametrize("share", ["0", "100%", "1/0", "five", "-1%", "5%%"])
def test_a_senseless_risk_is_refused(town: Path, share: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["audit", "plan", str(town), *PRESIDENTIAL, "--risk", share])


def test_municipal_contests_are_one_a_commune_and_the_page_lists_them(
    town: Path, tmp_path: Path, cli: CommandLine
) -> None:
    page = tmp_path / "plan.html"
    options = ("--election", "municipales", "--round", "2", "--seats", "33", "--report", str(page))
    cli("audit", "plan", town, *options, "--lang", "fr")
    text = page.read_text("utf-8")
    assert "Essai" in text
    assert "Marne" in text
    assert "<svg" in text


def test_same_seed_same_page(town: Path, tmp_path: Path, cli: CommandLine) -> None:
    pages = []
    for name in ("one.html", "two.html"):
        cli("audit", "plan", town, *PRESIDENTIAL, "--report", tmp_path / name, code=None)
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
