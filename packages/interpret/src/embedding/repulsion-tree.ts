/**
 * The repulsion among points in two or three dimensions, in time `n log n`: a tree of squares (cubes), in which one that is small as seen
 * from a point counts as one point with the mass of all in it.
 *
 * Barnes and Hut, 1986; van der Maaten, 2014. https://arxiv.org/abs/1301.3342
 */
export class RepulsionTree {
  readonly #dimensions: number;
  readonly #fanout: number;
  #size = 0;
  #children: Int32Array;
  #point: Int32Array;
  #mass: Float64Array;
  #center: Float64Array;
  #corner: Float64Array;
  #width: Float64Array;
  // the nodes once more, in the order in which a point meets them, each with the node that follows when it is not opened
  #nodes: Float64Array; // center, mass, reach
  #flatWidth: Float64Array;
  #next: Int32Array;
  // points in that order, so that consecutive points meet much the same nodes
  #order: Int32Array;
  readonly #leaf: Int32Array;

  constructor(points: number, dimensions: number) {
    this.#dimensions = dimensions;
    this.#fanout = 2 ** dimensions;
    const nodes = 4 * points + 64;
    this.#children = new Int32Array(nodes * this.#fanout);
    this.#point = new Int32Array(nodes);
    this.#mass = new Float64Array(nodes);
    this.#center = new Float64Array(nodes * dimensions);
    this.#corner = new Float64Array(nodes * dimensions);
    this.#width = new Float64Array(nodes);
    this.#nodes = new Float64Array(0);
    this.#flatWidth = new Float64Array(0);
    this.#next = new Int32Array(0);
    this.#order = new Int32Array(points);
    this.#leaf = new Int32Array(points);
  }

  /** Sorts points `[point · dimension]` into the tree. */
  build(y: Float64Array): void {
    const dimensions = this.#dimensions;
    const [low, high] = [
      new Float64Array(dimensions).fill(Infinity),
      new Float64Array(dimensions).fill(-Infinity),
    ];
    for (let i = 0; i < y.length; i++) {
      const [d, v] = [i % dimensions, y[i] as number];
      if (v < (low[d] as number)) low[d] = v;
      if (v > (high[d] as number)) high[d] = v;
    }
    this.#size = 0;
    const width = Math.max(...high.map((h, d) => h - (low[d] as number)), 1e-12) * 1.0001;
    this.#add(low, width);
    for (let i = 0; i < y.length / dimensions; i++) this.#insert(y, i);
    this.#flatten();
  }

  /**
   * Adds `Σ_j q² (y_i − y_j)` to `forces` for every point, `q = 1 / (1 + ‖y_i − y_j‖²)`, over all but itself.
   *
   * @param theta a node is not opened when its width is below `theta` times its distance
   * @returns `Z = Σ_i Σ_j≠i q`
   */
  repel(y: Float64Array, forces: Float64Array, theta: number): number {
    return this.#dimensions === 2 ? this.#repel2d(y, forces, theta) : this.#repel3d(y, forces, theta);
  }

  #repel2d(y: Float64Array, forces: Float64Array, theta: number): number {
    const [nodes, next] = [this.#withReach(theta), this.#next];
    const end = this.#size;
    let z = 0;
    for (const point of this.#order) {
      const i = 2 * point;
      const x0 = y[i] as number;
      const x1 = y[i + 1] as number;
      let f0 = 0;
      let f1 = 0;
      for (let node = 0; node < end;) {
        const at = 4 * node;
        const a = x0 - (nodes[at] as number);
        const b = x1 - (nodes[at + 1] as number);
        const d = a * a + b * b;
        if (d > (nodes[at + 3] as number)) {
          const q = 1 / (1 + d);
          const part = (nodes[at + 2] as number) * q;
          z += part;
          f0 += part * q * a;
          f1 += part * q * b;
          node = next[node] as number;
        } else if (nodes[at + 3] === 0) {
          z += (nodes[at + 2] as number) - 1; // the point itself, and copies of it
          node = next[node] as number;
        } else node++;
      }
      forces[i] = (forces[i] as number) + f0;
      forces[i + 1] = (forces[i + 1] as number) + f1;
    }
    return z;
  }

  #repel3d(y: Float64Array, forces: Float64Array, theta: number): number {
    const [nodes, next] = [this.#withReach(theta), this.#next];
    const end = this.#size;
    let z = 0;
    for (const point of this.#order) {
      const i = 3 * point;
      const x0 = y[i] as number;
      const x1 = y[i + 1] as number;
      const x2 = y[i + 2] as number;
      let f0 = 0;
      let f1 = 0;
      let f2 = 0;
      for (let node = 0; node < end;) {
        const at = 5 * node;
        const a = x0 - (nodes[at] as number);
        const b = x1 - (nodes[at + 1] as number);
        const c = x2 - (nodes[at + 2] as number);
        const d = a * a + b * b + c * c;
        if (d > (nodes[at + 4] as number)) {
          const q = 1 / (1 + d);
          const part = (nodes[at + 3] as number) * q;
          z += part;
          f0 += part * q * a;
          f1 += part * q * b;
          f2 += part * q * c;
          node = next[node] as number;
        } else if (nodes[at + 4] === 0) {
          z += (nodes[at + 3] as number) - 1;
          node = next[node] as number;
        } else node++;
      }
      forces[i] = (forces[i] as number) + f0;
      forces[i + 1] = (forces[i + 1] as number) + f1;
      forces[i + 2] = (forces[i + 2] as number) + f2;
    }
    return z;
  }

  /** The nodes with the square of the distance from which each counts as one point; 0 for a leaf, always. */
  #withReach(theta: number): Float64Array {
    const stride = this.#dimensions + 2;
    for (let node = 0; node < this.#size; node++) {
      const width = this.#flatWidth[node] as number;
      this.#nodes[node * stride + stride - 1] = width === 0 ? 0 : (width / theta) ** 2;
    }
    return this.#nodes;
  }

  #add(corner: ArrayLike<number>, width: number): number {
    const node = this.#size++;
    if (node >= this.#point.length) this.#grow();
    for (let c = 0; c < this.#fanout; c++) this.#children[node * this.#fanout + c] = -1;
    for (let d = 0; d < this.#dimensions; d++) {
      this.#corner[node * this.#dimensions + d] = corner[d] as number;
      this.#center[node * this.#dimensions + d] = 0;
    }
    this.#point[node] = -1;
    this.#mass[node] = 0;
    this.#width[node] = width;
    return node;
  }

  #grow(): void {
    const doubled = <T extends Int32Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#children = doubled(this.#children, new Int32Array(this.#children.length * 2));
    this.#point = doubled(this.#point, new Int32Array(this.#point.length * 2));
    this.#mass = doubled(this.#mass, new Float64Array(this.#mass.length * 2));
    this.#center = doubled(this.#center, new Float64Array(this.#center.length * 2));
    this.#corner = doubled(this.#corner, new Float64Array(this.#corner.length * 2));
    this.#width = doubled(this.#width, new Float64Array(this.#width.length * 2));
  }

  #insert(y: Float64Array, point: number): void {
    const dimensions = this.#dimensions;
    let node = 0;
    for (let depth = 0; ; depth++) {
      const mass = this.#mass[node] as number;
      const resident = this.#point[node] as number;
      for (let d = 0; d < dimensions; d++) {
        const at = node * dimensions + d;
        this.#center[at] =
          ((this.#center[at] as number) * mass + (y[point * dimensions + d] as number)) / (mass + 1);
      }
      this.#mass[node] = mass + 1;
      if (mass === 0) {
        this.#point[node] = point;
        this.#leaf[point] = node;
        return;
      }
      if (resident >= 0) {
        if (depth > 48 || same(y, resident, point, dimensions)) {
          this.#leaf[point] = node; // copies share a leaf
          return;
        }
        this.#point[node] = -1;
        const child = this.#childOf(y, resident, node);
        this.#point[child] = resident;
        this.#leaf[resident] = child;
        this.#mass[child] = mass;
        for (let d = 0; d < dimensions; d++)
          this.#center[child * dimensions + d] = y[resident * dimensions + d] as number;
      }
      node = this.#childOf(y, point, node);
    }
  }

  #childOf(y: Float64Array, point: number, node: number): number {
    const dimensions = this.#dimensions;
    const half = (this.#width[node] as number) / 2;
    let which = 0;
    for (let d = 0; d < dimensions; d++) {
      if ((y[point * dimensions + d] as number) >= (this.#corner[node * dimensions + d] as number) + half)
        which |= 1 << d;
    }
    const slot = node * this.#fanout + which;
    const found = this.#children[slot] as number;
    if (found >= 0) return found;
    const corner = new Float64Array(dimensions);
    for (let d = 0; d < dimensions; d++) {
      corner[d] = (this.#corner[node * dimensions + d] as number) + ((which >> d) & 1) * half;
    }
    const child = this.#add(corner, half);
    this.#children[slot] = child;
    return child;
  }

  /** Depth first, so that what is met next lies next. */
  #flatten(): void {
    const [dimensions, stride] = [this.#dimensions, this.#dimensions + 2];
    if (this.#next.length < this.#size) {
      const room = this.#size + (this.#size >> 1);
      this.#nodes = new Float64Array(room * stride);
      this.#flatWidth = new Float64Array(room);
      this.#next = new Int32Array(room);
    }
    const address = new Int32Array(this.#size);
    let placed = 0;
    const visit = (node: number): void => {
      const at = placed++;
      address[node] = at;
      for (let d = 0; d < dimensions; d++) {
        this.#nodes[at * stride + d] = this.#center[node * dimensions + d] as number;
      }
      this.#nodes[at * stride + dimensions] = this.#mass[node] as number;
      this.#flatWidth[at] = (this.#point[node] as number) >= 0 ? 0 : (this.#width[node] as number);
      for (let c = 0; c < this.#fanout; c++) {
        const child = this.#children[node * this.#fanout + c] as number;
        if (child >= 0) visit(child);
      }
      this.#next[at] = placed;
    };
    visit(0);
    const keys = Float64Array.from(
      this.#leaf,
      (leaf, point) => (address[leaf] as number) * 2 ** 26 + point,
    ).sort();
    this.#order = Int32Array.from(keys, (key) => key % 2 ** 26);
  }
}

function same(y: Float64Array, i: number, j: number, dimensions: number): boolean {
  for (let d = 0; d < dimensions; d++) if (y[i * dimensions + d] !== y[j * dimensions + d]) return false;
  return true;
}
