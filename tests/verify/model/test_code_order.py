"""Codes of bureaux in the order of their numbers."""

import re
from itertools import product

import numpy as np

from verify.model.bureau_codes import in_order


def test_the_order_is_that_of_the_numbers_and_letters_that_codes_are_made_of() -> None:
    codes = sorted("".join(letters) for size in (1, 2, 3) for letters in product("1290AB", repeat=size))
    order = in_order(np.array(codes), np.zeros(len(codes), np.int64))

    def parts(code: str) -> list[tuple[int, int, str]]:
        found = re.findall("[0-9]+|[A-Z]+", code)
        return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in found]

    assert [codes[at] for at in order.tolist()] == sorted(codes, key=lambda code: (parts(code), code))
