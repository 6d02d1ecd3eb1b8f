"""Addresses of the desk."""

from django.urls import path

from motcua.portals.desk.views import alerts, complaints, duties, home

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("canh-bao/", alerts.alerts, name="alerts"),
    path("phan-anh/", complaints.complaints, name="complaints"),
    path("phan-anh/<int:pk>/", complaints.complaint, name="complaint"),
    path("nhiem-vu/", duties.duties, name="duties"),
    path("nhiem-vu/giao/", duties.assign, name="assign_duty"),
    path("nhiem-vu/<int:pk>/ket-thuc/", duties.end, name="end_duty"),
]
