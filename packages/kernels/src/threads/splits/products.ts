import { inFours, packedRoom, productRoom } from "../../wasm/window.ts";
import { part, ranges, rooms, type Split, split } from "../split.ts";

/** Products of numbers for which threads pay: some 100 µs. */
const LEAST = 4_000_000;

/** Numbers of a matrix that threads lay out: some 20 µs. */
const LARGE = 32_768;

/** Products of matrices, in rows of the result. Where `b` is large, threads lay it out first. */
export const products: readonly Split[] = [
  split({
    name: "matMul",
    sizes: ["rows", "depth", "columns"],
    least: LEAST,
    parts(v, { threads }) {
      const isSmall = v.rows < 16 || (v.depth < 4 && v.isTransposed === 0);
      if (isSmall) return null;
      const columns = v.depth * v.columns > LARGE ? ranges(v.columns, threads, 8) : ranges(v.columns, 1);
      const { bias: _, a: __, c: ___, ...laidOut } = v;
      const { rows, ...rest } = v;
      return [
        columns.map((own) => part("layOutPart", { ...laidOut, ...own })),
        ranges(rows, 4 * threads, 4, 8).map((own) => part("matMulPart", { ...rest, ...own })),
      ];
    },
  }),
  split({
    name: "matMulEach",
    sizes: ["count", "rows", "depth", "columns"],
    least: LEAST,
    parts: (v, { threads, room }) => [
      ranges(v.count, threads).map(({ first, count }, i) => {
        const own = { table: v.table + 12 * first, count };
        const apart = i > 0 && rooms(productRoom(v.rows, v.depth, v.columns), room);
        return part("matMulEach", { ...v, ...own, ...apart });
      }),
    ],
  }),
  split({
    name: "transposedMatMulEach",
    sizes: ["count", "rows", "depth", "columns"],
    least: LEAST,
    parts: (v, { threads, room }) => [
      ranges(v.count, threads).map(({ first, count }, i) => {
        const own = { table: v.table + 12 * first, count };
        const apart = i > 0 && {
          sums: v.sums === 0 ? 0 : room(4 * v.rows * inFours(v.columns)),
          offsets: room(4 * v.rows),
          packed: room(packedRoom(v.block, v.columns)),
        };
        return part("transposedMatMulEach", { ...v, ...own, ...apart });
      }),
    ],
  }),
  split({
    name: "transposedMatMul",
    sizes: ["rows", "depth", "columns"],
    least: LEAST,
    parts(v, { threads, room }) {
      if (v.rows < 24) return null;
      const packed = packedRoom(v.block, v.columns);
      const rows = ranges(v.rows, threads, 4, 12).map((own, i) =>
        part("transposedMatMulPart", { ...v, ...own, packed: i === 0 ? v.packed : room(packed) }),
      );
      return [rows];
    },
  }),
];
