"""Which bytes of a module are still to be asked for, as ranges of addresses."""

from __future__ import annotations

from bisect import insort


class Missing:
    """Disjoint ranges of addresses, lowest first.

    Attributes:
        ranges: (first, end) of each, without the end.
    """

    def __init__(self, start: int, stop: int) -> None:
        self.ranges: list[tuple[int, int]] = [(start, stop)] if start < stop else []

    def take(self, wanted: int, most: int) -> tuple[int, int]:
        """Take the lowest addresses out, about ``wanted`` and at most ``most``, and return (address, length).

        A range is taken in pieces as even as can be, because a last one of a few bytes would be all envelope; and in
        one piece up to half above what is wanted, because that may have fallen by a byte since it was first asked for.
        """
        first, end = self.ranges[0]
        pieces = max(-(-(end - first) // most), (end - first + wanted // 2) // wanted, 1)
        length = -(-(end - first) // pieces)
        if first + length == end:
            del self.ranges[0]
        else:
            self.ranges[0] = (first + length, end)
        return first, length

    def put_back(self, address: int, length: int) -> None:
        """Put addresses back that were taken out, and join them to the range that follows."""
        insort(self.ranges, (address, address + length))
        at = self.ranges.index((address, address + length))
        if at + 1 < len(self.ranges) and self.ranges[at + 1][0] == address + length:
            self.ranges[at : at + 2] = [(address, self.ranges[at + 1][1])]

    def remove(self, address: int, length: int) -> list[tuple[int, int]]:
        """Take out what is here of these addresses, and return it as (address, length), lowest first."""
        end, taken, left = address + length, [], []
        for first, stop in self.ranges:
            low, high = max(first, address), min(stop, end)
            if low < high:
                taken.append((low, high - low))
            parts = ((first, min(stop, address)), (max(first, end), stop)) if low < high else ((first, stop),)
            left += [part for part in parts if part[0] < part[1]]
        self.ranges = left
        return taken
