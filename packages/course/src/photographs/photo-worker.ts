// The network of the page "What does it see in a photograph?" in a thread of its own, so that the page answers while it computes.
import { useBackend } from "@pellucid/backends";
import type { SqueezeNet } from "@pellucid/cnn";
import { memory } from "@tensorflow/tfjs-core";
import type { Asked, PhotoCall } from "./ask-worker.ts";
import { hidingTest, load, mapOf, predict } from "./program.ts";

let net: SqueezeNet | undefined;

/** A network that was not loaded is a mistake of the page. */
function loaded(): SqueezeNet {
  if (net === undefined) throw new Error("The network is asked before it is loaded.");
  return net;
}

async function answer(call: PhotoCall): Promise<unknown> {
  switch (call.does) {
    case "load": {
      const { chosen } = await useBackend({ only: "wasm" });
      net = load(call.weights);
      return chosen;
    }
    case "predict":
      return predict(loaded(), call.pixels);
    case "map":
      return mapOf(loaded(), call.pixels, call);
    case "hide":
      return hidingTest(loaded(), call.pixels, call);
    case "tensors":
      return memory().numTensors;
  }
}

addEventListener("message", ({ data: { id, call } }: MessageEvent<Asked>) => {
  answer(call).then(
    (result) => postMessage({ id, result }),
    (error: unknown) => postMessage({ id, error: String(error) }),
  );
});
