import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findWheel, newest, satisfies } from "./find-wheel.ts";
import { SetupError } from "./setup-error.ts";
import { cudaRequirements } from "./set-up-tensorflow.ts";

const folder = mkdtempSync(join(tmpdir(), "pellucid-wheels-"));
const content = Buffer.from("a wheel");
const file = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";
let sha256 = createHash("sha256").update(content).digest("hex");
let server: Server;
let index: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.endsWith(".whl")) response.end(content);
    else
      response.end(
        JSON.stringify({ files: [{ filename: file, url: `/files/${file}`, hashes: { sha256 } }] }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test("versions are held against what is wanted", () => {
  expect(satisfies("12.6.4.1", "<13.0,>=12.5.3.2")).toBe(true);
  expect(satisfies("13.0.0", "<13.0,>=12.5.3.2")).toBe(false);
  expect(satisfies("2.21.0", "2.21.0")).toBe(true);
  expect(satisfies("2.21.0rc1", "2.21.0")).toBe(false);
});

test("the newest that fits is taken: of the right package, for Linux on x86-64", () => {
  const files = [
    "nvidia_cublas_cu12-12.6.4.1-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    "nvidia_cublas_cu12-12.5.3.2-py3-none-manylinux2014_x86_64.whl",
    "nvidia_cublas_cu12-12.9.1.4-py3-none-win_amd64.whl",
    "nvidia_cublas_cu12-13.0.0.1-py3-none-manylinux2014_x86_64.whl",
    "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    file,
  ];
  const found = (name: string, version: string) => newest({ name, version }, files);
  expect(found("nvidia-cublas-cu12", "<13.0,>=12.5.3.2")).toBe(files[0]);
  expect(found("tensorflow", "2.21.0")).toBe(files[4]);
  expect(found("tensorflow-cpu", "2.21.0")).toBe(file);
  expect(found("tensorflow-cpu", "2.20.0")).toBeUndefined();
});

test("what CUDA needs is read from the wheel", () => {
  const metadata = [
    "Requires-Dist: numpy>=1.26.0",
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == "and-cuda"',
  ].join("\n");
  expect(cudaRequirements(metadata)).toEqual([
    { name: "nvidia-cublas-cu12", version: "<13.0,>=12.5.3.2" },
    { name: "nvidia-cudnn-cu12", version: "<10.0,>=9.3.0.75" },
  ]);
});

test("a wheel is downloaded with progress and held against the index's checksum, and is found again", async () => {
  const said: string[] = [];
  const options = { folder: join(folder, "a"), index, say: (message: string) => void said.push(message) };
  const wanted = { name: "tensorflow-cpu", version: "2.21.0" };
  expect(await findWheel(wanted, options)).toEqual({
    file: join(folder, "a", file),
    version: "2.21.0",
    sha256,
    checked: "the index",
  });
  expect(said.some((message) => /of 0 MB|of \? MB/.test(message))).toBe(true);
  expect(await findWheel(wanted, { ...options, index: "http://127.0.0.1:1/" })).toMatchObject({
    checked: "nothing",
  });
});

test("a wheel with another checksum is refused", async () => {
  const right = sha256;
  sha256 = "0".repeat(64);
  const options = { folder: join(folder, "b"), index, say: () => {} };
  const found = findWheel({ name: "tensorflow-cpu", version: "2.21.0" }, options);
  await expect(found).rejects.toThrow(`has the checksum ${right}, the index says ${sha256}`);
  sha256 = right;
});

test("a folder without the wheel is an error that names it", async () => {
  writeFileSync(join(folder, "x.whl"), "");
  const found = findWheel(
    { name: "tensorflow", version: "2.21.0" },
    { from: folder, folder, index, say: () => {} },
  );
  await expect(found).rejects.toThrow(SetupError);
  await expect(found).rejects.toThrow("There is no wheel of tensorflow 2.21.0 for Linux x86-64 in ");
});
