"""A participant's tandem, below /me/tandem/."""

from django.urls import path

from matching import views

app_name = "matching"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<uuid:tandem_id>/", views.tandem, name="tandem"),
]
