"""Addresses of the desk."""

from django.urls import path

from motcua.portals.desk.views import (
    alerts,
    applications,
    clients,
    complaints,
    duties,
    home,
    organizations,
    people,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("canh-bao/", alerts.alerts, name="alerts"),
    path("phan-anh/", complaints.complaints, name="complaints"),
    path("phan-anh/<int:pk>/", complaints.complaint, name="complaint"),
    path("ung-dung/", clients.clients, name="clients"),
    path("ung-dung/de-nghi/", clients.add, name="add_client"),
    path("ung-dung/<int:pk>/", clients.client, name="client"),
    path("nhiem-vu/", duties.duties, name="duties"),
    path("nhiem-vu/giao/", duties.assign, name="assign_duty"),
    path("nhiem-vu/<int:pk>/ket-thuc/", duties.end, name="end_duty"),
    path("tiep-nguoi/", people.find, name="find"),
    path("nguoi/", people.person, name="person"),
    path("nguoi/cap-tai-khoan/", people.apply, name="apply"),
    path("nguoi/khoa/", people.lock, name="lock"),
    path("nguoi/mo-khoa/", people.unlock, name="unlock"),
    path("nguoi/khoi-phuc/", people.recover, name="recover"),
    path("nguoi/huy-khoi-phuc/", people.cancel_recovery, name="cancel_recovery"),
    path("nguoi/rut-de-nghi/", people.withdraw, name="withdraw"),
    path("to-chuc/", organizations.find, name="organizations"),
    path("to-chuc/<int:pk>/", organizations.organization, name="organization"),
    path("de-nghi/", applications.line, name="line"),
    path("de-nghi/<int:pk>/", applications.application, name="application"),
    path("de-nghi/<int:pk>/anh/", applications.photo, name="photo"),
    path("de-nghi/<int:pk>/duyet/", applications.approve, name="approve"),
    path("de-nghi/<int:pk>/tu-choi/", applications.refuse, name="refuse"),
    path("de-nghi/<int:pk>/gui-lai-ma/", applications.reissue, name="reissue"),
]
