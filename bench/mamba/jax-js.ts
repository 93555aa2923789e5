import { type Array as JaxArray, defaultDevice, init, jit, nn, numpy as np, tree } from "@jax-js/jax";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { inner, rank, rows, state, taps, tokens, weights, width } from "./work.ts";

type Block = {
  aLog: JaxArray;
  d: JaxArray;
  inProj: JaxArray;
  taps: JaxArray;
  convBias: JaxArray;
  xProj: JaxArray;
  dtProj: JaxArray;
  dtBias: JaxArray;
  outProj: JaxArray;
};
type Net = { tokens: JaxArray; blocks: Block[] };
type State = { conv: JaxArray; scan: JaxArray }[];

export async function prepare(backend: string): Promise<Step> {
  await init("wasm");
  defaultDevice(backend as "wasm");
  const norm = (x: JaxArray): JaxArray =>
    x.ref.div(np.sqrt(np.mean(np.square(x), -1, { keepdims: true }).add(1e-5)));
  const step = jit((net: Net, before: State, token: JaxArray) => {
    let x = np.matmul(token, net.tokens.ref); // [1, feature]
    const after = net.blocks.map((block, i) => {
      const { conv, scan } = before[i] as State[number];
      const [read, gate] = np.split(np.matmul(norm(x.ref), block.inProj), 2, 1) as [JaxArray, JaxArray];
      const window = np.concatenate([conv, read], 0); // [tap, channel]
      const u = nn.silu(np.sum(window.ref.mul(block.taps), 0, { keepdims: true }).add(block.convBias));
      const parts = np.split(np.matmul(u.ref, block.xProj), [rank, rank + state], 1);
      const [dt, B, C] = parts as [JaxArray, JaxArray, JaxArray];
      const delta = nn.softplus(np.matmul(dt, block.dtProj).add(block.dtBias)).reshape([inner, 1]);
      const decay = np.exp(delta.ref.mul(np.exp(block.aLog).mul(-1))); // [channel, state]
      const next = scan.mul(decay).add(delta.mul(u.ref.reshape([inner, 1])).mul(B));
      const y = np.sum(next.ref.mul(C), 1).reshape([1, inner]).add(u.mul(block.d));
      x = x.add(np.matmul(y.mul(nn.silu(gate)), block.outProj));
      const [, kept] = np.split(window, [1], 0) as [JaxArray, JaxArray];
      return { conv: kept, scan: next };
    });
    return { logits: np.matmul(norm(x), net.tokens.transpose()), state: after };
  });
  const net: Net = {
    tokens: np.array(tokens).reshape([rows, width]),
    blocks: weights.map((block) => ({
      aLog: np.array(block.aLog).reshape([inner, state]),
      d: np.array(block.d),
      inProj: np.array(block["inProj.weight"]).reshape([width, 2 * inner]),
      taps: np.array(block["conv1d.weight"]).reshape([taps, inner]),
      convBias: np.array(block["conv1d.bias"]),
      xProj: np.array(block["xProj.weight"]).reshape([inner, rank + 2 * state]),
      dtProj: np.array(block["dtProj.weight"]).reshape([rank, inner]),
      dtBias: np.array(block["dtProj.bias"]),
      outProj: np.array(block["outProj.weight"]).reshape([inner, width]),
    })),
  };
  let [token, before] = [
    0,
    weights.map(() => ({ conv: np.zeros([taps - 1, inner]), scan: np.zeros([inner, state]) })) as State,
  ];
  return async () => {
    const hot = new Float32Array(rows);
    hot[token] = 1;
    const after = step(tree.ref(net), before, np.array(hot).reshape([1, rows]));
    before = after.state;
    const logits = ((await after.logits.data()) as Float32Array).subarray(0, 65);
    token = mostLikely(logits);
    return logits[token] ?? Number.NaN;
  };
}
