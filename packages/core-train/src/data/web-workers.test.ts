import { expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import { webWorkers } from "./web-workers.ts";

it.each([-1, 0.5, NaN])("refuse the count %d", (count) => {
  const start = () => {
    throw new Error("started");
  };
  expect(() => webWorkers(count, start)).toThrow(
    new DataError(`webWorkers: the count is ${count}, expected an integer of 0 or more.`),
  );
});
