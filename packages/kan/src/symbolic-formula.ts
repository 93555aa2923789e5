import { checkArguments, checkIntegers, checkOptions, DataError, ShapeError } from "@pellucid/core-train";
import type { KAN } from "./kan.ts";
import { symbolicFunctions } from "./symbolic-functions.ts";

/** Options for {@link symbolicFormula}. */
export interface SymbolicFormulaOptions {
  /** The names of the inputs. Default: `x_1`, `x_2`, …. */
  readonly inputs?: readonly string[];
  /** Significant digits of the numbers in LaTeX. Default: 3. */
  readonly digits?: number;
}

/** The formula of an output. */
export interface SymbolicFormula {
  readonly latex: string;
  /** The source of a function of the inputs, in order, with all digits: `(x_1: number, x_2: number): number => …`. */
  readonly typescript: string;
}

/**
 * The formula that a network computes whose edges are all locked to functions, or removed; one for each output.
 *
 * @throws {DataError} If an edge still has its spline.
 */
export async function symbolicFormula(
  model: KAN,
  options: SymbolicFormulaOptions = {},
): Promise<SymbolicFormula[]> {
  checkArguments("symbolicFormula", { "{ actFun, symbolicFun }": { model } });
  checkOptions("symbolicFormula", options, ["inputs", "digits"]);
  const count = model.actFun[0]?.inDim ?? 0;
  const { inputs = Array.from({ length: count }, (_, i) => `x_${i + 1}`), digits = 3 } = options;
  checkIntegers("symbolicFormula", { digits });
  if (inputs.length !== count)
    throw new ShapeError(`symbolicFormula: there are ${inputs.length} names of inputs, expected ${count}.`);
  const layers = await Promise.all(model.actFun.map((_, l) => readLayer(model, l)));
  const round = (value: number) => String(Number(value.toPrecision(digits)));
  const latex = formulas(model, layers, inputs, {
    number: round,
    apply: (name, x) => symbolicFunctions[name].latex(x),
    times: (a, b) => `${a} ${b}`,
    group: (x) => (isAtom(x) ? x : `\\left(${x}\\right)`),
    isZero: (value) => Number(value.toPrecision(digits)) === 0 || Math.abs(value) < 10 ** -(digits + 3),
  });
  const code = formulas(model, layers, inputs, {
    number: String,
    apply: (name, x) => symbolicFunctions[name].typescript(x),
    times: (a, b) => `${a} * ${b}`,
    group: (x) => (isAtom(x) ? x : `(${x})`),
    isZero: (value) => value === 0,
  });
  const parameters = inputs.map((name) => `${name}: number`).join(", ");
  return latex.map((formula, i) => ({
    latex: formula,
    typescript: `(${parameters}): number => ${code[i]}`,
  }));
}

/** Whether an expression is a name or a number, which needs no parentheses. */
const isAtom = (expression: string): boolean => /^[\w.]+$/.test(expression);

/** How formulas are written in a language. */
interface Writing {
  readonly number: (value: number) => string;
  readonly apply: (name: keyof typeof symbolicFunctions, x: string) => string;
  readonly times: (a: string, b: string) => string;
  readonly group: (x: string) => string;
  readonly isZero: (value: number) => boolean;
}

interface Term {
  readonly factor: number;
  /** Without one it is a constant. */
  readonly of?: string;
}

type HostLayer = Awaited<ReturnType<typeof readLayer>>;

async function readLayer(model: KAN, l: number) {
  const { layer, symbolic } = model.layerAt(l);
  const vectors = [model.nodeBias, model.nodeScale, model.subnodeBias, model.subnodeScale].map((of) => of[l]);
  const [splineMask, mask, affine, ...rest] = await Promise.all([
    layer.mask.data(),
    symbolic.mask.data(),
    symbolic.affine.data(),
    ...vectors.map(async (vector) => vector?.data() ?? new Float32Array()),
  ]);
  const { inDim, outDim } = layer;
  if (splineMask.some((value) => value !== 0)) {
    const edge = splineMask.findIndex((value) => value !== 0);
    throw new DataError(
      `symbolicFormula: the edge from ${Math.floor(edge / outDim)} to ${edge % outDim} of layer ${l} is a spline, expected a function. See autoSymbolic and KAN.fixSymbolic.`,
    );
  }
  const [nodeBias, nodeScale, subnodeBias, subnodeScale] = rest.map((data) => Array.from(data));
  return {
    functions: symbolic.functions,
    mask,
    affine,
    inDim,
    outDim,
    nodeBias,
    nodeScale,
    subnodeBias,
    subnodeScale,
  };
}

function formulas(
  model: KAN,
  layers: readonly HostLayer[],
  inputs: readonly string[],
  writing: Writing,
): string[] {
  const arity = model.options.multArity ?? 2;
  let nodes: readonly string[] = inputs;
  for (const [l, layer] of layers.entries()) {
    const [sums = 0, products = 0] = model.width[l + 1] ?? [];
    const before = nodes;
    const subnode = (o: number): string => write(termsOf(layer, before, o, writing), writing);
    const scaled = (n: number, expression: string): string => {
      const [scale = 1, bias = 0] = [layer.nodeScale?.[n], layer.nodeBias?.[n]];
      if (scale === 1 && bias === 0) return expression;
      return write([{ factor: scale, of: writing.group(expression) }, { factor: bias }], writing);
    };
    const ofSums = Array.from({ length: sums }, (_, o) => scaled(o, subnode(o)));
    const ofProducts = Array.from({ length: products }, (_, p) => {
      const factors = Array.from({ length: arity }, (__, i) => writing.group(subnode(sums + p * arity + i)));
      return scaled(
        sums + p,
        factors.reduce((a, b) => writing.times(a, b)),
      );
    });
    nodes = [...ofSums, ...ofProducts];
  }
  return [...nodes];
}

/** The terms of a sum of edges, with the constants gathered. */
function termsOf(layer: HostLayer, nodes: readonly string[], o: number, writing: Writing): Term[] {
  const [scale = 1, bias = 0] = [layer.subnodeScale?.[o], layer.subnodeBias?.[o]];
  let constant = bias;
  const terms: Term[] = [];
  for (let i = 0; i < layer.inDim; i++) {
    const name = layer.functions[o]?.[i] ?? null;
    const weight = scale * (layer.mask[o * layer.inDim + i] ?? NaN);
    if (name === null || weight === 0) continue;
    const at = (j: number) => layer.affine[(o * layer.inDim + i) * 4 + j] ?? NaN;
    const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
    constant += weight * d;
    if (name === "0") continue;
    if (name === "x") {
      constant += weight * c * b;
      terms.push({ factor: weight * c * a, of: writing.group(nodes[i] as string) });
      continue;
    }
    const argument = write([{ factor: a, of: writing.group(nodes[i] as string) }, { factor: b }], writing);
    terms.push({ factor: weight * c, of: writing.apply(name, argument) });
  }
  return [...terms, { factor: constant }];
}

function write(terms: readonly Term[], { number, times, isZero }: Writing): string {
  const parts = terms
    .filter(({ factor }) => !isZero(factor))
    .map(({ factor, of }) => ({
      sign: factor < 0 ? "-" : "+",
      text:
        of === undefined
          ? number(Math.abs(factor))
          : number(Math.abs(factor)) === "1"
            ? of
            : times(number(Math.abs(factor)), of),
    }));
  if (parts.length === 0) return "0";
  const [first, ...rest] = parts;
  const start = `${first?.sign === "-" ? "-" : ""}${first?.text}`;
  return rest.reduce((text, part) => `${text} ${part.sign} ${part.text}`, start);
}
