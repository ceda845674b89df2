"""Addresses below /mentors/."""

from django.urls import path

from mentors import views

urlpatterns = [
    path("", views.directory, name="mentors"),
    path("join/", views.join, name="mentor_join"),
    path("join/received/", views.received, name="mentor_join_received"),
]
