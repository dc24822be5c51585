// Maths in plain text: splits "s_ij^2" into base, sub- and superscripts, and writes Greek letters as letters.

export interface MathsPart {
  kind: 'base' | 'sub' | 'sup';
  text: string;
}

const GREEK: Record<string, string> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  xi: 'ξ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  psi: 'ψ',
  omega: 'ω',
};
const SCRIPT = /([_^])(?:\{([^{}]*)\}|([\p{L}\p{N}+\-−*′]+))/gu;

const greek = (text: string): string => text.replace(/\\?\b[a-z]+\b/g, (word) => GREEK[word.replace('\\', '')] ?? word);

/** Parts in order; text without scripts is one part. */
export function mathsParts(text: string): MathsPart[] {
  const parts: MathsPart[] = [];
  let last = 0;
  for (const match of text.matchAll(SCRIPT)) {
    if (match.index > last) parts.push({ kind: 'base', text: greek(text.slice(last, match.index)) });
    parts.push({ kind: match[1] === '_' ? 'sub' : 'sup', text: greek((match[2] ?? match[3]).replace(/[_^]/g, '')) });
    last = match.index + match[0].length;
  }
  if (last < text.length) parts.push({ kind: 'base', text: greek(text.slice(last)) });
  return parts;
}
