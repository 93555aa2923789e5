import { expect, test } from "vitest";
import { unlessAborted } from "./unless-aborted.ts";

test("a result comes as it is, a failure too, with a signal or without", async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1);
  expect(await unlessAborted(Promise.resolve(2), signal)).toBe(2);
  await expect(unlessAborted(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
});

test("a signal does not wait for the result, whether it came before or comes after", async () => {
  const never = new Promise<number>(() => undefined);
  const controller = new AbortController();
  const waiting = unlessAborted(never, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(unlessAborted(never, controller.signal)).rejects.toThrow("enough");
});
