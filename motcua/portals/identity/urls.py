"""Addresses of the identity provider."""

from django.urls import path

from motcua.portals.identity.views import leaving, pages, protocol, usage

app_name = "identity"
urlpatterns = [
    path(".well-known/openid-configuration", protocol.configuration, name="configuration"),
    path("oidc/jwks", protocol.jwks, name="jwks"),
    path("oidc/authorize", protocol.authorize, name="authorize"),
    path("oidc/token", protocol.token, name="token"),
    path("oidc/userinfo", protocol.userinfo, name="userinfo"),
    path("oidc/logout", leaving.end_session, name="end_session"),
    path("dinh-danh/dang-nhap/", pages.log_in, name="log_in"),
    path("dinh-danh/dung-thu/", pages.enter_demo, name="enter_demo"),
    path("dinh-danh/ma-xac-thuc/", pages.confirm, name="confirm"),
    path("dinh-danh/dong-y/", pages.consent, name="consent"),
    path("dinh-danh/ngung-chia-se/", pages.withdraw, name="withdraw"),
    path("dinh-danh/dang-xuat-noi-khac/", pages.end_other, name="end_other"),
    path("dinh-danh/ai-da-xem/", usage.seen, name="usage"),
    path("dinh-danh/ai-da-xem/<int:usage>/", usage.complain, name="look"),
    path("dinh-danh/dang-xuat/", leaving.log_out, name="log_out"),
    path("dinh-danh/da-dang-xuat/", leaving.logged_out, name="logged_out"),
    path("", pages.home, name="home"),
]
