/** What a program printed, each line as the words that it gave to `console.log`, and how many tensors it left. */
export interface ReadmeRun {
  readonly logged: readonly (readonly unknown[])[];
  readonly tensors: number;
}

/** What a README promises of a program, whole or with some text replaced. */
export interface ReadmeExpectation {
  readonly title: string;
  readonly program: string;
  readonly replace?: readonly [shown: string, by: string];
  readonly holds: (run: ReadmeRun) => boolean;
}

const counting = [1, 2, 3, 0, 1, 2, 3, 0].join();
const numbers = ({ logged }: ReadmeRun): readonly number[] => logged.flat().map(Number);
const continuesCounting = (run: ReadmeRun): boolean => numbers(run).slice(0, 8).join() === counting;

export const readmeExpectations: readonly ReadmeExpectation[] = [
  {
    title: "the first guide's net reads digits",
    program: "guide-start-1",
    holds: ({ logged }) => Number(/accuracy (\d\.\d+)/.exec(String(logged.at(-1)?.[0]))?.[1]) > 0.9,
  },
  {
    title: "the guide to memory leaks nothing",
    program: "guide-memory-1",
    holds: (run) => numbers(run).join() === "2,0",
  },
  {
    title: "the guide's own op has the gradient 2x / (x² + 1)²",
    program: "guide-write-a-layer-2",
    holds: ({ logged }) => logged.at(-1)?.[0] === "0.00,0.50,0.16",
  },
  {
    title: "the guide's own tool adds up for a linear model",
    program: "guide-write-a-tool-1",
    holds: ({ logged }) => logged.flat().join() === "true",
  },
  {
    title: "a project is created, and the next commands are printed",
    program: "create-pellucid-1",
    holds: ({ logged }) => /^cd .*my-net && npm install && npm start$/.test(String(logged[0]?.[0])),
  },
  {
    title: "fit trains a model of records with a loss of its own",
    program: "core-train-2",
    holds: ({ logged }) => logged.length === 10 && Number(logged[9]?.[1]) < Number(logged[0]?.[1]) / 10,
  },
  {
    title: "a loop of steps with two optimizers trains a generator, and frees all but its weights",
    program: "core-train-3",
    holds: ({ logged, tensors }) => {
      const [step, , center] = logged.at(-1) ?? [];
      const ofWeights = 2 * 4;
      const ofAdam = 2 * (2 * 4 + 1); // Adam's first and second moment of each parameter, and a step count
      return step === 600 && Math.abs(Number(center) - 3) < 0.3 && tensors <= ofWeights + ofAdam + 2;
    },
  },
  {
    title: "a policy learns to hold a pole",
    program: "rl-1",
    holds: ({ logged }) => logged.length === 41 && Number(logged.at(-1)?.[1]) > 100,
  },
  {
    title: "values of actions hold a pole",
    program: "rl-2",
    holds: ({ logged }) => Number(logged.at(-1)?.[1]) > 200,
  },
  {
    title: "two critics and an actor swing a pendulum for two episodes",
    program: "rl-3",
    holds: ({ logged }) => logged.length === 2 && logged.every(([, value]) => Number(value) < -200),
  },
  {
    title: "a table leads along the cliff",
    program: "rl-4",
    holds: ({ logged }) => logged.flat().join() === "→→→→→→→→→→→↓",
  },
  {
    title: "a custom environment",
    program: "rl-5",
    holds: ({ logged }) => logged.flat().join() === "1",
  },
  {
    title: "a model is written for PyTorch, and its recipe trains it here",
    program: "export-3",
    holds: ({ logged }) =>
      logged[0]?.[0] === "model.py" && logged.length === 9 && logged.slice(1).flat().every(Number.isFinite),
  },
  {
    title: "a model of tfjs-layers is imported and continues training",
    program: "export-4",
    holds: ({ logged }) => logged.flat().join() === "3,6,9",
  },
  {
    title: "a net comes back from its ONNX file",
    program: "export-2",
    holds: ({ logged }) => logged.flat().join(" ") === "0.weight,0.bias,3.weight,3.bias batch,8,8,1 2,3",
  },
  {
    title: "a net becomes an ONNX file",
    program: "export-1",
    holds: ({ logged }) => numbers({ logged, tensors: 0 })[0] === 1,
  },
  { title: "a Mamba learns a text and continues it", program: "mamba-1", holds: continuesCounting },
  {
    title: "triplets bring examples of a class together",
    program: "metric-learning-1",
    holds: (run) => (numbers(run).at(-1) ?? 0) > 0.9,
  },
  {
    title: "a U-Net outlines a square in noise",
    program: "segmentation-1",
    holds: (run) => (numbers(run).at(-1) ?? 0) > 0.9,
  },
  { title: "an LSTM learns a text and continues it", program: "rnn-1", holds: continuesCounting },
  { title: "a GPT learns a text and continues it", program: "transformer-1", holds: continuesCounting },
  {
    title: "a detector finds drawn shapes",
    program: "detection-1",
    holds: ({ logged }) => Number(logged.at(-1)?.[1]) > 0.8,
  },
  {
    title: "suppression keeps the better of two boxes",
    program: "detection-2",
    holds: ({ logged }) => String(logged.at(-1)?.[0]) === "0,2",
  },
  {
    title: "a Kolmogorov-Arnold network finds a sine and a square",
    program: "kan-1",
    holds: ({ logged }) => {
      const formula = String(logged[0]?.[0]);
      return formula.includes("\\sin") && formula.includes("^{2}");
    },
  },
  {
    title: "a graph network finds the sides of nodes from two that are known",
    program: "gnn-1",
    holds: ({ logged }) => String(logged[0]?.[0]) === "0 0 0 1 1 1",
  },
  {
    title: "a graph network knows the sides of a karate club",
    program: "gnn-2",
    holds: (run) => numbers(run)[0] === 33,
  },
  {
    title: "spiking neurons learn the exclusive or",
    program: "spiking-1",
    holds: (run) => numbers(run)[0] === 1,
  },
  {
    title: "a Gaussian process has scikit-learn's numbers",
    program: "gp-1",
    holds: ({ logged }) => logged.flat().join(" ") === "0.61 true -3.14294",
  },
  {
    title: "a state that is carried from step to step tells what no part alone can tell",
    program: "rnn-5",
    holds: (run) => {
      const losses = numbers(run);
      return losses.length === 10 && (losses[0] ?? 0) > 0.5 && (losses.at(-1) ?? 1) < 0.01;
    },
  },
  {
    title: "without the carried state the same program does not learn it",
    program: "rnn-5",
    replace: ["state = step.state;", "disposeLeaves(step.state), (state = model.initialState(1));"],
    holds: (run) => Math.max(...numbers(run).slice(-3)) > 0.1,
  },
  {
    title: "a flow learns a circle",
    program: "generative-1",
    holds: (run) => {
      const [cost = Infinity, distance = 0] = numbers(run);
      return cost < 1.5 && Math.abs(distance - 1) < 0.1;
    },
  },
  {
    title: "a diffusion model makes dark and bright images of noise",
    program: "generative-2",
    holds: ({ logged }) =>
      logged.flat().length === 8 && logged.flat().filter((value) => Math.abs(Number(value)) > 0.4).length > 6,
  },
];
