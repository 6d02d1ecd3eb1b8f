"""Addresses about personal data, the same on both sites."""

from django.urls import path

from motcua.portals.mydata.views import answering, mine, public

app_name = "mydata"
urlpatterns = [
    path("du-lieu-cua-toi/", mine.mine, name="mine"),
    path("du-lieu-cua-toi/xem/", mine.shown, name="shown"),
    path("du-lieu-cua-toi/ban-sao/", mine.copy, name="copy"),
    path("du-lieu-cua-toi/yeu-cau/<int:pk>/", mine.request, name="request"),
    path("du-lieu-ca-nhan/", public.doing, name="doing"),
    path("du-lieu-ca-nhan/danh-gia-tac-dong/", public.assessment, name="assessment"),
    path("du-lieu-ca-nhan/hoat-dong.json", public.activities, name="activities"),
    path("bao-ve-du-lieu/", answering.waiting, name="waiting"),
    path("bao-ve-du-lieu/<int:pk>/", answering.one, name="answer"),
    path("bao-ve-du-lieu/vi-pham/", answering.breaches, name="breaches"),
]
