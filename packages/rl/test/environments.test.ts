import { OptionError, ShapeError } from "@pellucid/core-train";
import {
  Acrobot,
  Box,
  CartPole,
  CliffWalking,
  Discrete,
  type Env,
  EpisodeError,
  FrozenLake,
  GridWorld,
  make,
  MountainCar,
  NumpyGenerator,
  Pendulum,
  randomLakeMap,
  SyncVectorEnv,
  TimeLimit,
} from "@pellucid/rl/environments";
import { expect, test } from "vitest";

const all: Readonly<Record<string, () => Env<never, never>>> = {
  CartPole: () => new CartPole() as never,
  MountainCar: () => new MountainCar() as never,
  Acrobot: () => new Acrobot() as never,
  Pendulum: () => new Pendulum() as never,
  ContinuousMountainCar: () => make("MountainCarContinuous-v0") as never,
  FrozenLake: () => new FrozenLake() as never,
  CliffWalking: () => new CliffWalking() as never,
  GridWorld: () => new GridWorld(["S.G", ".#H"]) as never,
};

test.each(Object.entries(all))(
  "%s gives observations of its space, and the same episode for a seed",
  (_, create) => {
    const play = () => {
      const env = create() as unknown as Env;
      const random = new NumpyGenerator(1);
      const seen: unknown[] = [env.reset({ seed: 4 }).observation];
      for (let i = 0; i < 300; i++) {
        const { observation, reward, terminated, truncated } = env.step(env.actionSpace.sample(random));
        seen.push(observation, reward);
        expect(
          env.observationSpace.contains(observation) || terminated,
          `observation ${String(observation)}`,
        ).toBe(true);
        if (terminated || truncated) seen.push(env.reset().observation);
      }
      return seen;
    };
    expect(play()).toEqual(play());
  },
);

test.each(Object.entries(all))(
  "%s refuses steps outside an episode and actions outside its space",
  (_, create) => {
    const env = create() as unknown as Env;
    expect(() => env.reset()).toThrow(EpisodeError);
    expect(() => env.step(0)).toThrow(EpisodeError);
    env.reset({ seed: 0 });
    for (const wrong of [NaN, -1, 9, 0.5, [NaN], [1, 2], "left", undefined])
      if (env.actionSpace.kind === "discrete")
        expect(() => env.step(wrong as never), String(wrong)).toThrow(OptionError);
    expect(() => env.reset({ seed: -1 })).toThrow(OptionError);
    expect(() => env.reset({ seed: 0.5 })).toThrow(OptionError);
  },
);

test("a step after the end of an episode is an error until the next reset", () => {
  const env = new CartPole();
  env.reset({ seed: 3 });
  while (!env.step(1).terminated);
  expect(() => env.step(1)).toThrow(
    new EpisodeError("CartPole: step after the end of the episode. Call reset first."),
  );
  env.reset();
  expect(env.step(0).reward).toBe(1);
});

test("a pendulum clips torques, and refuses what is no number", () => {
  const [strong, strongest] = [new Pendulum(), new Pendulum()];
  for (const env of [strong, strongest]) env.reset({ seed: 0 });
  expect(strong.step([9])).toEqual(strongest.step([2]));
  expect(() => strong.step([NaN])).toThrow(OptionError);
  expect(() => strong.step([1, 1])).toThrow(OptionError);
});

test("a time limit truncates, and does not terminate", () => {
  const env = new TimeLimit<Float32Array, number, MountainCar>(new MountainCar(), 2);
  env.reset({ seed: 0 });
  expect(env.step(1)).toMatchObject({ terminated: false, truncated: false });
  expect(env.step(1)).toMatchObject({ terminated: false, truncated: true });
  expect(() => env.step(1)).toThrow(EpisodeError);
});

test("environments that reset in the same step give the last observation with the first", () => {
  const create = () => new TimeLimit<Float32Array, number, CartPole>(new CartPole(), 3);
  const [alone, envs] = [create(), new SyncVectorEnv([create()], { autoreset: "sameStep" })];
  alone.reset({ seed: 2 });
  envs.reset({ seed: 2 });
  for (let i = 0; i < 2; i++) expect(envs.step([1]).observations[0]).toEqual(alone.step(1).observation);
  const together = envs.step([1]);
  expect(together.finalObservations[0]).toEqual(alone.step(1).observation);
  expect(together).toMatchObject({ truncated: [true], wasReset: [false] });
  expect(together.observations[0]).toEqual(alone.reset().observation);
  expect(() => envs.step([1, 0])).toThrow(ShapeError);
  expect(() => new SyncVectorEnv([])).toThrow(OptionError);
  expect(() => new SyncVectorEnv([create()]).step([0])).toThrow(EpisodeError);
});

test("make knows Gymnasium's ids, and names them for one that it does not know", () => {
  expect(() => make("CartPole-v9" as "CartPole-v1")).toThrow(
    /^make: id is "CartPole-v9", expected one of CartPole-v0, /,
  );
});

test("random maps have a way to the goal, and a seed's map is Gymnasium's", () => {
  // gymnasium.envs.toy_text.frozen_lake.generate_random_map(size=4, p=0.6, seed=s)
  expect(randomLakeMap({ seed: 1, size: 4, p: 0.6 })).toEqual(golden[1]);
  expect(randomLakeMap({ seed: 2, size: 4, p: 0.6 })).toEqual(golden[2]);
  expect(() => randomLakeMap({ seed: 0, p: 0 })).toThrow(OptionError);
  expect(() => new FrozenLake({ map: ["SF", "F"] })).toThrow(OptionError);
  expect(() => new FrozenLake({ map: ["FF", "FG"] })).toThrow(OptionError);
  expect(() => new GridWorld(["##"])).toThrow(OptionError);
});

const golden: Readonly<Record<number, string[]>> = {
  1: ["SFFF", "HFFH", "HHFF", "FHFG"],
  2: ["SHFF", "FFHH", "FHFH", "FFFG"],
};

test("spaces say what they contain", () => {
  expect([0, 2, -1, 3, 0.5, "1"].map((x) => new Discrete(3).contains(x))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  const box = new Box([0, -1], [1, Infinity]);
  expect([[0, 5], [0], [2, 0], [0, NaN], 3].map((x) => box.contains(x))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(() => new Box([1], [0])).toThrow(OptionError);
  expect(() => new Box([1], [])).toThrow(ShapeError);
  expect(() => new Discrete(0)).toThrow(OptionError);
});

test("many draws have the mean and the deviation of their distribution, tails included", () => {
  const random = new NumpyGenerator(5);
  const draws = Float64Array.from({ length: 200_000 }, () => random.standardNormal());
  const powerMean = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
  // five deviations of each estimate: √(1/n), √(2/n), √(96/n)
  expect(Math.abs(powerMean(1))).toBeLessThan(5 * Math.sqrt(1 / draws.length));
  expect(Math.abs(powerMean(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / draws.length));
  expect(Math.abs(powerMean(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / draws.length));
  expect(draws.filter((x) => Math.abs(x) > 3.66).length).toBeGreaterThan(20);
});
