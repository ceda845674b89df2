"""Signals of the programme, sent with ``obj``, ``by`` and ``now``."""

from django.dispatch import Signal

consent_withdrawn = Signal()  # ``obj`` is the Consent
