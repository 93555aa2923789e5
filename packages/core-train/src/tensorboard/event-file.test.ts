import { DataError } from "@pellucid/core-train";
import {
  encodeEvent,
  encodeFileStart,
  encodeImage,
  EventFile,
  histogram,
} from "@pellucid/core-train/tensorboard";
import { memory, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const wallTime = 1_700_000_000.5;

test("the blob is the start and every record, tensors too", async () => {
  const log = new EventFile(wallTime);
  expect(log.name).toBe("events.out.tfevents.1700000000.page");
  log.addScalar("loss", 0.5, 1, wallTime);
  const weights = tensor([1, 2]);
  log.addHistogram("weights", weights, 2, wallTime);
  weights.dispose();
  const bytes = Buffer.from(await (await log.toBlob()).arrayBuffer());
  expect(bytes).toEqual(
    Buffer.concat([
      encodeFileStart(wallTime),
      encodeEvent({ wallTime, step: 1 }, [{ kind: "scalar", tag: "loss", value: 0.5 }]),
      encodeEvent({ wallTime, step: 2 }, [
        { kind: "histogram", tag: "weights", histogram: histogram([1, 2]) },
      ]),
    ]),
  );
});

test("it continues after it was saved, and holds no tensor", async () => {
  const { numTensors } = memory();
  const log = new EventFile(wallTime);
  const { size } = await log.toBlob();
  const image = tensor([0, 1], [1, 2]);
  log.addImage("digit", image, 1);
  image.dispose();
  expect((await log.toBlob()).size).toBeGreaterThan(size);
  expect(memory().numTensors).toBe(numTensors);
});

test("a tensor that cannot be read is reported when the file is requested", async () => {
  const log = new EventFile(wallTime);
  log.addImage("digit", tensor([1, 2, 3]), 1);
  await expect(log.toBlob()).rejects.toThrow("the image is [3], expected [height, width]");
});

test("tensors that make no record are reported once, and all else is in the file", async () => {
  const log = new EventFile(wallTime);
  const value = (step: number) => ({ kind: "scalar" as const, tag: "loss", value: step });
  log.addScalar("loss", 1, 1, wallTime);
  tidy(() => {
    log.addHistogram("gradient", tensor([NaN, NaN]), 100);
    log.addImage("digit", zeros([1, 1, 5]), 7);
  });
  log.addScalar("loss", 2, 2, wallTime);
  const failure = await log.toBlob().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DataError);
  expect(failure).toMatchObject({
    message:
      "addHistogram: gradient at step 100 is not written: histogram: 2 values and none is finite, expected one at least.\n" +
      "addImage: digit at step 7 is not written: encodeImage: the image is [1, 1, 5], expected [height, width] or [height, width, 1 to 4 channels].",
  });
  expect(Buffer.from(await (await log.toBlob()).arrayBuffer())).toEqual(
    Buffer.concat([
      encodeFileStart(wallTime),
      ...[1, 2].map((step) => encodeEvent({ wallTime, step }, [value(step)])),
    ]),
  );
});

test("a mask of booleans is black and white", async () => {
  const log = new EventFile(wallTime);
  tidy(() => log.addImage("mask", tensor([0, 1], [1, 2], "bool"), 1, wallTime));
  const image = encodeImage({ data: Uint8Array.of(0, 255), shape: [1, 2] });
  expect(Buffer.from(await (await log.toBlob()).arrayBuffer())).toEqual(
    Buffer.concat([
      encodeFileStart(wallTime),
      encodeEvent({ wallTime, step: 1 }, [{ kind: "image", tag: "mask", image }]),
    ]),
  );
});
