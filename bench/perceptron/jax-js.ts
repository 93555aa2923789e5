import {
  type Array as JaxArray,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import type { Step } from "../contestant.ts";
import { batch, images, labels, layers, learningRate } from "./work.ts";

type Layer = { weight: JaxArray; bias: JaxArray };

export async function prepare(backend: string): Promise<Step> {
  await init("wasm");
  defaultDevice(backend as "wasm");
  const loss = (net: Layer[], x: JaxArray, y: JaxArray): JaxArray => {
    let h = x;
    for (const [i, { weight, bias }] of net.entries()) {
      h = np.matmul(h, weight).add(bias);
      if (i < net.length - 1) h = nn.relu(h);
    }
    return nn
      .logSoftmax(h, -1)
      .mul(y)
      .sum()
      .mul(-1 / batch);
  };
  // The whole step in one jit, as its own documentation advises; Adam as in the paper.
  const step = jit((net: Layer[], mu: Layer[], nu: Layer[], rates: JaxArray, x: JaxArray, y: JaxArray) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(net), x, y);
    const nextMu = tree.map(
      (m: JaxArray, g: JaxArray) => m.mul(0.9).add(g.mul(0.1)),
      mu,
      tree.ref(gradients),
    ) as Layer[];
    const nextNu = tree.map(
      (v: JaxArray, g: JaxArray) => v.mul(0.999).add(np.square(g).mul(0.001)),
      nu,
      gradients,
    ) as Layer[];
    const [stepSize, correction] = [rates.ref.slice(0), rates.slice(1)];
    const nextNet = tree.map(
      (p: JaxArray, m: JaxArray, v: JaxArray) =>
        p.sub(m.mul(stepSize.ref).div(np.sqrt(v).div(correction.ref).add(1e-8))),
      net,
      tree.ref(nextMu),
      tree.ref(nextNu),
    ) as Layer[];
    stepSize.dispose();
    correction.dispose();
    return { value, net: nextNet, mu: nextMu, nu: nextNu };
  });
  let net: Layer[] = layers.map(({ inputs, outputs, weight, bias }) => ({
    weight: np.array(weight).reshape([inputs, outputs]),
    bias: np.array(bias),
  }));
  const zeros = () => tree.map((p: JaxArray) => np.zeros(p.shape), net) as Layer[];
  let [mu, nu] = [zeros(), zeros()];
  const x = np.array(images).reshape([batch, 784]);
  const y = nn.oneHot(np.array(labels, { dtype: np.int32 }), 10);
  let count = 0;
  return async () => {
    count++;
    const rates = np.array(
      new Float32Array([learningRate / (1 - 0.9 ** count), Math.sqrt(1 - 0.999 ** count)]),
    );
    const next = step(net, mu, nu, rates, x.ref, y.ref);
    ({ net, mu, nu } = next);
    return (await next.value.data())[0] as number;
  };
}
