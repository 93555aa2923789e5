import type { Functions } from "../../wasm/functions.generated.ts";
import { part, ranges, type Split, split, type Values } from "../split.ts";

/** Functions of `count` numbers, of which each thread computes some in a row. */
export const elementwise: readonly Split[] = [
  along("elu", ["x", "y"], 100_000),
  along("eluGradient", ["x", "dy", "dx"], 100_000),
  along("relu", ["x", "y"], 200_000),
  along("reluGradient", ["x", "dy", "dx"], 200_000),
  along("geluTanh", ["x", "y"], 50_000),
  along("geluTanhGradient", ["x", "dy", "dx"], 50_000),
  along("silu", ["x", "y"], 50_000),
  along("siluGradient", ["x", "dy", "dx"], 50_000),
  along("softplus", ["x", "y"], 20_000),
  along("adamStep", ["gradient", "parameter", "mu", "nu", "update", "nextMu", "nextNu"], 100_000),
  along("momentumStep", ["gradient", "parameter", "momentum", "update", "next"], 200_000),
  moves("adamMoves", 100_000),
  moves("momentumMoves", 200_000),
];

type Elementwise = {
  [Name in keyof Functions]: "count" extends keyof Values<Name> ? Name : never;
}[keyof Functions];

/** @param tables the addresses of numbers of four bytes */
function along<Name extends Elementwise>(
  name: Name,
  tables: readonly (keyof Values<Name> & string)[],
  least: number,
): Split {
  const own: Split<Name> = {
    name,
    sizes: ["count" as keyof Values<Name> & string],
    least,
    parts(values, { threads }) {
      const v = values as Readonly<Record<string, number>>;
      const all = ranges(v["count"] as number, 4 * threads, 1024);
      return [
        all.map(({ first, count }) => ({ name, values: { ...v, ...moved(v, tables, 4 * first), count } })),
      ];
    },
  };
  return split(own);
}

/** A step of an optimizer for all parameters, of each of which a thread makes a part. */
function moves(name: "adamMoves" | "momentumMoves", least: number): Split {
  return split<typeof name>({
    name,
    sizes: ["total"],
    least,
    parts: (values, { threads }) => [
      Array.from({ length: 4 * threads }, (_, i) => part(name, { ...values, part: i, parts: 4 * threads })),
    ],
  });
}

/** Addresses so many bytes on. */
function moved(
  values: Readonly<Record<string, number>>,
  tables: readonly string[],
  bytes: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(tables.map((name) => [name, (values[name] as number) + bytes]));
}
