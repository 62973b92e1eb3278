"""Towns of many bureaux for the screens, published or as PVs: nothing is out of line unless a test makes it so."""

from collections.abc import Sequence

from regard.language import show
from tests.sources import new_folder
from tests.verify.night_builder import CHOICES, PublishedRow, findings, infos, loaded, published_bytes
from verify import audit
from verify.audit import Audit
from verify.model.findings import Finding, Severity
from verify.model.thresholds import Thresholds

Town = list[PublishedRow]


def bureau(
    code: str,
    registered: int = 1000,
    blank: int = 20,
    null: int = 6,
    votes: Sequence[int] = (350, 250, 100),
    insee: str = "77001",
) -> PublishedRow:
    """A bureau whose figures add up."""
    valid = sum(votes)
    found = valid + blank + null
    counts = (registered, registered - found, found, blank, null, valid)
    names = ("Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés")
    return PublishedRow(
        insee, "Essai", code, dict(zip(names, counts, strict=True)), dict(zip(CHOICES, votes, strict=True))
    )


def town(bureaux: int = 12, later: int = 0) -> Town:
    """Bureaux that differ a little from one another; ``later`` fewer votes for a second round."""
    return [
        bureau(
            f"{number:04}",
            registered=1000 + 3 * number,
            blank=18 + number % 5,
            null=5 + number % 3,
            votes=(350 + number % 7 - later, 250 - number % 5 + number, 100 + number % 4),
        )
        for number in range(1, bureaux + 1)
    ]


def run(rows: Town, other: Town | None = None, thresholds: Thresholds | None = None) -> Audit:
    """Audit a town from its published results, with the other round where there is one."""
    folder = new_folder()
    first, second = folder / "tour1.txt", folder / "tour2.txt"
    first.write_bytes(published_bytes(rows))
    if other is not None:
        second.write_bytes(published_bytes(other))
    evidence = loaded(published=(first,), other_round=None if other is None else second)
    evidence.thresholds = thresholds or Thresholds(screen_one_in=20)
    return audit.run(evidence)


def one(result: Audit, code: str) -> Finding:
    """The only finding of a code, which is an info and says so in two languages."""
    [found] = infos(result, code)
    assert not [other for other in findings(result, code) if other.severity is not Severity.INFO]
    for language in ("fr", "en"):
        assert show(language, found.message)
    return found
