"""The text for the printer of a made-up day, in the widths of the paper."""

from collections.abc import Iterator

from protocol.bu.counts import OfficeCounts, largest
from protocol.bu.printed import LABELS, TITLES
from tests.protocol.bu.writing import PROPORTIONAL, UrnaDay

WIDTH = 38
_WIDE, _NORMAL = b"\x15", b"\x13"


def write_printed(day: UrnaDay) -> bytes:
    """The text for the printer, without the pictures of its QR codes."""
    lines = [*_print_head(day)]
    for office in day.offices:
        lines += _print_office(office)
    lines += ["", "=" * WIDTH, "", "   Código de identificação da carga", f"   {_by_threes(day.load_code)}", ""]
    return _WIDE + _NORMAL + "\n".join(lines).encode("latin-1") + b"\n\x12\x1b"


def _print_head(day: UrnaDay) -> Iterator[str]:
    section = day.section
    registered, turnout = largest(day.offices)
    yield f"{'Boletim de Urna':^{WIDTH}}"
    yield ""
    for label, text in (
        ("Município", f"{section.municipality:05}"),
        ("Zona Eleitoral", f"{section.zone:04}"),
        ("Local de Votação", f"{day.place:04}"),
        ("Seção Eleitoral", f"{section.section:04}"),
        ("Eleitores aptos", f"{registered:04}"),
        ("Comparecimento", f"{turnout:04}"),
        ("Eleitores faltosos", f"{registered - turnout:04}"),
        ("Habilitados por ano nascimento", f"{day.by_hand:04}"),
        ("Código identificação UE", f"{day.machine:08}"),
        ("Data de abertura da UE", _date(day.opened)),
        ("Horário de abertura", _clock(day.opened)),
        ("Data de fechamento da UE", _date(day.closed)),
        ("Horário de fechamento", _clock(day.closed)),
    ):
        yield _line(label, text)
    yield f"      {_by_threes(day.load_code[-6:])}"


def _print_office(office: OfficeCounts) -> Iterator[str]:
    titles = {number: title for title, number in TITLES.items()}
    labels = {figure: label for label, figure in LABELS.items()}
    yield ""
    yield f"{titles.get(office.office, f'CONSULTA {office.office}'):-^{WIDTH}}"
    for figure, number, votes in figures_of(office):
        if figure == "list":
            if number:
                yield f"Partido: {number} - P{number}"
            yield "Nome do candidato       Num cand Votos"
        elif figure == "choice":
            yield f"  {f'CANDIDATO {number}':<23}{number:>7}  {votes:04}"
        elif figure == "sums":
            yield "-" * WIDTH
        else:
            indent = "    " if figure.startswith("party") else ""
            yield _line(f"{indent}{labels[figure]}", f"{votes:04}")


def _line(label: str, text: str) -> str:
    return f"{label}{text:>{WIDTH - len(label)}}"


def _by_threes(digits: str) -> str:
    return ".".join(digits[at : at + 3] for at in range(0, len(digits), 3))


def _date(time: str) -> str:
    return f"{time[6:8]}/{time[4:6]}/{time[:4]}"


def _clock(time: str) -> str:
    return f"{time[9:11]}:{time[11:13]}:{time[13:]}"


def figures_of(office: OfficeCounts) -> Iterator[tuple[str, int, int]]:
    """Figures of an office as texts have them, party by party: name, number of a party or choice, votes.

    Before the choices of a party stands a ``list``, of no votes, and before the sums of the office ``sums``.
    """
    lists = office.office in PROPORTIONAL
    parties = sorted({*office.parties.values(), *office.party}) if lists else [0]
    for party in parties:
        choices = {
            number: votes for number, votes in office.nominal.items() if not lists or office.parties[number] == party
        }
        yield "list", party, 0
        yield from (("choice", number, votes) for number, votes in choices.items())
        if lists:
            alone = office.party.get(party, 0)
            yield "party", party, alone
            yield "party total", party, alone + sum(choices.values())
    yield "sums", 0, 0
    if office.registered is not None:
        yield "registered", 0, office.registered
    yield "nominal", 0, sum(office.nominal.values())
    if lists:
        yield "parties", 0, sum(office.party.values())
    yield from (("blank", 0, office.blank), ("null", 0, office.null), ("total", 0, office.votes))
