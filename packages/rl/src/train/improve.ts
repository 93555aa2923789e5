import { type Module, type Optimizer, trainStep } from "@pellucid/core-train";
import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** One step, and the numbers of all parts of the loss. */
export async function improve(
  model: Module,
  optimizer: Optimizer,
  loss: () => { readonly loss: Tensor } & Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, number>>> {
  const { loss: total, ...parts } = trainStep<{ loss: Tensor } & Record<string, Tensor>>(
    model,
    optimizer,
    () => tidy(loss),
  );
  const tensors = parts as Readonly<Record<string, Tensor>>;
  const numbers = await Promise.all(
    Object.entries(tensors).map(async ([name, tensor]): Promise<[string, number]> => [
      name,
      (await tensor.data())[0] ?? NaN,
    ]),
  );
  dispose(Object.values(tensors));
  return { loss: await total, ...Object.fromEntries(numbers) };
}
