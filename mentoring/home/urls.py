from django.urls import path

from mentoring.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("address/", views.address, name="my_address"),
]
