// Risk of the interpolating estimator in closed form, when dimension and sample grow together: re-derived, since the paper's
// own formula could not be read. Checked against simulation in linear.test.ts.
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
export interface Risk {
  risk: number;
  bias2: number;
  variance: number;
}

const sum = (bias2: number, variance: number): Risk => ({ risk: bias2 + variance, bias2, variance });

/** Risk of weight `rho` on the instance loss; infinite where the estimate is (rho = 0 and m = d, or n = d). */
export function riskOf({ d, m, k, sigma }: Setting, rho: number): Risk {
  const within = m * (k - 1);
  const n = m + within;
  if (rho === 0 || within === 0) return bagRisk(d, m, sigma);
  if (n === d) return { risk: Infinity, bias2: NaN, variance: Infinity };
  // fewer people than dimensions: every sample is met whatever its weight, by the solution of least norm
  if (n < d) return settle({ alpha: m / d, p1: m / d, p2: within / d, sigma });
  // c, a left-out sample's leverage per unit of weight, solves d = m c/(1+c) + m(k-1) rho c/(1+rho c)
  const c = positiveRoot(rho * (n - d), m + within * rho - d - d * rho, d);
  const pull = m / (1 + c);
  const shrink = (within * rho) / (1 + rho * c);
  return settle({
    alpha: pull / (pull + shrink),
    p1: (m / d) * (c / (1 + c)) ** 2,
    p2: (within / d) * ((rho * c) / (1 + rho * c)) ** 2,
    sigma,
  });
}
/** E theta = alpha theta*; p1 and p2 are the shares of the fluctuation that the residuals of either kind feed. */
function settle({ alpha, p1, p2, sigma }: { alpha: number; p1: number; p2: number; sigma: number }): Risk {
  const bias2 = (1 - alpha) ** 2;
  return sum(bias2, (p1 * (bias2 + sigma ** 2) + p2 * alpha ** 2) / (1 - p1 - p2));
}
/** The positive root of a c^2 + b c - d = 0 for a, d > 0, without cancellation. */
function positiveRoot(a: number, b: number, d: number): number {
  const root = Math.sqrt(b * b + 4 * a * d);
  return b > 0 ? (2 * d) / (b + root) : (root - b) / (2 * a);
}

/** Least squares on bag means alone; of least norm where there are fewer bags than dimensions (Hastie et al. 2022, theorem 1). */
function bagRisk(d: number, m: number, sigma: number): Risk {
  if (m > d) return sum(0, (sigma ** 2 * d) / (m - d));
  const seen = m / d; // share of theta* that lies in the span of the bag means
  return sum((1 - seen) ** 2, seen * (1 - seen) + (m < d ? (sigma ** 2 * m) / (d - m) : Infinity));
}

/** Risk of ridge regression on bag means: mean squared error plus lambda/k times |theta|^2. A fixed penalty is the limit of ever more, ever lighter samples that point to 0. */
export function ridgeRisk({ d, m, sigma }: Setting, lambda: number): Risk {
  if (lambda === 0) return bagRisk(d, m, sigma);
  // d = m c/(1+c) + lambda m c: a fixed penalty leaves no residual behind
  const c = positiveRoot(lambda * m, m + lambda * m - d, d);
  const pull = m / (1 + c);
  return settle({ alpha: pull / (pull + lambda * m), p1: (m / d) * (c / (1 + c)) ** 2, p2: 0, sigma });
}

/** The best weight on a fine logarithmic grid, and its risk. */
export function bestRho(setting: Setting): { rho: number; risk: number } {
  return FINE_GRID.reduce(
    (best, rho) => {
      const { risk } = riskOf(setting, rho);
      return risk < best.risk ? { rho, risk } : best;
    },
    { rho: 0, risk: riskOf(setting, 0).risk },
  );
}
/** 0.001 .. 1 in 60 equal ratios. */
export const FINE_GRID: readonly number[] = Array.from({ length: 61 }, (_, i) => 10 ** (-3 + i / 20));
