import {
  adam,
  checkArguments,
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  DataError,
  Lbfgs,
  mseLoss,
  Optimizer,
  type Rng,
  sizeAlong,
  strongWolfe,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  add,
  dispose,
  gather,
  mul,
  type Scalar,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { KAN } from "./kan.ts";
import { kanPenalty, type KanPenaltyOptions } from "./kan-penalty.ts";

/** Examples for {@link fitKan}. */
export interface KanExamples {
  /** `[example, in]` */
  readonly x: Tensor2D;
  /** `[example, out]` */
  readonly y: Tensor2D;
}

/** Options for {@link fitKan}; the defaults are pykan's. */
export interface FitKanOptions extends KanPenaltyOptions {
  /** L-BFGS with a line search, up to 20 iterations a step; or Adam. Default: `"lbfgs"`. */
  readonly optimizer?: "lbfgs" | "adam";
  /** Default: 100. */
  readonly steps?: number;
  /** Default: 1, which is far too much for Adam. */
  readonly learningRate?: number;
  /** The weight of the {@link kanPenalty}, of which the other options are the parts. Default: 0. */
  readonly lamb?: number;
  /** Whether grids are adapted to the examples while it trains, see {@link KAN.updateGrid}. Default: true. */
  readonly updateGrid?: boolean;
  /** How often. Default: 10. */
  readonly gridUpdateNum?: number;
  /** The step before which grids stay. Default: 0. */
  readonly startGridUpdateStep?: number;
  /** The step from which grids stay. Default: 50. */
  readonly stopGridUpdateStep?: number;
  /** How many examples, drawn for each step, it sees; needs `rng`. Default: all. */
  readonly batch?: number;
  /** Draws the examples of each step. */
  readonly rng?: Rng;
  /** Of outputs and targets. Default: {@link mseLoss}. */
  readonly loss?: (output: Tensor2D, target: Tensor2D) => Tensor;
  /** Examples to measure only. Default: none. */
  readonly test?: KanExamples;
  /** Ends training between two steps. */
  readonly signal?: AbortSignal;
}

/** A step of {@link fitKan}: what the network does after it. */
export interface KanStep {
  /** From 1. */
  readonly step: number;
  /** The square root of the loss of the examples of the step. */
  readonly trainLoss: number;
  /** The square root of the loss of `test`; `null` without. */
  readonly testLoss: number | null;
  /** The penalty; 0 where `lamb` is. */
  readonly reg: number;
}

const penaltyOptions = ["lambL1", "lambEntropy", "lambCoef", "lambCoefdiff"] as const;

/**
 * Trains a network as pykan's `fit` does: the loss and `lamb` times the {@link kanPenalty}, by L-BFGS on all examples, whose grids follow what reaches them.
 *
 * ```ts
 * for await (const { step, trainLoss } of fitKan(model, { x, y }, { lamb: 1e-3, steps: 50 })) console.log(step, trainLoss);
 * ```
 *
 * A step is made when it is asked for: loop over what it returns, or nothing is trained.
 *
 * Liu et al., 2024, section 2.5.1. https://arxiv.org/abs/2404.19756
 *
 * @throws OptionError and ShapeError at once; DataError at the first step, for numbers that are not finite
 *
 * pykan reports what the last evaluation of the line search saw; here it is what the network does after the step. The penalty is pykan's of `"edge_forward_spline_n"`.
 */
export function fitKan(
  model: KAN,
  examples: KanExamples,
  options: FitKanOptions = {},
): AsyncGenerator<KanStep, void, undefined> {
  return train(model, examples, checked(model, examples, options));
}

async function* train(
  model: KAN,
  examples: KanExamples,
  settings: ReturnType<typeof checked>,
): AsyncGenerator<KanStep, void, undefined> {
  const {
    steps,
    batch,
    lamb,
    penalty,
    loss,
    test,
    every,
    from,
    until,
    optimizer,
    learningRate,
    rng,
    signal,
  } = settings;
  await checkFiniteExamples("examples", examples);
  if (test !== undefined) await checkFiniteExamples("test", test);
  const count = sizeAlong(examples.x, 0);
  const own = stepper(model, optimizer, learningRate);
  try {
    for (let step = 0; step < steps && signal?.aborted !== true; step++) {
      const { x, y } = batch < count && rng !== undefined ? drawnExamples(examples, batch, rng) : examples;
      try {
        if (step % every === 0 && step >= from && step < until) await model.updateGrid(x);
        const objective = (): Tensor =>
          tidy(() => {
            const value = loss(model.forward(x), y);
            return lamb === 0 ? value : add(value, mul(lamb, kanPenalty(model, x, penalty)));
          });
        await own.step(objective);
        const read = async (of: () => Tensor): Promise<number> => {
          const value = tidy(of);
          const [number = NaN] = await value.data();
          value.dispose();
          return number;
        };
        yield {
          step: step + 1,
          trainLoss: Math.sqrt(await read(() => loss(model.forward(x), y))),
          testLoss:
            test === undefined ? null : Math.sqrt(await read(() => loss(model.forward(test.x), test.y))),
          reg: lamb === 0 ? 0 : await read((): Scalar => kanPenalty(model, x, penalty)),
        };
      } finally {
        if (x !== examples.x) dispose([x, y]);
      }
      await yieldToEventLoop();
    }
  } finally {
    own.dispose();
  }
}

/** One NaN would make the whole network NaN. */
async function checkFiniteExamples(name: string, { x, y }: KanExamples): Promise<void> {
  for (const [key, tensor] of Object.entries({ x, y })) {
    const at = (await tensor.data()).findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor(at / sizeAlong(tensor, 1));
    throw new DataError(
      `fitKan: ${name}.${key} has a number in row ${row} that is not finite, expected finite ones.`,
    );
  }
}

/** One step of an optimizer, whichever it is. */
function stepper(model: KAN, optimizer: "lbfgs" | "adam", learningRate: number) {
  if (optimizer === "adam") {
    const own = new Optimizer(adam({ learningRate }), trainable(model));
    return { step: (loss: () => Tensor) => trainStep(model, own, loss), dispose: () => own.dispose() };
  }
  const own = new Lbfgs(trainable(model), {
    learningRate,
    historySize: 10,
    lineSearch: strongWolfe,
    toleranceGrad: 0,
    toleranceChange: 0,
  });
  return { step: (loss: () => Tensor) => own.step(loss), dispose: () => {} };
}

/** Some examples, each once; the caller's to free. */
function drawnExamples({ x, y }: KanExamples, batch: number, rng: Rng): KanExamples {
  return tidy(() => {
    const rows = tensor1d(Int32Array.from(rng.randperm(sizeAlong(x, 0)).slice(0, batch)), "int32");
    return { x: gather(x, rows), y: gather(y, rows) };
  });
}

function checked(model: KAN, examples: KanExamples, options: FitKanOptions) {
  checkArguments("fitKan", { "{ actFun, symbolicFun }": { model }, "{ x, y }": { examples } });
  checkOptions("fitKan", options, [
    ...penaltyOptions,
    "optimizer",
    "steps",
    "learningRate",
    "lamb",
    "updateGrid",
    "gridUpdateNum",
    "startGridUpdateStep",
    "stopGridUpdateStep",
    "batch",
    "rng",
    "loss",
    "test",
    "signal",
  ]);
  const { optimizer = "lbfgs", steps = 100, learningRate = 1, lamb = 0, updateGrid = true } = options;
  const { gridUpdateNum = 10, startGridUpdateStep = 0, stopGridUpdateStep = 50 } = options;
  const { loss = mseLoss, test, batch = Infinity, rng, signal } = options;
  checkChoice("fitKan", "optimizer", optimizer, ["lbfgs", "adam"]);
  checkSizes("fitKan", {
    steps,
    gridUpdateNum,
    stopGridUpdateStep,
    ...(batch === Infinity ? {} : { batch }),
  });
  checkSizes("fitKan", { startGridUpdateStep }, 0);
  checkPositive("fitKan", { learningRate });
  checkNotNegative("fitKan", { lamb });
  if (batch !== Infinity) checkRng("fitKan", { rng });
  const [inputs, outputs] = [model.width[0], model.width.at(-1)].map(
    (size) => (size?.[0] ?? 0) + (size?.[1] ?? 0),
  );
  for (const [name, of] of Object.entries({ examples, ...(test === undefined ? {} : { test }) })) {
    checkShape("fitKan", `${name}.x`, of.x, ["example", inputs ?? 0]);
    checkShape("fitKan", `${name}.y`, of.y, [sizeAlong(of.x, 0), outputs ?? 0]);
  }
  const given = penaltyOptions
    .filter((name) => options[name] !== undefined)
    .map((name) => [name, options[name]]);
  const penalty: KanPenaltyOptions = Object.fromEntries(given);
  const every = Math.max(1, Math.floor(stopGridUpdateStep / gridUpdateNum));
  const until = updateGrid ? stopGridUpdateStep : 0;
  return {
    optimizer,
    steps,
    learningRate,
    lamb,
    penalty,
    loss,
    test,
    batch,
    rng,
    signal,
    every,
    from: startGridUpdateStep,
    until,
  };
}
