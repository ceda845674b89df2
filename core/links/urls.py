from django.urls import path

from core.links import views

urlpatterns = [path("<str:token>/", views.personal_link, name="personal_link")]
