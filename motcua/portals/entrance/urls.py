"""Addresses of logging in and out."""

from django.urls import path

from motcua.connectors.identity import RETURN
from motcua.portals.entrance import views

app_name = "entrance"
urlpatterns = [
    path("dang-nhap/", views.log_in, name="log_in"),
    path(RETURN, views.come_back, name="come_back"),
    path("vai-tro/", views.roles, name="roles"),
    path("dang-xuat/", views.log_out, name="log_out"),
    path("dang-xuat/tu-xa/", views.log_out_from_afar, name="log_out_from_afar"),
    path("dang-xuat/xong/", views.logged_out, name="logged_out"),
]
