"""A participant's meetings, below /me/meetings/."""

from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("propose/", views.propose, name="propose"),
    path("<uuid:meeting>/", views.meeting, name="meeting"),
    path("<uuid:meeting>/pick/", views.pick, name="pick"),
    path("<uuid:meeting>/offer/", views.offer, name="offer"),
    path("<uuid:meeting>/move/", views.move, name="move"),
    path("<uuid:meeting>/cancel/", views.cancel, name="cancel"),
    path("<uuid:meeting>/report/", views.report, name="report"),
    path("<uuid:meeting>/agenda/", views.agenda, name="agenda"),
]
