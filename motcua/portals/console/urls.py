"""Addresses of the console portal."""

from django.urls import path

from motcua.portals.console.views import agencies, ledger, procedures, registration, staff, timing

app_name = "console"
urlpatterns = [
    path("", agencies.tree, name="tree"),
    path("co-quan/<int:pk>/", agencies.agency, name="agency"),
    path("co-quan/<int:pk>/sua/", agencies.names, name="names"),
    path("co-quan/<int:pk>/them/", agencies.found, name="found"),
    path("co-quan/<int:pk>/ket-thuc/", agencies.dissolve, name="dissolve"),
    path("co-quan/<int:pk>/giao-vai-tro/", staff.engage, name="engage"),
    path("co-quan/<int:pk>/tai-khoan/", agencies.bank_account, name="bank_account"),
    path("co-quan/<int:pk>/gio-lam-viec/", timing.hours, name="hours"),
    path("co-quan/<int:pk>/lich/", timing.calendar, name="calendar"),
    path("co-quan/<int:pk>/lich/quyet-dinh/", timing.decide, name="decide"),
    path("co-quan/<int:pk>/lich/<int:day>/go/", timing.restore, name="restore"),
    path("thu-tuc/", procedures.procedures, name="procedures"),
    path("thu-tuc/ban-hanh/", procedures.publish, name="publish"),
    path("thu-tuc/ban-hanh/zip/", procedures.upload, name="upload"),
    path("thu-tuc/<str:code>/<int:number>/", procedures.version, name="version"),
    path("thu-tuc/<str:code>/<int:number>.zip", procedures.packed, name="packed"),
    path("can-bo/", staff.staff, name="staff"),
    path("so-khai-thac/", ledger.ledger, name="ledger"),
    path("dang-ky/", registration.registration, name="registration"),
    path("vai-tro/<int:pk>/ket-thuc/", staff.end, name="end"),
]
