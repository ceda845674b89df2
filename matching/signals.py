"""Signals about tandems, sent with ``obj`` (the Tandem), ``by`` and ``now``."""

from django.dispatch import Signal

tandem_ended = (
    Signal()
)  # the place is free again: completed, dissolved, or the mentor's yes was undone
