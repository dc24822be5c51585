// The contract test: generated from the folder list, one block per lab.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../../autodiff/check-gradients.ts';
import { evaluate } from '../../../graph/evaluate.ts';
import { weightSetsOf } from '../../../nn/params.ts';
import { encodeModel } from '../../../onnx/encode.ts';
import { prng } from '../../../util/prng.ts';
import { size } from '../../../util/shape.ts';
import type { TrainingGraph, LabModule } from './lab.ts';
import type { Control, LabMeta } from './meta.ts';
import type { RunResult } from './result.ts';

const root = new URL('../../', import.meta.url);
const slugs = readdirSync(root, { withFileTypes: true })
  .filter((d) => d.isDirectory() && d.name !== '_kit' && existsSync(new URL(`${d.name}/meta.ts`, root)))
  .map((d) => d.name);
const load = async (path: string): Promise<unknown> =>
  (await import(/* @vite-ignore */ new URL(path, root).href)) as never;
const inBounds = (c: Control, v: unknown): boolean =>
  c.kind === 'number'
    ? typeof v === 'number' && v >= c.min && v <= c.max
    : c.kind === 'choice'
      ? c.options.some((o) => o.value === v)
      : typeof v === 'boolean';

/** Feeds of the unpacked graph in float64: parameters one by one, batches gathered. */
function feeds64(sample: TrainingGraph) {
  const { program, init } = sample.build('host');
  const fed = sample.feeds(prng(3, 'contract'), program);
  const { loss } = program.unpacked;
  const feeds: Record<string, ArrayLike<number>> = {};
  for (const [name, value] of Object.entries({ ...sample.sources, ...init, ...fed }))
    feeds[name] = typeof value === 'number' ? [value] : value;
  for (const { input, source, index } of program.batches) {
    const rows = fed[index] as Int32Array;
    const table = sample.sources![source];
    const width = size(loss.graph.inputs.get(input)!.shape) / rows.length;
    feeds[input] = Array.from(rows).flatMap((r) => Array.from(table.subarray(r * width, (r + 1) * width)));
  }
  // a small move away from the start, where losses may be flat and biases are zero
  const random = prng(5, 'move');
  for (const set of weightSetsOf(loss.graph))
    for (const { name } of set.specs)
      feeds[`${set.inputName('theta')}/${name}`] = Array.from({ length: set.stack ?? 1 }, (_, s) =>
        Array.from(set.part(init[set.inputName('theta')], name, s), (v) => v + 0.05 * random.normal()),
      ).flat();
  for (const [name, t] of loss.graph.inputs)
    if (/(^|\.)buffers\//.test(name))
      feeds[name] = Array.from({ length: size(t.shape) }, () => (name.endsWith('var') ? 1 : 0));
  return { program, feeds };
}

describe.each(slugs)('lab %s', async (slug) => {
  const { meta } = (await load(`${slug}/meta.ts`)) as { meta: LabMeta };
  const { lab } = (await load(`${slug}/lab.ts`)) as { lab: LabModule };

  it('has a valid meta', () => {
    expect(meta.slug).toBe(slug);
    for (const text of [meta.claim, meta.question, meta.caption, meta.title, ...meta.method])
      expect(text.length).toBeGreaterThan(3);
    for (const [name, control] of Object.entries(meta.controls)) {
      expect(inBounds(control, control.default), `default of ${name}`).toBe(true);
      expect(control.help.length, `help of ${name}`).toBeGreaterThan(3);
    }
    for (const { text, set } of meta.tryThis)
      for (const [knob, value] of Object.entries(set))
        expect(meta.controls[knob] && inBounds(meta.controls[knob], value), `"${text}": ${knob}`).toBe(true);
    for (const view of meta.views)
      for (const metric of 'metrics' in view ? view.metrics : 'metric' in view ? [view.metric] : [])
        expect(Object.keys(meta.metrics), view.title).toContain(metric);
    expect(new Set(meta.arms.map((a) => a.id)).size).toBe(meta.arms.length);
    expect(existsSync(new URL(`${slug}/README.md`, root)), 'README.md').toBe(true);
  });

  it('has a recording that fits its meta', () => {
    const file = new URL(`${slug}/recorded.json`, root);
    expect(existsSync(file), `recorded.json: run \`npm run record -- ${slug}\``).toBe(true);
    const run = JSON.parse(readFileSync(file, 'utf8')) as RunResult;
    expect(run).toMatchObject({ version: 1, slug, labVersion: meta.version });
    expect(Object.keys(run.knobs).sort()).toEqual(Object.keys(meta.controls).sort());
    expect(run.claims.length).toBeGreaterThan(0);
    for (const arm of run.arms)
      for (const values of Object.values(arm.final))
        expect(
          values.every((v) => v === null || Number.isFinite(v)),
          arm.id,
        ).toBe(true);
  });

  describe.each(lab.trainingGraphs())('$name', (sample) => {
    it('gives every parameter a gradient that survives the float64 check', () => {
      const { program, feeds } = feeds64(sample);
      const { loss, params, gradients } = program.unpacked;
      // among thousands of ReLUs a step may cross a kink; a wrong gradient stays wrong, however short the step
      const errors = [1e-6, 1e-7].map((h) => checkGradients(loss, params.tensors, gradients, feeds, slug, h).error);
      expect(Math.min(...errors)).toBeLessThan(1e-6);
      const values = evaluate(
        loss.graph,
        feeds,
        gradients.filter((g) => g !== null),
      );
      params.specs.forEach(({ name }, i) => {
        const moves = gradients[i] !== null && values.get(gradients[i])!.some((v) => v !== 0);
        expect(moves, name).toBe(!sample.frozen?.includes(name));
      });
    });
    it.each(['host', 'device'] as const)('builds the same bytes twice (%s)', (residency) => {
      const bytes = () => encodeModel(sample.build(residency).program.graph);
      expect(Buffer.compare(bytes(), bytes())).toBe(0);
    });
  });
});
