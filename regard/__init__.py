"""regard: simulate, read and verify NEDAP ESF1-style voting machines.

The library (`docs/guide/library.md`)::

    result = regard.audit("night")                      # or regard.audit(pv="pv.csv", published="resultats.txt")
    result.count("error"), result.exit_code()
    for finding in result.findings: ...
    result.findings.to_pandas(), result.figures.to_polars(), result.corrections, result.compared, result.gaps()
    regard.audit(pv=frame, emargements=frame)           # of pandas, polars or Arrow

    regard.simulate("night", communes=["77513"], seed=3)
    regard.plan("ville.xlsx", scenarios=["polls=2"]).first.worst(5)
    regard.results("resultats.txt").votes.to_pandas()   # published results: places x choices x votes
    regard.compare("resultats.txt", "commune.csv").to_polars()
    regard.read_exports("exports").to_arrow()
    regard.read_urns("urns").to_arrow()

Everything is loaded when it is first used. The machine and its formats are a **model**: the vendor's are not public.
"""

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from protocol.errors import RegardError as RegardError
    from regard.api import Cases as Cases
    from regard.api import Evidence as Evidence
    from regard.api import Findings as Findings
    from regard.api import Picture as Picture
    from regard.api import Result as Result
    from regard.api import audit as audit
    from regard.api import load as load
    from regard.commands.planning.plan import plan as plan
    from regard.commands.planning.simulate import simulate as simulate
    from regard.office.contents import PlannedTown as PlannedTown
    from regard.published.results_tables import Differences as Differences
    from regard.published.results_tables import ResultTables as ResultTables
    from regard.published.results_tables import compare as compare
    from regard.published.results_tables import results as results
    from regard.reading.unit import Emulator as Emulator
    from regard.reading.unit import UnitReading as UnitReading
    from regard.reading.unit import read_unit as read_unit
    from regard.reports.dump_tables import Exports as Exports
    from regard.reports.dump_tables import Urns as Urns
    from regard.reports.dump_tables import read_exports as read_exports
    from regard.reports.dump_tables import read_urns as read_urns
    from regard.reports.tables import CASES as CASES
    from regard.reports.tables import FIGURES as FIGURES
    from regard.reports.tables import FINDINGS as FINDINGS
    from regard.reports.tables import Table as Table
    from sim.own_day import ESF1 as ESF1
    from sim.own_day import HeldDay as HeldDay
    from sim.own_day import PollingDay as PollingDay
    from verify.model.cases import Case as Case
    from verify.model.findings import Finding as Finding
    from verify.model.findings import Severity as Severity

    __version__: str

_NAMES = {
    "protocol.errors": ("RegardError",),
    "regard.reports.dump_tables": ("Exports", "Urns", "read_exports", "read_urns"),
    "regard.api": ("Cases", "Evidence", "Findings", "Picture", "Result", "audit", "load"),
    "regard.office.contents": ("PlannedTown",),
    "regard.commands.planning.plan": ("plan",),
    "regard.commands.planning.simulate": ("simulate",),
    "sim.own_day": ("ESF1", "HeldDay", "PollingDay"),
    "regard.reading.unit": ("Emulator", "UnitReading", "read_unit"),
    "regard.published.results_tables": ("Differences", "ResultTables", "compare", "results"),
    "regard.reports.tables": ("CASES", "FIGURES", "FINDINGS", "Table"),
    "verify.model.cases": ("Case",),
    "verify.model.findings": ("Finding", "Severity"),
}
"""Public names, by where they are."""
_PLACES = {name: place for place, names in _NAMES.items() for name in names}
__all__ = [*_PLACES, "__version__"]


def __getattr__(name: str) -> object:
    """Load what is asked for (PEP 562).

    Raises:
        ForeignPackage: an ImportError: another package has the place of one of regard's.
    """
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - only when asked for

        value: object = version("regard")
    elif name in _PLACES:
        from importlib import import_module  # noqa: PLC0415 - only when asked for

        from regard.own_packages import check  # noqa: PLC0415 - only when asked for

        check()
        value = getattr(import_module(_PLACES[name]), name)
    else:
        raise AttributeError(f"module 'regard' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
