"""Draw docs/states.md from the table of moves."""

from motcua.base.actor import ROLE_NAMES
from motcua.domain.dossiers.rules import MOVES, STATE_NAMES, Next, State

_ENDS = {Next.SAME: "stays", Next.RESUME: "where it was"}


def diagram() -> str:
    """Write the states, a Mermaid picture and the table of moves as Markdown, in Vietnamese."""
    lines = [
        "# The life of a dossier (hồ sơ)",
        "",
        "Made from `motcua/domain/dossiers/rules.py` by `manage.py draw_states`; do not edit.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f"    s{state.value}: {state.value} {STATE_NAMES[state]}" for state in State]
    lines += ["    [*] --> s0"]
    for move in MOVES.values():
        if isinstance(move.end, State):
            lines += [
                f"    s{start.value} --> s{move.end.value}: {move.label}" for start in sorted(move.start)
            ]
    lines += [
        "```",
        "",
        "| Action | Vietnamese | From | To | Who | Reason | Slip |",
        "|---|---|---|---|---|---|---|",
    ]
    for action, move in MOVES.items():
        cells = [
            f"`{action}`",
            str(move.label),
            ", ".join(str(state.value) for state in sorted(move.start)),
            _ENDS[move.end] if isinstance(move.end, Next) else str(move.end.value),
            ", ".join(str(ROLE_NAMES[role]) for role in sorted(move.roles)),
            "yes" if move.reason else "",
            move.slip,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
