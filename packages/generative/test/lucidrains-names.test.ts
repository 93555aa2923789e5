// The state dict of denoising_diffusion_pytorch 2.x, by a table of what its modules are: names and shapes, and that such files load strictly.
import { loadWeights, Rng, torchStateOf } from "@pellucid/core-train";
import { cosineSchedule, GaussianDiffusion, Unet, type UnetOptions } from "@pellucid/generative";
import { describe, expect, test } from "vitest";
import { useBackend } from "@pellucid/backends";

type Shapes = Record<string, readonly number[]>;

/** `Block`, twice, with what the time says between, and a convolution where the number of channels changes. */
const resnet = (from: number, to: number, time: number): Shapes => ({
  "mlp.1.weight": [2 * to, time],
  "mlp.1.bias": [2 * to],
  "block1.proj.weight": [to, from, 3, 3],
  "block1.proj.bias": [to],
  "block1.norm.g": [1, to, 1, 1],
  "block2.proj.weight": [to, to, 3, 3],
  "block2.proj.bias": [to],
  "block2.norm.g": [1, to, 1, 1],
  ...(from !== to && { "res_conv.weight": [to, from, 1, 1], "res_conv.bias": [to] }),
});

const attention = (channels: number, [heads, each]: readonly [number, number]): Shapes => ({
  "norm.g": [1, channels, 1, 1],
  mem_kv: [2, heads, 4, each],
  "to_qkv.weight": [3 * heads * each, channels, 1, 1],
  "to_out.weight": [channels, heads * each, 1, 1],
  "to_out.bias": [channels],
});

const linearAttention = (channels: number, [heads, each]: readonly [number, number]): Shapes => ({
  "norm.g": [1, channels, 1, 1],
  mem_kv: [2, heads, each, 4],
  "to_qkv.weight": [3 * heads * each, channels, 1, 1],
  "to_out.0.weight": [channels, heads * each, 1, 1],
  "to_out.0.bias": [channels],
  "to_out.1.g": [1, channels, 1, 1],
});

const convolution = (from: number, to: number, size: number): Shapes => ({
  weight: [to, from, size, size],
  bias: [to],
});

const under = (prefix: string, shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`${prefix}.${name}`, shape]));

interface Config {
  readonly dim: number;
  readonly mults: readonly number[];
  readonly channels: number;
  readonly initDim?: number;
  readonly isSelfConditioned?: boolean;
  readonly hasVariance?: boolean;
  readonly full?: readonly boolean[];
  readonly heads?: readonly [number, number];
}

/** Names and shapes of `Unet(dim, init_dim, dim_mults, channels, self_condition, learned_variance, full_attn, attn_heads, attn_dim_head)`. */
function declared({ dim, mults, channels, heads = [4, 32], initDim = dim, ...config }: Config): Shapes {
  const time = 4 * dim;
  const last = mults.length - 1;
  const sizes = [initDim, ...mults.map((mult) => mult * dim)];
  const at = (i: number): number => sizes[i] ?? NaN;
  const attend = (channel: number, i: number) =>
    ((config.full ?? mults.map((_, k) => k === last))[i] ? attention : linearAttention)(channel, heads);
  const middle = at(mults.length);
  const shapes: Shapes[] = [
    under("init_conv", convolution(channels * (config.isSelfConditioned ? 2 : 1), initDim, 7)),
    { "time_mlp.1.weight": [time, dim], "time_mlp.1.bias": [time] }, // 0 and 2 have no weights
    { "time_mlp.3.weight": [time, time], "time_mlp.3.bias": [time] },
    under("mid_block1", resnet(middle, middle, time)),
    under("mid_attn", attention(middle, heads)),
    under("mid_block2", resnet(middle, middle, time)),
    under("final_res_block", resnet(2 * initDim, initDim, time)),
    under("final_conv", convolution(initDim, channels * (config.hasVariance ? 2 : 1), 1)),
  ];
  for (const [i] of mults.entries()) {
    const [from, to] = [at(i), at(i + 1)];
    const [down, up] = [`downs.${i}`, `ups.${last - i}`];
    shapes.push(under(`${down}.0`, resnet(from, from, time)), under(`${down}.1`, resnet(from, from, time)));
    shapes.push(under(`${down}.2`, attend(from, i)));
    shapes.push(
      i === last
        ? under(`${down}.3`, convolution(from, to, 3))
        : under(`${down}.3.1`, convolution(4 * from, to, 1)), // 0 moves pixels into channels
    );
    shapes.push(under(`${up}.0`, resnet(from + to, to, time)), under(`${up}.1`, resnet(from + to, to, time)));
    shapes.push(under(`${up}.2`, attend(to, i)));
    shapes.push(under(i === 0 ? `${up}.3` : `${up}.3.1`, convolution(to, from, 3))); // 0 repeats pixels
  }
  return Object.assign({}, ...shapes) as Shapes;
}

const configs: Readonly<Record<string, readonly [Config, (rng: Rng) => readonly [number, UnetOptions]]>> = {
  "its defaults": [{ dim: 8, mults: [1, 2, 4, 8], channels: 3 }, (rng) => [8, { rng }]],
  "the README's, full attention in the last of four": [
    { dim: 8, mults: [1, 2, 4, 8], channels: 3, full: [false, false, false, true] },
    (rng) => [8, { rng, fullAttn: [false, false, false, true] }],
  ],
  "gray images, another first convolution, self-conditioning and a variance": [
    {
      dim: 8,
      mults: [1, 3],
      channels: 1,
      initDim: 12,
      isSelfConditioned: true,
      hasVariance: true,
      full: [true, false],
      heads: [2, 6],
    },
    (rng) => [
      8,
      {
        rng,
        dimMults: [1, 3],
        channels: 1,
        initDim: 12,
        contextChannels: 1,
        learnedVariance: true,
        fullAttn: [true, false],
        attnHeads: 2,
        attnDimHead: 6,
      },
    ],
  ],
};

/** The buffers of `GaussianDiffusion` in a file, one number per step. */
const buffers =
  "betas alphas_cumprod alphas_cumprod_prev sqrt_alphas_cumprod sqrt_one_minus_alphas_cumprod log_one_minus_alphas_cumprod sqrt_recip_alphas_cumprod sqrt_recipm1_alphas_cumprod posterior_variance posterior_log_variance_clipped posterior_mean_coef1 posterior_mean_coef2 loss_weight".split(
    " ",
  );

describe.each(Object.entries(configs))("a U-Net with %s", (_, [config, options]) => {
  const make = () => new Unet(...options(new Rng(0)));
  const shapes = declared(config);

  test("has the declared names and shapes", async () => {
    await useBackend({ only: "cpu" });
    const state = await torchStateOf(make());
    expect(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, [...shape]]))).toEqual(
      shapes,
    );
  });

  test("and a file of the diffusion around it loads strictly, each number where it belongs", async () => {
    const values = new Rng(1);
    const state = Object.fromEntries(
      Object.entries(under("model", shapes)).map(([name, shape]) => [
        name,
        { dtype: "float32" as const, shape: [...shape], data: values.rand([...shape]).data },
      ]),
    );
    const steps = 10;
    const extra = Object.fromEntries(
      buffers.map((name) => [
        name,
        { dtype: "float32" as const, shape: [steps], data: new Float32Array(steps) },
      ]),
    );
    const diffusion = new GaussianDiffusion(make(), { schedule: cosineSchedule(steps) });
    const report = loadWeights(diffusion, { ...state, ...extra });
    expect(report.missing).toEqual([]);
    const loaded = await torchStateOf(diffusion);
    for (const [name, { data }] of Object.entries(state))
      expect([...(loaded[name]?.data ?? [])]).toEqual([...data]);
    const { [`model.mid_attn.mem_kv`]: _gone, ...rest } = state;
    expect(() => loadWeights(diffusion, rest)).toThrow(/mem_kv|memKv/u);
  });
});
