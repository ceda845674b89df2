"""Pages of long lists, whose time does not grow with the table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

COUNTED = 1000  # rows; a list with more says “more than 1,000”
DIGITS = 8  # of a page's number, and more are none
AHEAD = 10  # pages that are always counted beyond the one shown, so that links lead to every row


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a queryset, of which ``COUNTED`` rows are counted, or ``AHEAD`` pages more than are shown.

    ``count`` is at most that number, and ``more_than`` is it where there are more rows; else 0. So the time a
    list takes does not grow with its table, and whoever goes on from page to page reaches the last.
    """

    def __init__(
        self, rows: Any, per_page: int, *args: Any, shown: str | None = "", **kwargs: Any
    ) -> None:
        """``shown`` is the number of the page as it was asked for; anything else counts as the first."""
        super().__init__(rows, per_page, *args, **kwargs)
        number = int(shown) if shown and shown.isdecimal() and len(shown) < DIGITS else 1
        self._most = max(COUNTED, (number + AHEAD) * per_page)

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self._most + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._found, self._most)

    @cached_property
    def more_than(self) -> int:
        """How many rows were counted where there are more; 0 where all were."""
        return self._most if self._found > self._most else 0
