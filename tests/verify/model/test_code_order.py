"""Codes of bureaux in the order of their numbers."""

import re
from itertools import product

import numpy as np

from verify.model.bureau_codes import by_number, in_order


def test_numbers_in_codes_come_before_larger_ones() -> None:
    codes = ["1", "2", "9", "10", "10A", "11", "100", "A2", "A10", "B1"]
    assert sorted(sorted(codes), key=by_number) == codes


def test_each_group_is_put_in_order_by_itself() -> None:
    codes = np.array(["", "1", "10", "2", "0001", "0010", "1", "10", "11", "9"])
    group = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2])
    order = in_order(codes, group)
    assert codes[order].tolist() == ["", "1", "2", "10", "0001", "0010", "1", "9", "10", "11"]
    assert group[order].tolist() == group.tolist()


def test_codes_of_one_length_stand_in_order() -> None:
    assert in_order(np.array(["", "0001", "0010", "0A11"]), np.zeros(4, np.int64)).tolist() == [0, 1, 2, 3]
    assert not len(in_order(np.zeros(0, np.str_), np.zeros(0, np.int64)))


def test_the_order_is_that_of_the_numbers_and_letters_that_codes_are_made_of() -> None:
    codes = sorted("".join(letters) for size in (1, 2, 3) for letters in product("1290AB", repeat=size))
    order = in_order(np.array(codes), np.zeros(len(codes), np.int64))

    def parts(code: str) -> list[tuple[int, int, str]]:
        found = re.findall("[0-9]+|[A-Z]+", code)
        return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in found]

    assert [codes[at] for at in order.tolist()] == sorted(codes, key=lambda code: (parts(code), code))
