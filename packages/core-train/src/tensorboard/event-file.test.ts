import { encodeEvent, encodeFileStart, EventFile, histogram } from "@pellucid/core-train/tensorboard";
import { memory, tensor } from "@tensorflow/tfjs-core";
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
