"""Locking and unlocking as the law has it: one row per ground (Law on Identification 26/2023 art. 34)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.domain.accounts.rules.accounts import GROUND_NAMES, Ground, State

LAW = "Luật Căn cước 26/2023/QH15, Điều 34"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One ground: who may lock on it, when it ends, and whether the holder must be told at once."""

    #: letter of art. 34.1
    letter: str
    #: what art. 34.2 wants before unlocking; None: never
    ends: Promise | None
    #: the holder may lock alone, without a desk
    holder: bool = False
    #: something written must be named: a decision, a certificate, a request
    paper: bool = True
    #: art. 34.3: the holder is told at once
    notice: bool = True


ROWS: Mapping[Ground, Row] = {
    Ground.HOLDER: Row(letter="a", ends=_("Chủ tài khoản yêu cầu mở khóa"), holder=True, paper=False),
    Ground.BREACH: Row(letter="b", ends=_("Đã khắc phục vi phạm")),
    Ground.CARD: Row(letter="c", ends=_("Đã được trả lại thẻ căn cước")),
    Ground.DEATH: Row(letter="d", ends=None, notice=False),
    Ground.AUTHORITY: Row(letter="đ", ends=_("Chính cơ quan đó yêu cầu mở khóa")),
}
#: art. 34.4 names the head of the ministry's identification office, for whom the desks act
OFFICIALS = frozenset({Role.IDENTITY_OFFICER, Role.SYSTEM})


def why_not_lock(
    ground: str, *, state: str, locks: Collection[str], roles: frozenset[Role], own: bool, note: str
) -> Promise | None:
    """Say why an account cannot be locked on a ground, or None; several grounds may lie on one account."""
    row = ROWS[Ground(ground)]
    if not (_official(roles, own) or (own and row.holder)):
        return _("Chỉ cán bộ định danh khóa được vì lý do này, và không khóa tài khoản của chính mình.")
    if state == State.CLOSED:
        return _("Tài khoản này đã hủy.")
    if Ground.DEATH in locks:
        return _("Chủ tài khoản đã chết: tài khoản khóa vĩnh viễn.")
    if ground in locks:
        return _("Tài khoản đã khóa vì lý do này.")
    if row.paper and not note.strip() and Role.SYSTEM not in roles:
        return _("Hãy ghi số, ngày của văn bản hoặc giấy tờ làm căn cứ.")
    return None


def why_not_unlock(
    ground: str, *, state: str, locks: Collection[str], roles: frozenset[Role], own: bool, note: str
) -> Promise | None:
    """Say why a lock cannot be lifted, or None: the very ground of locking must have ended."""
    row = ROWS[Ground(ground)]
    if not _official(roles, own):
        return _("Chỉ cán bộ định danh mở khóa được, và không mở khóa tài khoản của chính mình.")
    if state != State.LOCKED:
        return _("Tài khoản này không bị khóa.")
    if Ground.DEATH in locks or row.ends is None:
        return _("Tài khoản khóa vì chủ tài khoản đã chết không được mở lại.")
    if ground not in locks:
        return _("Chỉ mở khóa được khi lý do khóa không còn nữa.")
    if row.paper and not note.strip() and Role.SYSTEM not in roles:
        return _("Hãy ghi số, ngày của văn bản hoặc giấy tờ làm căn cứ.")
    return None


def _official(roles: frozenset[Role], own: bool) -> bool:
    return not roles.isdisjoint(OFFICIALS) and not (own and Role.SYSTEM not in roles)


def diagram() -> str:
    """Draw the table as Markdown with a Mermaid picture, in Vietnamese."""
    lines = [
        "# Locking and unlocking an account (khóa, mở khóa tài khoản định danh)",
        "",
        f"Made from `motcua/domain/accounts/rules/locking.py` by `manage.py draw_locks`; do not edit. {LAW}.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    active: Đang hoạt động",
        "    locked: Đang khóa",
        "    dead: Khóa vĩnh viễn",
        "    [*] --> active",
    ]
    for ground, row in ROWS.items():
        end = "locked" if row.ends else "dead"
        lines.append(f"    active --> {end}: {row.letter}) {GROUND_NAMES[ground]}")
        if row.ends:
            lines.append(f"    locked --> active: {row.letter}) {row.ends}")
    lines += [
        f"    locked --> dead: d) {GROUND_NAMES[Ground.DEATH]}",
        "```",
        "",
        "| 34.1 | Ground | Unlocked when (34.2) | Holder alone | Paper | Holder told (34.3) |",
        "|---|---|---|---|---|---|",
    ]
    for ground, row in ROWS.items():
        marks = ["yes" if flag else "" for flag in (row.holder, row.paper, row.notice)]
        cells = [row.letter, str(GROUND_NAMES[ground]), str(row.ends or "never"), *marks]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "Unlocked is an account when no ground is left."]) + "\n"
