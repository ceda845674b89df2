"""Signals about mentees, sent with ``obj`` (the Mentee), ``by`` and ``now``."""

from django.dispatch import Signal

mentee_left = Signal()  # left before the end
mentee_completed = Signal()  # the participation is over
