"""Addresses of the console portal."""

from django.urls import URLPattern

app_name = "console"
urlpatterns: list[URLPattern] = []
