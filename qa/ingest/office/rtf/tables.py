"""Gather the tables of Rich Text Format, whose cells and rows end in control words."""

from dataclasses import dataclass, field

from qa.ingest.blocks import Part
from qa.ingest.office.tables import Cell, Row, table


@dataclass(slots=True)
class Definition:
    """What is said about the cells of a row."""

    header: bool = False
    flags: list[set[str]] = field(default_factory=list)
    """For each cell, whether it goes on from the cell before or above."""
    open_flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Level:
    """A table that is read, at its depth of nesting."""

    cell: Cell = field(default_factory=lambda: Cell(bold=True))
    cells: list[Cell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """The tables that are open, from the outermost."""

    depth: int = 0
    """How deep in tables the paragraph is; 0 outside."""
    levels: list[Level] = field(default_factory=list)
    definition: Definition = field(default_factory=Definition)

    def add(self, parts: list[Part], is_bold: bool) -> list[Part]:
        """Add a paragraph and what follows it; return what is complete and outside of tables."""
        depth = min(self.depth, 9)
        done = self._close(depth)
        if not depth:
            return done + parts
        while len(self.levels) < depth:
            self.levels.append(Level())
        cell = self.levels[-1].cell
        if parts[0].text:
            cell.parts.append(parts[0])
            cell.bold = cell.bold and is_bold
        cell.nested += parts[1:]
        return done

    def word(self, word: str) -> list[Part]:
        """Take a control word that ends a cell or a row, or says something about it."""
        if word == "trowd":
            self.definition = Definition()
        elif word == "trhdr":
            self.definition.header = True
        elif word in ("clmrg", "clvmrg"):
            self.definition.open_flags.add(word)
        elif word == "cellx":
            self.definition.flags.append(self.definition.open_flags)
            self.definition.open_flags = set()
        elif word in ("cell", "nestcell") and self.levels:
            level = self.levels[-1]
            level.cells.append(level.cell)
            level.cell = Cell(bold=True)
        elif word in ("row", "nestrow"):
            self._end_row(2 if word == "nestrow" else 1)
        return []

    def _end_row(self, least: int) -> None:
        if least == 1:
            self._close_inner(1)
        if len(self.levels) < least:
            return
        level = self.levels[-1]
        cells: list[Cell] = []
        for at, cell in enumerate(level.cells):
            flags = self.definition.flags[at] if at < len(self.definition.flags) else set()
            cell.continues = "clvmrg" in flags
            if "clmrg" in flags and cells and not cell.text:
                cells[-1].span += 1
            else:
                cells.append(cell)
        if cells:
            level.rows.append(Row(cells, self.definition.header))
        level.cells = []

    def finish(self) -> list[Part]:
        """Return what is left when the text ends."""
        return self._close(0)

    def _close(self, depth: int) -> list[Part]:
        self._close_inner(max(depth, 1))
        if depth or not self.levels:
            return []
        level = self.levels.pop()
        return list(_complete(level))

    def _close_inner(self, depth: int) -> None:
        while len(self.levels) > depth:
            level = self.levels.pop()
            self.levels[-1].cell.nested += _complete(level)


def _complete(level: Level) -> list[Part]:
    """Return a table with whatever no row has ended."""
    if level.cell.parts or level.cell.nested:
        level.cells.append(level.cell)
    if level.cells:
        level.rows.append(Row(level.cells))
    return list(table(level.rows)) if level.rows else []
