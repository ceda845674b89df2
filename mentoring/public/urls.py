"""Public addresses."""

from django.urls import include, path

from mentoring.public import look, views

_look = [
    path("style.css", look.style, name="look_style"),
    path("icon.svg", look.drawn_icon, name="look_drawn_icon"),
    path("icon-<int:size>.png", look.icon, name="look_icon"),
    path("icon-maskable.png", look.maskable_icon, name="look_maskable_icon"),
    path("manifest.<slug:language>.webmanifest", look.manifest, name="look_manifest"),
    path("<slug:page>.<slug:language>.png", look.share, name="look_share"),
]
urlpatterns = [
    path("look/<slug:version>/", include(_look)),
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
