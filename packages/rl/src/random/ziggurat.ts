const edge = 3.6541528853610088;
const area = 0.00492867323399141;
const levels = 256;
const scale = 2 ** 52;

/** Where the rectangles of the normal density end, as the bits of a draw, in numbers, and the density there. */
export const ziggurat = tables();
/** From here on is the tail. */
export const tail = edge;

/** Marsaglia and Tsang, 2000. The ziggurat method for generating random variables. https://doi.org/10.18637/jss.v005.i08 */
function tables() {
  const [inside, width, density] = [levels, levels, levels].map((n) => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const base = area / Math.exp(-0.5 * edge * edge);
  let [x, outer] = [edge, edge];
  inside[0] = Math.floor((x / base) * scale);
  width[0] = base / scale;
  width[levels - 1] = x / scale;
  density[0] = 1;
  density[levels - 1] = Math.exp(-0.5 * x * x);
  for (let i = levels - 2; i >= 1; i--) {
    x = Math.sqrt(-2 * Math.log(area / x + Math.exp(-0.5 * x * x)));
    inside[i + 1] = Math.floor((x / outer) * scale);
    outer = x;
    density[i] = Math.exp(-0.5 * x * x);
    width[i] = x / scale;
  }
  return { inside, width, density };
}
