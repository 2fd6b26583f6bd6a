/** Odds ratios of a logistic regression with intercept, by Newton steps: plain and small, for marking planted odds. Columns are few and not collinear. */
export function logisticOdds(rows: readonly (readonly number[])[], outcomes: readonly number[]): number[] {
  const width = (rows[0]?.length ?? 0) + 1;
  const beta = new Float64Array(width);
  for (let step = 0; step < 12; step++) {
    const gradient = new Float64Array(width);
    const hessian = Array.from({ length: width }, () => new Float64Array(width));
    rows.forEach((row, r) => {
      const x = [1, ...row];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (beta[i] as number), 0)));
      for (let i = 0; i < width; i++) {
        gradient[i] = (gradient[i] as number) + (x[i] as number) * ((outcomes[r] as number) - p);
        const line = hessian[i] as Float64Array;
        for (let j = 0; j < width; j++) line[j] = (line[j] as number) + (x[i] as number) * (x[j] as number) * p * (1 - p);
      }
    });
    solve(hessian, gradient).forEach((delta, i) => {
      beta[i] = (beta[i] as number) + delta;
    });
  }
  return [...beta].slice(1).map(Math.exp);
}

/** Gauss elimination with pivots. */
function solve(matrix: Float64Array[], right: Float64Array): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = r;
    const pivot = rows[best] as number[];
    rows[best] = rows[column] as number[];
    rows[column] = pivot;
    for (let r = 0; r < n; r++) {
      if (r === column) continue;
      const row = rows[r] as number[];
      const factor = (row[column] as number) / (pivot[column] as number);
      for (let c = column; c <= n; c++) row[c] = (row[c] as number) - factor * (pivot[c] as number);
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number));
}
