"""Addresses of the register portal."""

from django.urls import path

from motcua.portals.register.views import api

app_name = "register"
urlpatterns = [path("v1/", api.urls)]
