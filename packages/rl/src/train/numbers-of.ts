import { Tensor } from "@tensorflow/tfjs-core";

/** The numbers of several losses, once all are computed; tensors, `[]`, are freed. */
export async function numbersOf(
  losses: Readonly<Record<string, Promise<number> | Tensor>>,
): Promise<Readonly<Record<string, number>>> {
  const entries = Object.entries(losses).map(async ([name, loss]) => {
    if (!(loss instanceof Tensor)) return [name, await loss] as const;
    const [value = NaN] = await loss.data();
    loss.dispose();
    return [name, value] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
