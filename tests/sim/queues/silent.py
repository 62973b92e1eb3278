"""A machine for days of which only the times count."""


class Silent:
    """A machine that does nothing."""

    def enable(self) -> None:
        pass

    def select(self, poll_choice: int) -> None:
        pass

    def blank(self) -> None:
        pass

    def validate(self) -> None:
        pass

    def cancel(self) -> None:
        pass
