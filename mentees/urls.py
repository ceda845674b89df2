from django.urls import path

from mentees import views

urlpatterns = [
    path("", views.apply, name="apply"),
    path("sent/", views.apply_sent, name="apply_sent"),
]
