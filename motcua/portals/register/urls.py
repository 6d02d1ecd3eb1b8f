"""Addresses of the register portal."""

from django.urls import path

from motcua.portals.register.views import api

urlpatterns = [path("v1/", api.urls)]
