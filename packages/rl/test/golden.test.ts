// Gymnasium's and NumPy's own numbers, and cases that were worked by hand in 64 bits.
import { useBackend } from "@pellucid/backends";
import { gradient, huberLoss, mseLoss } from "@pellucid/core-train";
import {
  Categorical,
  generalizedAdvantages,
  nStepReturns,
  ppoLoss,
  PrioritizedReplayBuffer,
  qOf,
  TanhGaussian,
  tdTargets,
} from "@pellucid/rl";
import {
  type Env,
  type EnvId,
  type FrozenLakeOptions,
  lakeMaps,
  make,
  NumpyGenerator,
  SyncVectorEnv,
  type TimeLimit,
} from "@pellucid/rl/environments";
import { valueIteration } from "@pellucid/rl/tabular";
import { fixture } from "@pellucid/testing";
import { add, sum, type Tensor, tensor1d, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

type Json = any; // oxlint-disable-line typescript/no-explicit-any -- the cases have as many shapes as kinds

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Json;
  readonly right: Json;
  readonly tolerance: number;
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/cases.json");

/** What tensors of 32 bits can hold of numbers of about this size. */
const single = 2e-6;

beforeAll(() => useBackend({ only: "cpu" }));

function near(found: Json, right: Json, tolerance: number, path = ""): void {
  if (typeof right === "number") {
    const wanted = `${path}: ${found} is not ${right}`;
    expect(Math.abs(Number(found) - right), wanted).toBeLessThanOrEqual(tolerance * (1 + Math.abs(right)));
    return;
  }
  expect(Object.keys(found), path).toHaveLength(Object.keys(right).length);
  for (const [key, each] of Object.entries(right)) near(found[key], each, tolerance, `${path}.${key}`);
}

function create({ env, options }: { env: string; options: Json }): Env {
  const given: FrozenLakeOptions = {
    ...(options.is_slippery !== undefined && { isSlippery: options.is_slippery }),
    ...(options.success_rate !== undefined && { successRate: options.success_rate }),
    ...(options.map_name !== undefined && { map: lakeMaps[options.map_name as "4x4" | "8x8"] }),
    ...(options.desc !== undefined && { map: options.desc }),
  };
  return make(env as EnvId, ...((Object.keys(given).length > 0 ? [given] : []) as [])) as Env;
}

function play(input: Json): Json {
  const env = create(input);
  const state = () => ((env as TimeLimit<number, number, any>).env ?? env).state; // oxlint-disable-line typescript/no-explicit-any
  const numbers = (x: Float32Array | number) => (typeof x === "number" ? x : Array.from(x));
  const observations = [numbers(env.reset({ seed: input.seed }).observation)];
  const [rewards, terminated, truncated]: number[][] = [[], [], []];
  for (const action of input.actions) {
    const step = env.step(env.actionSpace.kind === "box" ? [action] : action);
    observations.push(numbers(step.observation));
    rewards?.push(step.reward);
    terminated?.push(Number(step.terminated));
    truncated?.push(Number(step.truncated));
    if (step.terminated || step.truncated) break;
  }
  return { observations, rewards, terminated, truncated, stepsTaken: rewards?.length, finalState: state() };
}

const matrix = (rows: number[][]) => tensor2d(rows) as Tensor2D;
const list = (x: Tensor) => Array.from(x.dataSync());
const table = (x: Tensor) => x.arraySync() as number[][];

const runs: Readonly<Record<string, (c: Case) => void>> = {
  "seeded-generator": ({ input, right, tolerance }) => {
    const many = (n: number, draw: (random: NumpyGenerator) => number) => {
      const random = new NumpyGenerator(input.seed);
      return Array.from({ length: n }, () => draw(random));
    };
    const found = {
      random5: many(5, (random) => random.random()),
      uniform4: many(4, (random) => random.uniform(-0.05, 0.05)),
      integers8below4: many(8, (random) => random.integers(0, 4)),
      integers5to100: many(6, (random) => random.integers(5, 101)),
      normal4: many(4, (random) => random.standardNormal()),
    };
    near(found, right, tolerance);
  },
  "time-limit": ({ input, right }) => {
    const env = create(input);
    env.reset({ seed: input.seed });
    let steps = 0;
    for (;;) {
      const { terminated, truncated } = env.step(input.constantAction);
      steps++;
      if (!terminated && !truncated) continue;
      expect({ steps, terminated: Number(terminated), truncated: Number(truncated) }).toEqual(right);
      return;
    }
  },
  "vector-autoreset-next-step": ({ input, right, tolerance }) => {
    const envs = new SyncVectorEnv<Float32Array, number>([make("CartPole-v1"), make("CartPole-v1")]);
    const found = {
      obs: [envs.reset({ seed: input.seeds })],
      reward: [] as Json[],
      terminated: [] as Json[],
    };
    for (const action of input.actionsEnv0) {
      const step = envs.step([action, 1 - action]);
      found.obs.push(step.observations);
      found.reward.push(step.rewards);
      found.terminated.push(step.terminated.map(Number));
    }
    near(found, right, tolerance);
  },
  "gae-truncation": ({ input, right, tolerance }) => {
    const {
      valueOfFinalObservation: finalValues,
      valueAfterLast: nextValue,
      gamma,
      lam: lambda,
      ...steps
    } = input;
    near(generalizedAdvantages({ ...steps, finalValues, nextValue }, { gamma, lambda }), right, tolerance);
  },
  "n-step-return": ({ input: { valuesAtStates: values, n, gamma, ...steps }, right, tolerance }) => {
    const { returns, bootstrapFactors: bootstrapFactor } = nStepReturns({ ...steps, values }, { n, gamma });
    near({ returns, bootstrapFactor }, right, tolerance);
  },
  "dqn-targets": ({ input, right }) => {
    tidy(() => {
      const batch = {
        rewards: tensor1d(input.reward),
        terminated: tensor1d(input.terminated),
        nextQ: matrix(input.qNextTarget),
      };
      const [actions, gamma] = [tensor1d(input.action, "int32"), { gamma: input.gamma }];
      const target = tdTargets(batch, gamma);
      const errors = (loss: typeof mseLoss) => (q: Tensor) => loss(qOf(q as Tensor2D, actions), target);
      const found = {
        target: list(target),
        doubleTarget: list(tdTargets({ ...batch, nextOnlineQ: matrix(input.qNextOnline) }, gamma)),
        mse: list(errors(mseLoss)(matrix(input.q)))[0],
        gradQ: table(gradient(errors(mseLoss))(matrix(input.q))),
        huber: list(errors(huberLoss)(matrix(input.q)))[0],
      };
      near(found, right, single);
    });
  },
  "ppo-loss": ({ input, right }) => {
    tidy(() => {
      const actions = tensor1d(input.actions, "int32");
      const old = new Categorical(matrix(input.oldLogits)).logProb(actions);
      const then = {
        logProb: old,
        values: tensor1d(input.oldValues),
        advantages: tensor1d(input.advantages),
        returns: tensor1d(input.returns),
      };
      const { clip, valueClip, entropyCoef, valueCoef } = input;
      const lossOf = (logits: Tensor, values: Tensor) => {
        const policy = new Categorical(logits as Tensor2D);
        const now = { logProb: policy.logProb(actions), entropy: policy.entropy(), values: values as never };
        return ppoLoss(now, then, { clip, valueClip, entropyCoef, valueCoef });
      };
      const [logits, values] = [matrix(input.logits), tensor1d(input.values)];
      const { loss: total, ...parts } = lossOf(logits, values);
      const found = {
        ...Object.fromEntries(Object.entries({ total, ...parts }).map(([name, x]) => [name, list(x)[0]])),
        gradLogits: table(gradient((x) => lossOf(x, values).loss)(logits)),
        gradValues: list(gradient((x) => lossOf(logits, x).loss)(values)),
      };
      near(found, right, single);
    });
  },
  "tanh-gaussian-log-prob": ({ input, right }) => {
    tidy(() => {
      const { low, high } = input;
      const sampled = (meanOf: Tensor, logStd: Tensor) =>
        new TanhGaussian(meanOf as Tensor2D, logStd as Tensor2D, { low, high }).fromNoise(
          matrix(input.noise),
        );
      const [center, logStd] = [matrix(input.mean), matrix(input.logStd)];
      const { action, logProb } = sampled(center, logStd);
      const found = {
        action: table(action),
        logProb: list(logProb),
        gradMean: table(gradient((x) => sum(sampled(x, logStd).logProb))(center)),
        gradLogStd: table(gradient((x) => sum(sampled(center, x).logProb))(logStd)),
      };
      near(found, right, single);
    });
  },
  "prioritized-weights": ({ input, right, tolerance }) => {
    const { priorities, alpha, beta, sampled, tdErrors, eps } = input;
    const buffer = new PrioritizedReplayBuffer({
      capacity: 8,
      observationSize: 1,
      actionSize: null,
      alpha,
      eps,
    });
    const step = { observation: [0], action: 0, reward: 0, nextObservation: [0], terminated: false };
    for (const [i, priority] of priorities.entries()) {
      buffer.add(step);
      buffer.setPriority(i, priority);
    }
    const found = {
      probabilities: buffer.probabilities(),
      weightsByBufferMax: buffer.weights(sampled, { beta }),
      weightsByBatchMax: buffer.weights(sampled, { beta, relativeTo: "batch" }),
    };
    const { newPriorities, ...before } = right;
    near(found, before, single);
    for (const [i, index] of sampled.entries()) {
      buffer.update([index], [tdErrors[i]]);
      near(buffer.priorities[index], newPriorities[i], tolerance);
    }
  },
  "value-iteration": ({ input, right, tolerance }) => {
    const lake = (create(input) as TimeLimit<number, number, ReturnType<typeof make<"FrozenLake-v1">>["env"]>)
      .env;
    const { values, q, policy } = valueIteration(lake, { gamma: input.gamma });
    const ties = q.map((row) => row.filter((value) => value > Math.max(...row) - 1e-9).length);
    near({ V: values, Qstart: q[0], greedy: policy, ties }, right, tolerance);
  },
  "masked-action-entropy": ({ input, right }) => {
    tidy(() => {
      const [mask, actions] = [matrix(input.mask), tensor1d(input.actions, "int32")];
      const of = (logits: Tensor) => new Categorical(logits as Tensor2D, mask);
      const policy = of(matrix(input.logits));
      const found = {
        probs: table(policy.probabilities()),
        entropy: list(policy.entropy()),
        logProb: list(policy.logProb(actions)),
        gradOfEntropyPlusLogProb: table(
          gradient((x) => sum(add(of(x).entropy(), of(x).logProb(actions))))(matrix(input.logits)),
        ),
      };
      near(found, right, single);
    });
  },
};

test.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
  if (c.kind.startsWith("trajectory-")) near(play(c.input), c.right, c.tolerance);
  else (runs[c.kind] as (c: Case) => void)(c);
});

test("every kind is there", () => {
  expect(new Set(cases.map(({ kind }) => kind)).size).toBe(17);
});
