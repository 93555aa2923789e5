import {
  type Array as JaxArray,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import type { Step } from "../contestant.ts";
import { batch, conv1, conv2, fc, images, labels, learningRate, momentum } from "./work.ts";

type Layer = { weight: JaxArray; bias: JaxArray };
type Net = { conv1: Layer; conv2: Layer; fc: Layer };

export async function prepare(backend: string): Promise<Step> {
  await init("wasm");
  defaultDevice(backend as "wasm");
  const convolve = (x: JaxArray, { weight, bias }: Layer) =>
    lax.conv(x, weight, [1, 1], "VALID").add(bias.reshape([1, -1, 1, 1])); //   [batch, channel, height, width]
  const pool = (x: JaxArray) => {
    const [, channels = 0, height = 0, width = 0] = x.shape;
    return np.max(x.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  };
  const loss = (net: Net, x: JaxArray, y: JaxArray): JaxArray => {
    let h = nn.relu(pool(convolve(x, net.conv1))); //                           [batch, 10, 12, 12]
    h = nn.relu(pool(convolve(h, net.conv2))); //                               [batch, 20, 4, 4]
    h = np.matmul(h.reshape([batch, 320]), net.fc.weight.transpose()).add(net.fc.bias); // [batch, 10]
    return nn
      .logSoftmax(h, -1)
      .mul(y)
      .sum()
      .mul(-1 / batch);
  };
  // The whole step in one jit, as its own documentation advises.
  const step = jit((net: Net, velocity: Net, x: JaxArray, y: JaxArray) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(net), x, y);
    const next = tree.map((v: JaxArray, g: JaxArray) => v.mul(momentum).add(g), velocity, gradients) as Net;
    const moved = tree.map(
      (p: JaxArray, v: JaxArray) => p.sub(v.mul(learningRate)),
      net,
      tree.ref(next),
    ) as Net;
    return { value, net: moved, velocity: next };
  });
  const [first, second, last] = [conv1, conv2, fc].map(({ weight, bias }) => ({
    weight: np.array(weight.data).reshape(weight.shape),
    bias: np.array(bias),
  })) as [Layer, Layer, Layer];
  let net: Net = { conv1: first, conv2: second, fc: last };
  let velocity = tree.map((p: JaxArray) => np.zeros(p.shape), net) as Net;
  const x = np.array(images).reshape([batch, 1, 28, 28]);
  const y = nn.oneHot(np.array(labels, { dtype: np.int32 }), 10);
  return async () => {
    const next = step(net, velocity, x.ref, y.ref);
    ({ net, velocity } = next);
    return (await next.value.data())[0] as number;
  };
}
