// Knowledge distillation: KL divergence between softened teacher and student.
import { mul, reduceMean, reduceSum, softmax, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { logSoftmax } from './log-softmax.ts';

/**
 * T^2 KL(softmax(t/T) || softmax(s/T)), mean over the batch (Hinton et al. 2015, section 2).
 * @param student s [.., B, C]
 * @param teacher t [.., B, C]; treated as a constant when no gradient is asked of it
 * @returns scalar, or [S] for stacked logits
 */
export function distillation(student: Tensor, teacher: Tensor, temperature: number): Tensor {
  const t = mul(teacher, 1 / temperature);
  const p = softmax(t);
  const kl = reduceSum(mul(p, sub(logSoftmax(t), logSoftmax(mul(student, 1 / temperature)))), -1);
  return mul(reduceMean(kl, -1), temperature * temperature);
}
