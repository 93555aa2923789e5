import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

// scikit-learn 1.9 on the same split: OneVsRestClassifier(LogisticRegression(C=1)) and LogisticRegression(C=1), to a tolerance of 1e-8.
// Both losses have one minimum, so shares of 450 digits (45 nines) are equal but for a digit on the line.
test("both say what scikit-learn's say", async () => {
  await useBackend({ only: "wasm" });
  const { accuracy, unclaimed, contested, sums, unknownClaimed } = await main();
  expect(accuracy.oneVsRest).toBeCloseTo(0.96, 2);
  expect(accuracy.softmax).toBeCloseTo(436 / 450, 2);
  expect(unclaimed).toBeCloseTo(32 / 450, 2);
  expect(contested).toBeCloseTo(8 / 450, 2);
  expect(sums[0]).toBeCloseTo(0.1979, 2);
  expect(sums[1]).toBeCloseTo(1.7914, 2);
  expect(unknownClaimed.oneVsRest).toBeCloseTo(17 / 45, 1);
  expect(unknownClaimed.softmax).toBeCloseTo(33 / 45, 1);
});
