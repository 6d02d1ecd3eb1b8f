from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from motcua.base import limits
from motcua.base.models import Budget
from motcua.base.web import EVERYONE, NOBODY, gate

#: seconds: all tests lie in one window, whenever they run
WINDOW = 10**10


def uses(count, who="somebody", **budget):
    budget = {"times": 3, "seconds": WINDOW} | budget
    return [limits.spend("log-in", who, **budget) for _ in range(count)]


@pytest.mark.django_db
def test_a_budget_is_used_up_and_stays_so():
    assert uses(5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_visitors_and_purposes_have_budgets_of_their_own():
    uses(4)
    assert uses(1, who="another") == [True]
    assert limits.spend("look-up", "somebody", times=3, seconds=WINDOW)


@pytest.mark.django_db
def test_the_window_before_counts_as_far_as_it_is_still_in_sight():
    uses(3)
    move_back(windows=1)
    assert uses(4, times=100) == [True] * 4
    row = Budget.objects.get()
    assert (row.used, row.used_before) == (4, 3)


@pytest.mark.django_db
def test_old_windows_are_forgotten():
    uses(4)
    move_back(windows=2)
    assert uses(1) == [True]
    assert Budget.objects.get().used_before == 0


@pytest.mark.django_db
def test_being_refused_again_and_again_does_not_prolong_the_refusal():
    uses(50)
    assert Budget.objects.get().used == 4


@pytest.mark.django_db
def test_who_asked_cannot_be_read_from_the_table():
    uses(1, who="080090000011")
    assert "080090000011" not in repr(Budget.objects.values())


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_budget():
    def one(_):
        try:
            return uses(1, times=5)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(20))) == 5


def move_back(windows):
    budget = Budget.objects.get()
    budget.part -= windows
    budget.save()


@gate(*EVERYONE)
@limits.limited("look-up", times=2, seconds=600)
def look_up(request):
    return HttpResponse("found")


def ask(method="POST", **meta):
    request = RequestFactory().generic(method, "/", **meta)
    request.actor = NOBODY
    return look_up(request)


@pytest.mark.django_db
def test_who_asks_too_often_gets_a_page_in_vietnamese():
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    answer = ask()
    assert answer["Retry-After"] == "600"
    assert "10 phút" in answer.content.decode()


@pytest.mark.django_db
def test_reading_costs_nothing():
    assert {ask("GET").status_code for _ in range(5)} == {200}


def address(said, remote="10.0.0.9", **settings):
    headers = {"HTTP_X_FORWARDED_FOR": said} if said else {}
    with override_settings(**settings):
        return limits.address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("said", "proxies", "seen"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("forged, 1.1.1.1", 1, "1.1.1.1"),
        ("forged, 1.1.1.1, 10.0.0.8", 2, "1.1.1.1"),
        ("", 1, "10.0.0.9"),
    ],
)
def test_only_our_own_proxies_are_believed(said, proxies, seen):
    assert address(said, PROXIES=proxies) == seen


@pytest.mark.parametrize(
    ("length", "status"),
    [("", 404), ("10", 404), (str(2**20), 404), (str(2**20 + 1), 413), ("-5", 413), ("many", 413)],
)
@override_settings(REQUEST_LIMIT=2**20)
def test_a_request_that_announces_too_much_is_refused_before_it_is_read(rf, length, status):
    body = limits.BodyLimit(lambda request: HttpResponse(status=404))
    assert body(rf.post("/", CONTENT_LENGTH=length)).status_code == status


@pytest.mark.django_db
def test_the_browser_is_told_what_our_pages_may_do(client):
    answer = client.get("/no-such-page/")
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "status"), [("/ho-so/208461516384/", 404), ("/static/a.208461516384.css", 200)]
)
def test_no_address_holds_a_number_but_a_fingerprint_may_look_like_one(rf, path, status):
    answer = limits.AddressLimit(lambda request: HttpResponse("in"))(rf.get(path))
    assert answer.status_code == status
