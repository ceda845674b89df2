from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from mentoring import listeners


class OperationsConfig(AppConfig):
    """The last app: when it is ready all models are, so it loads what each app registers."""

    name = "mentoring.operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        autodiscover_modules("hooks", "privacy")
        listeners.connect()
