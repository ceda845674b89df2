from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class DeskAdminConfig(AdminConfig):
    """Django's admin with the coordinators' desk as its start page."""

    default_site = "mentoring.desk.site.DeskSite"


class DeskConfig(AppConfig):
    name = "mentoring.desk"
    verbose_name = _("Overview")
