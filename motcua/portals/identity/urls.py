"""Addresses of the identity portal."""

from django.urls import URLPattern

app_name = "identity"
urlpatterns: list[URLPattern] = []
