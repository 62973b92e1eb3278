"""Many small cases as one test: a test of its own takes longer than the case does."""

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


def for_each(cases: Mapping[str, T]) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """Turn a check of one case into a test of all of them, which shows by its name each that failed."""

    def decorate(check: Callable[[T], None]) -> Callable[[], None]:
        def test() -> None:
            failed = {}
            for name, case in cases.items():
                try:
                    check(case)
                except AssertionError as error:
                    failed[name] = str(error)
            assert not failed, "\n".join(f"{name}: {why}" for name, why in failed.items())

        assert cases
        test.__doc__ = check.__doc__
        return test

    return decorate
