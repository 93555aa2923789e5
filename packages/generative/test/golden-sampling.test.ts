// Values from outside for schedules, solvers and weights, in 64 bits: the solvers run on arrays.
import { useBackend } from "@pellucid/backends";
import { AveragedModel, ema, emaWithWarmup, Module, OptionError, parameter } from "@pellucid/core-train";
import {
  classifierFreeGuidance,
  consistencyPreconditioning,
  cosineSchedule,
  ddim,
  type Denoised,
  dpmSolver,
  edmPreconditioning,
  euler,
  GaussianDiffusion,
  heun,
  karrasLevels,
  linearSchedule,
  lossWeights,
  noiseFactors,
  type NoiseLevel,
  NoiseSchedule,
  sigmoidSchedule,
  type Solver,
  targetFactors,
  timeEmbedding,
  timestepSpacing,
  x0Factors,
  zeroTerminalSnr,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import { type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

type Values = number | string | readonly Values[] | { readonly [name: string]: Values };
interface Case {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has fields of its own
  readonly input: any;
  readonly right: Values;
  readonly tolerance: number;
}

beforeAll(() => useBackend({ only: "cpu" }));

const schedules = { linear: linearSchedule, cosine: cosineSchedule, sigmoid: sigmoidSchedule };
type Name = keyof typeof schedules;
const scaledLinear = linearSchedule(100);

/** Normal examples of one mean and variance, whose clean estimate is known: `E[x₀ | x]`. */
const normalExamples =
  (mean: number, variance: number, clip = Infinity) =>
  (x: Float64Array, { alpha, sigma }: NoiseLevel): Denoised<Float64Array> => ({
    x0: x.map((value) => {
      const x0 = mean + ((alpha * variance) / (alpha ** 2 * variance + sigma ** 2)) * (value - alpha * mean);
      return Math.min(Math.max(x0, -clip), clip);
    }),
  });

/** Runs a solver in 64 bits: `x` and the estimate after each step. */
function solve(
  solver: Solver,
  levels: readonly NoiseLevel[],
  start: readonly number[],
  denoise: (x: Float64Array, level: NoiseLevel) => Denoised<Float64Array>,
  noises: readonly (readonly number[])[] = [],
) {
  const xs: number[][] = [];
  const estimates: number[][] = [];
  let x = Float64Array.from(start);
  let previous: { x0: Float64Array; from: NoiseLevel } | null = null;
  for (const [i, from] of levels.slice(0, -1).entries()) {
    const result: { x: Float64Array; x0: Float64Array } = solver<Float64Array>({
      x,
      from,
      to: levels[i + 1] as NoiseLevel,
      steps: levels.length - 1,
      isLast: i === levels.length - 2,
      previous,
      denoise,
      noise: () => Float64Array.from(noises[i] as number[]),
      combine: (...terms) =>
        x.map((_, k) => terms.reduce((sum, [weight, values]) => sum + weight * (values[k] as number), 0)),
    });
    x = Float64Array.from(result.x);
    previous = { x0: result.x0, from };
    xs.push([...result.x]);
    estimates.push([...result.x0]);
  }
  return { x: xs, x0: estimates };
}

const list = (values: ArrayLike<number>): number[] => Array.from(values);
const [meanOf, varianceOf] = [/N\(([-.\d]+)/u, /variance ([.\d]+)/u].map(
  (pattern) => (text: string) => Number(pattern.exec(text)?.[1]),
) as [(text: string) => number, (text: string) => number];

/** From the case's input to what is comparable with its `right`. */
const kinds: Record<string, (input: Case["input"], right: Record<string, Values>) => Record<string, Values>> =
  {
    "schedule-and-posterior": ({ schedule, steps }) => {
      const made = schedules[schedule as Name](steps);
      return {
        betas: list(made.betas),
        alphas_cumprod: list(made.alphasCumprod),
        posterior_variance: list(made.posteriorVariance),
        posterior_log_variance_clipped: list(made.posteriorLogVarianceClipped),
        log_with_second_value_at_0: list(made.posteriorVariance).map((_, t) => made.logVarianceRange(t)[0]),
        coef_x0: list(made.posteriorMeanX0),
        coef_xt: list(made.posteriorMeanXt),
      };
    },
    "scaled-linear-schedule-too-short": ({ steps }, { rule, last_beta: last }) => {
      expect(() => linearSchedule(steps)).toThrow(OptionError);
      expect(() => linearSchedule(steps)).toThrow(`β would reach ${last as number}`);
      return { rule: rule as Values, last_beta: last as Values };
    },
    "timestep-spacing": ({ train_steps: trainSteps, steps }) => ({
      leading_offset_0: timestepSpacing(trainSteps, steps, "leading"),
      trailing: timestepSpacing(trainSteps, steps, "trailing"),
      linspace: timestepSpacing(trainSteps, steps, "linspace"),
      "lucidrains_pairs_from_linspace_-1_to_T-1": [...timestepSpacing(trainSteps, steps, "pairs"), -1],
    }),
    "ddim-steps": ({ timesteps, x_T, noise_per_step, eta, clip_x0_to_1: isClipped, denoiser }) => {
      const levels = (timesteps as number[]).map((t) => scaledLinear.level(t));
      const denoise = normalExamples(meanOf(denoiser), varianceOf(denoiser), isClipped ? 1 : Infinity);
      const found = solve(ddim({ eta }), levels, x_T, denoise, noise_per_step);
      const zero = new Float64Array(1);
      const sigma = levels.slice(0, -1).map((from, i) => {
        const weights: number[] = [];
        const one = Float64Array.of(1);
        ddim({ eta })<Float64Array>({
          x: zero,
          from,
          to: levels[i + 1] as NoiseLevel,
          steps: 4,
          isLast: false,
          previous: null,
          denoise: () => ({ x0: zero }),
          noise: () => one,
          combine: (...terms) => {
            weights.push(terms.find(([, value]) => value === one)?.[0] ?? 0);
            return zero;
          },
        });
        return weights[0] as number;
      });
      return { ...found, sigma };
    },
    "zero-terminal-snr": ({ betas, x_T: x, v_T: v }, right) => {
      const shifted = zeroTerminalSnr(new NoiseSchedule(betas));
      const last = shifted.level(shifted.steps - 1);
      const [clean, noise] = [x0Factors("pred_v", last), noiseFactors("pred_v", last)];
      expect(() => x0Factors("pred_noise", last)).toThrow(OptionError);
      expect(() => lossWeights(shifted, "pred_noise", 5)).toThrow(OptionError);
      const net = new Net();
      expect(() => new GaussianDiffusion(net, { schedule: shifted, objective: "pred_noise" })).toThrow(
        OptionError,
      );
      net.dispose();
      const mixed = ({ ofX, ofOutput }: typeof clean): number[] =>
        (x as number[]).map((value, i) => ofX * value + ofOutput * v[i]);
      return {
        alphas_cumprod: list(shifted.alphasCumprod),
        betas: list(shifted.betas),
        x0_from_v_at_T: mixed(clean),
        eps_from_v_at_T: mixed(noise),
        min_snr_5_weight_v: list(lossWeights(shifted, "pred_v", 5)),
        eps_prediction: right["eps_prediction"] as Values,
      };
    },
    "min-snr-weights": ({ schedule, steps, gamma }) => {
      const made = schedules[schedule as Name](steps);
      return {
        snr: list(made.snr),
        eps: list(lossWeights(made, "pred_noise", gamma)),
        x0: list(lossWeights(made, "pred_x0", gamma)),
        v: list(lossWeights(made, "pred_v", gamma)),
      };
    },
    "v-prediction": ({ alpha_bar: shares, x0, eps }) => {
      const levels = (shares as number[]).map((share) => ({
        alpha: Math.sqrt(share),
        sigma: Math.sqrt(1 - share),
        time: 0,
      }));
      const x = levels.map(({ alpha, sigma }, i) => alpha * x0[i] + sigma * eps[i]);
      const v = levels.map((level, i) => {
        const { ofX0, ofNoise } = targetFactors("pred_v", level);
        return ofX0 * x0[i] + ofNoise * eps[i];
      });
      const back = (factors: typeof x0Factors): number[] =>
        levels.map((level, i) => {
          const { ofX, ofOutput } = factors("pred_v", level);
          return ofX * (x[i] as number) + ofOutput * (v[i] as number);
        });
      return { x, v, x0_back: back(x0Factors), eps_back: back(noiseFactors) };
    },
    "learned-variance-and-respacing": ({ steps, t, model_v: v, respaced_to: kept }) => {
      const made = linearSchedule(steps);
      const respaced = made.respace(kept);
      return {
        variance: (t as number[]).map((at, i) => Math.exp(made.learnedLogVariance(at, v[i]))),
        respaced_betas: list(respaced.betas),
        respaced_posterior_variance: list(respaced.posteriorVariance),
      };
    },
    edm: ({ steps, sigma_min, sigma_max, rho, sigma_data, x_start, denoiser, sigma_probe }) => {
      const levels = karrasLevels(steps, { sigmaMin: sigma_min, sigmaMax: sigma_max, rho });
      const denoise = normalExamples(meanOf(denoiser), varianceOf(denoiser));
      const probe = (sigma_probe as number[]).map((sigma) => edmPreconditioning(sigma, sigma_data));
      const consistent = (sigma_probe as number[]).map((sigma) =>
        consistencyPreconditioning(sigma, sigma_data, sigma_min),
      );
      return {
        sigmas: levels.map(({ sigma }) => sigma),
        heun: solve(heun(), levels, x_start, denoise).x,
        euler: solve(euler(), levels, x_start, denoise).x,
        c_skip: probe.map(({ skip }) => skip),
        c_out: probe.map(({ out }) => out),
        c_in: probe.map((made) => made.in),
        c_noise: probe.map(({ noise }) => noise),
        loss_weight: probe.map(({ lossWeight }) => lossWeight),
        consistency_c_skip_sigma_min: consistent.map(({ skip }) => skip),
        consistency_c_out: consistent.map(({ out }) => out),
      };
    },
    "dpm-solver-pp": ({ timesteps, x_start, denoiser, lower_order_final: lowerOrderFinal }) => {
      const levels = (timesteps as number[]).map((t) => scaledLinear.level(t));
      const denoise = normalExamples(meanOf(denoiser), varianceOf(denoiser));
      const second = solve(dpmSolver({ lowerOrderFinal }), levels, x_start, denoise).x;
      const end = [levels.at(-1) as NoiseLevel, scaledLinear.level(-1)];
      return {
        first_order: solve(dpmSolver({ order: 1 }), levels, x_start, denoise).x,
        ddim_eta_0: solve(ddim(), levels, x_start, denoise).x,
        second_order_multistep: second,
        final_x0_second: solve(dpmSolver(), end, second.at(-1) as number[], denoise).x[0] as number[],
      };
    },
    "classifier-free-guidance": ({ conditional, unconditional, scale, rescale_phi: rescale }) => {
      const [c, u] = [tensor2d([conditional]), tensor2d([unconditional])];
      const guided = (options: Parameters<typeof classifierFreeGuidance>[2]): number[] =>
        read(classifierFreeGuidance(c, u, options));
      return {
        scale_form_u_plus_s_times_c_minus_u: guided({ scale }),
        paper_form_w: { w: scale - 1, value: guided({ scale }) },
        rescaled_std_ddof_1: guided({ scale, rescale }),
      };
    },
    "ema-warm-up": ({ initial_weight: initial, weights_at_updates: updates, decay }) => {
      const averages = (average: ReturnType<typeof ema>): number[] => {
        const net = new Net(initial);
        const averaged = new AveragedModel(net, { average });
        const found = (updates as number[]).map((weight) => {
          net.weight.assign(tensor1d([weight]));
          averaged.update();
          return averaged.module["weight"]?.dataSync()[0] as number;
        });
        averaged.dispose();
        net.dispose();
        return found;
      };
      return {
        torch_averaged_model: averages(ema(decay)),
        decay_min_1_plus_n_over_10_plus_n: averages(emaWithWarmup(decay)),
        power_2_3_inv_gamma_1: averages(emaWithWarmup(decay, { invGamma: 1, power: 2 / 3 })),
      };
    },
    "time-embedding": ({ dim, t }) => {
      const times = tensor1d(t);
      const rows = (layout: "lucidrains" | "openai"): number[][] =>
        timeEmbedding(times, dim, { layout }).arraySync() as number[][];
      return { half_minus_1_sin_cos: rows("lucidrains"), half_cos_sin: rows("openai") };
    },
  };

/** A net of one weight. */
class Net extends Module {
  readonly weight;

  constructor(value = 0) {
    super();
    this.weight = parameter({ data: Float32Array.of(value), shape: [1] });
  }

  forward({ x }: { readonly x: Tensor }): Tensor {
    return x;
  }
}

const read = (x: Tensor): number[] => [...x.dataSync()];

/** Those that run on a backend are in 32 bits; of an angle near 999 they hold 3e-5, of which most is lost in the period. */
const inSingle: Readonly<Record<string, number>> = {
  "classifier-free-guidance": 2e-7,
  "ema-warm-up": 2e-7,
  "time-embedding": 2e-6,
};

function expectClose(found: Values, right: Values, tolerance: number, path: string): void {
  if (typeof right === "number") {
    expect(
      Math.abs((found as number) - right),
      `${path}: ${found as number}, expected ${right}`,
    ).toBeLessThanOrEqual(tolerance * (1 + Math.abs(right)) + 5e-9 * Math.abs(right)); // the values have nine digits
  } else if (typeof right === "object") {
    expect(Object.keys(found as object).toSorted(), path).toEqual(Object.keys(right).toSorted());
    for (const [name, value] of Object.entries(right))
      expectClose((found as Record<string, Values>)[name] as Values, value, tolerance, `${path}.${name}`);
  } else expect(found, path).toBe(right);
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/sampling.json");

test.each(cases.map((given) => [given.id, given] as const))(
  "%s",
  (_, { kind, input, right, tolerance, id }) => {
    const found = kinds[kind]?.(input, right as Record<string, Values>) ?? {};
    expectClose(found, right, inSingle[kind] ?? tolerance, id);
  },
);

test("every kind has cases", () => {
  expect(Object.keys(kinds).toSorted()).toEqual([...new Set(cases.map(({ kind }) => kind))].toSorted());
});
