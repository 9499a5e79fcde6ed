"""Owns the frame of a Word document after GB/T 9704: sections, styles, page numbers, and every text that is no table.

Source: GB/T 9704-2012: A4, 37 mm above, 28 mm at the binding side, 156 × 225 mm of text, 22 lines of 28 characters; title
in size 2 (22 pt) 小标宋, text in size 3 (16 pt) 仿宋, first headings 黑体, second 楷体, page number — 1 — in size 4 (14 pt),
outside. It must not know which columns there are.
"""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from msgspec import Struct

from taizhang.ledger.domain.values import visible
from taizhang.locale.words import Lang

from .page import MILLIMETRES, Grid, Page, Paper, Part, Text, table_space

MARK = "taizhang-table-{}-taizhang"
"""Marks the paragraph in whose place a table comes."""

SONG, FANG, HEI, KAI, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
TWIPS_A_MM = 1440 / 25.4
LINE = Pt(28.95)  # 225 mm / 22 lines
CLOSER = -5  # 156 mm / 28 characters is 15.79 pt: less than 16 pt by so many twentieths of a point
TOP, BOTTOM, BINDING, OUTER = Mm(37), Mm(35), Mm(28), Mm(26)

PROPERTY_LIMIT = 255
"""A property of a document holds so many characters; the line by which it was drawn may take two."""


class Layout(Struct, frozen=True):
    """Where a page's tables stand.

    Args:
        landscape: whether they lie.
        table_width: the width for them, in twentieths of a point.
    """

    landscape: bool
    table_width: int


def layout_of(page: Page) -> Layout:
    """Return where the tables stand: upright within a report, lying where the table is the page."""
    return Layout(not page.is_report, int(table_space(page) * TWIPS_A_MM))


class Frame:
    """The document without the rows of its tables.

    Args:
        page: what it says.
    """

    def __init__(self, page: Page) -> None:
        self.document: Any = Document()
        self._page = page
        self._chinese = page.lang is Lang.ZH
        self._properties()
        self._styles()
        section = self.document.sections[0]
        layout = layout_of(page)
        if layout.landscape:
            _lay(section, page.paper)
        else:
            _stand(section)
        _number_pages(section)
        self.document.settings.odd_and_even_pages_header_footer = True
        self._write()

    def _properties(self) -> None:
        properties, page = self.document.core_properties, self._page
        properties.title = visible(page.title)[:PROPERTY_LIMIT]
        properties.author = ""
        properties.comments = "\n".join(page.foot)[:PROPERTY_LIMIT]
        token = page.token if len(page.token) <= 2 * PROPERTY_LIMIT else ""
        properties.keywords, properties.category = token[:PROPERTY_LIMIT], token[PROPERTY_LIMIT:]
        properties.language = "zh-CN" if self._chinese else "en-GB"
        properties.created = properties.modified = page.moment.replace(tzinfo=None, microsecond=0)

    # -- styles

    def _styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        _font(normal, FANG, 16)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        normal.paragraph_format.line_spacing = LINE
        title = styles["Title"]
        _font(title, SONG, 22)
        for border in title.element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(0), Pt(10)
        title.paragraph_format.line_spacing = Pt(34)
        body = self._style("Report Body")
        _indented(body)
        _closer(body)
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        for name, face in (("Heading 1", HEI), ("Heading 2", KAI)):
            _font(styles[name], face, 16)
            _paragraph(styles[name], space=0)
            _indented(styles[name])
        lead = styles.add_style("Report Lead", WD_STYLE_TYPE.CHARACTER)
        _font(lead, KAI, 16)
        for name, face, size in (("Report Subtitle", KAI, 16), ("Table Caption", HEI, 14)):
            _font(self._style(name), face, size)
            styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _paragraph(styles["Table Caption"], space=12)
        styles["Table Caption"].paragraph_format.keep_with_next = True
        for name, size in (("Table Line", 11), ("Table Note", 9)):
            _font(self._style(name), FANG, size)
            _paragraph(styles[name], space=2)
        for size in (10, 9, 8, 7, 6):
            style = self._style(f"Table Text {size}")
            _font(style, FANG, size)
            _paragraph(style, space=0)
            style.element.set(qn("w:styleId"), f"TableText{size}")

    def _style(self, name: str) -> Any:
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.document.styles["Normal"]
        style.quick_style = True
        return style

    # -- what stands in the document

    def _write(self) -> None:
        page, document = self._page, self.document
        document.add_paragraph(visible(page.title), style="Title")
        if page.reporting:
            line = document.add_paragraph(style="Table Line")
            line.paragraph_format.tab_stops.add_tab_stop(
                Mm(layout_of(page).table_width / TWIPS_A_MM), WD_TAB_ALIGNMENT.RIGHT
            )
            line.add_run("\t".join(map(visible, page.reporting)))
        tables = 0
        for block in page.blocks:
            if isinstance(block, Text):
                self._text(block)
            else:
                self._place(block, tables)
                tables += 1
        if page.signatures:
            signed = document.add_paragraph(visible(page.signatures), style="Table Line")
            signed.paragraph_format.space_before = Pt(8)
        for at, line in enumerate(page.foot):
            note = document.add_paragraph(visible(line), style="Table Note")
            if page.is_report and not at:
                note.paragraph_format.space_before = Pt(12)

    def _text(self, block: Text) -> None:
        match block.part:
            case Part.SUBTITLE:
                self.document.add_paragraph(visible(block.text), style="Report Subtitle")
            case Part.HEADING:
                self.document.add_paragraph(visible(block.text), style="Heading 1")
            case Part.NOTE:
                self.document.add_paragraph(visible(block.text), style="Table Note")
            case Part.BODY:
                paragraph = self.document.add_paragraph(style="Report Body")
                if block.lead:
                    paragraph.add_run(visible(block.lead), style="Report Lead")
                paragraph.add_run(visible(block.text, keep="\n"))

    def _place(self, grid: Grid, at: int) -> None:
        if self._page.is_report:
            if not at:  # the annexes begin on a page of their own
                section = self.document.add_section(WD_SECTION.NEW_PAGE)
                _stand(section)
            self.document.add_paragraph(visible(grid.caption), style="Table Caption")
        self.document.add_paragraph(MARK.format(at))


def _font(style: Any, face: str, points: float) -> None:
    """Name the font of a style for both scripts, and take away what the theme would say instead."""
    style.font.name, style.font.size = LATIN, Pt(points)
    style.font.bold, style.font.italic = False, False
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        if "heme" in name:
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:cs"), LATIN)
    for name in ("w:color", "w:spacing", "w:kern"):
        for element in properties.findall(qn(name)):
            properties.remove(element)


def _paragraph(style: Any, *, space: float) -> None:
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(space)
    if style.name.startswith("Heading"):
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = LINE
    else:
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(
            off, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
        )


def _closer(style: Any) -> None:
    """Set the characters a little closer, so that 28 stand in a line."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CLOSER))
    style.element.get_or_add_rPr().insert_element_before(spacing, "w:sz", "w:szCs", "w:lang")


def _indented(style: Any) -> None:
    """Set the first line in by two characters, whatever their size."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "632")


def _stand(section: Any) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(size) for size in MILLIMETRES[Paper.A4])
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = BINDING, OUTER
    section.footer_distance = Mm(25)  # 7 mm below the text
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # not linesAndChars: LibreOffice gives a character that is wider than its cell two cells
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")


def _lay(section: Any, paper: Paper) -> None:
    height, width = MILLIMETRES[paper]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(28), Mm(20)  # the binding side is above
    section.left_margin = section.right_margin = Mm(20)
    section.footer_distance = Mm(10)


def _number_pages(section: Any) -> None:
    """Number the pages — 1 — on the outer side: right on odd pages, left on even ones."""
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        for text, kind in (("— ", ""), ("", "begin"), ("PAGE", "code"), ("", "end"), (" —", "")):
            run = paragraph.add_run("" if kind else text)
            run.font.size, run.font.name = Pt(14), "宋体"
            run._r.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), "宋体")
            if kind in ("begin", "end"):
                char = OxmlElement("w:fldChar")
                char.set(qn("w:fldCharType"), kind)
                run._r.append(char)
            elif kind == "code":
                code = OxmlElement("w:instrText")
                code.set(qn("xml:space"), "preserve")
                code.text = text
                run._r.append(code)
