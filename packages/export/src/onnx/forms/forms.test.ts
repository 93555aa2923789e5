import { expect, test } from "vitest";
import { hasForm, formsOf, parts } from "./forms.ts";

test.each(parts)("%s", async (ops, load) => {
  expect(Object.keys(await load()).toSorted()).toEqual(ops.split(" ").toSorted());
  for (const op of ops.split(" ")) expect(hasForm(op)).toBe(true);
});

test("only the parts that a trace needs are loaded", async () => {
  const node = { kind: "node", inputs: {}, outputs: [], attributes: {}, path: "", type: "Net" } as const;
  const found = await formsOf([
    { ...node, op: "Add" },
    { ...node, op: "Concat" },
  ]);
  expect(["Add", "Concat", "Pack"].every((op) => op in found)).toBe(true);
  expect(["PellucidLstm", "Slice"].some((op) => op in found)).toBe(false);
  expect(["toString", "PellucidNever"].some(hasForm)).toBe(false);
});
