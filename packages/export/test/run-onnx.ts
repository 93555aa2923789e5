import type { Tensor } from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** A session of onnxruntime in WebAssembly. */
export async function sessionOf(bytes: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
}

/** The output of a session, by name, for tensors by the names of the inputs. */
export async function runOnnx(
  session: ort.InferenceSession,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<
  Readonly<Record<string, { readonly data: ArrayLike<number>; readonly shape: readonly number[] }>>
> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, x] of Object.entries(inputs)) {
    const data = await x.data();
    feeds[name] =
      x.dtype === "int32"
        ? new ort.Tensor("int32", data as Int32Array, x.shape)
        : x.dtype === "bool"
          ? new ort.Tensor("bool", data as Uint8Array, x.shape)
          : new ort.Tensor("float32", data as Float32Array, x.shape);
  }
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { data: data as ArrayLike<number>, shape: dims },
    ]),
  );
}
