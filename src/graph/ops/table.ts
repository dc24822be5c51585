// The one table of ops. Adding an op: its meaning here, its rule in autodiff/rules, its sample row in graph/ops/samples.ts.
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { reductions } from './reduce.ts';
import { movement } from './shape.ts';
import type { OpSpec } from '../op.ts';

const all = { ...elementwise, ...reductions, ...movement, ...linear };
export type OpType = keyof typeof all;
export const ops = all as unknown as Record<OpType, OpSpec<never>>;
