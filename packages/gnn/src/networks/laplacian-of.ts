/** The Laplacian `D − A` of an adjacency matrix, where `D` has the sums of its rows. */
export const laplacianOf = (adjacency: readonly (readonly number[])[]): number[][] =>
  adjacency.map((row, i) => {
    const degree = row.reduce((sum, w) => sum + w, 0);
    return row.map((w, j) => (i === j ? degree : 0) - w);
  });
