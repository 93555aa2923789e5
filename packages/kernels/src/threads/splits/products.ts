import { packedRoom } from "../../wasm/window.ts";
import { part, ranges, type Split, split } from "../split.ts";

/** Products of numbers for which threads pay: some 100 µs. */
const LEAST = 4_000_000;

/** Numbers of a matrix that threads lay out: some 20 µs. */
const LARGE = 32_768;

/** Rows of two tiles, the least of a part: fewer than 7 would be summed up in another order. */
const TILES = 12;

/** Products of matrices, in rows of the result. Where `b` is large, threads lay it out first. */
export const products: readonly Split[] = [
  split({
    name: "matMul",
    sizes: ["rows", "depth", "columns"],
    least: LEAST,
    parts(v, { threads }) {
      const isSmall = v.rows < 2 * TILES || (v.depth < 4 && v.isTransposed === 0);
      if (isSmall) return null;
      const columns = v.depth * v.columns > LARGE ? ranges(v.columns, threads, 8) : ranges(v.columns, 1);
      return [
        columns.map((own) => part("layOutPart", { ...v, ...own })),
        ranges(v.rows, 4 * threads, 4, TILES).map((own) => part("matMulPart", { ...v, ...own })),
      ];
    },
  }),
  split({
    name: "transposedMatMul",
    sizes: ["rows", "depth", "columns"],
    least: LEAST,
    parts(v, { threads, room }) {
      if (v.rows < 2 * TILES) return null;
      const packed = packedRoom(v.block, v.columns);
      const rows = ranges(v.rows, threads, 2, TILES).map((own, i) =>
        part("transposedMatMulPart", { ...v, ...own, packed: i === 0 ? v.packed : room(packed) }),
      );
      return [rows];
    },
  }),
];
