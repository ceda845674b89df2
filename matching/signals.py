"""What happens to a tandem that others follow: sent with ``obj`` (the Tandem), ``by`` and ``now``."""

from django.dispatch import Signal

tandem_ended = (
    Signal()
)  # a place is free again: completed, dissolved, or the mentor’s yes was undone
