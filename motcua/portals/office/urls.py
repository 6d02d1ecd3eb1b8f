"""Addresses of the office portal."""

from django.urls import path

from motcua.portals.office.views import asking, deciding, reading

app_name = "office"
urlpatterns = [
    path("", reading.worklist, name="worklist"),
    path("phe-duyet/", deciding.approvals, name="approvals"),
    path("<str:code>/", reading.dossier, name="dossier"),
    path("<str:code>/giay-to/<int:paper>/", reading.paper, name="paper"),
    path("<str:code>/du-thao.pdf", deciding.preview, name="preview"),
    path("<str:code>/lam/<str:action>/", deciding.act, name="act"),
    path("<str:code>/bo-sung/", asking.ask_more, name="ask_more"),
    path("<str:code>/phan-cong/", asking.assign, name="assign"),
    path("<str:code>/hen-lai/", asking.postpone, name="postpone"),
]
