import { type Array as JaxArray, defaultDevice, init, jit, nn, numpy as np, tree } from "@jax-js/jax";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { blocks, context, heads, positions, tokens, vocabulary, width } from "./work.ts";

type Block = { attention: JaxArray; projection: JaxArray; wide: JaxArray; narrow: JaxArray };
type Net = { tokens: JaxArray; positions: JaxArray; blocks: Block[] };
type Cache = { key: JaxArray; value: JaxArray }[];

const each = width / heads;

export async function prepare(backend: string): Promise<Step> {
  await init("wasm");
  defaultDevice(backend as "wasm");
  const norm = (x: JaxArray): JaxArray => {
    const centered = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(np.square(centered.ref), -1, { keepdims: true });
    return centered.div(np.sqrt(variance.add(1e-5)));
  };
  // One jit for all positions: the cache has a row for each, of which those that are not read yet are masked.
  const step = jit((net: Net, cache: Cache, token: JaxArray, position: JaxArray, read: JaxArray) => {
    let x = np.matmul(token, net.tokens.ref).add(np.matmul(position.ref, net.positions)); // [1, feature]
    const here = position.reshape([1, context, 1]);
    const blocked = read.sub(1).mul(1e9).reshape([1, context]); // 0 where it was read, else -1e9
    const next = net.blocks.map((block, i) => {
      const { key, value } = cache[i] as Cache[number];
      const projected = np.matmul(norm(x.ref), block.attention).reshape([3, heads, 1, each]);
      const [q, k, v] = np.split(projected, 3, 0).map((part) => part.reshape([heads, 1, each])) as [
        JaxArray,
        JaxArray,
        JaxArray,
      ];
      const keys = key.add(k.mul(here.ref)); // [head, position, feature]
      const values = value.add(v.mul(here.ref));
      const scores = np.sum(q.mul(keys.ref), -1).mul(1 / Math.sqrt(each)); // [head, position]
      const weights = nn.softmax(scores.add(blocked.ref), -1);
      const seen = np.sum(weights.reshape([heads, context, 1]).mul(values.ref), 1).reshape([1, width]);
      x = x.add(np.matmul(seen, block.projection));
      const wide = nn.gelu(np.matmul(norm(x.ref), block.wide));
      x = x.add(np.matmul(wide, block.narrow));
      return { key: keys, value: values };
    });
    here.dispose();
    blocked.dispose();
    return { logits: np.matmul(norm(x), net.tokens.transpose()), cache: next };
  });
  const net: Net = {
    tokens: np.array(tokens).reshape([vocabulary, width]),
    positions: np.array(positions).reshape([context, width]),
    blocks: blocks.map(({ attention, projection, wide, narrow }) => ({
      attention: np.array(attention).reshape([width, 3 * width]),
      projection: np.array(projection).reshape([width, width]),
      wide: np.array(wide).reshape([width, 4 * width]),
      narrow: np.array(narrow).reshape([4 * width, width]),
    })),
  };
  const empty = (): Cache =>
    blocks.map(() => ({ key: np.zeros([heads, context, each]), value: np.zeros([heads, context, each]) }));
  const oneHot = (at: number, size: number) => {
    const values = new Float32Array(size);
    values[at] = 1;
    return np.array(values).reshape([1, size]);
  };
  let [token, position, cache] = [0, 0, empty()];
  return async () => {
    if (position === context) {
      tree.dispose(cache);
      [position, cache] = [0, empty()];
    }
    const read = np.array(Float32Array.from({ length: context }, (_, i) => Number(i <= position)));
    const after = step(tree.ref(net), cache, oneHot(token, vocabulary), oneHot(position, context), read);
    cache = after.cache;
    position++;
    const logits = await after.logits.data();
    token = mostLikely(logits as Float32Array);
    return logits[token] ?? Number.NaN;
  };
}
