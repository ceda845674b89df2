from django.urls import path

from mentees import views

urlpatterns = [
    path("", views.my_application, name="my_application"),
    path("<uuid:pk>/", views.my_application_detail, name="my_application_detail"),
    path("<uuid:pk>/confirm/", views.confirm_application, name="confirm_application"),
    path("<uuid:pk>/change/", views.revise_application, name="revise_application"),
    path("<uuid:pk>/withdraw/", views.withdraw_application, name="withdraw_application"),
    path("<uuid:pk>/undo/", views.undo_withdrawal, name="undo_withdrawal"),
]
