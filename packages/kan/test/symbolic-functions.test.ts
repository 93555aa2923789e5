import { type SymbolicFunction, symbolicFunctions } from "@pellucid/kan";
import { runInNewContext } from "node:vm";
import { scalar } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test.each(Object.entries<SymbolicFunction>(symbolicFunctions))(
  "%s is the same number on the host, on a backend and in TypeScript",
  (_, { value, tensor, typescript }) => {
    const x = 0.5;
    expect(tensor(scalar(x))).toBeAllclose(value(x), { rtol: 1e-5, atol: 1e-6 });
    expect(runInNewContext(typescript("x"), { x })).toBeCloseTo(value(x), 12);
  },
);
