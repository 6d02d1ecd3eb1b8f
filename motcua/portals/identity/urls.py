"""Addresses of the identity provider."""

from django.urls import path

from motcua.portals.identity.views import codes, duties, leaving, pages, passkeys, protocol, usage

app_name = "identity"
urlpatterns = [
    path(".well-known/openid-configuration", protocol.configuration, name="configuration"),
    path("oidc/jwks", protocol.jwks, name="jwks"),
    path("oidc/par", protocol.push, name="par"),
    path("oidc/authorize", protocol.authorize, name="authorize"),
    path("oidc/token", protocol.token, name="token"),
    path("oidc/introspect", protocol.introspect, name="introspect"),
    path("oidc/revoke", protocol.revoke, name="revoke"),
    path("oidc/userinfo", protocol.userinfo, name="userinfo"),
    path("oidc/logout", leaving.end_session, name="end_session"),
    path("dinh-danh/dang-nhap/", pages.log_in, name="log_in"),
    path("dinh-danh/dung-thu/", pages.enter_demo, name="enter_demo"),
    path("dinh-danh/ma-xac-thuc/", pages.confirm, name="confirm"),
    path("dinh-danh/ma-xac-thuc/gui-tin/", codes.send_text, name="text_send"),
    path("dinh-danh/ma-qua-tin-nhan/", codes.texts, name="texts"),
    path("dinh-danh/dong-y/", pages.consent, name="consent"),
    path("dinh-danh/ngung-chia-se/", pages.withdraw, name="withdraw"),
    path("dinh-danh/lam-viec/", duties.take_up, name="take_up"),
    path("dinh-danh/thoi-lam-viec/", duties.lay_down, name="lay_down"),
    path("dinh-danh/dang-xuat-noi-khac/", pages.end_other, name="end_other"),
    path("dinh-danh/dang-xuat-moi-noi/", pages.end_all, name="end_all"),
    path("dinh-danh/khoa-truy-cap/", passkeys.add, name="passkey_add"),
    path("dinh-danh/khoa-truy-cap/phep-thu/", passkeys.add_options, name="passkey_add_options"),
    path("dinh-danh/khoa-truy-cap/doi-ten/", passkeys.rename, name="passkey_rename"),
    path("dinh-danh/khoa-truy-cap/go/", passkeys.remove, name="passkey_remove"),
    path("dinh-danh/dang-nhap/khoa-truy-cap/", passkeys.log_in, name="passkey_log_in"),
    path("dinh-danh/dang-nhap/phep-thu/", passkeys.log_in_options, name="passkey_log_in_options"),
    path("dinh-danh/ung-dung-xac-thuc/", codes.add, name="code_add"),
    path("dinh-danh/ung-dung-xac-thuc/ma-qr.svg", codes.picture, name="code_picture"),
    path("dinh-danh/ma-du-phong/", codes.backup, name="backup_codes"),
    path("dinh-danh/ai-da-xem/", usage.seen, name="usage"),
    path("dinh-danh/ai-da-xem/<int:usage>/", usage.complain, name="look"),
    path("dinh-danh/ai-da-xem/<int:usage>/bang-chung.json", usage.proof, name="proof"),
    path("dinh-danh/dang-xuat/", leaving.log_out, name="log_out"),
    path("dinh-danh/da-dang-xuat/", leaving.logged_out, name="logged_out"),
    path("", pages.home, name="home"),
]
