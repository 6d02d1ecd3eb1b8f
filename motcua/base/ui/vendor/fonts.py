"""Cut the web fonts down to the letters of Vietnamese; run by build.sh, never on a server."""

import logging
import sys
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
LETTERS = (HERE / "letters.txt").read_text().strip()
DIGITS = "U+25,U+2B-3A"
#: marks that deadlines and timelines are drawn with; the fonts above lack them and phones draw them unevenly
SIGNS = {
    "▲": [[(500, 720), (900, 0), (100, 0)]],
    "◆": [[(500, 790), (910, 365), (500, -60), (90, 365)]],
    "❚": [[(180, 720), (400, 720), (400, 0), (180, 0)], [(600, 720), (820, 720), (820, 0), (600, 0)]],
    "▾": [[(200, 480), (800, 480), (500, 160)]],
    "✓": [[(90, 380), (190, 480), (400, 265), (815, 705), (915, 610), (405, 65)]],
    "←": [
        [
            (60, 365),
            (430, 735),
            (510, 650),
            (285, 425),
            (940, 425),
            (940, 305),
            (285, 305),
            (510, 80),
            (430, -5),
        ]
    ],
    "→": [
        [
            (940, 365),
            (570, -5),
            (490, 80),
            (715, 305),
            (60, 305),
            (60, 425),
            (715, 425),
            (490, 650),
            (570, 735),
        ]
    ],
}


def whole(family: str, weight: int, source: Path) -> TTFont:
    """Join the Latin and the Vietnamese half: split files under one family tear words apart."""
    halves = []
    for part in ("latin", "vietnamese"):
        font = TTFont(source / f"@fontsource/{family}/files/{family}-{part}-{weight}-normal.woff2")
        font.flavor = None
        halves.append(Path(f"{family}-{part}-{weight}.ttf"))
        font.save(halves[-1])
    return Merger().merge([str(half) for half in halves])


def cut(font: TTFont, target: Path, letters: str, features: list[str]) -> None:
    """Keep these letters and layout features only."""
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(letters))
    cutter.subset(font)
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    subset.save_font(font, str(target), options)


def circle(pen: TTGlyphPen, radius: int, *, clockwise: bool) -> None:
    """Draw a disc of eight arcs around (500, 365)."""
    corner = radius * 0.41421356
    ring = [(radius, corner), (corner, radius), (-corner, radius), (-radius, corner)]
    ring += [(-radius, -corner), (-corner, -radius), (corner, -radius), (radius, -corner)]
    points = [(round(500 + x), round(365 + y)) for x, y in (ring[::-1] if clockwise else ring)]
    pen.qCurveTo(*points, None)
    pen.closePath()


def signs(target: Path) -> None:
    """Draw our own seven marks and two discs as a font of one kilobyte."""
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for sign, shapes in SIGNS.items():
        pen = TTGlyphPen(None)
        for shape in shapes:
            pen.moveTo(shape[0])
            for point in shape[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[f"uni{ord(sign):04X}"] = pen.glyph()
    disc, ring = TTGlyphPen(None), TTGlyphPen(None)
    circle(disc, 380, clockwise=True)
    circle(ring, 380, clockwise=True)
    circle(ring, 260, clockwise=False)
    glyphs |= {"uni25CF": disc.glyph(), "uni25CB": ring.glyph()}
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap({int(name[3:], 16): name for name in glyphs if name != ".notdef"})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics({name: (1000, 0) for name in glyphs})
    font.setupHorizontalHeader(ascent=900, descent=-200)
    font.setupNameTable({"familyName": "Motcua Signs", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=900, sTypoDescender=-200, usWinAscent=900, usWinDescent=200)
    font.setupPost(keepGlyphNames=False)
    font.updateHead(created=0, modified=0)
    font.font.recalcTimestamp = False
    font.font.flavor = "woff2"
    font.save(target)


def main(source: Path, target: Path) -> None:
    """Write every font file."""
    layout = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
    for weight in (400, 700):
        cut(
            whole("be-vietnam-pro", weight, source),
            target / f"be-vietnam-pro-{weight}.woff2",
            LETTERS,
            layout,
        )
        cut(whole("inter", weight, source), target / f"inter-{weight}.woff2", LETTERS, layout)
        cut(whole("inter", weight, source), target / f"digits-{weight}.woff2", DIGITS, ["tnum"])
    signs(target / "signs.woff2")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
