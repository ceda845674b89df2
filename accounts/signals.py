"""Signals about accounts, sent with ``obj``, ``by`` and ``now``."""

from django.dispatch import Signal

account_closing = Signal()  # ``obj`` is the User: receivers lock what ends with the account
account_closed = Signal()  # ``obj`` is the User
address_changed = Signal()  # ``obj`` is a NewAddress
