"""Where the money for an agency goes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.text import nfc
from motcua.domain.agencies.events import ACCOUNT_SET
from motcua.domain.agencies.models import Agency, BankAccount
from motcua.domain.agencies.rules import BANK_CODE, BANK_NUMBER, administers


@transaction.atomic
def set_bank_account(
    *,
    agency: Agency,
    bank: str,
    bank_code: str,
    number: str,
    holder: str,
    in_force_from: date,
    by: Actor,
    at: datetime,
    law: str = "",
) -> BankAccount:
    """Write the account for transfers from a day on, in place of one of the same day; the one before ends."""
    events.hold(agency.subject)
    if not administers(by, agency.path):
        raise Refused(_("Cơ quan này ngoài phạm vi quản trị của bạn."))
    if not BANK_CODE.match(bank_code):
        raise Refused(_("Mã ngân hàng (BIN) có đúng 6 chữ số."))
    if not BANK_NUMBER.match(number):
        raise Refused(_("Số tài khoản gồm 4–19 chữ số hoặc chữ in hoa, viết liền."))
    written = BankAccount.objects.filter(agency=agency)
    if written.filter(in_force_from__gt=in_force_from).exists():
        raise Refused(_("Đã có tài khoản áp dụng từ một ngày sau ngày này."))
    written.filter(in_force_from=in_force_from).delete()
    written.filter(in_force_to=None).update(in_force_to=in_force_from - timedelta(days=1))
    account = BankAccount.objects.create(
        agency=agency,
        bank=nfc(bank),
        bank_code=bank_code,
        number=number,
        holder=nfc(holder),
        in_force_from=in_force_from,
        law=law,
    )
    facts = {"from": in_force_from.isoformat(), "reason": str(account), "law": law}
    events.record(ACCOUNT_SET, subject=agency.subject, by=by, at=at, data=facts)
    return account
