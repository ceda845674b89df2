from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mentoring import listeners, registries


class OperationsConfig(AppConfig):
    """The last app: when it is ready all models are, so it loads every app's hooks."""

    name = "mentoring.operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        registries.load()
        listeners.connect()
