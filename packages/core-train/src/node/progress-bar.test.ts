import { type FitEvent } from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";

const events: FitEvent[] = [
  { kind: "start", epochs: 1, batches: 2 },
  { kind: "step", epoch: 1, batch: 1, batches: 2, step: 1, loss: 0.5 },
  { kind: "step", epoch: 1, batch: 2, batches: 2, step: 2, loss: 0.25 },
  {
    kind: "epoch",
    epoch: 1,
    epochs: 1,
    step: 2,
    loss: 0.375,
    validation: { loss: 0.3, metrics: { accuracy: 0.9 } },
    seconds: 1.26,
  },
  { kind: "end", reason: "completed", step: 2 },
];

async function* replay(): AsyncGenerator<FitEvent> {
  yield* events;
}

async function draw(isTTY: boolean): Promise<{ seen: FitEvent[]; text: string }> {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100, cursorTo() {}, clearLine() {} });
  const seen: FitEvent[] = [];
  for await (const event of progressBar(replay(), { stream: stream as never })) seen.push(event);
  return { seen, text: String(stream.read()) };
}

test("passes every event on", async () => {
  expect((await draw(false)).seen).toEqual(events);
});

test("without a terminal an epoch is one line", async () => {
  expect((await draw(false)).text).toBe(
    "epoch 1/1  loss 0.3750  validation loss 0.3000  accuracy 0.9000  1.3 s\n",
  );
});

test("in a terminal the bar shows epoch, batches and loss", async () => {
  const { text } = await draw(true);
  expect(text).toContain("epoch 1/1");
  expect(text).toContain("1/2");
  expect(text).toContain("loss 0.5000");
});
