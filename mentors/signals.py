"""Signals about mentors, sent with ``obj`` (the Mentor), ``by`` and ``now``."""

from django.dispatch import Signal

mentor_paused = Signal()  # gets no new tandems
mentor_resumed = Signal()  # gets tandems again
mentor_retiring = Signal()  # is about to leave: receivers lock what ends with it
mentor_retired = Signal()  # has left the network
mentor_capacity_changed = Signal()  # offers more or fewer places
mentor_address_changed = Signal()  # has another address or another account
