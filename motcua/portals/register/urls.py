"""Addresses of the register portal."""

from django.urls import path

from motcua.portals.register import tree
from motcua.portals.register.views import api

urlpatterns = [
    path("so-khai-thac/", tree.shown, name="usage_tree"),
    path("so-khai-thac/v1/get-sth", tree.get_sth, name="usage_sth"),
    path("so-khai-thac/v1/get-sth-consistency", tree.get_consistency, name="usage_consistency"),
    path("so-khai-thac/v1/get-proof", tree.get_inclusion, name="usage_inclusion"),
    path("v1/", api.urls),
]
