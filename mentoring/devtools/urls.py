from django.urls import path

from mentoring.devtools import views as dev

urlpatterns = [
    path("style/", dev.style, name="dev_style"),
    path("style/<slug:name>.css", dev.style_sheet_of, name="dev_look"),
    path("mail/", dev.mails, name="dev_mails"),
    path("mail/<slug:key>/", dev.mail, name="dev_mail"),
    path("mail/<slug:key>/html/", dev.mail_html, name="dev_mail_html"),
    path("mail/<slug:key>/source/", dev.mail_source, name="dev_mail_source"),
    path("mail/<slug:key>/files/<int:index>/", dev.mail_part, name="dev_mail_part"),
]
