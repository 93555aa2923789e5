import "@tensorflow/tfjs-backend-cpu";
import { useBackend } from "@pellucid/backends";
import {
  add,
  getKernelsForBackend,
  raggedTensorToTensor,
  scalar,
  string,
  tensor1d,
  tidy,
  unique,
} from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { softwareDriver } from "../../backends/src/node/dawn.ts";

afterAll(() => useBackend({ only: "cpu" }));

const namesOf = (backend: string) => getKernelsForBackend(backend).map(({ kernelName }) => kernelName);

describe.each([
  ["wasm", false],
  ["webgpu", softwareDriver() === undefined],
] as const)("on %s", (backend, isMissing) => {
  test.skipIf(isMissing)("there is every kernel that the CPU backend has", async () => {
    await useBackend({ only: backend });
    const there = new Set(namesOf(backend));
    expect(namesOf("cpu").filter((name) => !there.has(name))).toEqual([]);
  });

  test.skipIf(isMissing)(
    "texts, ragged rows and what differs go through the CPU, and come back",
    async () => {
      await useBackend({ only: backend });
      const found = tidy(() => {
        const texts = string.staticRegexReplace(tensor1d(["a1", "b22"]), "[0-9]+", "-");
        const whole = (numbers: number[]) => tensor1d(numbers, "int32");
        const rows = raggedTensorToTensor(
          whole([2, 3]),
          tensor1d([1, 2, 3]),
          scalar(0),
          [whole([0, 2, 3])],
          ["ROW_SPLITS"],
        );
        const { values, indices } = unique(tensor1d([5, 4, 5], "int32"));
        return [texts, rows, values, indices].map((x) => ({ shape: x.shape, numbers: [...x.dataSync()] }));
      });
      expect(found).toEqual([
        { shape: [2], numbers: ["a-", "b-"] },
        { shape: [2, 3], numbers: [1, 2, 0, 3, 0, 0] },
        { shape: [2], numbers: [5, 4] },
        { shape: [3], numbers: [0, 1, 0] },
      ]);
    },
  );
});

test.skipIf(softwareDriver() === undefined)(
  "what is on a GPU in Node cannot go through the CPU, and says so",
  async () => {
    await useBackend({ only: "webgpu" });
    const x = tidy(() => add(tensor1d(Array.from({ length: 2000 }, (_, i) => i % 7)), 1)); // too many for tfjs to compute on the CPU
    expect(() => unique(x)).toThrow(
      "Unique runs on the CPU, and what it was given is on a GPU that cannot be read at once. Make a tensor of what `await x.data()` gives, and use that.",
    );
    x.dispose();
  },
);
