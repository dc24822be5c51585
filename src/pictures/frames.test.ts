import { describe, expect, it } from 'vitest';
import { boundFrames, sharedAxes, sharedGridScale, withFrame } from './frames.ts';
import type { FramedPicture } from './payloads.ts';

const NONE: FramedPicture<number> = { frames: [] };
const steps = ({ frames }: FramedPicture<number>) => frames.map(({ step }) => step);

describe('frames', () => {
  it('stay bounded however long the run', () => {
    let framed = NONE;
    for (let step = 0; step <= 1000; step += 10) framed = withFrame(framed, step, step, 8);
    expect(framed.frames.length).toBeLessThanOrEqual(8);
    expect(steps(framed)[0]).toBe(0);
    expect(steps(framed).at(-1)).toBe(1000);
    const gaps = steps(framed)
      .slice(1)
      .map((step, i) => step - steps(framed)[i]);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(400);
  });
  it('are replaced from a step on when a run goes back to it', () => {
    const framed = [0, 10, 20, 10].reduce((f, step) => withFrame(f, step, step), NONE);
    expect(steps(framed)).toEqual([0, 10]);
  });
  it('keep their unit', () => expect(boundFrames({ frames: [], unit: 'round' }).unit).toBe('round'));
});

describe('scales over frames', () => {
  it('give grids one range, which a told end overrides', () => {
    const grid = (values: number[]) => ({ rows: 1, cols: 2, values });
    const [first, second] = sharedGridScale([grid([0, 1]), { ...grid([2, 5]), min: -1 }]);
    expect([first.min, first.max, second.min, second.max]).toEqual([0, 5, -1, 5]);
  });
  it('give planes the same axes', () => {
    const planes = sharedAxes([
      { x: [0, 1], y: [0, 1] },
      { x: [-3], y: [7] },
      { x: [], y: [] },
    ]);
    for (const plane of planes)
      expect([plane.xRange, plane.yRange]).toEqual([
        [-3, 1],
        [0, 7],
      ]);
  });
});
