import { DownloadError, encodeSafetensors, init, Linear, loadPretrained, Rng } from "@pellucid/core-train";
import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterEach, beforeAll, expect, test } from "vitest";

const file = encodeSafetensors({
  weight: { data: Float32Array.of(1, 2), shape: [1, 2] },
  bias: { data: Float32Array.of(3), shape: [1] },
});
const { fetch } = globalThis;
const line = () => new Linear(2, 1, { rng: new Rng(0), init: init.zeros() });

/** A host with one file, and what it is asked. */
function host(answer: (url: string) => Response | undefined): string[] {
  const asked: string[] = [];
  globalThis.fetch = (url, options) => {
    const { href } = new URL(url instanceof Request ? url.url : url);
    asked.push(`${options?.method ?? "GET"} ${href}`);
    const response = answer(href) ?? new Response("no", { status: 404 });
    return Promise.resolve(options?.method === "HEAD" ? new Response(null, response) : response);
  };
  return asked;
}

const served = (url: string) =>
  url.endsWith("/model.safetensors")
    ? new Response(file, { headers: { ETag: '"one"', "Content-Length": String(file.length) } })
    : undefined;

beforeAll(() => setBackend("cpu"));

afterEach(async () => {
  globalThis.fetch = fetch;
  await caches.delete("pellucid-test");
});

test("a page keeps weights in Cache Storage, asks whether they are current, and does without the host", async () => {
  const model = line();
  const asked = host(served);
  const options = { cache: "pellucid-test" };
  await loadPretrained(model, "https://host.invalid/net", options);
  expect([...model.weight.dataSync()]).toEqual([1, 2]);
  await loadPretrained(model, "https://host.invalid/net/", options);
  const url = "https://host.invalid/net/model.safetensors";
  expect(asked).toEqual([`GET ${url}`, `HEAD ${url}`]);
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await loadPretrained(model, "https://host.invalid/net", options);
});

test("a path is an address next to the page, and a page instead of a file is refused", async () => {
  const model = line();
  const asked = host(() => new Response("<html>", { headers: { "Content-Type": "text/html" } }));
  await expect(loadPretrained(model, "models/net", { cache: null })).rejects.toThrow(DownloadError);
  expect(asked).toEqual([`GET ${new URL("models/net/model.safetensors", location.href).href}`]);
  expect([...model.weight.dataSync()]).toEqual([0, 0]);
});
