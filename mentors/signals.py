"""Signals about mentors, sent with ``obj`` (the Mentor), ``by`` and ``now``."""

from django.dispatch import Signal

mentor_retiring = Signal()  # is about to leave: receivers lock what ends with it
mentor_retired = Signal()  # has left the network
mentor_availability_changed = Signal()  # paused, resumed, or with another number of places
mentor_address_changed = Signal()  # has another address or another account
