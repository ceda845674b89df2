"""The one error of the engine: an input that can't be planned, and where it is wrong."""

from collections.abc import Mapping
from typing import Any

SHOWN = 60
"""The most characters of a wrong value that a sentence repeats."""


def shown(value: object) -> str:
    """`value` as a sentence may repeat it: on one line, shortened, never raising."""
    try:
        text = ascii(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, a deep nest
        return f"this {type(value).__name__}"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class ProblemError(ValueError):
    """An input the engine refuses.

    `str()` gives one English sentence that begins with the place. `code` and `params` let a
    caller say the same in its own words: `double_pin`, `excluded_pin`, `forbidden_pin`,
    `pin_over_capacity`, `unknown_id`, `double_id`, else `invalid`.
    """

    def __init__(
        self,
        reason: str,
        *,
        place: str = "",
        code: str = "invalid",
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.reason = reason
        self.place = place
        self.code = code
        self.params: dict[str, Any] = dict(params or {})
        super().__init__(f"{place}: {reason}" if place else reason)

    def within(self, outer: str) -> "ProblemError":
        """The same error seen from one level further out: `outer` stands before the place."""
        joint = "" if not self.place or self.place.startswith("[") else "."
        return ProblemError(
            self.reason,
            place=f"{outer}{joint}{self.place}",
            code=self.code,
            params=self.params,
        )
