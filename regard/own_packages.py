"""Check that Python finds regard's own packages, whose names are common words.

A project may have a module of the same name, and another distribution may have been installed over one of them. The
check runs before any of them is loaded, and reads four small files.
"""

import gettext
import importlib.util
import os
import sys

PACKAGES = ("protocol", "machine", "sim", "verify")
MARK = b'PART_OF = "regard"'
"""Line in the ``__init__.py`` of each package."""
_BESIDE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class ForeignPackage(ImportError):
    """Python finds another package in the place of one of regard's. The sentence says where, and how to mend it."""

    def __init__(self, text: str, values: dict[str, str | None]) -> None:
        super().__init__(text.format(**values))
        self._text, self._values = text, values

    def sentence(self, language: str) -> str:
        """Describe the fault in the language of that code, or in English if it has no catalogue."""
        catalogue = gettext.translation("regard", os.path.join(_BESIDE, "regard", "locale"), [language], fallback=True)
        return catalogue.gettext(self._text).format(**self._values)


def msg(text: str, **values: str | None) -> tuple[str, dict[str, str | None]]:
    """Mark a text for the catalogue, with its values; `protocol.words` itself may be the foreign package."""
    return text, values


def check() -> None:
    """Make sure that all packages are regard's own.

    Raises:
        ForeignPackage: one is not.
    """
    for name in PACKAGES:
        expected = os.path.join(_BESIDE, name)
        found = _place(name)
        beside = os.path.exists(os.path.join(expected, "__init__.py"))
        elsewhere = found is not None and not _same(os.path.dirname(found), expected)
        if beside and elsewhere:
            raise ForeignPackage(
                *msg(
                    "{found} hides the package `{name}` of regard, which has the same name. Rename it or "
                    "move it into a package of yours, or take its folder off Python's path (PYTHONPATH); or "
                    "install regard in an environment of its own, with pipx or uv tool.",
                    found=found,
                    name=name,
                ),
            )
        if found is None or elsewhere or not _marked(name, found):
            raise ForeignPackage(
                *msg(
                    "{expected} is not the package that came with regard: another distribution was installed "
                    "over it, or took it away when it was removed. Install regard anew in an environment of "
                    "its own: a virtual environment (python -m venv), pipx or uv tool.",
                    expected=expected,
                ),
            )


def _place(name: str) -> str | None:
    """Find the file that is loaded, or would be, under a package's name; None if there is none."""
    module = sys.modules.get(name)
    if module is not None:
        return getattr(module, "__file__", None)
    spec = importlib.util.find_spec(name)
    return spec.origin if spec is not None and spec.has_location else None


def _same(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def _marked(name: str, found: str) -> bool:
    if name in sys.modules:
        return getattr(sys.modules[name], "PART_OF", None) == "regard"
    try:
        with open(found, "rb") as file:
            return MARK in file.read(2**16)
    except OSError:
        return True  # inside an archive: nobody installs anything there
