import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type FitEvent, Module, parameter } from "@pellucid/core-train";
import { SummaryWriter, tensorBoard } from "@pellucid/core-train/node";
import {
  encodeEvent,
  encodeFileStart,
  encodeImage,
  encodeRestart,
  histogram,
  makeGrid,
  type SummaryValue,
} from "@pellucid/core-train/tensorboard";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "pellucid-"));
afterAll(() => rmSync(root, { recursive: true }));

const wallTime = 1_700_000_000.5;
const event = (step: number, value: SummaryValue) => encodeEvent({ wallTime, step }, [value]);

/** The records after the first ones, which hold the time of day. */
function recordsIn(folder: string, skipped = encodeFileStart(0).length): Buffer {
  const [name] = readdirSync(folder).filter((file) => file.startsWith("events.out.tfevents."));
  return readFileSync(join(folder, name as string)).subarray(skipped);
}

test("what is on the host is in the file at once", async () => {
  const folder = join(root, "host", "run");
  const writer = new SummaryWriter(folder);
  const image = { data: Uint8Array.of(0, 255), shape: [1, 2] };
  writer.addScalar("loss", 0.5, 1, wallTime);
  writer.addHistogram("weights", { data: Float32Array.of(1, 2), shape: [2] }, 2, wallTime);
  writer.addImage("digit", image, 3, wallTime);
  writer.addText("notes", "done", 4, wallTime);
  expect(recordsIn(folder)).toEqual(
    Buffer.concat([
      event(1, { kind: "scalar", tag: "loss", value: 0.5 }),
      event(2, { kind: "histogram", tag: "weights", histogram: histogram([1, 2]) }),
      event(3, { kind: "image", tag: "digit", image: encodeImage(image) }),
      event(4, { kind: "text", tag: "notes", text: "done" }),
    ]),
  );
  await writer.close();
});

test("the file is named by time, host and process, and never another's", async () => {
  const folder = join(root, "names");
  const writers = [new SummaryWriter(folder), new SummaryWriter(folder)];
  const names = readdirSync(folder);
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    expect(name).toContain(`.${hostname()}.${process.pid}.`);
  }
  for (const writer of writers) await writer.close();
});

test("a tensor is shown as it was when it was given", async () => {
  const folder = join(root, "tensors");
  const writer = new SummaryWriter(folder);
  class Scale extends Module {
    readonly weight = parameter({ data: Float32Array.of(1, 2), shape: [2] });
  }
  const model = new Scale();
  const images = tensor([0, 1], [2, 1, 1, 1]);
  const { numTensors } = memory();
  writer.addHistogram("weights", model.weight, 1, wallTime);
  await writer.flush();
  writer.addImages("digits", images, 2, wallTime);
  model.weight.assign(tensor([8, 9]));
  images.dispose();
  await writer.close();
  expect(memory().numTensors).toBe(numTensors);
  const grid = makeGrid({ data: Float32Array.of(0, 1), shape: [2, 1, 1, 1] });
  expect(recordsIn(folder)).toEqual(
    Buffer.concat([
      event(1, { kind: "histogram", tag: "weights", histogram: histogram([1, 2]) }),
      event(2, { kind: "image", tag: "digits", image: encodeImage(grid) }),
    ]),
  );
});

test("lines of one chart have folders of their own", async () => {
  const folder = join(root, "lines");
  const writer = new SummaryWriter(folder);
  writer.addScalars("run/loss", { train: 1, test: 2 }, 3, wallTime);
  writer.addScalars("run/loss", { test: 4 }, 4, wallTime);
  await writer.close();
  const value = { kind: "scalar", tag: "run/loss" } as const;
  expect(recordsIn(join(folder, "run_loss_train"))).toEqual(Buffer.from(event(3, { ...value, value: 1 })));
  expect(recordsIn(join(folder, "run_loss_test"))).toEqual(
    Buffer.concat([event(3, { ...value, value: 2 }), event(4, { ...value, value: 4 })]),
  );
});

test("resumed training records its first step", async () => {
  const folder = join(root, "again");
  await new SummaryWriter(folder, { purgeStep: 7 }).close();
  expect(recordsIn(folder)).toHaveLength(encodeRestart({ wallTime, step: 7 }).length);
});

test("what goes wrong with a tensor is an error of flush", async () => {
  const writer = new SummaryWriter(join(root, "errors"));
  const nothing = tensor([NaN]);
  writer.addHistogram("weights", nothing, 0);
  await expect(writer.flush()).rejects.toThrow("histogram: 1 values and none is finite");
  await writer.close(); // what flush has reported is not reported again
  nothing.dispose();
});

test("a closed writer writes no more", async () => {
  const folder = join(root, "closed");
  const writer = new SummaryWriter(folder);
  await writer.close();
  await writer.close();
  expect(() => writer.addScalar("loss", 1, 2)).toThrow(
    `SummaryWriter: ${folder} is closed, expected add before close.`,
  );
});

test("training is written as scalars", async () => {
  const events: FitEvent[] = [
    { kind: "start", epochs: 1, batches: 1 },
    { kind: "step", epoch: 1, batch: 1, batches: 1, step: 1, loss: 0.5 },
    {
      kind: "epoch",
      epoch: 1,
      epochs: 1,
      step: 1,
      loss: 0.5,
      seconds: 1,
      validation: { loss: 0.25, metrics: { accuracy: 0.75 } },
    },
    { kind: "end", reason: "completed", step: 1 },
  ];
  async function* replay(): AsyncGenerator<FitEvent> {
    yield* events;
  }
  const said: [string, number, number][] = [];
  class Listener extends SummaryWriter {
    override addScalar(tag: string, value: number, step: number): void {
      said.push([tag, value, step]);
    }
  }
  const writer = new Listener(join(root, "fit"));
  const seen: FitEvent[] = [];
  for await (const passed of tensorBoard(replay(), writer)) seen.push(passed);
  await writer.close();
  expect(seen).toEqual(events);
  expect(said).toEqual([
    ["loss", 0.5, 1],
    ["epoch/loss", 0.5, 1],
    ["epoch/validation/loss", 0.25, 1],
    ["epoch/validation/accuracy", 0.75, 1],
  ]);
});

test("embeddings are written next to the events, and one file names them all", async () => {
  const folder = join(root, "embeddings");
  const writer = new SummaryWriter(folder);
  const points = tensor([1, 2, 3, 4], [2, 2]);
  writer.addEmbedding(points, { metadata: ["a", "b"], step: 1 });
  points.dispose();
  await writer.flush();
  writer.addEmbedding({ data: Float32Array.of(5), shape: [1, 1] }, { tag: "last" });
  await writer.close();
  expect(readFileSync(join(folder, "00001/default/tensors.tsv"), "utf8")).toBe("1.0\t2.0\n3.0\t4.0\n");
  expect(readFileSync(join(folder, "00001/default/metadata.tsv"), "utf8")).toBe("a\nb\n");
  const config = readFileSync(join(folder, "projector_config.pbtxt"), "utf8");
  expect(config.match(/tensor_path: .*/g)).toEqual([
    'tensor_path: "00001/default/tensors.tsv"',
    'tensor_path: "00000/last/tensors.tsv"',
  ]);
});
