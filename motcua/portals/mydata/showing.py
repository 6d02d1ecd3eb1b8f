"""What the desk shows of a request's story."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.models import Event
from motcua.domain.privacy import events

#: requests on one page
SHOWN = 100
EVENT_NAMES: Mapping[str, Promise] = {
    events.ASKED: _("Gửi yêu cầu"),
    events.TAKEN: _("Nhận xử lý"),
    events.FULFILLED: _("Đã thực hiện"),
    events.REFUSED: _("Từ chối"),
    events.WITHDRAWN: _("Rút lại"),
}


def story(facts: Sequence[Event]) -> list[dict[str, Any]]:
    """Tell what happened, newest first."""
    return [
        {"text": EVENT_NAMES.get(fact.name, fact.name), "at": fact.at, "by_name": fact.by_name}
        for fact in reversed(facts)
    ]
