"""The errors that a user sees: a sentence with the place, what was expected, what was found."""

import pickle

from protocol.errors import FormatError, InputError, LinkError, RegardError


def test_a_format_error_names_field_offset_expected_and_got() -> None:
    error = FormatError("round", 144, "1 to 2", "7")
    assert str(error) == "round at byte 144: expected 1 to 2, got 7"
    assert (error.field, error.offset, str(error.expected), str(error.got)) == ("round", 144, "1 to 2", "7")


def test_an_input_error_names_file_row_and_column() -> None:
    for row, column, place in (
        (12, "blancs", "pv.csv, row 12, column blancs"),
        (None, "blancs", "pv.csv, column blancs"),
        (3, None, "pv.csv, row 3"),
    ):
        assert str(InputError("pv.csv", row, column, "a count", "'x'")) == f"{place}: expected a count, got 'x'"


def test_all_of_them_are_told_apart_from_bugs_by_one_root() -> None:
    for kind in (FormatError, InputError, LinkError):
        assert issubclass(kind, RegardError)
    assert not issubclass(RegardError, (ValueError, OSError))


def test_errors_cross_from_one_process_to_another() -> None:
    for error in (FormatError("round", 144, "1 to 2", "7"), InputError("pv.csv", 12, None, "a", "b")):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert type(again) is type(error)
        assert (vars(again), str(again)) == (vars(error), str(error))
