"""On which line of a TOML text a table or a key stands; tomllib forgets it, people need it."""

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PARTS = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
#: a string, a comment or a bracket: what decides whether a value goes on in the next line
_TOKENS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


class Lines:
    """The line of every table and key of one TOML text, counted from 1."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {(): 1}
        self._rows: dict[Path, int] = {}
        table: Path = ()
        lines = text.splitlines()
        number = 0
        while number < len(lines):
            line = lines[number]
            if header := _HEADER.match(line):
                table = self._open(header[2], many=header[1] == "[[", line=number + 1)
            elif key := _KEY.match(line):
                self._note(table, _names(key[1]), number + 1)
                number = _end(lines, number, line[key.end() :])
            number += 1

    def of(self, path: Path) -> int:
        """Give the line of the nearest thing on the way to a place in the data."""
        while path not in self.found:
            path = path[:-1]
        return self.found[path]

    def _open(self, header: str, *, many: bool, line: int) -> Path:
        """Enter a table; the names on the way to it stand for the last row of a list of tables."""
        path: Path = ()
        names = _names(header)
        for depth, name in enumerate(names):
            path = (*path, name)
            if depth < len(names) - 1 and path in self._rows:
                path = (*path, self._rows[path])
        if many:
            self._rows[path] = self._rows.get(path, -1) + 1
            self.found.setdefault(path, line)
            path = (*path, self._rows[path])
        self.found[path] = line
        return path

    def _note(self, table: Path, names: list[str], line: int) -> None:
        for depth in range(1, len(names) + 1):
            self.found.setdefault((*table, *names[:depth]), line)


def _names(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PARTS.findall(key)]


def _end(lines: list[str], number: int, rest: str) -> int:
    """Give the number of the line on which a value ends."""
    depth, quote = 0, ""
    while True:
        for part in _TOKENS.findall(rest) if not quote else []:
            if part in ('"""', "'''"):
                quote = part
                rest = rest.split(part, 1)[1]
                break
            depth += (part in "[{") - (part in "]}")
        if quote and quote in rest:
            rest, quote = rest.split(quote, 1)[1], ""
            continue
        if (not quote and depth <= 0) or number + 1 >= len(lines):
            return number
        number += 1
        rest = lines[number]
