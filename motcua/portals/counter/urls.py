"""Addresses of the counter portal."""

from django.urls import path

from motcua.portals.counter.views import books, desk, line, money, seeking

app_name = "counter"
urlpatterns = [
    path("", line.line, name="line"),
    path("tim/", line.find, name="find"),
    path("tim-nguoi/", seeking.seek, name="seek"),
    path("tim-nguoi/chon/", seeking.choose, name="choose"),
    path("mo/", desk.open_draft, name="open"),
    path("nhap/<uuid:key>/", desk.work, name="work"),
    path("nhap/<uuid:key>/huong-dan/", desk.guide, name="guide"),
    path("nhap/<uuid:key>/tu-choi/", desk.refuse, name="refuse_draft"),
    path("nhap/<uuid:key>/bo/", desk.discard, name="discard"),
    path("nhap/<uuid:key>/giay-to/<int:paper>/", desk.paper, name="draft_paper"),
    path("doi-soat/", money.settling, name="settling"),
    path("doi-soat/hoan/<int:pk>/", money.refund, name="refund"),
    path("doi-soat/chenh-lech/<int:pk>/", money.close, name="close"),
    path("so-theo-doi.pdf", books.register, name="register"),
    path("<str:code>/", line.dossier, name="dossier"),
    path("<str:code>/giay-to/<int:paper>/", line.paper, name="paper"),
    path("<str:code>/tiep-nhan/", line.receive, name="receive"),
    path("<str:code>/tu-choi/", line.refuse, name="refuse"),
    path("<str:code>/bo-sung/", line.ask_more, name="ask_more"),
    path("<str:code>/nop-bo-sung/", line.supplement, name="supplement"),
    path("<str:code>/lam/<str:action>/", line.act, name="act"),
    path("<str:code>/thu-phi/", money.pay, name="pay"),
    path("<str:code>/huy-khoan-thu/<int:pk>/", money.void, name="void"),
    path("<str:code>/tra-ket-qua/", line.hand_over, name="hand_over"),
    path("<str:code>/phieu-kiem-soat.pdf", books.control, name="control"),
]
