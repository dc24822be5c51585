import { expect, it } from 'vitest';
import { imageCount, imagePixels } from './image-pixels.ts';

it('spreads grey over three colours', () => {
  const picture = { width: 2, height: 1, channels: 1 as const, values: [0, 1, 0.5, 2] };
  expect(imageCount(picture)).toBe(2);
  expect([...imagePixels(picture, 1)]).toEqual([128, 128, 128, 255, 255, 255, 255, 255]);
});
it('keeps colours and transparency', () => {
  const rgba = { width: 1, height: 1, channels: 4 as const, values: [1, 0, 0.2, 0.4] };
  expect([...imagePixels(rgba, 0)]).toEqual([255, 0, 51, 102]);
  const rgb = { width: 1, height: 2, channels: 3 as const, values: [0, 0, 0, 1, 0, 1] };
  expect([...imagePixels(rgb, 0)]).toEqual([0, 0, 0, 255, 255, 0, 255, 255]);
});
