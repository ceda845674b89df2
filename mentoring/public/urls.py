"""Public addresses."""

from django.urls import path

from mentoring.public import views

urlpatterns = [
    path("", views.start, name="start"),
    path("about/mentees/", views.about, {"page": "about-mentees"}, name="about_mentees"),
    path("about/mentors/", views.about, {"page": "about-mentors"}, name="about_mentors"),
    path("about/matching/", views.about, {"page": "about-matching"}, name="about_matching"),
    path("contact/", views.contact, name="contact"),
    path("contact/received/", views.contact_received, name="contact_received"),
    path("language/", views.language, name="language"),
    path("imprint/", views.legal, {"page": "imprint"}, name="imprint"),
    path("privacy/", views.legal, {"page": "privacy"}, name="privacy"),
    path("accessibility/", views.legal, {"page": "accessibility"}, name="accessibility"),
]
