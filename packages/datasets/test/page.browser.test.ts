import { DatasetError, digits, mnist } from "@pellucid/datasets";
import { expect, it } from "vitest";

it("a page has the embedded digits", async () => {
  const { train, test } = await digits();
  expect([train.length, test.length]).toEqual([1347, 450]);
});

it("a page has no folders", async () => {
  await expect(mnist({ split: "test", folder: "data" })).rejects.toThrow(
    new DatasetError(
      "missing",
      "A page cannot read the folder data. Serve its files, and pass { url } instead.",
    ),
  );
});
