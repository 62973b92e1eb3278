import pytest

from regard import ESF1, audit
from regard.testing import MakeNight, Night, expect_case


@pytest.fixture(scope="module")
def night(make_election_night: MakeNight) -> Night:
    night = make_election_night(faults="none", seed=3).place("voted-twice", bureau="0001", times=2)
    return night.place("digits-exchanged", bureau="0003", field="signatures")


def test_my_reader_sees_what_was_placed(night: Night) -> None:
    assert "digits-exchanged,77513,0003,1,pv,emargements" in (night / "verite.csv").read_text(encoding="utf-8")
    expect_case(audit(night), "digits-exchanged", bureau="0003", sure="certain")


@pytest.mark.election_night(communes=["77513"], faults="voted-twice=0.01", seed=3)
def test_more_votes_than_signatures(election_night: Night, esf1: ESF1, urn_image: bytes) -> None:
    esf1.enable()
    esf1.select(2)
    esf1.validate()
    assert (esf1.voters, len(urn_image)) == (1, 65_536)
    expect_case(election_night, "open-gap")
