import { afterEach, expect, test, vi } from "vitest";
import { loadFailure } from "./load-failure.ts";

afterEach(() => vi.unstubAllGlobals());

const address = "https://example.org/tfjs-backend-wasm-simd.wasm";
const server = (body: BodyInit, init: ResponseInit) => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, init)));
};

test("a page in place of the file is named by its type, with what to do", async () => {
  server("<!doctype html><html></html>", { headers: { "content-type": "text/html; charset=utf-8" } });
  expect(await loadFailure(address)).toBe(
    `${address} answers with text/html, not WebAssembly: the server does not have the file there. ` +
      'Configure the bundler as in the README of @pellucid/backends under "Bundlers and policies", or pass wasmFolder',
  );
});

test("a file that is missing is named by its status", async () => {
  server("", { status: 404 });
  expect(await loadFailure(address)).toBe(`${address} answers with status 404`);
});

test("an empty file without a type is not WebAssembly", async () => {
  server(new Uint8Array(), {});
  expect(await loadFailure(address)).toContain("answers with no content type, not WebAssembly");
});

test("WebAssembly that does not start is not the server's fault", async () => {
  server(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), { headers: { "content-type": "application/wasm" } });
  expect(await loadFailure(address)).toBe(`tfjs could not start ${address}, though it is WebAssembly`);
});

test("what no server answers for is only not loaded", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await loadFailure(address)).toBe(`tfjs could not load ${address}`);
  vi.unstubAllGlobals();
  expect(await loadFailure("/nowhere/tfjs-backend-wasm-simd.wasm")).toBe(
    "tfjs could not load /nowhere/tfjs-backend-wasm-simd.wasm",
  );
});
