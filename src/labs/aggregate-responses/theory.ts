// Risk of the interpolating estimator in closed form, when dimension and sample grow together: re-derived, since the paper's
// own formula could not be read. Checked against simulation in theory.test.ts.
//
// Scaled by sqrt(k), a bag mean is an observation z'theta* + sigma e with z ~ N(0, I_d), and the m(k-1) directions within
// bags are observations g'theta with response 0. So the estimator is weighted least squares with weight 1 on m samples that
// point to theta* and weight rho on m(k-1) samples that point to 0. Leaving one sample out gives the residuals, leaving one
// coordinate out the fluctuations (El Karoui et al. 2013; Donoho & Montanari 2016, for squared loss).

export interface Setting {
  /** Dimension of theta*, of length 1. */
  d: number;
  /** Bags, and responses per bag. */
  m: number;
  k: number;
  /** Standard deviation of a response's noise; privacy noise counts in, see privacy.ts. */
  sigma: number;
}
/** risk = E|theta - theta*|^2 = bias2 + variance, with bias2 = |E theta - theta*|^2. */
export interface Risk { risk: number; bias2: number; variance: number }

const sum = (bias2: number, variance: number): Risk => ({ risk: bias2 + variance, bias2, variance });

/** Risk of weight `rho` on the instance loss; infinite at rho = 0 and m = d. */
export function riskOf({ d, m, k, sigma }: Setting, rho: number): Risk {
  const within = m * (k - 1);
  if (rho === 0 || within === 0) return bagRisk(d, m, sigma);
  // c: a left-out sample's leverage per unit of weight; d = m c/(1+c) + m(k-1) rho c/(1+rho c)
  const c = leverage((x) => (m * x) / (1 + x) + (within * rho * x) / (1 + rho * x), d);
  if (c === Infinity) return { risk: Infinity, bias2: NaN, variance: Infinity };
  const pull = m / (1 + c), shrink = (within * rho) / (1 + rho * c), alpha = pull / (pull + shrink);
  // shares of the fluctuation that residuals of either kind feed
  const p1 = (m / d) * (c / (1 + c)) ** 2, p2 = (within / d) * ((rho * c) / (1 + rho * c)) ** 2, bias2 = (1 - alpha) ** 2;
  return sum(bias2, (p1 * (bias2 + sigma ** 2) + p2 * alpha ** 2) / (1 - p1 - p2));
}

/** Least squares on bag means alone; of least norm where there are fewer bags than dimensions (Hastie et al. 2022, theorem 1). */
function bagRisk(d: number, m: number, sigma: number): Risk {
  if (m > d) return sum(0, (sigma ** 2 * d) / (m - d));
  const seen = m / d; // share of theta* that lies in the span of the bag means
  return sum((1 - seen) ** 2, seen * (1 - seen) + (m < d ? (sigma ** 2 * m) / (d - m) : Infinity));
}

/** Solves f(c) = d for an increasing f with f(0) = 0, by bisection on a logarithmic scale; Infinity where f stays below d. */
function leverage(f: (c: number) => number, d: number): number {
  let low = 1e-12, high = 1e12;
  if (f(high) < d) return Infinity;
  for (let i = 0; i < 80; i++) {
    const mid = Math.sqrt(low * high);
    if (f(mid) < d) low = mid; else high = mid;
  }
  return Math.sqrt(low * high);
}

/** Risk of ridge regression on bag means: mean squared error plus lambda/k times |theta|^2. A fixed penalty is the limit of ever more, ever lighter samples that point to 0. */
export function ridgeRisk({ d, m, sigma }: Setting, lambda: number): Risk {
  if (lambda === 0) return bagRisk(d, m, sigma);
  // d = m c/(1+c) + lambda m c: a fixed penalty has no leverage of its own
  const c = leverage((x) => (m * x) / (1 + x) + lambda * m * x, d), pull = m / (1 + c), alpha = pull / (pull + lambda * m);
  const p1 = (m / d) * (c / (1 + c)) ** 2, bias2 = (1 - alpha) ** 2;
  return sum(bias2, (p1 * (bias2 + sigma ** 2)) / (1 - p1));
}

/** The best weight on a fine logarithmic grid, and its risk. */
export function bestRho(setting: Setting): { rho: number; risk: number } {
  return FINE_GRID.reduce((best, rho) => { const { risk } = riskOf(setting, rho); return risk < best.risk ? { rho, risk } : best; }, { rho: 0, risk: riskOf(setting, 0).risk });
}
/** 0.001 .. 1 in 60 equal ratios. */
export const FINE_GRID: readonly number[] = Array.from({ length: 61 }, (_, i) => 10 ** (-3 + i / 20));
