"""The encrypted columns of the identity provider, for `manage.py reseal`."""

from motcua.base.resealing import Column
from motcua.domain.accounts.models import (
    Application,
    BackupCode,
    Challenge,
    Factor,
    Message,
    Recovery,
    SigningKey,
    TextCode,
)

_TYPED = "chỉ giữ mã băm, mất khi dùng / only a hash is kept, until it is used"

COLUMNS = (
    Column(model=Factor, name="secret", place=lambda row: f"accounts_factor:{row.account_id}"),
    Column(model=SigningKey, name="private", place=lambda row: f"accounts_signing_key:{row.kid}"),
    Column(model=Challenge, name="value", place=lambda row: f"accounts_challenge:{row.key}"),
    Column(model=Message, name="body", place=lambda row: f"accounts_message:{row.key}"),
    Column(model=BackupCode, name="hash", stays=_TYPED),
    Column(model=TextCode, name="hash", stays=_TYPED),
    Column(model=Application, name="code_hash", stays=_TYPED),
    Column(model=Recovery, name="code_hash", stays=_TYPED),
)
