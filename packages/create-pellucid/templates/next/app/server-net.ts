import { useBackend as chooseBackend } from "@pellucid/backends"; // no hook, though its name begins like one
import { softmax } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";
import { train } from "./train.ts";

/** One net for all requests to this process: trained at the first, in seconds. Read a file of weights here instead. */
let net: ReturnType<typeof trained> | undefined;

async function trained() {
  const { chosen } = await chooseBackend();
  const { images, labels } = toFloatImages((await digits()).test);
  return { ...(await train()), backend: chosen, images, labels };
}

/** What the net of the server sees in an unseen digit. */
export async function predict(index: number) {
  const { model, backend, images, labels } = await (net ??= trained());
  const probabilities = tidy(() => {
    const x = tensor4d(images.data.subarray(64 * index, 64 * (index + 1)), [1, 8, 8, 1]);
    return softmax(model.forward(x)); // [1, 10]
  });
  const row = [...(await probabilities.data())];
  probabilities.dispose();
  const digit = row.indexOf(Math.max(...row));
  return { digit, probability: row[digit] ?? 0, label: labels.data[index], backend };
}
