"""What gunicorn writes of its own: through the formatter of the house, and no line per request."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from mentoring.operations.logs import Formatter


class HouseLogger(Logger):
    """gunicorn's log without addresses of requests: it quotes a request it can't read and the address
    of one that failed, personal links among them (promises P10, L7)."""

    def setup(self, cfg: Any) -> None:
        """Gives gunicorn's handlers, whatever file they write to, our formatter."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter())

    # gunicorn's own methods stand between a line and its place, which is all that is kept of some.
    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """As gunicorn's, told by whoever calls."""
        super().warning(msg, *args, **{"stacklevel": 3, **kwargs})

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """As gunicorn's, told by whoever calls."""
        super().error(msg, *args, **{"stacklevel": 3, **kwargs})

    @property
    def access_log_enabled(self) -> bool:
        """Never: paths hold personal links. The proxy in front counts requests, the house events."""
        return False
