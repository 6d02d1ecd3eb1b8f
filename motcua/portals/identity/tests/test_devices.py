import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.accounts.rules.devices import name

BASE = "Mozilla/5.0 (Linux; Android 14; K) (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (BASE, "Chrome · Android"),
        (f"{BASE} Edg/130.0", "Edge · Android"),
        (f"{BASE} Zalo android/1", "Zalo · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/130 Chrome/124.0 Safari/537.36", "Cốc Cốc · Windows"),
        ("curl/8", "Trình duyệt khác"),
        ("", "Trình duyệt khác"),
    ],
)
def test_people_read_names_that_they_know(agent, shown):
    assert name(agent) == shown


@given(st.text())
def test_nothing_of_an_odd_agent_reaches_the_page(agent):
    assert len(name(agent)) < 40
