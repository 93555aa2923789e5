import { checkArguments } from "@pellucid/core-train";
import { DrawingError } from "./check-drawn.ts";
import type { Cell } from "./mosaic.ts";

/** How many rows and columns of cells a drawing has. */
export interface CellGrid {
  readonly rows: number;
  readonly columns: number;
}

/** A cell of one of several drawings, which are counted from 0. */
export interface LinkedCell extends Cell {
  readonly drawing: number;
}

/** Drawings of which one cell is selected in all. */
export interface LinkedDrawings {
  /** Marks a cell in its drawing and in those that are linked with it; null marks none. */
  readonly select: (cell: LinkedCell | null) => void;
  /** Ends the link. */
  readonly unlink: () => void;
}

interface Markable extends CellGrid {
  /** Marks a cell of a grid over the drawing; null marks none. */
  readonly mark: (cell: Cell | null, grid: CellGrid) => void;
}

const drawings = new WeakMap<Element, Markable>();

/** Lets the cells of a drawing be marked from outside. */
export function letMark(element: Element, drawing: Markable): void {
  drawings.set(element, drawing);
}

/** Says that the pointer or a key has selected a cell: `cell` bubbles out of shadow roots; null for none. */
export function fireCell(element: Element, cell: Cell | null): void {
  element.dispatchEvent(new CustomEvent("cell", { bubbles: true, composed: true, detail: cell }));
}

/**
 * Links the drawings in an element, also those that come later: a cell that is selected in one, by pointer or arrow keys, is marked in all that have as many rows and
 * columns, or show the same square in another resolution. `changed` is called with each selection.
 *
 * @throws {DrawingError} If `root` is not an element.
 */
export function linkDrawings(
  root: Element | ShadowRoot,
  changed: (cell: LinkedCell | null) => void = () => {},
): LinkedDrawings {
  const given: unknown = root;
  if (typeof given !== "object" || given === null || !("querySelectorAll" in given))
    throw new DrawingError(
      `linkDrawings: root is ${String(given)}, expected an element with drawings in it.`,
    );
  checkArguments("linkDrawings", { function: { changed } });
  const markFrom = (origin: Element, cell: Cell | null): number => {
    const all = drawingsIn(root);
    const from = drawings.get(origin);
    if (from === undefined) return -1;
    for (const element of all) {
      const to = drawings.get(element);
      if (to === undefined || element === origin) continue;
      const same = cell === null ? null : sameCell(cell, from, to);
      to.mark(same, same === null || from.rows < to.rows ? from : to);
    }
    return all.indexOf(origin);
  };
  const hear = (event: Event) => {
    const [origin] = event.composedPath();
    if (!(event instanceof CustomEvent) || !(origin instanceof Element)) return;
    const cell = event.detail as Cell | null;
    const drawing = markFrom(origin, cell);
    if (drawing >= 0) changed(cell === null ? null : { ...cell, drawing });
  };
  root.addEventListener("cell", hear);
  return {
    select: (cell) => {
      const all = drawingsIn(root);
      const origin = all[cell?.drawing ?? 0];
      if (origin === undefined) return;
      const own = drawings.get(origin);
      if (own === undefined || (cell !== null && (cell.row >= own.rows || cell.column >= own.columns)))
        return;
      own.mark(cell, own);
      markFrom(origin, cell);
    },
    unlink: () => root.removeEventListener("cell", hear),
  };
}

/** The markable drawings, in shadow roots too. */
function drawingsIn(root: Element | ShadowRoot): Element[] {
  return Array.from(root.querySelectorAll("*")).flatMap((element) => [
    ...(drawings.has(element) ? [element] : []),
    ...(element.shadowRoot === null ? [] : drawingsIn(element.shadowRoot)),
  ]);
}

/** The cell of a drawing where another's is; in a finer one the other's own cell. Null where rows and columns stand for something else. */
function sameCell({ row, column }: Cell, from: CellGrid, to: CellGrid): Cell | null {
  if (from.rows === to.rows && from.columns === to.columns) return { row, column };
  if (from.rows !== from.columns || to.rows !== to.columns) return null;
  if (from.rows < to.rows) return { row, column };
  const at = (n: number) => Math.floor(((n + 0.5) * to.rows) / from.rows);
  return { row: at(row), column: at(column) };
}
