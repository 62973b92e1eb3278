"""A text in French and English, which is one of the two only when it is shown."""

from __future__ import annotations


class Bilingual(str):
    """A text in both languages: the English one, unless a format asks for ``fr``, as in ``{steps:fr}``."""

    french: str

    def __new__(cls, french: str, english: str) -> Bilingual:
        """A text from its two versions."""
        text = super().__new__(cls, english)
        text.french = french
        return text

    def __reduce__(self) -> tuple[type[Bilingual], tuple[str, str]]:
        return Bilingual, (self.french, str(self))

    def __format__(self, language: str) -> str:
        return self.french if language == "fr" else str(self)
