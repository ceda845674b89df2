"""What happens to an account that others follow: sent with ``obj``, ``by`` and ``now``."""

from django.dispatch import Signal

account_closing = Signal()  # ``obj`` is the User: lock what ends with the account
account_closed = Signal()  # ``obj`` is the User
address_changed = Signal()  # ``obj`` is a NewAddress
