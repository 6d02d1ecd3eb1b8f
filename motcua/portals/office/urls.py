"""Addresses of the office portal."""

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
