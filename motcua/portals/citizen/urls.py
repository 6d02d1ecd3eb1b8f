"""Addresses of the citizen portal."""

from django.urls import URLPattern, path

from motcua.portals.citizen.views import filing, mine, paying, public

app_name = "citizen"
urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("thu-tuc/", public.search, name="search"),
    path("thu-tuc/<str:code>/", public.procedure, name="procedure"),
    path("thu-tuc/<str:code>/dieu-kien/", public.eligibility, name="eligibility"),
    path("tra-cuu/", public.look_up, name="look_up"),
    path("thu-tuc/<str:code>/bat-dau/", filing.start, name="start"),
    path("ho-so/", mine.mine, name="mine"),
    path("ho-so/nhap/<uuid:key>/", filing.draft, name="draft"),
    path("ho-so/nhap/<uuid:key>/dien-san/", filing.refill, name="refill"),
    path("ho-so/nhap/<uuid:key>/noi-nop/", filing.office, name="office"),
    path("ho-so/nhap/<uuid:key>/giay-to/", filing.papers, name="papers"),
    path("ho-so/nhap/<uuid:key>/kiem-tra/", filing.check, name="check"),
    path("ho-so/nhap/<uuid:key>/xoa/", filing.discard, name="discard"),
    path("ho-so/nhap/<uuid:key>/<str:name>/", filing.fields, name="fields"),
    path("ho-so/tep/<uuid:key>/<int:pk>/", mine.file, name="file"),
    path("ho-so/tep/<uuid:key>/<int:pk>/anh/", mine.file, {"small": True}, name="picture"),
    path("ho-so/<str:code>/", mine.dossier, name="dossier"),
    path("ho-so/<str:code>/da-nop/", mine.filed, name="filed"),
    path("ho-so/<str:code>/bien-nhan/", mine.receipt, name="receipt"),
    path("ho-so/<str:code>/bo-sung/", mine.supplement, name="supplement"),
    path("ho-so/<str:code>/rut/", mine.withdraw, name="withdraw"),
    path("ho-so/<str:code>/tiep-tuc/", mine.keep, name="keep"),
    path("ho-so/<str:code>/thanh-toan/", paying.pay, name="pay"),
    path("ho-so/<str:code>/thanh-toan/xong/", paying.paid, name="paid"),
    path("ho-so/<str:code>/vietqr.svg", paying.symbol, name="symbol"),
    path("thanh-toan/bao-tin/", paying.notice, name="payment_notice"),
    path("ho-so/<str:code>/ket-qua/<int:pk>/", mine.take, name="take"),
]
