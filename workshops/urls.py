"""Addresses below /workshops/."""

from django.urls import path

from workshops import views

urlpatterns = [
    path("", views.workshop_list, name="workshops"),
    path("<slug:slug>/", views.workshop_page, name="workshop"),
    path("<slug:slug>/register/", views.register, name="register_workshop"),
    path("<slug:slug>/cancel/", views.cancel, name="cancel_registration"),
]
